/**
 * Running a plan: the one entry to the engine for the command line, the worker and tests.
 */
import { Loop } from './engine/loop.ts';
import { FACT } from './core/fact.ts';
import { newWorld } from './engine/world.ts';
import { ForkedNature } from './nature/forked.ts';
import type { Nature } from './nature/nature.ts';
import { SeededNature } from './nature/seeded.ts';
import type { Choices } from './nature/scripted.ts';
import { Observer } from './observe/observer.ts';
import { judge } from './observe/referee.ts';
import type { Ended, Metrics, Price, Verdict } from './observe/result.ts';
import type { Plan } from './scenario/plan.ts';
import type { Trace } from './trace/columns.ts';
import { NO_RECORDER, TraceRecorder, type Recorder } from './trace/recorder.ts';

/** Rises only when an outcome digest of the kept corpus changes. */
export const ENGINE_VERSION = 1;

export interface RunOptions {
  /** Any text; the scenario's own seed when left out. */
  readonly seed?: string;
  /** Named choices to force, over the scenario's own faults; durations in µs. */
  readonly overrides?: Choices;
  /** Whether rows are kept. Digests and results are the same either way. */
  readonly trace?: boolean;
  /** Judge by what the policy claims, not by what the scenario expects: for a scenario that was changed. */
  readonly asClaimed?: boolean;
  /** Another nature than the seeded one: for exploring and for tests. Overrides and faults are laid over it. */
  readonly nature?: Nature;
}

export interface RunResult {
  readonly ended: Ended;
  readonly endedAtUs: number;
  readonly digests: { readonly outcome: string; readonly trace: string };
  readonly metrics: Metrics;
  /** How often each kind of fact was told, by number of FACT. */
  readonly factCounts: readonly number[];
  readonly price: Price;
  readonly verdict: Verdict;
  /** Its columns are put together when it is first asked for. */
  readonly trace: Trace | null;
  /** Overrides and faults whose name never came up. */
  readonly unusedOverrides: readonly string[];
}

/** A run that is moved on in slices. */
export interface Run {
  /** Handles up to `events` more events; true when the run has ended. */
  advance(events: number): boolean;
  readonly eventsSoFar: number;
  readonly timeUs: number;
  /** Closes the run where it stands. Call once. */
  result(): RunResult;
}

/** Runs a plan to its end. */
export function run(plan: Plan, options: RunOptions = {}): RunResult {
  const running = startRun(plan, options);
  while (!running.advance(1_000_000));
  return running.result();
}

/** What decides in a run: its weather, with the scenario's faults and the overrides laid over it where there are any. */
export function natureOf(
  plan: Plan,
  { seed, overrides, nature: asked }: Pick<RunOptions, 'seed' | 'overrides' | 'nature'>,
): { readonly nature: Nature; readonly forked: ForkedNature | null } {
  const choices = { ...plan.scenario.faults, ...overrides };
  const weather = asked ?? new SeededNature(seed ?? plan.scenario.seed, plan.streams);
  const forked = Object.keys(choices).length === 0 ? null : new ForkedNature(weather, plan.streams, choices);
  return { nature: forked ?? weather, forked };
}

/** Sets a run up; nothing has happened yet. */
export function startRun(plan: Plan, options: RunOptions = {}): Run {
  const { nature, forked } = natureOf(plan, options);
  const recorder = options.trace === true ? new TraceRecorder() : NO_RECORDER;
  const observer = new Observer(plan, recorder);
  const world = newWorld(plan);
  const loop = new Loop(plan, world, nature, observer);
  return {
    advance: (events) => loop.advance(events),
    get eventsSoFar() {
      return loop.events;
    },
    get timeUs() {
      return world.clock.nowUs;
    },
    result() {
      const ended = loop.ended ?? 'events';
      const { outcome, trace, open } = observer.finish();
      const { violations } = observer.totals;
      const result = {
        ended,
        endedAtUs: world.clock.nowUs,
        digests: { outcome, trace },
        metrics: metricsOf(observer, open, loop.events),
        factCounts: [...observer.counts],
        price: priceOf(observer),
        verdict: judge(
          plan.scenario,
          { ended, violations, proofs: observer.proofs },
          { asClaimed: options.asClaimed === true },
        ),
        unusedOverrides: forked === null ? [] : forked.unusedNames(),
      };
      return withTrace(result, recorder);
    },
  };
}

/** Out here, so that a result keeps nothing else of the run. */
function withTrace(result: Omit<RunResult, 'trace'>, recorder: Recorder): RunResult {
  return {
    ...result,
    get trace() {
      return recorder?.trace() ?? null;
    },
  };
}

function metricsOf({ counts, totals, rowCount }: Observer, open: number, events: number): Metrics {
  return {
    messages: counts[FACT.arrive],
    attempts: counts[FACT.send],
    packets: packetsOf(counts),
    requestsLost: totals.requestsLost,
    answersLost: counts[FACT.lost] - totals.requestsLost,
    networkCopies: counts[FACT.copy],
    deliveries: counts[FACT.deliver],
    duplicateDeliveries: totals.duplicateDeliveries,
    suppressed: totals.suppressed,
    turnedAway: counts[FACT.turnedAway],
    executions: counts[FACT.execute] + counts[FACT.effect],
    effects: counts[FACT.effect],
    once: totals.once,
    lost: totals.lost,
    duplicated: totals.duplicated,
    open,
    confirmed: totals.beliefs[1],
    refused: totals.beliefs[2],
    inDoubt: totals.beliefs[0],
    gaveUp: totals.beliefs[3],
    deadLettered: counts[FACT.deadLetter],
    falseDeadLettered: totals.falseDeadLettered,
    lateAnswers: counts[FACT.late],
    staleAnswers: counts[FACT.stale],
    answers: counts[FACT.confirm] + counts[FACT.reject] + counts[FACT.late] + counts[FACT.stale],
    timeouts: counts[FACT.timeout],
    crashes: counts[FACT.crash],
    evictions: counts[FACT.evict],
    dedupPeak: totals.dedupPeak,
    events,
    rows: rowCount,
  };
}

function packetsOf(counts: Uint32Array): number {
  return counts[FACT.send] + counts[FACT.copy] + counts[FACT.answer] + counts[FACT.nack];
}

function priceOf({ counts, totals }: Observer): Price {
  const messages = counts[FACT.arrive];
  const confirmed = counts[FACT.confirm];
  return {
    packetsPerMessage: messages === 0 ? 0 : packetsOf(counts) / messages,
    dedupPeak: totals.dedupPeak,
    certaintyMeanUs: confirmed === 0 ? null : Math.round(totals.certaintySumUs / confirmed),
    certaintyMaxUs: confirmed === 0 ? null : totals.certaintyMaxUs,
  };
}
