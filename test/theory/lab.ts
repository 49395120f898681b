/**
 * The bench between the engine and the closed forms: one-hop plans in abstract units (1 unit = 1 s), runs that are
 * watched row by row, and samples with their tolerance rule. Rows of the suite are tested by row.ts.
 */
import { vi } from 'vitest';
import type { Clock } from '../../sim/core/clock.ts';
import type { About } from '../../sim/core/fact.ts';
import { Loop, type CountingListener } from '../../sim/engine/loop.ts';
import { newWorld } from '../../sim/engine/world.ts';
import type { Nature } from '../../sim/nature/nature.ts';
import { SeededNature } from '../../sim/nature/seeded.ts';
import type { Ended } from '../../sim/observe/result.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import { oneHop, us, type Fields, type HopFields } from '../one-hop.ts';

export { us, type HopFields };

vi.setConfig({ testTimeout: 600_000 }); // a slow or busy machine is no failure

// ── plans ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A hop as a plan. Links are immediate and lossless, limits out of the way. */
export function hop({ request, answer, limits, ...nodes }: HopFields): Plan {
  const far = { events: 4_000_000_000, rows: 2_000_000_000, queue: 100_000_000 };
  const links = { request: { delay: 0, ...request }, answer: { delay: 0, ...answer } };
  return planOf(oneHop({ ...nodes, ...links, limits: { ...far, ...limits } }));
}

/** A custom schedule of send-to-send gaps, in units. */
export function gapsFromSend(gaps: readonly number[]): Fields {
  return { kind: 'custom', delays: gaps.map(us), countFrom: 'send' };
}

export const exponential = (mean: number): Fields => ({ kind: 'exponential', mean: us(mean) });

// ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Sees each fact as it is told. */
export interface Watcher {
  see(timeUs: number, kind: number, message: number, place: number, detail: number, packet: number): void;
  /** Nothing can happen to a message any more: no fact, and no row. */
  concluded?(message: number): void;
}

export interface Study {
  readonly plan: Plan;
  readonly seed: string;
  readonly watcher: Watcher;
  /** What must end the run. */
  readonly ends?: Ended;
  /** Another nature than the seeded one. */
  readonly nature?: Nature;
}

/** Tells the watcher, and nobody else: what an observer makes of the same facts is held against it in one row (R02). */
class Watched implements CountingListener {
  rowCount = 0;
  private readonly watcher: Watcher;
  private clock: Clock | null = null;

  constructor(watcher: Watcher) {
    this.watcher = watcher;
  }

  follow(clock: Clock): void {
    this.clock = clock;
  }

  tell(kind: number, { id }: About, place: number, detail: number, packet: number): number {
    this.watcher.see(this.clock?.nowUs ?? NaN, kind, id, place, detail, packet);
    return this.rowCount++;
  }

  conclude({ id }: About): void {
    this.watcher.concluded?.(id);
  }
}

/** Runs a plan to its end under the eyes of the watcher. */
export function study({ plan, seed, watcher, ends = 'done', nature }: Study): void {
  const listener = new Watched(watcher);
  const loop = new Loop(plan, newWorld(plan), nature ?? new SeededNature(seed, plan.streams), listener);
  while (!loop.advance(1_000_000));
  if (loop.ended !== ends) throw new Error(`ended by ${loop.ended}, not by ${ends}`);
}

// ── samples and their tolerance rules (theory 6.1) ───────────────────────────────────────────────────────────────

/** What was observed of one quantity, with what its tolerance rule needs. */
export type Sample =
  /** PROP */
  | { readonly kind: 'proportion'; readonly hits: number; readonly of: number }
  /** MEAN and BATCH: the standard error from the sample, from batches, or known. */
  | {
      readonly kind: 'mean';
      readonly mean: number;
      readonly standardError: number;
      readonly of: number;
    }
  /** CHI2: counts of cells against the limit of Pearson's statistic. */
  | { readonly kind: 'cells'; readonly counts: readonly number[]; readonly limit: number }
  /** EXACT */
  | { readonly kind: 'exact'; readonly value: number };

export function proportion(of: number, hit: (index: number) => boolean): Sample {
  let hits = 0;
  for (let i = 1; i <= of; i++) if (hit(i)) hits++;
  return { kind: 'proportion', hits, of };
}

/** Mean over 1 … `of`. */
export function mean(of: number, value: (index: number) => number): Sample {
  let total = 0;
  for (let i = 1; i <= of; i++) total += value(i);
  const average = total / of;
  let squares = 0;
  for (let i = 1; i <= of; i++) squares += (value(i) - average) ** 2;
  return { kind: 'mean', mean: average, standardError: Math.sqrt(squares / (of - 1) / of), of };
}

export function meanOf(values: ArrayLike<number>): Sample {
  return mean(values.length, (i) => values[i - 1]);
}

/** Mean of successive, dependent values: cut into `batches` blocks, the error from between them. */
export function batchMean(values: ArrayLike<number>, batches: number): Sample {
  const size = Math.floor(values.length / batches);
  return mean(batches, (batch) => {
    let total = 0;
    for (let i = (batch - 1) * size; i < batch * size; i++) total += values[i];
    return total / size;
  });
}

export const exactly = (value: number): Sample => ({ kind: 'exact', value });

export interface Judgement {
  readonly within: boolean;
  readonly z: number;
  readonly of: number;
}

/** Holds a sample against its expectation: |z| ≤ 4, or the rule of its kind. */
export function judge(sample: Sample, expected: number | readonly number[]): Judgement {
  switch (sample.kind) {
    case 'proportion': {
      const share = Number(expected);
      const { hits, of } = sample;
      const z = (hits / of - share) / Math.sqrt((share * (1 - share)) / of);
      const few = of * Math.min(share, 1 - share) < 25;
      return { within: few ? binomialTail(hits, of, share) >= 6.3e-5 : Math.abs(z) <= 4, z, of };
    }
    case 'mean': {
      const z = (sample.mean - Number(expected)) / sample.standardError;
      return { within: Math.abs(z) <= 4, z, of: sample.of };
    }
    case 'cells': {
      const of = sample.counts.reduce((total, count) => total + count, 0);
      const statistic = sample.counts.reduce((total, count, i) => {
        const wanted = of * Number(Array.isArray(expected) ? expected[i] : NaN);
        return total + (count - wanted) ** 2 / wanted;
      }, 0);
      return { within: statistic <= sample.limit, z: (4 * statistic) / sample.limit, of };
    }
    case 'exact': {
      const off = sample.value - Number(expected);
      return { within: off === 0, z: off === 0 ? 0 : Infinity, of: 1 };
    }
  }
}

/** Two-sided: twice the smaller tail. */
function binomialTail(hits: number, of: number, share: number): number {
  if (share === 0) return hits === 0 ? 1 : 0;
  const logPmf = (k: number) => {
    let log = k * Math.log(share) + (of - k) * Math.log1p(-share);
    for (let i = 1; i <= k; i++) log += Math.log((of - k + i) / i);
    return log;
  };
  let below = 0;
  for (let k = 0; k <= hits; k++) below += Math.exp(logPmf(k));
  return Math.min(1, 2 * Math.min(below, 1 - below + Math.exp(logPmf(hits))));
}
