// Runs at the end of `npm install` and builds the command line, so that `npx . run …` works in a
// fresh checkout. A production install (no build tools) that already holds a build keeps it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { markInstalled, root, tool } from './setup.mjs';

if (!existsSync(path.join(root, 'node_modules', 'vite'))) {
  if (existsSync(path.join(root, 'dist', 'cli', 'delivery-lab.js'))) process.exit(0);
  console.error('The command line is not built and its build tools are missing: run a plain `npm install`.');
  process.exit(1);
}
const vite = tool('vite', 'build', '--mode', 'cli', '--logLevel', 'warn');
const { status } = spawnSync(process.execPath, vite, { cwd: root, stdio: 'inherit' });
if (status === 0) markInstalled();
process.exit(status ?? 1);
