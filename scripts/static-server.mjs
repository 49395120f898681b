// A static file server for one folder, on the loopback interface only. It serves the built app to a
// person (`npm start`) and to the browser tests; there is nothing to configure and no dependency.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** The file that an address stands for, or undefined where there is none below `root`. */
async function findFile(root, pathname) {
  let relative;
  try {
    relative = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (relative.includes('\0')) return undefined;
  const file = path.join(root, relative);
  if (file !== root && !file.startsWith(root + path.sep)) return undefined;
  for (const candidate of relative.endsWith('/') ? [path.join(file, 'index.html')] : [file]) {
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isFile()) return { file: candidate, size: found.size };
    if (found?.isDirectory()) return { redirect: `${pathname}/` };
  }
  return undefined;
}

/** Answers one request from the files below `root`. */
export async function serveFile(root, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  // Several leading slashes would otherwise be read as a host name.
  const [pathname = '/', search] = (request.url ?? '/').replace(/^\/+/, '/').split(/\?(.*)/s);
  const found = await findFile(path.resolve(root), pathname);
  if (found === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
    return;
  }
  if (found.redirect !== undefined) {
    const query = search === undefined ? '' : `?${search}`;
    response.writeHead(308, { location: found.redirect + query }).end();
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[path.extname(found.file)] ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(found.file)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** Listens on 127.0.0.1, on the first free port of `ports` (0 = any). */
export async function listen(handler, ports) {
  for (const port of ports) {
    const server = createServer((request, response) => {
      handler(request, response).catch(() => response.destroy());
    });
    const bound = await new Promise((resolve, reject) => {
      server.once('error', (error) => {
        if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
        else reject(error);
      });
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (bound) return { server, port: server.address().port };
  }
  throw new Error(`No free port on 127.0.0.1 among ${ports[0]} to ${ports.at(-1)}`);
}
