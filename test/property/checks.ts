// What property tests share: how often they run, and runs that let a test look inside.
import { vi } from 'vitest';
import { Loop } from '../../sim/engine/loop.ts';
import { newWorld, type World } from '../../sim/engine/world.ts';
import type { Nature } from '../../sim/nature/nature.ts';
import { SeededNature } from '../../sim/nature/seeded.ts';
import { Observer } from '../../sim/observe/observer.ts';
import type { Plan } from '../../sim/scenario/plan.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { TraceRecorder } from '../../sim/trace/recorder.ts';

/** Whether the long suite runs: ten times as many examples. */
const FULL = process.env['FULL'] === '1';
if (FULL) vi.setConfig({ testTimeout: 600_000 });

/** fast-check's parameters; the seed stands in the test's title too, and fast-check prints it on failure. */
export function runs(seed: number, count: number): { seed: number; numRuns: number } {
  return { seed, numRuns: FULL ? 10 * count : count };
}

/** A run whose world, loop and observer lie open. */
export interface OpenRun {
  readonly plan: Plan;
  readonly world: World;
  readonly loop: Loop;
  readonly nature: Nature;
  readonly observer: Observer;
  readonly recorder: TraceRecorder;
}

export function openRun(plan: Plan, seed: string = plan.scenario.seed): OpenRun {
  const world = newWorld(plan);
  const nature = new SeededNature(seed, plan.streams);
  const recorder = new TraceRecorder();
  const observer = new Observer(plan, recorder);
  return { plan, world, nature, observer, recorder, loop: new Loop(plan, world, nature, observer) };
}

/** Runs to the end. */
export function finish(run: OpenRun): {
  readonly trace: Trace;
  readonly digests: string;
  readonly open: number;
} {
  while (!run.loop.advance(1_000_000));
  const { outcome, trace, open } = run.observer.finish();
  return { trace: run.recorder.trace(), digests: `${outcome} ${trace}`, open };
}
