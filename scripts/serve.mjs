// Serves the built app (dist/app) on this machine only, and opens a browser where there is one.
//   node scripts/serve.mjs [--port N]     BROWSER=none opens nothing, BROWSER=<command> opens with it
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup.mjs';
import { listen, serveFile } from './static-server.mjs';

const FIRST_PORT = 4173;
const PORTS_TRIED = 200;

function wantedPorts(argv) {
  const flag = argv.indexOf('--port');
  const given = flag >= 0 ? argv[flag + 1] : process.env.PORT;
  if (given === undefined || given === '')
    return Array.from({ length: PORTS_TRIED }, (_, i) => FIRST_PORT + i);
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`Not a port number: ${given}`);
  return [port];
}

/** A best effort: a machine without a browser, or without a screen, is not an error. */
function openBrowser(address) {
  const wish = process.env.BROWSER;
  if (wish === 'none') return;
  if (!wish && (process.env.CI || !process.stdout.isTTY)) return;
  if (!wish && process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const [command, ...args] =
    wish !== undefined && wish !== ''
      ? [wish]
      : process.platform === 'darwin'
        ? ['open']
        : process.platform === 'win32'
          ? ['cmd', '/c', 'start', '""']
          : ['xdg-open'];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('(No browser could be opened: open the address yourself.)'));
  child.unref();
}

export async function serve(argv = process.argv.slice(2)) {
  const folder = path.join(root, 'dist', 'app');
  if (!existsSync(path.join(folder, 'index.html'))) {
    throw new Error('The app is not built: run `npm start`, or `npm run build` first.');
  }
  const { port, server } = await listen(
    (request, response) => serveFile(folder, request, response),
    wantedPorts(argv),
  );
  const address = `http://127.0.0.1:${port}/`;
  console.log(`\n  Delivery Lab is at ${address}\n  (Ctrl+C stops it. It needs no network.)\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
  openBrowser(address);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  serve().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
