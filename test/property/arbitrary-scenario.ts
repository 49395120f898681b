// Random valid scenarios for property tests, as a person could have written them: every arrival, retry, jitter,
// outage and distribution kind, crashes, volatile and bounded stores. Times are mostly whole tenths of a second, so
// that events often meet at one instant, and runs are small enough to make thousands of them.
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../sim/core/duration.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { STEPS } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';

/** Ids of the three nodes; the names of all choices are made of them. */
export const SHOP = 'shop';
export const API = 'api';
export const LEDGER = 'ledger';

/** What a random scenario must not be; everything else is left to chance. */
export interface ScenarioOptions {
  /** No limit but the number of events, which only keeps a run short. */
  readonly withoutSmallLimits?: boolean;
  /** The dedup window is forever and the capacity unlimited. */
  readonly withoutForgetting?: boolean;
  /** No retry, so that every message ends. */
  readonly withoutRetry?: boolean;
}

export type Input = Record<string, unknown>;

const SECOND = 1_000_000;
const TENTH = 100_000;
/** A random scenario can retry without end. */
const MOST_EVENTS = 3_000;

export function scenarios(options: ScenarioOptions = {}): fc.Arbitrary<Scenario> {
  return scenarioInputs(options).map(parsed);
}

/** Reads what must be readable. */
export function parsed(input: unknown): Scenario {
  const result = parseScenario(input);
  if (!result.ok) throw new Error(`not a valid scenario: ${JSON.stringify(result.problems)}`);
  return result.scenario;
}

/** A random scenario as JSON. */
export function scenarioInputs(options: ScenarioOptions = {}): fc.Arbitrary<Input> {
  return fc
    .record({
      policy: fc.constantFrom('custom', 'custom', 'at-most-once', 'at-least-once', 'effectively-once'),
      seed: fc.string({ maxLength: 8 }),
      shop: producer(options),
      api: consumer(options),
      ledger: sparse({ operation: fc.constantFrom('increment', 'set') }),
      there: link(),
      back: link(),
      limits: options.withoutSmallLimits === true ? fc.constant({}) : limits(),
    })
    .map(({ policy, seed, shop, api, ledger, there, back, limits }) => ({
      format: 1,
      policy,
      seed,
      nodes: {
        [SHOP]: { kind: 'producer', ...shop },
        [API]: { kind: 'consumer', ...api },
        [LEDGER]: { kind: 'sink', ...ledger },
      },
      links: { [`${SHOP}>${API}`]: there, [`${API}>${SHOP}`]: back },
      limits: { events: MOST_EVENTS, ...limits },
    }));
}

// ── producer ─────────────────────────────────────────────────────────────────────────────────────────────────────

function producer(options: ScenarioOptions): fc.Arbitrary<Input> {
  return sparse({
    messages: fc.oneof(
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }) },
      { weight: 3, arbitrary: fc.integer({ min: 4, max: 40 }) },
    ),
    arrivals: fc.oneof(
      sparse({ every: duration(SECOND), start: duration(SECOND) }).map(kind('fixed')),
      fc
        .record({ mean: duration(SECOND, 1), start: duration(SECOND) }, { requiredKeys: ['mean'] })
        .map(kind('poisson')),
      fc
        .record(
          { size: fc.integer({ min: 1, max: 12 }), every: duration(2 * SECOND), start: duration(SECOND) },
          { requiredKeys: ['size'] },
        )
        .map(kind('burst')),
    ),
    ackTimeout: fc.oneof(
      { weight: 1, arbitrary: fc.constant('none') },
      { weight: 5, arbitrary: duration(2 * SECOND, 1) },
    ),
    lateReplies: fc.constantFrom('accept', 'ignore'),
    retry: options.withoutRetry === true ? fc.constant({ kind: 'none' }) : retry(),
    deadLetter: fc.boolean(),
  });
}

function retry(): fc.Arbitrary<Input> {
  const common = {
    countFrom: fc.constantFrom('send', 'detection'),
    jitter: fc.oneof(
      fc.constantFrom<unknown>('none', 'equal', 'full', 'decorrelated', '±20%', { kind: 'full' }),
      fc.record({ kind: fc.constant('proportional'), spread: between(0, 1) }),
      fc.record({ kind: fc.constant('additive'), max: duration(SECOND) }),
    ),
    maxAttempts: fc.oneof(
      { weight: 1, arbitrary: fc.constant('unlimited') },
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 7 }) },
    ),
    horizon: fc.oneof(fc.constant('unlimited'), duration(10 * SECOND)),
  };
  const cap = fc.oneof(fc.constant('none'), duration(5 * SECOND));
  const growing = { delay: duration(2 * SECOND), cap, ...common };
  const required = { requiredKeys: ['delay' as const] };
  return fc.oneof(
    fc.record({ delay: duration(2 * SECOND), ...common }, required).map(kind('fixed')),
    fc.record(growing, required).map(kind('linear')),
    fc.record({ factor: between(1, 4), ...growing }, required).map(kind('exponential')),
    fc
      .record(
        { delays: fc.array(duration(2 * SECOND), { minLength: 1, maxLength: 5 }), ...common },
        { requiredKeys: ['delays'] },
      )
      .map(kind('custom')),
  );
}

// ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────

function link(): fc.Arbitrary<Input> {
  return sparse({
    loss: probability(0.6),
    delay: distribution(2 * SECOND),
    order: fc.constantFrom('reorder', 'fifo'),
    duplicate: probability(),
    outages: outages({ cutsInFlight: fc.boolean() }),
  });
}

/** Stretches in order and apart, sometimes touching. */
function outages(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Input[]> {
  const one = fc.record(
    { gap: duration(2 * SECOND).map(micros), for: duration(2 * SECOND, 1).map(micros), ...fields },
    { requiredKeys: ['gap', 'for'] },
  );
  const lists = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(one, { maxLength: 4 }) },
  );
  return lists.map((list) => {
    let at = 0;
    return list.map(({ gap, ...outage }) => {
      const from = at + gap;
      at = from + outage.for;
      return { from, ...outage };
    });
  });
}

// ── consumer ─────────────────────────────────────────────────────────────────────────────────────────────────────

function consumer(options: ScenarioOptions): fc.Arbitrary<Input> {
  return sparse({
    sink: fc.constantFrom('', LEDGER),
    handler: handler(),
    processing: distribution(SECOND),
    stepTimes: fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: sparse({ check: stepTime(), mark: stepTime(), ack: stepTime() }) },
    ),
    concurrency: fc.oneof(fc.constant('unlimited'), fc.integer({ min: 1, max: 3 })),
    outages: outages({ kind: fc.constantFrom('refuse', 'hang', 'error') }),
    crash: fc.oneof(
      { weight: 1, arbitrary: fc.constant({}) },
      {
        weight: 2,
        arbitrary: sparse({
          after: sparse({
            start: rarely(),
            check: rarely(),
            effect: rarely(),
            mark: rarely(),
            ack: rarely(),
          }),
          restartAfter: duration(2 * SECOND),
          whileDown: fc.constantFrom('hang', 'refuse'),
        }),
      },
    ),
    dedup: sparse({
      durable: fc.boolean(),
      anchor: fc.constantFrom('first-seen', 'last-seen'),
      eviction: fc.constantFrom('fifo', 'lru'),
      ...(options.withoutForgetting === true
        ? {}
        : {
            window: fc.oneof(fc.constant('forever'), duration(5 * SECOND)),
            capacity: fc.oneof(fc.constant('unlimited'), fc.integer({ min: 1, max: 6 })),
          }),
    }),
  });
}

/** Any order of some steps with the effect among them, grouped at random. */
export function handler(): fc.Arbitrary<unknown[]> {
  return fc
    .tuple(
      fc.shuffledSubarray([...STEPS], { minLength: 1 }),
      fc.array(fc.boolean(), { minLength: STEPS.length, maxLength: STEPS.length }),
    )
    .map(([some, joins]) => {
      const steps = some.includes('effect') ? some : [...some, 'effect' as const];
      const groups: string[][] = [];
      steps.forEach((step, index) => {
        if (joins[index] && groups.length > 0) groups[groups.length - 1].push(step);
        else groups.push([step]);
      });
      return groups.map((group) => (group.length === 1 ? group[0] : group));
    });
}

/** Often 0: that must take no event. */
function stepTime(): fc.Arbitrary<unknown> {
  return fc.oneof(fc.constant(0), distribution(SECOND / 2));
}

// ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────

function limits(): fc.Arbitrary<Input> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.record({ events: fc.integer({ min: 1, max: 300 }) }) },
    { weight: 1, arbitrary: fc.record({ time: duration(5 * SECOND, 1) }) },
    { weight: 1, arbitrary: fc.record({ rows: fc.integer({ min: 1, max: 300 }) }) },
    { weight: 1, arbitrary: fc.record({ queue: fc.integer({ min: 1, max: 3 }) }) },
  );
}

function distribution(most: number): fc.Arbitrary<unknown> {
  const spread = duration(most / 2).map(micros);
  const some = duration(most / 4, 1);
  return fc.oneof(
    duration(most),
    fc.record({ value: duration(most) }).map(kind('constant')),
    fc.tuple(spread, spread).map(([min, extra]) => ({ kind: 'uniform', min, max: min + extra })),
    fc.record({ mean: some, min: some }, { requiredKeys: ['mean'] }).map(kind('exponential')),
    fc.record({ mean: some, sd: some }).map(kind('normal')),
    fc.record({ median: some, sigma: between(0, 2) }).map(kind('lognormal')),
    fc.record({ min: some, alpha: between(0.5, 5) }).map(kind('pareto')),
    fc.record({ values: fc.array(duration(most), { minLength: 1, maxLength: 5 }) }).map(kind('empirical')),
  );
}

/** Up to `most`, and often exactly 0 or 1: those must be exact. */
function probability(most = 0.9): fc.Arbitrary<number | string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<number | string>(0, 0, '20%', 0.25) },
    { weight: 1, arbitrary: fc.constant(1) },
    { weight: 5, arbitrary: between(0, most) },
  );
}

/** So that something else happens between two crashes. */
function rarely(): fc.Arbitrary<number> {
  return between(0, 0.3);
}

/** Evenly spread; `fc.double` is not: nearly all of its numbers are next to 0. */
function between(low: number, high: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 997 }).map((n) => low + ((high - low) * n) / 997);
}

/** Whole tenths of a second up to `most`, now and then any microsecond; a number or as a person writes it. */
function duration(most: number, least = 0): fc.Arbitrary<number | string> {
  const tenths = fc.integer({ min: Math.ceil(least / TENTH), max: Math.floor(most / TENTH) });
  const us = fc.oneof(
    { weight: 3, arbitrary: tenths.map((n) => n * TENTH) },
    { weight: 1, arbitrary: fc.integer({ min: least, max: most }) },
  );
  return fc.tuple(us, fc.boolean()).map(([value, asText]) => (asText ? formatDuration(value) : value));
}

function micros(duration: number | string): number {
  return typeof duration === 'number' ? duration : parseDuration(duration)!;
}

/** Each field is there, or left to its default. */
function sparse(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Input> {
  return fc.record(fields, { requiredKeys: [] });
}

function kind(word: string): (fields: Input) => Input {
  return (fields) => ({ kind: word, ...fields });
}
