/**
 * Retry over iid loss, closed forms of sections 2.1, 2.2, 2.3, 2.6 and 2.16: the rows R01 to R07, R13, R15 and R35.
 * Latencies and timeouts do not enter the rows without a round trip.
 */
import { describe, expect, it } from 'vitest';
import { run } from '../../sim/run.ts';
import * as f from './formulas.ts';
import { exactly, exponential, gapsFromSend, hop, mean, proportion, study, us } from './lab.ts';
import { testRow } from './row.ts';
import { copiedPerSurvivor, horizon, lostPerAnswer, lostPerRequest, Tally } from './tally.ts';

const EVERY = { kind: 'fixed', every: us(1) };

const horizonOf = (gaps: readonly number[]) => f.sendTimes(gaps)[gaps.length];

/** Messages one unit apart, any ack counts, T_last = `lastWait`. */
function retryHop(of: {
  readonly messages: number;
  readonly p: number;
  readonly q: number;
  readonly gaps: readonly number[];
  readonly lastWait?: number;
  readonly u?: number;
  readonly there?: unknown;
  readonly back?: unknown;
}) {
  return hop({
    producer: {
      messages: of.messages,
      arrivals: EVERY,
      ackTimeout: us(of.lastWait ?? 1),
      retry: of.gaps.length === 0 ? { kind: 'none' } : gapsFromSend(of.gaps),
      deadLetter: true,
    },
    request: { loss: of.p, delay: of.there ?? us(0.1), duplicate: of.u ?? 0 },
    answer: { loss: of.q, delay: of.back ?? us(0.1) },
  });
}

function tallied(of: Parameters<typeof retryHop>[0], seed: string): Tally {
  const tally = new Tally(of.messages);
  study({ plan: retryHop(of), seed, watcher: tally });
  return tally;
}

const falselyDead = (tally: Tally) => (i: number) => tally.gaveUp[i] === 1 && tally.copies[i] > 0;

function oneGaveUpIn(tally: Tally): number {
  return tally.gaveUp.reduce((total, each) => total + each, 0);
}

testRow({
  id: 'R01',
  claim: 'one attempt is lost with probability p, and never applied twice',
  book: { p: 0.1 },
  size: { small: 850_000, full: 2_000_000 },
  observe: ({ p }, messages, seed) => {
    const tally = tallied({ messages, p, q: 0, gaps: [] }, seed);
    return {
      lost: proportion(messages, (i) => tally.effects[i] === 0),
      'most effects': exactly(tally.effects.reduce((most, each) => Math.max(most, each), 0)),
    };
  },
  expected: ({ p }) => ({ lost: p, 'most effects': 1 }),
  twoPercentUp: { p: { by: 'lost', takes: 850_000 } },
  wrong: [{ what: 'p 2 % down', off: { p: 0.098 }, by: 'lost', takes: 1_500_000, fullOnly: true }],
});

const BASE_A = { p: 0.2, q: 0.3, gaps: [1, 2, 4] };

testRow({
  id: 'R02 R04 R05',
  claim: 'Base-A: at least once over iid loss, four attempts',
  book: BASE_A,
  size: { small: 220_000, full: 3_000_000 },
  observe: (of, messages, seed) => {
    const tally = tallied({ messages, ...of }, seed);
    const gaveUp = oneGaveUpIn(tally);
    const cells = [0, 0, 0, 0, 0];
    for (let i = 1; i <= messages; i++) cells[tally.copies[i]]++;
    const falseDead = proportion(messages, falselyDead(tally));
    return {
      never: proportion(messages, (i) => tally.copies[i] === 0),
      gaveUp: proportion(messages, (i) => tally.gaveUp[i] === 1),
      falseDeadLetter: falseDead,
      falseShare: {
        kind: 'proportion',
        hits: falseDead.kind === 'proportion' ? falseDead.hits : NaN,
        of: gaveUp,
      },
      attempts: mean(messages, (i) => tally.attempts[i]),
      attemptsSquared: mean(messages, (i) => tally.attempts[i] ** 2),
      copies: mean(messages, (i) => tally.copies[i]),
      copiesPmf: { kind: 'cells', counts: cells, limit: 23.5 },
      anyDuplicate: proportion(messages, (i) => tally.copies[i] > 1),
      duplicates: mean(messages, (i) => Math.max(0, tally.copies[i] - 1)),
      acked: proportion(messages, (i) => tally.confirmed[i] === 1),
      lostPerRequest: lostPerRequest(tally),
      lostPerAnswer: lostPerAnswer(tally),
      horizon: horizon(tally),
    };
  },
  expected: ({ p, q, gaps }) => ({
    ...f.baseForms({ p, q, n: gaps.length + 1 }),
    lostPerRequest: p,
    lostPerAnswer: q,
    horizon: horizonOf(gaps),
  }),
  twoPercentUp: {
    p: { by: 'lostPerRequest', takes: 215_000, companion: true },
    q: { by: 'lostPerAnswer', takes: 160_000, companion: true },
    // Only their number enters the quantities; how long they are is for their sum.
    gaps: { by: 'horizon', takes: 5_000, companion: true },
  },
  swapped: { by: 'anyDuplicate', takes: 20_000 },
  wrong: [
    { what: 'one attempt too many', off: { gaps: [1, 2, 4, 8] }, by: 'gaveUp', takes: 20_000 },
    { what: 'q 2 % up', off: { q: 0.306 }, by: 'copies', takes: 250_000, fullOnly: true },
    { what: 'p 2 % up', off: { p: 0.204 }, by: 'attempts', takes: 1_000_000, fullOnly: true },
    { what: 'p 2 % up', off: { p: 0.204 }, by: 'gaveUp', takes: 2_000_000, fullOnly: true },
    { what: 'q 2 % up', off: { q: 0.306 }, by: 'copiesPmf', takes: 1_000_000, fullOnly: true },
    { what: 'q 2 % up', off: { q: 0.306 }, by: 'falseDeadLetter', takes: 1_500_000, fullOnly: true },
    { what: 'p and q swapped', off: { p: 0.3, q: 0.2 }, by: 'never', takes: 1_000_000, fullOnly: true },
  ],
});

describe('R02 R04: the metrics of a run are the same counts (seed theory/R02 metrics)', () => {
  const messages = 20_000;
  const of = { messages, ...BASE_A };
  const seed = 'theory/R02 metrics';

  it('what run() reports is what its rows add up to', () => {
    const tally = tallied(of, seed);
    const { metrics } = run(retryHop(of), { seed });
    const count = (hit: (i: number) => boolean) => {
      let hits = 0;
      for (let i = 1; i <= messages; i++) if (hit(i)) hits++;
      return hits;
    };
    const total = (column: Uint16Array) => column.reduce((sum, each) => sum + each, 0);
    expect(metrics).toMatchObject({
      messages,
      attempts: total(tally.attempts),
      deliveries: total(tally.copies),
      effects: total(tally.effects),
      lost: count((i) => tally.copies[i] === 0),
      once: count((i) => tally.copies[i] === 1),
      duplicated: count((i) => tally.copies[i] > 1),
      confirmed: count((i) => tally.confirmed[i] === 1),
      gaveUp: count((i) => tally.gaveUp[i] === 1),
      deadLettered: count((i) => tally.gaveUp[i] === 1),
      falseDeadLettered: count(falselyDead(tally)),
      duplicateDeliveries: total(tally.copies) - count((i) => tally.copies[i] > 0),
      requestsLost: tally.requestsLost,
      inDoubt: 0,
      refused: 0,
      open: 0,
    });
  });
});

testRow({
  id: 'R06',
  claim: 'with many attempts the copies are geometric in q alone, and nobody gives up',
  book: { p: 0.3, q: 0.2, attempts: 60 },
  size: { small: 300_000, full: 1_000_000 },
  observe: ({ p, q, attempts }, messages, seed) => {
    const gaps = Array.from({ length: attempts - 1 }, () => 1);
    const tally = tallied({ messages, p, q, gaps }, seed);
    const share = (copies: number) => proportion(messages, (i) => tally.copies[i] === copies);
    return {
      'copies = 1': share(1),
      'copies = 2': share(2),
      'copies = 3': share(3),
      'copies = 4': share(4),
      duplicates: mean(messages, (i) => tally.copies[i] - 1),
      'gave up': exactly(oneGaveUpIn(tally)),
      lostPerRequest: lostPerRequest(tally),
      lostPerAnswer: lostPerAnswer(tally),
    };
  },
  expected: ({ p, q, attempts }) => {
    const forms = f.baseForms({ p, q, n: attempts });
    return {
      'copies = 1': forms.copiesPmf[1],
      'copies = 2': forms.copiesPmf[2],
      'copies = 3': forms.copiesPmf[3],
      'copies = 4': forms.copiesPmf[4],
      duplicates: forms.duplicates,
      'gave up': 0,
      lostPerRequest: p,
      lostPerAnswer: q,
    };
  },
  twoPercentUp: {
    p: { by: 'lostPerRequest', takes: 125_000, companion: true },
    q: { by: 'lostPerAnswer', takes: 300_000, companion: true },
    // 60 stands for many: with 61 all is the same to 15 digits, and a row that told them apart would be wrong.
    attempts: { as: 10, by: 'gave up', takes: 300_000 },
  },
  swapped: { by: 'copies = 1', takes: 20_000 },
  wrong: [{ what: 'q 2 % up', off: { q: 0.204 }, by: 'duplicates', takes: 350_000, fullOnly: true }],
});

testRow({
  id: 'R07',
  claim: 'the network delivers a surviving request twice with probability u',
  book: { p: 0.2, q: 0.3, u: 0.1, gaps: [1, 1, 1, 1] },
  size: { small: 570_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const tally = tallied({ messages, ...of }, seed);
    return {
      attempts: mean(messages, (i) => tally.attempts[i]),
      copies: mean(messages, (i) => tally.copies[i]),
      gaveUp: proportion(messages, (i) => tally.gaveUp[i] === 1),
      lostPerRequest: lostPerRequest(tally),
      lostPerAnswer: lostPerAnswer(tally),
      copiedPerSurvivor: copiedPerSurvivor(tally),
      horizon: horizon(tally),
    };
  },
  expected: ({ p, q, u, gaps }) => ({
    ...f.networkDuplication({ p, q, u, n: gaps.length + 1 }),
    lostPerRequest: p,
    lostPerAnswer: q,
    copiedPerSurvivor: u,
    horizon: horizonOf(gaps),
  }),
  twoPercentUp: {
    p: { by: 'lostPerRequest', takes: 215_000, companion: true },
    q: { by: 'lostPerAnswer', takes: 150_000, companion: true },
    u: { by: 'copiedPerSurvivor', takes: 570_000, companion: true },
    gaps: { by: 'horizon', takes: 5_000, companion: true },
  },
  swapped: { by: 'copies', takes: 20_000 },
  wrong: [
    { what: 'u 20 % up', off: { u: 0.12 }, by: 'copies', takes: 100_000 },
    { what: 'q 2 % up', off: { q: 0.306 }, by: 'attempts', takes: 1_000_000, fullOnly: true },
  ],
});

testRow({
  id: 'R13a',
  claim: 'any ack counts: exponential round trips beyond the gap cause spurious attempts',
  book: { meanRoundTrip: 1, gaps: [0.5, 0.5, 0.5, 0.5, 0.5] },
  size: { small: 250_000, full: 1_000_000 },
  observe: ({ meanRoundTrip, gaps }, messages, seed) => {
    const back = exponential(meanRoundTrip);
    const tally = tallied({ messages, p: 0, q: 0, gaps, there: 0, back }, seed);
    return { attempts: mean(messages, (i) => tally.attempts[i]) };
  },
  expected: ({ meanRoundTrip, gaps }) => ({
    attempts: f.anyAck({ p: 0, q: 0 }, gaps, 1, (x) => f.exponentialCdf(x, meanRoundTrip)).attempts,
  }),
  twoPercentUp: {
    meanRoundTrip: { by: 'attempts', takes: 250_000 },
    gaps: { by: 'attempts', takes: 150_000 },
  },
});

describe('R13b: constant round trips of 2.5, gap 1: exactly 3 attempts and 3 copies', () => {
  it.each([
    { roundTrip: 2.5, attempts: 3 },
    // An ack that arrives at the very instant of the next attempt prevents it: ⌈r/T⌉ attempts.
    { roundTrip: 2, attempts: 2 },
    { roundTrip: 3, attempts: 3 },
    { roundTrip: 3.000_001, attempts: 4 },
    { roundTrip: 40, attempts: 5 },
  ])('round trip $roundTrip: $attempts attempts', ({ roundTrip, attempts }) => {
    const messages = 10;
    const of = { messages, p: 0, q: 0, gaps: [1, 1, 1, 1], there: us(roundTrip / 2) };
    const tally = tallied({ ...of, back: us(roundTrip) - us(roundTrip / 2), lastWait: 50 }, 'theory/R13b');
    expect([...tally.attempts.slice(1)]).toEqual(Array.from({ length: messages }, () => attempts));
    expect([...tally.copies.slice(1)]).toEqual([...tally.attempts.slice(1)]);
    expect(oneGaveUpIn(tally)).toBe(0);
  });
});

testRow({
  id: 'R13c',
  claim: 'late replies ignored: the sender gives up although every copy arrived',
  book: { timeout: 1.5, meanRoundTrip: 1, attempts: 4 },
  size: { small: 250_000, full: 2_000_000 },
  observe: ({ timeout, meanRoundTrip, attempts }, messages, seed) => {
    const tally = new Tally(messages);
    const plan = hop({
      producer: {
        messages,
        arrivals: EVERY,
        ackTimeout: us(timeout),
        lateReplies: 'ignore',
        retry: { kind: 'fixed', delay: 0, maxAttempts: attempts },
      },
      answer: { delay: exponential(meanRoundTrip) },
    });
    study({ plan, seed, watcher: tally });
    let missing = 0;
    for (let i = 1; i <= messages; i++) missing += tally.attempts[i] - tally.copies[i];
    return {
      attempts: mean(messages, (i) => tally.attempts[i]),
      gaveUp: proportion(messages, (i) => tally.gaveUp[i] === 1),
      'copies missing': exactly(missing),
    };
  },
  expected: ({ timeout, meanRoundTrip, attempts }) => ({
    ...f.discardLate(timeout, attempts, meanRoundTrip),
    'copies missing': 0,
  }),
  twoPercentUp: {
    timeout: { by: 'attempts', takes: 200_000 },
    meanRoundTrip: { by: 'attempts', takes: 250_000 },
    attempts: { as: 5, by: 'gaveUp', takes: 50_000 },
  },
  wrong: [{ what: 'timeout 2 % up', off: { timeout: 1.53 }, by: 'gaveUp', takes: 1_500_000, fullOnly: true }],
});

testRow({
  id: 'R15',
  claim: 'any ack counts, with loss and two exponential ways',
  book: { p: 0.1, q: 0.15, there: 1, back: 0.5, gaps: [1, 2, 4], lastWait: 2 },
  size: { small: 450_000, full: 3_000_000 },
  observe: ({ p, q, there, back, gaps, lastWait }, messages, seed) => {
    const ways = { there: exponential(there), back: exponential(back) };
    const tally = tallied({ messages, p, q, gaps, lastWait, ...ways }, seed);
    return {
      attempts: mean(messages, (i) => tally.attempts[i]),
      copies: mean(messages, (i) => tally.copies[i]),
      gaveUp: proportion(messages, (i) => tally.gaveUp[i] === 1),
      falseDeadLetter: proportion(messages, falselyDead(tally)),
      lostPerRequest: lostPerRequest(tally),
      lostPerAnswer: lostPerAnswer(tally),
      requestDelay: tally.requestDelay.mean,
      answerDelay: tally.answerDelay.mean,
      horizon: horizon(tally),
      lastWait: exactly(tally.lastWaitUs / us(1)),
    };
  },
  expected: ({ p, q, there, back, gaps, lastWait }) => ({
    ...f.anyAck({ p, q }, gaps, lastWait, (x) => f.hypoexponentialCdf(x, 1 / there, 1 / back)),
    lostPerRequest: p,
    lostPerAnswer: q,
    requestDelay: there,
    answerDelay: back,
    horizon: horizonOf(gaps),
    lastWait,
  }),
  twoPercentUp: {
    p: { by: 'lostPerRequest', takes: 450_000, companion: true },
    q: { by: 'lostPerAnswer', takes: 310_000, companion: true },
    there: { by: 'requestDelay', takes: 110_000, companion: true },
    back: { by: 'answerDelay', takes: 125_000, companion: true },
    gaps: { by: 'horizon', takes: 5_000, companion: true },
    lastWait: { by: 'lastWait', takes: 5_000, companion: true },
  },
  swapped: { by: 'copies', takes: 20_000 },
  wrong: [
    { what: 'there 2 % up', off: { there: 1.02 }, by: 'attempts', takes: 450_000, fullOnly: true },
    { what: 'q 2 % up', off: { q: 0.153 }, by: 'attempts', takes: 3_000_000, fullOnly: true },
    {
      what: 'gaps 2 % up',
      off: { gaps: [1.02, 2.04, 4.08] },
      by: 'attempts',
      takes: 1_000_000,
      fullOnly: true,
    },
  ],
});

testRow({
  id: 'R35',
  claim: 'time to first arrival: overtaking included, acks do not matter',
  book: { p: 0.2, q: 0.3, latency: 1, gaps: [1, 2, 4] },
  size: { small: 220_000, full: 2_000_000 },
  observe: ({ p, q, latency, gaps }, messages, seed) => {
    const tally = tallied({ messages, p, q, gaps, there: exponential(latency) }, seed);
    const beyond = (t: number) => proportion(messages, (i) => tally.landedUs[i] - tally.bornUs[i] > us(t));
    const within = (t: number) => proportion(messages, (i) => tally.landedUs[i] - tally.bornUs[i] <= us(t));
    return {
      'beyond 0.5': beyond(0.5),
      'beyond 2': beyond(2),
      'beyond 4': beyond(4),
      'beyond 9': beyond(9),
      'within p50': within(0.980829),
      'within p90': within(2.507738),
      'within p99': within(5.97518),
      lostPerRequest: lostPerRequest(tally),
      lostPerAnswer: lostPerAnswer(tally),
      requestDelay: tally.requestDelay.mean,
      horizon: horizon(tally),
    };
  },
  expected: ({ p, q, latency, gaps }) => {
    const beyond = (t: number) => f.firstArrivalBeyond(p, gaps, latency, t);
    return {
      'beyond 0.5': beyond(0.5),
      'beyond 2': beyond(2),
      'beyond 4': beyond(4),
      'beyond 9': beyond(9),
      'within p50': 0.5,
      'within p90': 0.9,
      'within p99': 0.99,
      lostPerRequest: p,
      lostPerAnswer: q,
      requestDelay: latency,
      horizon: horizonOf(gaps),
    };
  },
  twoPercentUp: {
    p: { by: 'lostPerRequest', takes: 215_000, companion: true },
    q: { by: 'lostPerAnswer', takes: 160_000, companion: true },
    latency: { by: 'requestDelay', takes: 120_000, companion: true },
    gaps: { by: 'horizon', takes: 5_000, companion: true },
  },
  swapped: { by: 'beyond 2', takes: 20_000 },
  wrong: [
    { what: 'latency 2 % up', off: { latency: 1.02 }, by: 'beyond 2', takes: 350_000, fullOnly: true },
    { what: 'p 2 % up', off: { p: 0.204 }, by: 'beyond 4', takes: 1_000_000, fullOnly: true },
    {
      what: 'gaps 2 % up',
      off: { gaps: [1.02, 2.04, 4.08] },
      by: 'beyond 2',
      takes: 2_000_000,
      fullOnly: true,
    },
  ],
});
