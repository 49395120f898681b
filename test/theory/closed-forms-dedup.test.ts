/**
 * The dedup store, sections 2.7 to 2.9: the rows R16, R18, R19 and R21, and the no-leak theorem at its boundary, to
 * the microsecond.
 */
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { ordinalOf } from '../../sim/core/packet-name.ts';
import { STREAM } from '../../sim/nature/choice.ts';
import type { Nature } from '../../sim/nature/nature.ts';
import { SeededNature } from '../../sim/nature/seeded.ts';
import { run } from '../../sim/run.ts';
import type { Plan } from '../../sim/scenario/plan.ts';
import * as f from './formulas.ts';
import { batchMean, gapsFromSend, hop, mean, meanOf, proportion, study, us } from './lab.ts';
import { testRow } from './row.ts';
import { horizon, lostPerAnswer, lostPerRequest, Tally } from './tally.ts';

const DOUBLING = [1, 2, 4, 8, 16, 32];
const ATOMIC = [['check', 'effect', 'mark'], 'ack'];
const STEPWISE = ['check', 'effect', 'mark', 'ack'];

interface Window {
  readonly p: number;
  readonly q: number;
  readonly gaps: readonly number[];
  readonly window: number;
}

/** Effects per message behind a dedup window; latency 0.1 each way, processing immediate. */
function behindWindow(
  { p, q, gaps, window }: Window,
  anchor: 'first-seen' | 'last-seen',
  messages: number,
  seed: string,
  handler: readonly unknown[] = ATOMIC,
): Tally {
  const tally = new Tally(messages);
  study({
    plan: hop({
      producer: {
        messages,
        arrivals: { kind: 'fixed', every: us(1) },
        ackTimeout: us(1),
        retry: gapsFromSend(gaps),
      },
      request: { loss: p, delay: us(0.1) },
      answer: { loss: q, delay: us(0.1) },
      consumer: { handler, dedup: { window: us(window), anchor } },
    }),
    seed,
    watcher: tally,
  });
  return tally;
}

/** What leaked, with its companions: the window is pinned by the leak itself. */
function leakSamples(tally: Tally) {
  return {
    leak: proportion(tally.messages, (i) => tally.effects[i] > 1),
    lostPerRequest: lostPerRequest(tally),
    lostPerAnswer: lostPerAnswer(tally),
    horizon: horizon(tally),
  };
}

const companionsOf = ({ p, q, gaps }: Window) => ({
  lostPerRequest: p,
  lostPerAnswer: q,
  horizon: f.sendTimes(gaps)[gaps.length],
});

const COMPANIONS_NOTICE = {
  p: { by: 'lostPerRequest', takes: 100_000, companion: true },
  q: { by: 'lostPerAnswer', takes: 95_000, companion: true },
  // Only which gaps reach the window enters the leak: all longer by 2 %, the same do.
  gaps: { by: 'horizon', takes: 5_000, companion: true },
} as const;

const R16: Window = { p: 0.3, q: 0.4, gaps: DOUBLING, window: 7 };

testRow({
  id: 'R16 fixed',
  claim: 'a window from first seen leaks what comes after it; at exactly W the entry has expired',
  book: R16,
  size: { small: 200_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const tally = behindWindow(of, 'first-seen', messages, seed);
    return { ...leakSamples(tally), effects: mean(messages, (i) => tally.effects[i]) };
  },
  expected: (of) => ({ ...f.leakFixed(of, of.gaps, of.window), ...companionsOf(of) }),
  twoPercentUp: { ...COMPANIONS_NOTICE, window: { by: 'leak', takes: 20_000 } },
  swapped: { by: 'leak', takes: 50_000 },
  wrong: [
    { what: 'window 1 µs up', off: { window: 7.000_001 }, by: 'leak', takes: 20_000 },
    { what: 'q 2 % up', off: { q: 0.408 }, by: 'leak', takes: 250_000, fullOnly: true },
    { what: 'p 2 % up', off: { p: 0.306 }, by: 'leak', takes: 1_500_000, fullOnly: true },
  ],
});

testRow({
  id: 'R16 sliding',
  claim: 'a window from last seen starts anew with each copy',
  book: R16,
  size: { small: 200_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const tally = behindWindow(of, 'last-seen', messages, seed, STEPWISE);
    return { ...leakSamples(tally), effects: mean(messages, (i) => tally.effects[i]) };
  },
  expected: (of) => ({ ...f.leakSliding(of, of.gaps, of.window), ...companionsOf(of) }),
  twoPercentUp: { ...COMPANIONS_NOTICE, window: { by: 'leak', takes: 50_000 } },
  swapped: { by: 'leak', takes: 50_000 },
  wrong: [
    { what: 'q 2 % up', off: { q: 0.408 }, by: 'leak', takes: 1_000_000, fullOnly: true },
    { what: 'p 2 % up', off: { p: 0.306 }, by: 'leak', takes: 1_500_000, fullOnly: true },
  ],
});

testRow({
  id: 'R18',
  claim: 'a window of exactly the retry horizon still leaks',
  book: { ...R16, window: 63 },
  size: { small: 200_000, full: 3_000_000 },
  observe: (of, messages, seed) => leakSamples(behindWindow(of, 'first-seen', messages, seed)),
  expected: (of) => ({ leak: f.leakFixed(of, of.gaps, of.window).leak, ...companionsOf(of) }),
  twoPercentUp: { ...COMPANIONS_NOTICE, window: { by: 'leak', takes: 20_000 } },
  swapped: { by: 'leak', takes: 50_000 },
  wrong: [{ what: 'q 2 % up', off: { q: 0.408 }, by: 'leak', takes: 3_000_000, fullOnly: true }],
});

describe('R18: a window 1 ms longer than the horizon never leaks (seed theory/R18 never)', () => {
  it.each(['first-seen', 'last-seen'] as const)('%s: no message is applied twice', (anchor) => {
    const messages = 100_000;
    const tally = behindWindow({ ...R16, window: 63.001 }, anchor, messages, 'theory/R18 never');
    expect(tally.effects.every((effects) => effects <= 1)).toBe(true);
    expect(tally.copies.some((copies) => copies === 7)).toBe(true); // the hardest case came up
  });
});

describe('2.7: no leak if and only if W > τ_n + (L_max − L_min), to the microsecond', () => {
  const FASTEST = 10_000;
  const SLOWEST = 250_000;
  const GAPS = [2, 4, 8];

  /** Effects when attempts 1 and n arrive, the first as fast and the last as slowly as can be, and no ack does. */
  const effects = (windowUs: number, jitter: unknown = 'none', waits: Record<string, number> = {}) => {
    const last = `shop>api/request/m1/${GAPS.length + 1}/c0`;
    const { metrics, unusedOverrides } = run(
      hop({
        producer: { retry: { ...gapsFromSend(GAPS), jitter }, ackTimeout: us(1) },
        request: { delay: { kind: 'uniform', min: FASTEST, max: SLOWEST } },
        consumer: { handler: ATOMIC, dedup: { window: windowUs } },
      }),
      {
        overrides: {
          'shop>api/request/m1/1/c0/delay': FASTEST,
          'shop>api/request/m1/2/c0/lost': true,
          'shop>api/request/m1/3/c0/lost': true,
          [`${last}/delay`]: SLOWEST,
          'api>shop/ack/m1/1/c0/lost': true,
          ...waits,
        },
      },
    );
    expect(unusedOverrides).toEqual([]);
    expect(metrics.deliveries).toBe(2);
    return metrics.effects;
  };

  it('a window of exactly that leaks, one µs more does not', () => {
    const horizonUs = us(14) + SLOWEST - FASTEST;
    expect(effects(horizonUs)).toBe(2);
    expect(effects(horizonUs + 1)).toBe(1);
    expect(effects(horizonUs - 1)).toBe(2);
  });

  it('with ±x jitter the horizon is the longest: (1 + x) τ_n', () => {
    const waits = Object.fromEntries(
      GAPS.map((gap, i) => [`shop/retry/m1/${i + 1}/wait`, us(1.3 * gap)] as const),
    );
    const horizonUs = us(1.3 * 14) + SLOWEST - FASTEST;
    expect(effects(horizonUs, '±30%', waits)).toBe(2);
    expect(effects(horizonUs + 1, '±30%', waits)).toBe(1);
  });

  it('a mark at the end of processing stands that much later', () => {
    const processing = 700_000;
    const effectsWith = (windowUs: number) =>
      run(
        hop({
          producer: { retry: gapsFromSend([10]), ackTimeout: us(1) },
          answer: { loss: 1 },
          consumer: { handler: STEPWISE, processing, dedup: { window: windowUs } },
        }),
      ).metrics.effects;
    expect(effectsWith(us(10) - processing)).toBe(2);
    expect(effectsWith(us(10) - processing + 1)).toBe(1);
  });
});

describe('2.7: an outage that swallows the acks leaks if and only if the first attempt after it comes at W or later', () => {
  it.each([
    // D < W is not enough: the first attempt to land may be far beyond D.
    { outage: 10, window: 12, leaks: true }, // τ₅ = 15 lands, 15 ≥ 12
    { outage: 6, window: 12, leaks: false }, // τ₄ = 7
    { outage: 7, window: 12, leaks: false }, // τ₄ = 7 lands: half open
    { outage: 7.000_001, window: 12, leaks: true }, // τ₅ = 15
    { outage: 10, window: 15, leaks: true },
    { outage: 10, window: 15.000_001, leaks: false },
  ])('outage of $outage, window of $window: leaks $leaks', ({ outage, window, leaks }) => {
    // The outage of both ways begins as soon as the first copy has arrived.
    const outages = [{ from: 1, for: us(outage) - 1 }];
    const { metrics } = run(
      hop({
        producer: { retry: gapsFromSend(DOUBLING), ackTimeout: us(1) },
        request: { outages },
        answer: { outages: [{ from: 0, for: us(outage) }] },
        consumer: { handler: ATOMIC, dedup: { window: us(window) } },
      }),
    );
    expect(metrics.effects).toBe(leaks ? 2 : 1);
    expect(metrics.deliveries).toBe(2);
  });
});

testRow({
  id: 'R19',
  claim: 'entries of a store with window W under Poisson ids: Poisson(λ W), by Little',
  book: { rate: 2, window: 30 },
  size: { small: 3_000, full: 40_000 },
  observe: ({ rate, window }, samples, seed) => {
    // A Poisson arrival meets the store as it is at any time: the entries beside its own, at every 180th, 90 units
    // apart in the mean and never within a window of each other.
    const each = 180;
    const entries = new Float64Array(samples);
    study({
      plan: hop({
        producer: {
          messages: samples * each,
          arrivals: { kind: 'poisson', mean: us(1 / rate) },
          ackTimeout: 'none',
        },
        consumer: { handler: [['check', 'effect', 'mark']], dedup: { window: us(window) } },
      }),
      seed,
      watcher: {
        see: (_timeUs, kind, message, _place, detail) => {
          if (kind === FACT.mark && message % each === 0) entries[message / each - 1] = detail - 1;
        },
      },
    });
    return {
      mean: meanOf(entries),
      'more than 80': proportion(samples, (i) => entries[i - 1] > 80),
    };
  },
  expected: ({ rate, window }) => ({
    mean: rate * window,
    'more than 80': f.poissonTail(81, rate * window),
  }),
  twoPercentUp: { rate: { by: 'mean', takes: 3_000 }, window: { by: 'mean', takes: 3_000 } },
  wrong: [{ what: 'rate 2 % up', off: { rate: 2.04 }, by: 'more than 80', takes: 40_000, fullOnly: true }],
});

interface Crowd {
  readonly rate: number;
  readonly apart: number;
  readonly capacity: number;
}

/** Ids that come once at Poisson instants, and a copy of the first one. */
function crowd({ rate, apart, capacity }: Crowd, eviction: 'lru' | 'fifo'): Plan {
  return hop({
    producer: {
      messages: 100_000,
      arrivals: { kind: 'poisson', mean: us(1 / rate) },
      ackTimeout: 'none',
      retry: gapsFromSend([apart]),
    },
    consumer: { handler: ATOMIC, dedup: { capacity, eviction } },
    limits: { time: us(apart + 20 / rate) }, // message 1 comes later than 20/λ once in 5e8 replicas
  });
}

/** Whether the copy of message 1, sent because its ack is lost, finds its entry pushed out. */
function pushedOut(plan: Plan, seed: string): boolean {
  const seeded = new SeededNature(seed, plan.streams);
  const nature: Nature = {
    possible: () => true,
    chance: (stream, message, packet, p) =>
      (stream === STREAM.ackLost && message === 1) || seeded.chance(stream, message, packet, p),
    value: (...of) => seeded.value(...of),
    between: (...of) => seeded.between(...of),
  };
  const checks: boolean[] = [];
  study({
    plan,
    seed,
    ends: 'time',
    nature,
    watcher: {
      see: (_timeUs, kind, message) => {
        if (message === 1 && (kind === FACT.pass || kind === FACT.suppress)) checks.push(kind === FACT.pass);
      },
    },
  });
  if (checks.length !== 2) throw new Error(`${checks.length} copies of message 1 instead of 2`);
  return checks[1];
}

testRow({
  id: 'R21a',
  claim: 'a bounded store forgets an id when C new ones have come',
  book: { rate: 1, apart: 100, capacity: 110 },
  size: { small: 2_500, full: 50_000 },
  observe: (of, replicas, seed) => {
    const plan = crowd(of, 'lru');
    return { leak: proportion(replicas, (replica) => pushedOut(plan, `${seed}/${replica}`)) };
  },
  expected: ({ rate, apart, capacity }) => ({ leak: f.lruLeak(rate, apart, capacity) }),
  twoPercentUp: {
    rate: { by: 'leak', takes: 2_000 },
    apart: { by: 'leak', takes: 2_000 },
    capacity: { as: 112, by: 'leak', takes: 2_500 },
  },
  wrong: [{ what: 'room for one more', off: { capacity: 111 }, by: 'leak', takes: 20_000, fullOnly: true }],
});

describe('2.9: when only new ids arrive, oldest first and least recently used are the same (seed theory/R21 same)', () => {
  it('copy by copy', () => {
    const of = { rate: 1, apart: 100, capacity: 105 };
    const lru = crowd(of, 'lru');
    const fifo = crowd(of, 'fifo');
    for (let replica = 0; replica < 200; replica++) {
      const seed = `theory/R21 same/${replica}`;
      expect(pushedOut(fifo, seed), seed).toBe(pushedOut(lru, seed));
    }
  });
});

testRow({
  id: 'R21b',
  claim: 'least recently used: copies of other ids push an id out as well',
  book: { rate: 1, apart: 100, capacity: 160, again: 0.5 },
  size: { small: 200_000, full: 2_000_000 },
  observe: ({ rate, apart, capacity, again }, messages, seed) => {
    // The second attempt is made when the ack of the first is lost: with probability φ, at offset g.
    const leaks = new Uint8Array(messages);
    let copies = 0;
    const tally = new Tally(messages);
    study({
      plan: hop({
        producer: {
          messages,
          arrivals: { kind: 'poisson', mean: us(1 / rate) },
          ackTimeout: 'none',
          retry: gapsFromSend([apart]),
        },
        answer: { loss: again },
        consumer: { handler: ATOMIC, dedup: { capacity, eviction: 'lru' } },
      }),
      seed,
      watcher: {
        see: (timeUs, kind, message, place, detail, packet) => {
          tally.see(timeUs, kind, message, place, detail, packet);
          if (ordinalOf(packet) !== 2 || (kind !== FACT.pass && kind !== FACT.suppress)) return;
          leaks[copies++] = kind === FACT.pass ? 1 : 0;
        },
      },
    });
    const warmUp = 500;
    return { leak: batchMean(leaks.subarray(warmUp, copies), 200), lostPerAnswer: lostPerAnswer(tally) };
  },
  expected: ({ rate, apart, capacity, again }) => ({
    leak: f.lruLeak(rate, apart, capacity, again, apart),
    lostPerAnswer: again,
  }),
  twoPercentUp: {
    rate: { by: 'leak', takes: 200_000 },
    apart: { by: 'leak', takes: 200_000 },
    capacity: { as: 163, by: 'leak', takes: 200_000 },
    again: { by: 'lostPerAnswer', takes: 70_000, companion: true },
  },
  wrong: [{ what: 'φ 2 % up', off: { again: 0.51 }, by: 'leak', takes: 2_000_000, fullOnly: true }],
});
