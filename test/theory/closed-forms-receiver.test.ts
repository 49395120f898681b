/**
 * What happens at the receiver: queues (2.14), two copies that meet (2.15) and crashes (2.17): the rows R31, R32, R34
 * and R36, and several crash points at once.
 */
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { ordinalOf } from '../../sim/core/packet-name.ts';
import * as f from './formulas.ts';
import {
  batchMean,
  exponential,
  gapsFromSend,
  hop,
  mean,
  proportion,
  study,
  Tally,
  testRow,
  us,
} from './lab.ts';
import type { Sample } from './lab.ts';

// ── queues ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Queue {
  readonly load: number;
  readonly service: 'exponential' | 'constant';
}

const WARM_UP = 3_000;

/** Waits (delivery to start) and sojourns (delivery to answer) of all customers after the warm-up, in order. */
function queueTimes({ load, service }: Queue, customers: number, seed: string) {
  const messages = customers + WARM_UP;
  const arrivedUs = new Float64Array(messages + 1);
  const waits = new Float64Array(messages + 1);
  const sojourns = new Float64Array(messages + 1);
  study({
    plan: hop({
      producer: {
        messages,
        arrivals: { kind: 'poisson', mean: us(1 / load) },
        ackTimeout: 'none',
      },
      consumer: {
        concurrency: 1,
        processing: service === 'constant' ? us(1) : exponential(1),
        handler: ['effect', 'ack'],
      },
    }),
    seed,
    watcher: {
      see: (timeUs, kind, message) => {
        if (kind === FACT.deliver) arrivedUs[message] = timeUs;
        else if (kind === FACT.start) waits[message] = (timeUs - arrivedUs[message]) / us(1);
        else if (kind === FACT.answer) sojourns[message] = (timeUs - arrivedUs[message]) / us(1);
      },
    },
  });
  return { waits: waits.subarray(WARM_UP + 1), sojourns: sojourns.subarray(WARM_UP + 1) };
}

/** Mean of successive waits, with the error that theory gives it: they are strongly correlated. */
function meanWait(waits: Float64Array, asymptoticVariance: number): Sample {
  const average = waits.reduce((total, wait) => total + wait, 0) / waits.length;
  return {
    kind: 'mean',
    mean: average,
    standardError: Math.sqrt(asymptoticVariance / waits.length),
    of: waits.length,
  };
}

const LOAD = 0.7;
const BATCHES = 200;

testRow({
  id: 'R31',
  claim: 'one handler, exponential processing: the queue is M/M/1',
  book: { load: LOAD },
  size: { small: 500_000, full: 2_000_000 },
  observe: ({ load }, customers, seed) => {
    const { waits, sojourns } = queueTimes({ load, service: 'exponential' }, customers, seed);
    return {
      meanWait: meanWait(waits, f.mm1(LOAD).asymptoticVariance),
      noWait: batchMean(
        waits.map((wait) => (wait === 0 ? 1 : 0)),
        BATCHES,
      ),
      'sojourn beyond 5': batchMean(
        sojourns.map((time) => (time > 5 ? 1 : 0)),
        BATCHES,
      ),
    };
  },
  expected: ({ load }) => {
    const { meanWait, noWait, sojournBeyond } = f.mm1(load);
    return { meanWait, noWait, 'sojourn beyond 5': sojournBeyond(5) };
  },
  wrong: [{ what: 'load 2 % up', off: { load: 0.714 }, noticedBy: 'noWait', takes: 500_000 }],
});

testRow({
  id: 'R32',
  claim: 'one handler, constant processing: the queue is M/D/1',
  book: { load: LOAD },
  size: { small: 300_000, full: 2_000_000 },
  observe: ({ load }, customers, seed) => {
    const { waits } = queueTimes({ load, service: 'constant' }, customers, seed);
    return {
      meanWait: meanWait(waits, 38.3),
      'wait within 3.2': batchMean(
        waits.map((wait) => (wait <= 3.2 ? 1 : 0)),
        BATCHES,
      ),
    };
  },
  expected: ({ load }) => ({ meanWait: f.md1(load).meanWait, 'wait within 3.2': f.md1(load).waitCdf(3.2) }),
  wrong: [{ what: 'load 2 % up', off: { load: 0.714 }, noticedBy: 'meanWait', takes: 300_000 }],
});

// ── two copies ───────────────────────────────────────────────────────────────────────────────────────────────────

interface Copies {
  /** Time between the two sends; 0: the network makes the second copy. */
  readonly apart: number;
  readonly latency: number;
  /** Time from check to mark: always this long, or exponential with this mean. */
  readonly mark: number;
}

/** Two copies of every message meet at a receiver; acks are lost, so that none stops the second. */
function twoCopies(
  of: Copies & { readonly fixedLatency?: boolean; readonly fixedMark?: boolean },
  handler: readonly unknown[],
  messages: number,
  seed: string,
) {
  const tally = new Tally(messages);
  const overtaken = new Uint8Array(messages + 1);
  study({
    plan: hop({
      producer: {
        messages,
        arrivals: { kind: 'fixed', every: us(1) },
        ackTimeout: 'none',
        retry: of.apart === 0 ? { kind: 'none' } : gapsFromSend([of.apart]),
      },
      request: {
        delay: of.fixedLatency === true ? us(of.latency) : exponential(of.latency),
        duplicate: of.apart === 0 ? 1 : 0,
      },
      answer: { loss: 1 },
      consumer: { handler, processing: of.fixedMark === true ? us(of.mark) : exponential(of.mark) },
    }),
    seed,
    watcher: {
      see: (timeUs, kind, message, place, detail, packet) => {
        if (kind === FACT.deliver && tally.copies[message] === 0 && ordinalOf(packet) === 2)
          overtaken[message] = 1;
        tally.see(timeUs, kind, message, place, detail, packet);
      },
    },
  });
  if (tally.copies.some((copies, i) => i > 0 && copies !== 2)) throw new Error('not two copies');
  return {
    twice: proportion(messages, (i) => tally.effects[i] === 2),
    overtaken: proportion(messages, (i) => overtaken[i] === 1),
  };
}

const CHECK_THEN_ACT = ['check', 'effect', 'mark', 'ack'];

testRow({
  id: 'R34a',
  claim: 'a second copy 0.7 later races an exponential handler',
  book: { apart: 0.7, latency: 0, mark: 0.5 },
  size: { small: 200_000, full: 1_000_000 },
  observe: (of, messages, seed) => ({
    twice: twoCopies({ ...of, fixedLatency: true }, CHECK_THEN_ACT, messages, seed).twice,
  }),
  expected: ({ apart, mark }) => ({ twice: f.raceFixedSpacing(apart, mark) }),
  wrong: [
    { what: 'spacing 2 % up', off: { apart: 0.714 }, noticedBy: 'twice', takes: 200_000 },
    { what: 'processing 2 % up', off: { mark: 0.51 }, noticedBy: 'twice', takes: 200_000, fullOnly: true },
  ],
});

testRow({
  id: 'R34b',
  claim: 'two copies made by the network race a handler of 0.4',
  book: { apart: 0, latency: 1, mark: 0.4 },
  size: { small: 200_000, full: 1_000_000 },
  observe: (of, messages, seed) => ({
    twice: twoCopies({ ...of, fixedMark: true }, CHECK_THEN_ACT, messages, seed).twice,
  }),
  expected: ({ latency, mark }) => ({ twice: f.raceTogether(latency, mark) }),
  wrong: [
    { what: 'latency 2 % up', off: { latency: 1.02 }, noticedBy: 'twice', takes: 350_000 },
    { what: 'processing 2 % up', off: { mark: 0.408 }, noticedBy: 'twice', takes: 350_000, fullOnly: true },
  ],
});

testRow({
  id: 'R34c R34d',
  claim: 'two sends 0.7 apart, exponential latency and handler: the race, and overtaking',
  book: { apart: 0.7, latency: 1, mark: 0.5 },
  size: { small: 200_000, full: 2_000_000 },
  observe: (of, messages, seed) => twoCopies(of, CHECK_THEN_ACT, messages, seed),
  expected: ({ apart, latency, mark }) => ({
    twice: f.raceApart(apart, latency, mark),
    overtaken: f.reorder(apart, latency),
  }),
  wrong: [
    { what: 'processing 2 % up', off: { mark: 0.51 }, noticedBy: 'twice', takes: 400_000 },
    { what: 'spacing 2 % up', off: { apart: 0.714 }, noticedBy: 'overtaken', takes: 800_000, fullOnly: true },
    {
      what: 'latency 2 % up',
      off: { latency: 1.02 },
      noticedBy: 'overtaken',
      takes: 800_000,
      fullOnly: true,
    },
    { what: 'spacing 10 % up', off: { apart: 0.77 }, noticedBy: 'overtaken', takes: 40_000 },
  ],
});

describe('R34: with an atomic check-and-mark no copy ever runs the effect again (seed theory/R34 atomic)', () => {
  const handlers = [
    [['check', 'mark'], 'effect', 'ack'],
    [['check', 'effect', 'mark'], 'ack'],
    [['check', 'effect', 'mark', 'ack']],
  ];
  const meetings = [
    { apart: 0.7, latency: 0, mark: 0.5, fixedLatency: true },
    { apart: 0, latency: 1, mark: 0.4, fixedMark: true },
    { apart: 0.7, latency: 1, mark: 0.5 },
    // Both copies arrive at one instant.
    { apart: 0, latency: 1, mark: 0.5, fixedLatency: true },
  ];
  it.each(handlers.map((handler) => ({ handler, name: JSON.stringify(handler) })))('$name', ({ handler }) => {
    for (const meeting of meetings) {
      const { twice } = twoCopies(meeting, handler, 20_000, 'theory/R34 atomic');
      expect(twice).toMatchObject({ hits: 0 });
    }
  });
});

// ── crashes ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Crashes {
  readonly p: number;
  readonly q: number;
  readonly gaps: readonly number[];
  readonly after: Readonly<Record<string, number>>;
}

/** Messages so far apart that a crash meets nothing of another one; the process is back at once. */
function crashing(
  { p, q, gaps, after }: Crashes,
  handler: readonly string[],
  messages: number,
  seed: string,
) {
  const tally = new Tally(messages);
  study({
    plan: hop({
      producer: {
        messages,
        arrivals: { kind: 'fixed', every: us(100) },
        ackTimeout: us(1),
        retry: gapsFromSend(gaps),
      },
      request: { loss: p, delay: us(0.1) },
      answer: { loss: q, delay: us(0.1) },
      consumer: { handler, crash: { after } },
    }),
    seed,
    watcher: tally,
  });
  return {
    effects: mean(messages, (i) => tally.effects[i]),
    twice: proportion(messages, (i) => tally.effects[i] >= 2),
    none: proportion(messages, (i) => tally.effects[i] === 0),
  };
}

const R36 = { p: 0.2, q: 0.3, gaps: [1, 2, 4], c: 0.15 };
const of36 = ({ p, q, gaps, c }: typeof R36) => ({ p, q, n: gaps.length + 1, c });

testRow({
  id: 'R36 C→E→M→A',
  claim: 'a crash between effect and mark duplicates, as ack loss does without dedup',
  book: R36,
  size: { small: 200_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const crashes = { ...of, after: { effect: of.c } };
    const { effects, twice } = crashing(crashes, ['check', 'effect', 'mark', 'ack'], messages, seed);
    return { effects, twice };
  },
  expected: (of) => f.crashAfterEffect(of36(of)),
  wrong: [
    { what: 'c 2 % up', off: { c: 0.153 }, noticedBy: 'twice', takes: 800_000, fullOnly: true },
    { what: 'c 5 % up', off: { c: 0.1575 }, noticedBy: 'twice', takes: 120_000 },
    { what: 'p and c swapped', off: { p: 0.15, c: 0.2 }, noticedBy: 'twice', takes: 10_000 },
  ],
});

testRow({
  id: 'R36 C→M→E→A',
  claim: 'a crash between mark and effect loses',
  book: R36,
  size: { small: 200_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const crashes = { ...of, after: { mark: of.c } };
    return { none: crashing(crashes, ['check', 'mark', 'effect', 'ack'], messages, seed).none };
  },
  expected: (of) => ({ none: f.crashAfterMark(of36(of)) }),
  wrong: [
    { what: 'c 2 % up', off: { c: 0.153 }, noticedBy: 'none', takes: 800_000, fullOnly: true },
    { what: 'c 5 % up', off: { c: 0.1575 }, noticedBy: 'none', takes: 120_000 },
    { what: 'p and c swapped', off: { p: 0.15, c: 0.2 }, noticedBy: 'none', takes: 10_000 },
  ],
});

testRow({
  id: 'R36 C→A→E→M',
  claim: 'a crash after an early ack loses what was confirmed',
  book: R36,
  size: { small: 200_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const crashes = { ...of, after: { ack: of.c } };
    return { none: crashing(crashes, ['check', 'ack', 'effect', 'mark'], messages, seed).none };
  },
  expected: (of) => ({ none: f.crashAfterAck(of36(of)) }),
  wrong: [
    { what: 'c 2 % up', off: { c: 0.153 }, noticedBy: 'none', takes: 1_200_000, fullOnly: true },
    { what: 'c 5 % up', off: { c: 0.1575 }, noticedBy: 'none', takes: 160_000 },
    { what: 'q 5 % up', off: { q: 0.315 }, noticedBy: 'none', takes: 1_000_000, fullOnly: true },
    { what: 'p and q swapped', off: { p: 0.3, q: 0.2 }, noticedBy: 'none', takes: 20_000 },
  ],
});

testRow({
  id: 'R36 E→A',
  claim: 'without dedup a crash after the effect acts like ack loss',
  book: R36,
  size: { small: 200_000, full: 3_000_000 },
  observe: (of, messages, seed) => {
    const crashes = { ...of, after: { effect: of.c } };
    const { effects, twice } = crashing(crashes, ['effect', 'ack'], messages, seed);
    return { effects, twice };
  },
  expected: (of) => {
    const { copies, anyDuplicate } = f.crashWithoutDedup(of36(of));
    return { effects: copies, twice: anyDuplicate };
  },
  wrong: [
    { what: 'q 2 % up', off: { q: 0.306 }, noticedBy: 'twice', takes: 700_000, fullOnly: true },
    { what: 'q 5 % up', off: { q: 0.315 }, noticedBy: 'twice', takes: 120_000 },
    { what: 'p and q swapped', off: { p: 0.3, q: 0.2 }, noticedBy: 'effects', takes: 20_000 },
    { what: 'c 2 % up', off: { c: 0.153 }, noticedBy: 'twice', takes: 3_000_000, fullOnly: true },
  ],
});

/** A crash point after each step: before the first protected step they act like loss, after the last like nothing. */
const SEVERAL = {
  p: 0.2,
  q: 0.3,
  gaps: [1, 2, 4],
  start: 0.05,
  check: 0.1,
  effect: 0.15,
  mark: 0.1,
  ack: 0.2,
};

testRow({
  id: '2.17 several, C→E→M→A',
  claim:
    'only a crash between effect and mark duplicates; earlier ones act like loss, later ones do not matter',
  book: SEVERAL,
  size: { small: 200_000, full: 2_000_000 },
  observe: ({ p, q, gaps, ...after }, messages, seed) => {
    const samples = crashing({ p, q, gaps, after }, ['check', 'effect', 'mark', 'ack'], messages, seed);
    return { effects: samples.effects, twice: samples.twice };
  },
  expected: ({ p, gaps, start, check, effect }) =>
    f.crashAfterEffect({ p: f.lossWithEarlyCrashes(p, start, check), n: gaps.length + 1, c: effect }),
  wrong: [
    { what: 'c_E 2 % up', off: { effect: 0.153 }, noticedBy: 'twice', takes: 900_000, fullOnly: true },
    { what: 'c_E 5 % up', off: { effect: 0.1575 }, noticedBy: 'twice', takes: 150_000 },
  ],
});

testRow({
  id: '2.17 several, C→M→E→A',
  claim: 'only a crash between mark and effect loses for good',
  book: SEVERAL,
  size: { small: 200_000, full: 2_000_000 },
  observe: ({ p, q, gaps, ...after }, messages, seed) => ({
    none: crashing({ p, q, gaps, after }, ['check', 'mark', 'effect', 'ack'], messages, seed).none,
  }),
  expected: ({ p, gaps, start, check, mark }) => ({
    none: f.crashAfterMark({ p: f.lossWithEarlyCrashes(p, start, check), n: gaps.length + 1, c: mark }),
  }),
  wrong: [
    { what: 'c_M 2 % up', off: { mark: 0.102 }, noticedBy: 'none', takes: 1_500_000, fullOnly: true },
    { what: 'c_M 10 % up', off: { mark: 0.11 }, noticedBy: 'none', takes: 60_000 },
    { what: 'p 10 % up', off: { p: 0.22 }, noticedBy: 'none', takes: 1_000_000, fullOnly: true },
  ],
});
