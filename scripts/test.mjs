// `npm test`: everything that must hold before a change lands, from a fresh checkout on.
//   node scripts/test.mjs [--full] [--only types,lint,format,build,unit,explorer,full,e2e]
// Every suite runs even after a failure, and the last line counts the tests for people and for CI.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, setup, tool } from './setup.mjs';

/** `steps` run side by side; each is [packageName, …arguments of its command]. */
const SUITES = {
  types: {
    title: 'types',
    steps: [
      typeCheck('sim'),
      typeCheck('.'),
      ['svelte-check', '--tsconfig', './tsconfig.json', '--output', 'human', '--fail-on-warnings'],
    ],
  },
  lint: { title: 'lint', steps: [['eslint', '--max-warnings', '0', '.']] },
  format: { title: 'format', steps: [['prettier', '--check', '--log-level', 'warn', '.']] },
  build: { title: 'build', steps: [['vite', 'build', '--logLevel', 'warn'], cliBuild()] },
  unit: { title: 'unit, property, golden', project: 'unit' },
  explorer: { title: 'explorer', project: 'explorer' },
  full: { title: 'full', project: 'full' },
  e2e: { title: 'browsers', project: 'e2e' },
};
const DEFAULT_SUITES = ['types', 'lint', 'format', 'build', 'unit', 'explorer', 'e2e'];
const FULL_SUITES = ['types', 'lint', 'format', 'build', 'unit', 'explorer', 'full', 'e2e'];

/** What an earlier run found is reused: a second run checks only what changed since. */
function typeCheck(project) {
  const name = project === '.' ? 'shells' : project;
  const memory = `node_modules/.cache/delivery-lab/${name}.tsbuildinfo`;
  return ['typescript', '--noEmit', '-p', project, '--incremental', '--tsBuildInfoFile', memory];
}

function cliBuild() {
  return ['vite', 'build', '--mode', 'cli', '--logLevel', 'warn'];
}

function chosenSuites(argv) {
  const only = argv.indexOf('--only');
  if (only < 0) return argv.includes('--full') ? FULL_SUITES : DEFAULT_SUITES;
  const names = (argv[only + 1] ?? '').split(',');
  const unknown = names.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    console.error(`Unknown suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}.`);
    process.exit(2);
  }
  return names;
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

/** A suite of commands: each that fails counts as one failure, so the last line never hides one. */
async function runSteps(steps) {
  const results = await Promise.all(steps.map(([name, ...args]) => run(tool(name, ...args))));
  const failed = results.filter((ok) => !ok).length;
  return { passed: 0, failed, skipped: 0, note: failed === 0 ? 'ok' : `${failed} of ${steps.length} failed` };
}

async function runTests(project) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'delivery-lab-test-'));
  const reportFile = path.join(folder, 'report.json');
  try {
    const ok = await run(
      tool(
        'vitest',
        'run',
        ...['--project', project],
        // Only the long suite may be empty; anywhere else, no test is a mistake.
        ...(project === 'full' ? ['--passWithNoTests'] : []),
        ...['--reporter', 'default', '--reporter', 'json', `--outputFile.json=${reportFile}`],
      ),
    );
    if (!existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0, note: 'did not run' };
    const counts = readCounts(JSON.parse(readFileSync(reportFile, 'utf8')));
    // An error outside any test (an unhandled rejection, a leaked hook) fails the run as well.
    if (!ok && counts.failed === 0) counts.failed = 1;
    return { ...counts, note: `${counts.passed} passed, ${counts.failed} failed` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(report) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

setup();
// Tests that have a small and a full size read this.
if (process.argv.includes('--full')) process.env.FULL = '1';
const rows = [];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of chosenSuites(process.argv.slice(2))) {
  const suite = SUITES[name];
  console.log(`\n── ${suite.title} ${'─'.repeat(Math.max(1, 70 - suite.title.length))}`);
  const start = performance.now();
  const result = suite.project === undefined ? await runSteps(suite.steps) : await runTests(suite.project);
  rows.push({ title: suite.title, seconds: (performance.now() - start) / 1000, note: result.note });
  for (const key of Object.keys(total)) total[key] += result[key];
}

console.log(`\n── time ${'─'.repeat(66)}`);
for (const { title, seconds, note } of rows) {
  console.log(`${title.padEnd(24)} ${seconds.toFixed(1).padStart(7)} s   ${note}`);
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 ? 0 : 1);
