/**
 * What happens at the receiver: queues (2.14) and two copies that meet (2.15): the rows R31, R32 and R34. Crashes are in
 * closed-forms-crashes.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { ordinalOf } from '../../sim/core/packet-name.ts';
import * as f from './formulas.ts';
import { batchMean, exponential, gapsFromSend, hop, proportion, study, us } from './lab.ts';
import type { Sample } from './lab.ts';
import { testRow } from './row.ts';
import { horizon, Tally } from './tally.ts';

// ── queues ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Queue {
  /** Customers per unit. */
  readonly rate: number;
  /** Mean processing time. */
  readonly service: number;
}

const WARM_UP = 3_000;

/** Waits (delivery to start) and sojourns (delivery to answer) of all customers after the warm-up, in order. */
function queueTimes(
  { rate, service }: Queue,
  law: 'exponential' | 'constant',
  customers: number,
  seed: string,
) {
  const messages = customers + WARM_UP;
  const arrivedUs = new Float64Array(messages + 1);
  const waits = new Float64Array(messages + 1);
  const sojourns = new Float64Array(messages + 1);
  study({
    plan: hop({
      producer: {
        messages,
        arrivals: { kind: 'poisson', mean: us(1 / rate) },
        ackTimeout: 'none',
      },
      consumer: {
        concurrency: 1,
        processing: law === 'constant' ? us(service) : exponential(service),
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
  book: { rate: LOAD, service: 1 },
  size: { small: 350_000, full: 2_000_000 },
  observe: (of, customers, seed) => {
    const { waits, sojourns } = queueTimes(of, 'exponential', customers, seed);
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
  expected: ({ rate, service }) => {
    const { meanWait, noWait, sojournBeyond } = f.mm1(rate * service);
    return { meanWait: service * meanWait, noWait, 'sojourn beyond 5': sojournBeyond(5 / service) };
  },
  twoPercentUp: { rate: { by: 'noWait', takes: 350_000 }, service: { by: 'noWait', takes: 350_000 } },
});

testRow({
  id: 'R32',
  claim: 'one handler, constant processing: the queue is M/D/1',
  book: { rate: LOAD, service: 1 },
  size: { small: 300_000, full: 2_000_000 },
  observe: (of, customers, seed) => {
    const { waits } = queueTimes(of, 'constant', customers, seed);
    return {
      meanWait: meanWait(waits, 38.3),
      'wait within 3.2': batchMean(
        waits.map((wait) => (wait <= 3.2 ? 1 : 0)),
        BATCHES,
      ),
    };
  },
  expected: ({ rate, service }) => {
    const { meanWait, waitCdf } = f.md1(rate * service);
    return { meanWait: service * meanWait, 'wait within 3.2': waitCdf(3.2 / service) };
  },
  twoPercentUp: { rate: { by: 'meanWait', takes: 300_000 }, service: { by: 'meanWait', takes: 300_000 } },
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
    requestDelay: tally.requestDelay.mean,
    processing: tally.processing.mean,
    horizon: horizon(tally),
  };
}

const CHECK_THEN_ACT = ['check', 'effect', 'mark', 'ack'];

testRow({
  id: 'R34a',
  claim: 'a second copy 0.7 later races an exponential handler',
  book: { apart: 0.7, mark: 0.5 },
  size: { small: 200_000, full: 1_000_000 },
  observe: (of, messages, seed) => ({
    twice: twoCopies({ ...of, latency: 0, fixedLatency: true }, CHECK_THEN_ACT, messages, seed).twice,
  }),
  expected: ({ apart, mark }) => ({ twice: f.raceFixedSpacing(apart, mark) }),
  twoPercentUp: { apart: { by: 'twice', takes: 200_000 }, mark: { by: 'twice', takes: 200_000 } },
});

testRow({
  id: 'R34b',
  claim: 'two copies made by the network race a handler of 0.4',
  book: { latency: 1, mark: 0.4 },
  size: { small: 350_000, full: 1_000_000 },
  observe: (of, messages, seed) => ({
    twice: twoCopies({ ...of, apart: 0, fixedMark: true }, CHECK_THEN_ACT, messages, seed).twice,
  }),
  expected: ({ latency, mark }) => ({ twice: f.raceTogether(latency, mark) }),
  twoPercentUp: { latency: { by: 'twice', takes: 350_000 }, mark: { by: 'twice', takes: 350_000 } },
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
    requestDelay: latency,
    processing: mark,
    horizon: apart,
  }),
  twoPercentUp: {
    apart: { by: 'horizon', takes: 1_000, companion: true },
    latency: { by: 'requestDelay', takes: 100_000, companion: true },
    mark: { by: 'processing', takes: 150_000, companion: true },
  },
  wrong: [
    { what: 'apart 10 % up', off: { apart: 0.77 }, by: 'overtaken', takes: 40_000 },
    { what: 'mark 2 % up', off: { mark: 0.51 }, by: 'twice', takes: 400_000, fullOnly: true },
    { what: 'apart 2 % up', off: { apart: 0.714 }, by: 'overtaken', takes: 800_000, fullOnly: true },
    { what: 'latency 2 % up', off: { latency: 1.02 }, by: 'overtaken', takes: 800_000, fullOnly: true },
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
