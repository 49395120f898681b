// Scenarios that between them use every word of the scenario format: each distribution, arrival, retry and jitter
// kind, outages of each kind, crashes and stores of every sort. Made by rotating through the lists, so that kinds
// meet in many pairings; digests.test.ts checks against the schema that no kind is left out.

type Fields = Readonly<Record<string, unknown>>;

const DELAYS: readonly unknown[] = [
  { kind: 'exponential', mean: '37ms', min: '3ms' },
  { kind: 'normal', mean: '60ms', sd: '25ms' },
  { kind: 'lognormal', median: '45ms', sigma: 0.9 },
  { kind: 'pareto', min: '15ms', alpha: 1.3 },
  { kind: 'empirical', values: ['11ms', '23ms', '58ms', '211ms', '740ms'] },
  { kind: 'uniform', min: '5ms', max: '95ms' },
  { kind: 'constant', value: '40ms' },
];
const ARRIVALS: readonly Fields[] = [
  { kind: 'poisson', mean: '70ms', start: '1s' },
  { kind: 'fixed', every: '50ms', start: '10ms' },
  { kind: 'burst', size: 12, every: '900ms' },
];
const RETRIES: readonly Fields[] = [
  { kind: 'exponential', delay: '90ms', factor: 1.7, cap: '4s', maxAttempts: 7 },
  { kind: 'linear', delay: '110ms', cap: '700ms', maxAttempts: 6 },
  { kind: 'fixed', delay: '130ms', maxAttempts: 5, countFrom: 'send' },
  { kind: 'custom', delays: ['40ms', '160ms', '1s', '3s'], horizon: '4s' },
];
const JITTERS: readonly unknown[] = [
  'full',
  'decorrelated',
  'equal',
  { kind: 'proportional', spread: 0.37 },
  { kind: 'additive', max: '80ms' },
  { kind: 'none' },
];
const HANDLERS: readonly unknown[] = [
  [['check', 'effect', 'mark'], 'ack'],
  ['check', 'effect', 'mark', 'ack'],
  ['check', 'mark', 'effect', 'ack'],
  ['ack', 'effect'],
];
const STORES: readonly Fields[] = [
  { window: '1s', anchor: 'last-seen' },
  { window: '2s', anchor: 'first-seen', durable: false },
  { capacity: 9, eviction: 'lru' },
  { capacity: 7, eviction: 'fifo', durable: false },
  { window: 'forever' },
];
const OUTAGES = ['hang', 'refuse', 'error'] as const;

export const GENERATED_COUNT = 14;

/** The n-th generated scenario as JSON. Lists of different lengths go round at different speeds. */
export function generatedScenario(n: number): Fields {
  const pick = <Item>(list: readonly Item[], step = 1): Item => list[(n * step) % list.length];
  const retry = n === GENERATED_COUNT - 1 ? { kind: 'none' } : { ...pick(RETRIES), jitter: pick(JITTERS) };
  return {
    format: 1,
    id: `generated-${n}`,
    policy: pick(['custom', 'effectively-once', 'custom', 'at-least-once', 'custom', 'at-most-once']),
    nodes: {
      shop: {
        kind: 'producer',
        messages: 150,
        arrivals: pick(ARRIVALS),
        ackTimeout: n % 5 === 4 ? '60ms' : '180ms',
        lateReplies: pick(['accept', 'ignore']),
        deadLetter: n % 2 === 0,
        retry,
      },
      api: {
        kind: 'consumer',
        handler: pick(HANDLERS),
        processing: pick(DELAYS, 3),
        concurrency: pick(['unlimited', 2, 5]),
        outages: [{ from: '2s', for: '600ms', kind: pick(OUTAGES) }],
        crash: {
          after: { start: 0.01, check: 0.02, effect: 0.03, mark: 0.02, ack: 0.01 },
          restartAfter: '120ms',
          whileDown: pick(['hang', 'refuse']),
        },
        dedup: pick(STORES),
      },
      ledger: { kind: 'sink', operation: pick(['increment', 'set', 'increment']) },
    },
    links: {
      'shop>api': {
        loss: 0.13,
        delay: pick(DELAYS),
        duplicate: 0.07,
        order: pick(['reorder', 'fifo']),
        outages: [{ from: '4s', for: '500ms', cutsInFlight: n % 2 === 1 }],
      },
      'api>shop': {
        loss: 0.19,
        delay: pick(DELAYS, 2),
        duplicate: 0.05,
        order: pick(['fifo', 'reorder', 'reorder']),
      },
    },
    limits: { time: '5m' },
  };
}
