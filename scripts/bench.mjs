// `npm run bench -- [name …] [--option value …]`: bundles each test/bench/*.bench.ts as a release build
// would be bundled (a test runner's transform would slow what is measured) and runs it in a process of its
// own. Options go to the benchmark, so they need exactly one name.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, setup } from './setup.mjs';

setup();
const folder = path.join(root, 'test', 'bench');
const argv = process.argv.slice(2);
const firstOption = argv.findIndex((word) => word.startsWith('--'));
const wanted = firstOption < 0 ? argv : argv.slice(0, firstOption);
const options = firstOption < 0 ? [] : argv.slice(firstOption);
const names = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort();
if (names.length === 0) {
  console.log('There is no such benchmark in test/bench.');
  process.exit(wanted.length === 0 ? 0 : 2);
}
if (options.length > 0 && names.length !== 1) {
  console.error(`Name the benchmark that ${options[0]} is for: ${names.join(', ')}.`);
  process.exit(2);
}

const { build } = await import('vite');
const outDir = mkdtempSync(path.join(root, 'node_modules', '.delivery-lab-bench-'));
let failedCount = 0;
try {
  for (const name of names) {
    await build({
      configFile: false,
      root,
      logLevel: 'warn',
      ssr: { noExternal: true },
      build: {
        ssr: path.join(folder, `${name}.bench.ts`),
        outDir,
        emptyOutDir: false,
        target: 'node20',
        rolldownOptions: { output: { entryFileNames: `${name}.mjs`, topLevelVar: false } }, // as in vite.config.ts
      },
    });
    console.log(`\n── ${name} ${'─'.repeat(Math.max(1, 70 - name.length))}`);
    const { status } = spawnSync(
      process.execPath,
      ['--expose-gc', path.join(outDir, `${name}.mjs`), ...options],
      {
        cwd: root,
        stdio: 'inherit',
      },
    );
    if (status !== 0) failedCount += 1;
  }
} finally {
  rmSync(outDir, { recursive: true, force: true });
}
process.exit(failedCount === 0 ? 0 : 1);
