// A web server for browser tests, on this machine only: the built app, pages that a test makes up, and
// a second port when a test needs another origin (an embed in a stranger's page).
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen, serveFile } from '../../scripts/static-server.mjs';

const APP_FOLDER = fileURLToPath(new URL('../../dist/app', import.meta.url));

export interface ServeOptions {
  /** The folder served; the built app unless told. */
  readonly folder?: string;
  /** Serves below this path instead of the root, for example '/docs/lab/'. */
  readonly below?: string;
  /** Also listens on a second port, which is another origin. */
  readonly secondOrigin?: boolean;
}

export interface PageOptions {
  readonly contentType?: string;
  /** For example `{ 'content-security-policy': "script-src 'self'" }`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Site {
  /** For example `http://127.0.0.1:40123`, without a slash at the end. */
  readonly origin: string;
  /** The same files and pages from another origin; there only with `secondOrigin`. */
  readonly secondOrigin: string | undefined;
  /** Serves a text under a path, before any file, on both origins; gives the address on the first. */
  setPage(pathname: string, text: string, options?: PageOptions): string;
  close(): Promise<void>;
}

export async function serve(options: ServeOptions = {}): Promise<Site> {
  const folder = options.folder ?? APP_FOLDER;
  const below = options.below ?? '/';
  if (folder === APP_FOLDER && !existsSync(path.join(folder, 'index.html'))) {
    throw new Error('The app is not built: run `npm run build` first (`npm test` does).');
  }
  const pages = new Map<string, { text: string; options: PageOptions }>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const page = pages.get(pathname);
    if (page !== undefined) {
      response.writeHead(200, {
        'content-type': page.options.contentType ?? 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        ...page.options.headers,
      });
      response.end(page.text);
      return;
    }
    if (!pathname.startsWith(below)) {
      response.writeHead(404).end('Not found\n');
      return;
    }
    request.url = `/${(request.url ?? '/').slice(below.length)}`;
    await serveFile(folder, request, response);
  };

  const servers = [await listen(handle, [0])];
  if (options.secondOrigin === true) servers.push(await listen(handle, [0]));
  const origins = servers.map(({ port }) => `http://127.0.0.1:${port}`);
  const origin = origins[0] ?? '';
  return {
    origin,
    secondOrigin: origins[1],
    setPage: (pathname, text, pageOptions = {}) => {
      pages.set(pathname, { text, options: pageOptions });
      return origin + pathname;
    },
    close: async () => {
      await Promise.all(
        servers.map(({ server }) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}
