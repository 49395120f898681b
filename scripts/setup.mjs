// Makes the checkout ready to run: installs the packages of the lock file when they are missing or
// belong to another lock file. Used by `npm start` and `npm test`, so it depends on Node alone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Names what was installed; written at the end of every `npm install` by `prepare.mjs`. */
const stampFile = path.join(root, 'node_modules', '.delivery-lab-setup');

function wantedStamp() {
  const hash = createHash('sha256');
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  hash.update(JSON.stringify([dependencies, devDependencies]));
  const lockFile = path.join(root, 'package-lock.json');
  if (existsSync(lockFile)) hash.update(readFileSync(lockFile));
  return hash.digest('hex');
}

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === wantedStamp();
}

/** Records that `node_modules` fits the lock file. */
export function markInstalled() {
  writeFileSync(stampFile, wantedStamp() + '\n');
}

/** The command and arguments that run npm, also on Windows, where `npm` is a shell script. */
export function npmCommand(args) {
  const script = process.env.npm_execpath;
  if (script !== undefined && /\.[cm]?js$/.test(script)) return [process.execPath, [script, ...args], false];
  return ['npm', args, process.platform === 'win32'];
}

/** A tool of this checkout, as arguments for `process.execPath`. */
export function tool(packageName, ...args) {
  const folder = path.join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : (bin[path.basename(packageName)] ?? Object.values(bin)[0]);
  return [path.join(folder, file), ...args];
}

/** Installs if needed; ends the process with npm's own message when that fails. */
export function setup() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Delivery Lab needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
    process.exit(1);
  }
  if (isInstalled()) return;
  console.log('Installing packages (npm install) …');
  const [command, args, shell] = npmCommand(['install', '--no-fund', '--no-audit']);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
  // npm runs no `prepare` when scripts are switched off in someone's settings.
  if (!isInstalled())
    spawnSync(process.execPath, [path.join(root, 'scripts/prepare.mjs')], { stdio: 'inherit' });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) setup();
