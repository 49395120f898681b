/**
 * Jitter, sections 2.10 and 2.11: the rows R22, R23 and R25, for the pure functions of the retry schedule and through
 * the engine. Waits are read off the send times of messages whose requests are all lost.
 */
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { ordinalOf } from '../../sim/core/packet-name.ts';
import { longestWaitUs, nominalWaitUs, shortestWaitUs } from '../../sim/policy/retry.ts';
import * as f from './formulas.ts';
import { exactly, hop, mean, meanOf, proportion, study, us } from './lab.ts';
import { testRow } from './row.ts';

const HOUR = 3_600;
const INCREMENTAL = [60, 300, 1_800, 7_200, 43_200, 86_400];

/** Send times of every message, `attempts` each, in seconds since its first: row after row. */
function sendTimes(
  retry: Readonly<Record<string, unknown>>,
  attempts: number,
  messages: number,
  seed: string,
): Float64Array {
  const times = new Float64Array(messages * attempts);
  const made = new Uint8Array(messages);
  study({
    plan: hop({
      producer: {
        messages,
        arrivals: { kind: 'fixed', every: us(1) },
        ackTimeout: 'none',
        retry: { ...retry, countFrom: 'send', maxAttempts: attempts },
      },
      request: { loss: 1 },
    }),
    seed,
    watcher: {
      see: (timeUs, kind, message) => {
        if (kind === FACT.send)
          times[(message - 1) * attempts + made[message - 1]++] = timeUs / us(1) - (message - 1);
      },
    },
  });
  if (made.some((count) => count !== attempts)) throw new Error('a message made fewer attempts');
  return times;
}

/** Mean and variance (as the mean of squared deviations from the expected mean) of the k-th wait. */
function waitSamples(
  retry: Readonly<Record<string, unknown>>,
  k: number,
  expectedMean: number,
  messages: number,
  seed: string,
) {
  const times = sendTimes(retry, k + 1, messages, seed);
  const wait = (i: number) => times[i * (k + 1) - 1] - times[i * (k + 1) - 2];
  return {
    mean: mean(messages, wait),
    variance: mean(messages, (i) => (wait(i) - expectedMean) ** 2),
  };
}

describe('R22: the pure schedule: one wait is uniform between two exact bounds', () => {
  const schedule = (
    jitter: 'none' | 'full' | 'equal' | 'proportional' | 'decorrelated',
    capUs = Infinity,
  ) => ({
    kind: 'exponential' as const,
    delayUs: us(1),
    factor: 2,
    capUs,
    delaysUs: [],
    jitter,
    jitterSize: 0.3,
  });
  const bounds = (jitter: 'none' | 'full' | 'equal' | 'proportional', attempt: number) => [
    shortestWaitUs(schedule(jitter), attempt) / us(1),
    longestWaitUs(schedule(jitter), attempt, us(1)) / us(1),
  ];

  it('attempt 5 has b = 16, and b doubles until the cap', () => {
    expect([1, 2, 3, 4, 5].map((k) => nominalWaitUs(schedule('none'), k) / us(1))).toEqual([1, 2, 4, 8, 16]);
    const capped = schedule('none', us(5));
    expect([1, 2, 3, 4, 5].map((k) => nominalWaitUs(capped, k) / us(1))).toEqual([1, 2, 4, 5, 5]);
  });

  it.each([
    { kind: 'full' as const, low: 0, high: 16, expected: f.fullJitter(16) },
    { kind: 'equal' as const, low: 8, high: 16, expected: f.equalJitter(16) },
    { kind: 'proportional' as const, low: 11.2, high: 20.8, expected: f.proportionalJitter(16, 0.3) },
    { kind: 'none' as const, low: 16, high: 16, expected: { mean: 16, variance: 0 } },
  ])('$kind: from $low to $high', ({ kind, low, high, expected }) => {
    expect(bounds(kind, 5)).toEqual([low, high]);
    expect(f.uniformMoments(low, high).mean).toBeCloseTo(expected.mean, 12);
    expect(f.uniformMoments(low, high).variance).toBeCloseTo(expected.variance, 12);
  });

  it('decorrelated: from the base to three times the wait before', () => {
    const of = schedule('decorrelated', us(20));
    expect(shortestWaitUs(of, 3)).toBe(us(1));
    expect([1, 2, 19, 20].map((s) => longestWaitUs(of, 3, us(s)) / us(1))).toEqual([3, 6, 57, 60]);
  });
});

for (const { jitter, moments } of [
  { jitter: 'full', moments: f.fullJitter },
  { jitter: 'equal', moments: f.equalJitter },
]) {
  testRow({
    id: `R22 ${jitter}`,
    claim: 'the fifth wait of a doubling schedule under jitter',
    book: { base: 1, factor: 2 },
    size: { small: 60_000, full: 200_000 },
    observe: ({ base, factor }, messages, seed) => {
      const retry = { kind: 'exponential', delay: us(base), factor, jitter };
      return waitSamples(retry, 5, moments(16).mean, messages, seed);
    },
    expected: ({ base, factor }) => ({ ...moments(base * factor ** 4) }),
    twoPercentUp: { base: { by: 'mean', takes: 45_000 }, factor: { by: 'mean', takes: 10_000 } },
  });
}

testRow({
  id: 'R22 ±30 %',
  claim: 'the fifth wait of a doubling schedule under jitter',
  book: { base: 1, factor: 2, spread: 0.3 },
  size: { small: 60_000, full: 200_000 },
  observe: ({ base, factor, spread }, messages, seed) => {
    const jitter = { kind: 'proportional', spread };
    return waitSamples(
      { kind: 'exponential', delay: us(base), factor, jitter },
      5,
      f.proportionalJitter(16, spread).mean,
      messages,
      seed,
    );
  },
  expected: ({ base, factor, spread }) => ({ ...f.proportionalJitter(base * factor ** 4, spread) }),
  twoPercentUp: {
    base: { by: 'mean', takes: 10_000 },
    factor: { by: 'mean', takes: 10_000 },
    spread: { by: 'variance', takes: 40_000 },
  },
});

testRow({
  id: 'R22 decorrelated',
  claim: 'the fourth wait of decorrelated jitter without a cap',
  book: { base: 1 },
  size: { small: 120_000, full: 400_000 },
  observe: ({ base }, messages, seed) =>
    waitSamples(
      { kind: 'exponential', delay: us(base), jitter: 'decorrelated' },
      4,
      f.decorrelatedUncapped(1, 4).mean,
      messages,
      seed,
    ),
  expected: ({ base }) => ({ ...f.decorrelatedUncapped(base, 4) }),
  twoPercentUp: { base: { by: 'mean', takes: 120_000 } },
});

testRow({
  id: 'R22 decorrelated, capped',
  claim: 'the eighth wait of decorrelated jitter with a cap of 20',
  book: { base: 1, cap: 20 },
  size: { small: 60_000, full: 400_000 },
  observe: ({ base, cap }, messages, seed) => {
    const retry = { kind: 'exponential', delay: us(base), cap: us(cap), jitter: 'decorrelated' };
    const times = sendTimes(retry, 9, messages, seed);
    const eighth = (i: number) => times[i * 9 - 1] - times[i * 9 - 2];
    let longest = 0;
    for (let i = 1; i <= messages; i++) longest = Math.max(longest, us(eighth(i)));
    return {
      mean: mean(messages, eighth),
      first: mean(messages, (i) => times[i * 9 - 8] - times[i * 9 - 9]),
      longest: exactly(longest / us(1)),
    };
  },
  expected: ({ base, cap }) => ({
    mean: base * f.decorrelatedCappedMean(cap / base, 8),
    first: base * f.decorrelatedCappedMean(cap / base, 1),
    longest: cap,
  }),
  twoPercentUp: {
    // The mean feels each of them little, for the other one stays where it is.
    base: { by: 'first', takes: 20_000, companion: true },
    cap: { by: 'longest', takes: 5_000, companion: true },
  },
  wrong: [
    { what: 'base and cap 2 % up', off: { base: 1.02, cap: 20.4 }, by: 'mean', takes: 45_000 },
    { what: 'cap 2 % up', off: { cap: 20.4 }, by: 'mean', takes: 150_000, fullOnly: true },
  ],
});

testRow({
  id: 'R23a',
  claim: 'the horizon of five waits under full jitter',
  book: { base: 1, factor: 2 },
  size: { small: 200_000, full: 400_000 },
  observe: ({ base, factor }, messages, seed) => {
    const retry = { kind: 'exponential', delay: us(base), factor, jitter: 'full' };
    const times = sendTimes(retry, 6, messages, seed);
    return { 'less than 20': proportion(messages, (i) => times[i * 6 - 1] < 20) };
  },
  expected: ({ base, factor }) => ({
    'less than 20': f.sumOfUniformsCdf(
      [0, 1, 2, 3, 4].map((k) => base * factor ** k),
      20,
    ),
  }),
  twoPercentUp: {
    base: { by: 'less than 20', takes: 40_000 },
    factor: { by: 'less than 20', takes: 10_000 },
  },
});

const NOMINAL_HOURS = INCREMENTAL.reduce((total, wait) => total + wait, 0) / HOUR;

testRow({
  id: 'R23b',
  claim: 'the horizon of the 7-attempt schedule (gaps reading) with ±30 % jitter',
  book: { scale: 1, spread: 0.3 },
  size: { small: 200_000, full: 900_000 },
  observe: ({ scale, spread }, messages, seed) => {
    const delays = INCREMENTAL.map((wait) => us(wait * scale));
    const jitter = { kind: 'proportional', spread };
    const times = sendTimes({ kind: 'custom', delays, jitter }, 7, messages, seed);
    const beyondHours = (i: number, hours: number) => times[i * 7 - 1] >= hours * HOUR;
    let tooShort = 0;
    let tooLong = 0;
    for (let i = 1; i <= messages; i++) {
      if (!beyondHours(i, 27.02)) tooShort++;
      if (beyondHours(i, 50.19)) tooLong++;
    }
    return {
      variance: mean(messages, (i) => (times[i * 7 - 1] / HOUR - NOMINAL_HOURS) ** 2),
      'less than 36 h': proportion(messages, (i) => !beyondHours(i, 36)),
      'less than 27.02 h': exactly(tooShort),
      'more than 50.19 h': exactly(tooLong),
    };
  },
  expected: ({ scale, spread }) => ({
    variance: INCREMENTAL.reduce(
      (total, wait) => total + f.proportionalJitter((wait * scale) / HOUR, spread).variance,
      0,
    ),
    'less than 36 h': f.proportionalHorizonCdf(
      INCREMENTAL.map((wait) => wait * scale),
      spread,
      36 * HOUR,
    ),
    'less than 27.02 h': 0,
    'more than 50.19 h': 0,
  }),
  twoPercentUp: {
    scale: { by: 'less than 36 h', takes: 15_000 },
    spread: { by: 'variance', takes: 40_000 },
  },
  wrong: [
    {
      what: 'spread 2 % up',
      off: { spread: 0.306 },
      by: 'less than 36 h',
      takes: 900_000,
      fullOnly: true,
    },
  ],
});

interface Herd {
  readonly clients: number;
  /** The wait, in units of what the bins divide. */
  readonly wait: number;
}

/** Clients that fail together and retry once under full jitter: the fullest bin of each herd. */
function fullestBins({ clients, wait }: Herd, bins: number, herds: number, seed: string): Float64Array {
  const apart = 4;
  const counts = new Uint16Array(herds * bins);
  study({
    plan: hop({
      producer: {
        messages: herds * clients,
        arrivals: { kind: 'burst', size: clients, every: us(apart) },
        ackTimeout: 'none',
        retry: { kind: 'fixed', delay: us(wait), jitter: 'full', maxAttempts: 2, countFrom: 'send' },
      },
      request: { loss: 1 },
    }),
    seed,
    watcher: {
      see: (timeUs, kind, message, _place, _detail, packet) => {
        if (kind !== FACT.send || ordinalOf(packet) !== 2) return;
        const herd = Math.floor((message - 1) / clients);
        const bin = Math.floor((timeUs / us(1) - herd * apart) * bins);
        if (bin < bins) counts[herd * bins + bin]++;
      },
    },
  });
  return Float64Array.from({ length: herds }, (_, herd) =>
    Math.max(...counts.subarray(herd * bins, (herd + 1) * bins)),
  );
}

const BINS = 100;

for (const { clients, more, size } of [
  { clients: 100, more: 102, size: { small: 12_000, full: 40_000 } },
  { clients: 1_000, more: 1_020, size: { small: 1_200, full: 5_000 } },
]) {
  testRow({
    id: `R25 ${clients} in ${BINS}`,
    claim: 'clients that fail together retry under full jitter: the fullest bin',
    book: { clients, wait: 1 },
    size,
    observe: (of, herds, seed) => ({ fullest: meanOf(fullestBins(of, BINS, herds, seed)) }),
    expected: (of) => ({ fullest: f.fullestBin(of.clients, BINS) }),
    twoPercentUp: {
      clients: { as: more, by: 'fullest', takes: size.small },
      wait: { by: 'fullest', takes: size.small },
    },
    wrong: [
      {
        what: 'waits 10 % longer',
        off: { wait: 1.1 },
        by: 'fullest',
        takes: Math.round(size.small / 10),
      },
    ],
  });
}
