/**
 * Random hops whose schedules often meet in one situation: few messages, and every time a small multiple of one tick,
 * so that different faults lead to the same pending events. All that a situation must not forget is in them: outages,
 * FIFO links, windows, evictions, volatile stores, jitter that depends on the wait before.
 */
import fc from 'fast-check';
import type { Bounds } from '../../sim/explore/bounds.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { handler } from '../property/arbitrary-scenario.ts';
import { bounds, hop } from './lab.ts';

const TICK = 100_000;

const ticks = (least: number, most: number) => fc.integer({ min: least, max: most }).map((n) => n * TICK);
const rarely = <T, U>(usual: T, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

const delay = fc.oneof(
  ticks(0, 2),
  fc.tuple(ticks(0, 1), ticks(1, 3)).map(([min, more]) => ({ kind: 'uniform', min, max: min + more })),
);

const outages = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  rarely<unknown[], unknown>(
    [],
    fc.record({ from: ticks(0, 4), for: ticks(1, 3), ...fields }).map((outage) => [outage]),
  );

const link = fc.record({
  delay,
  order: fc.constantFrom('reorder', 'fifo'),
  outages: outages({ cutsInFlight: fc.boolean() }),
});

const consumer = fc.record({
  handler: fc.oneof(
    handler(),
    fc.constantFrom(
      ['effect', 'ack'],
      ['check', 'effect', 'mark', 'ack'],
      ['check', 'ack', 'effect', 'mark'], // what the check found is needed long after
      [['check', 'effect', 'mark'], 'ack'],
    ),
  ),
  processing: rarely<unknown, unknown>(0, delay),
  stepTimes: fc.oneof(fc.constant({}), fc.record({ check: delay, mark: delay, ack: delay })),
  concurrency: fc.constantFrom(1, 2, 'unlimited'),
  outages: outages({ kind: fc.constantFrom('refuse', 'hang', 'error') }),
  crash: fc.record({ restartAfter: ticks(0, 3), whileDown: fc.constantFrom('hang', 'refuse') }),
  dedup: fc.record({
    window: rarely<unknown, unknown>('forever', ticks(0, 5)),
    anchor: fc.constantFrom('first-seen', 'last-seen'),
    capacity: fc.oneof(fc.constant('unlimited'), fc.integer({ min: 1, max: 2 })),
    eviction: fc.constantFrom('fifo', 'lru'),
    durable: fc.boolean(),
  }),
});

const producer = fc.record({
  messages: fc.integer({ min: 1, max: 3 }),
  arrivals: ticks(0, 2).map((every) => ({ kind: 'fixed', every })),
  ackTimeout: fc.oneof(fc.constant('none'), ticks(1, 4)),
  lateReplies: fc.constantFrom('accept', 'ignore'),
  retry: fc.record({
    kind: fc.constant('fixed'),
    delay: ticks(0, 3),
    countFrom: fc.constantFrom('send', 'detection'),
    jitter: rarely<unknown, unknown>('none', fc.constantFrom('equal', 'full', 'decorrelated')),
    horizon: rarely<unknown, unknown>('unlimited', ticks(1, 6)),
  }),
  deadLetter: fc.boolean(),
});

export const smallHops: fc.Arbitrary<Scenario> = fc
  .record({ producer, consumer, request: link, answer: link })
  .map(hop);

/** The same without outages, which are conditions of a time: where any order is explored there is none. */
export const timelessHops: fc.Arbitrary<Scenario> = smallHops.map((scenario) => {
  const stripped = structuredClone(scenario);
  for (const one of Object.values(stripped.links)) one.outages = [];
  for (const node of Object.values(stripped.nodes)) if (node.kind === 'consumer') node.outages = [];
  return stripped;
});

export const smallBounds: fc.Arbitrary<Bounds> = fc
  .record({
    messages: fc.integer({ min: 1, max: 3 }),
    attempts: fc.integer({ min: 1, max: 3 }),
    losses: fc.integer({ min: 0, max: 2 }),
    copies: fc.integer({ min: 0, max: 1 }),
    delays: fc.integer({ min: 0, max: 2 }),
    crashes: fc.integer({ min: 0, max: 2 }),
  })
  .map(bounds);
