// Runs at the end of `npm install` and builds the command line, so that `npx . run …` works in a
// fresh checkout. A production install (no build tools) that already holds a build keeps it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');

if (!existsSync(vite)) {
  if (existsSync(path.join(root, 'dist', 'cli', 'delivery-lab.js'))) process.exit(0);
  console.error('The command line is not built, and the build tools are not installed: run a plain `npm install`.');
  process.exit(1);
}
const { status } = spawnSync(process.execPath, [vite, 'build', '--mode', 'cli', '--logLevel', 'warn'], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
