// One scenario and one seed give the same digests wherever and however they are run: twice in one process, traced
// or not, in slices of any size, beside another run, in a new process and in a worker thread.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, startRun, type Run, type RunOptions } from '../../sim/run.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { parsed, scenarioInputs, scenarios } from './arbitrary-scenario.ts';
import { runs } from './checks.ts';

const SEED = 20_260_201;

/** All that a run answers, the trace apart. */
function answer(running: Run): string {
  const { trace: _, ...rest } = running.result();
  return JSON.stringify(rest);
}

function whole(scenario: Scenario, options: RunOptions = {}): string {
  return inSlices(scenario, 1_000_000, options);
}

function inSlices(scenario: Scenario, events: number, options: RunOptions = {}): string {
  const running = startRun(planOf(scenario), options);
  while (!running.advance(events));
  return answer(running);
}

/** Both runs moved on in turns of different length. */
function interleaved(first: Scenario, second: Scenario): string[] {
  const a = startRun(planOf(first), { trace: true });
  const b = startRun(planOf(second));
  for (let done = 0; done < 3;) done = (a.advance(3) ? 1 : 0) + (b.advance(5) ? 2 : 0);
  return [answer(a), answer(b)];
}

describe('same digests in one process', () => {
  it(`twice, traced and not, and in slices of 1, 7 and 1000 events [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const expected = whole(scenario);
        expect(whole(scenario)).toBe(expected);
        expect(whole(scenario, { trace: true })).toBe(expected);
        for (const events of [1, 7, 1_000]) expect(inSlices(scenario, events)).toBe(expected);
      }),
      runs(SEED, 250),
    );
  });

  it(`while another run goes on beside it [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(scenarios(), scenarios(), (first, second) => {
        const expected = [whole(first), whole(second)];
        expect(interleaved(first, second)).toEqual(expected);
        expect([whole(first), whole(second)]).toEqual(expected);
      }),
      runs(SEED + 1, 150),
    );
  });

  it(`and another seed gives another trace [seed ${SEED + 2}]`, () => {
    let different = 0;
    const count = 100;
    for (const scenario of fc.sample(scenarios(), { seed: SEED + 2, numRuns: count })) {
      const [a, b] = ['a', 'b'].map((seed) => run(planOf(scenario), { seed }).digests.trace);
      if (a !== b) different++;
    }
    // Some scenarios draw nothing; most do.
    expect(different).toBeGreaterThan(count / 2);
  });
});

describe('same digests elsewhere', () => {
  const inputs = fc.sample(scenarioInputs(), { seed: SEED + 3, numRuns: 40 });
  const here = inputs.map((input) => {
    const { outcome, trace } = run(planOf(parsed(input))).digests;
    return `${outcome} ${trace}`;
  });
  let folder = '';
  let runner = '';

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'delivery-lab-'));
    runner = path.join(folder, 'digest-runner.mjs');
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: fileURLToPath(new URL('digest-runner.ts', import.meta.url)),
        outDir: folder,
        // Minified: a name or an order of keys must not matter either.
        minify: true,
        rolldownOptions: { output: { entryFileNames: 'digest-runner.mjs', codeSplitting: false } },
      },
    });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it(`in a new process [seed ${SEED + 3}]`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [runner], {
      input: JSON.stringify(inputs),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(here);
  });

  it(`in a worker thread [seed ${SEED + 3}]`, async () => {
    const there = await new Promise((resolve, reject) => {
      const worker = new Worker(runner, { workerData: inputs });
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(there).toEqual(here);
  });
});
