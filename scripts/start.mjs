// `npm start` on a fresh checkout or an old one: installs if needed, builds the app, serves it.
import { spawnSync } from 'node:child_process';
import { root, setup, tool } from './setup.mjs';

setup();
console.log('Building the app …');
const build = spawnSync(process.execPath, tool('vite', 'build', '--logLevel', 'warn'), {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);

const { serve } = await import('./serve.mjs');
await serve().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
