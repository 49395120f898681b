/**
 * The order at one instant (T2; DESIGN.md 3.3): 0 answer, 1 request, 2 handler step, 3 restart, 4 timer, 5 new work,
 * then creation. One small run for each pair of ranks; in each but 2 before 3, the event that must come second was
 * created first, so that neither creation order nor luck can pass for rank. Where the order changes what happens, that
 * is tested; where the two are at different nodes and touch nothing common, the order of the rows is.
 */
import { describe, expect, it } from 'vitest';
import { FACT, FACT_KINDS } from '../../sim/core/fact.ts';
import { ordinalOf } from '../../sim/core/packet-name.ts';
import { EVENT, RANK } from '../../sim/engine/event.ts';
import { STREAM } from '../../sim/nature/choice.ts';
import type { Nature } from '../../sim/nature/nature.ts';
import { SeededNature } from '../../sim/nature/seeded.ts';
import { run } from '../../sim/run.ts';
import { hop, study, us, type HopFields, type Watcher } from './lab.ts';

/** Named choices, durations in seconds. */
type Told = Readonly<Record<string, boolean | number>>;

const T = 2;

/** Runs a hop with these choices, all of which must come up; rows as words: `2 confirm m1/1`. */
function watch(fields: HopFields, told: Told = {}) {
  const overrides = Object.fromEntries(
    Object.entries(told).map(([name, value]) => [name, typeof value === 'number' ? us(value) : value]),
  );
  const { trace, metrics, unusedOverrides } = run(hop(fields), { overrides, trace: true });
  expect(unusedOverrides).toEqual([]);
  if (trace === null) throw new Error('asked for a trace, got none');
  const rows = Array.from({ length: trace.rowCount }, (_, row) => {
    const packet = trace.packet[row] === 0 ? '' : `/${ordinalOf(trace.packet[row])}`;
    return `${trace.timeUs[row] / us(1)} ${FACT_KINDS[trace.kind[row]]} m${trace.message[row]}${packet}`;
  });
  return { rows, metrics };
}

/** Both rows are there, at T, and the first comes first. */
function expectOrder(rows: readonly string[], first: string, second: string): void {
  const at = (row: string) => rows.indexOf(`${T} ${row}`);
  expect(at(first), `${first} in ${rows.join(', ')}`).toBeGreaterThanOrEqual(0);
  expect(at(second), `${second} in ${rows.join(', ')}`).toBeGreaterThan(at(first));
}

const both = (every: number) => ({ kind: 'fixed', every: us(every) });
const once = { ackTimeout: 'none' };
/** Two attempts, the second `gap` after the first. */
const twice = (gap: number) => ({
  ackTimeout: 'none',
  retry: { kind: 'fixed', delay: us(gap), maxAttempts: 2, countFrom: 'send' },
});

describe('ranks at one instant: an answer comes first', () => {
  it('0 before 1: ack, request', () => {
    const { rows } = watch(
      { producer: { ...once, messages: 2, arrivals: both(0) } },
      // The request of m2 is put on its way at 0, the ack of m1 at 1.
      {
        'shop>api/request/m2/1/c0/delay': T,
        'shop>api/request/m1/1/c0/delay': 1,
        'api>shop/ack/m1/1/c0/delay': 1,
      },
    );
    expectOrder(rows, 'confirm m1/1', 'deliver m2/1');
  });

  it('0 before 2: ack, handler step', () => {
    const { rows } = watch(
      {
        producer: { ...once, messages: 2, arrivals: both(0) },
        consumer: { processing: { kind: 'uniform', min: 0, max: us(T) } },
      },
      {
        'api/handler/m2/1/c0/effect/processing': T,
        'api/handler/m1/1/c0/effect/processing': 0,
        'shop>api/request/m1/1/c0/delay': 1,
        'api>shop/ack/m1/1/c0/delay': 1,
      },
    );
    expectOrder(rows, 'confirm m1/1', 'effect m2/1');
  });

  it('0 before 3: nack, restart', () => {
    const { rows } = watch(
      {
        producer: { messages: 2, arrivals: both(1), ackTimeout: us(9) },
        consumer: { crash: { restartAfter: us(T), whileDown: 'refuse' } },
        answer: { delay: us(1) },
      },
      { 'api/handler/m1/1/c0/start/crash': true },
    );
    expectOrder(rows, 'reject m2/1', 'restart m0');
  });

  it('0 before 4: an ack that arrives exactly at the timeout confirms, and there is no timeout', () => {
    const producer = { ackTimeout: us(T), retry: { kind: 'fixed', delay: us(1), maxAttempts: 2 } };
    const { metrics } = watch({ producer, request: { delay: us(1) }, answer: { delay: us(1) } });
    expect(metrics).toMatchObject({ confirmed: 1, timeouts: 0, attempts: 1 });
    // One microsecond later it is one too late.
    const late = watch({ producer, request: { delay: us(1) }, answer: { delay: us(1) + 1 } });
    expect(late.metrics).toMatchObject({ confirmed: 1, timeouts: 1 });
  });

  it('0 before 4: an ack that arrives exactly at the timeout is not too late for a sender that ignores late ones', () => {
    const producer = { ackTimeout: us(T), lateReplies: 'ignore' };
    const { metrics } = watch({ producer, answer: { delay: us(T) } });
    expect(metrics).toMatchObject({ confirmed: 1, gaveUp: 0, staleAnswers: 0, lateAnswers: 0 });
    const late = watch({ producer, answer: { delay: us(T) + 1 } });
    expect(late.metrics).toMatchObject({ confirmed: 0, gaveUp: 1, lateAnswers: 1 });
  });

  it('0 before 4: an ack that arrives exactly when the wait is over prevents the retry', () => {
    const answer = { delay: us(T) };
    expect(watch({ producer: twice(T), answer }).metrics).toMatchObject({ attempts: 1, deliveries: 1 });
    const shorter = { ...twice(T), retry: { ...twice(T).retry, delay: us(T) - 1 } };
    expect(watch({ producer: shorter, answer }).metrics).toMatchObject({ attempts: 2, deliveries: 2 });
  });

  it('0 before 4: a nack that arrives exactly at the timeout refuses', () => {
    const { metrics } = watch({
      producer: { ackTimeout: us(T) },
      consumer: { outages: [{ from: 0, for: us(9), kind: 'error' }] },
      answer: { delay: us(T) },
    });
    expect(metrics).toMatchObject({ refused: 1, gaveUp: 0, timeouts: 0 });
  });

  it('0 before 5: ack, new work', () => {
    const { rows } = watch({
      producer: { ...once, messages: 2, arrivals: both(T) },
      request: { delay: us(1) },
      answer: { delay: us(1) },
    });
    expectOrder(rows, 'confirm m1/1', 'arrive m2');
  });
});

describe('ranks at one instant: then a request', () => {
  it('1 before 2: a request that arrives just as the only handler is done has to queue', () => {
    const fields = {
      producer: { ...once, messages: 2, arrivals: both(1) },
      consumer: { concurrency: 1, processing: us(T) },
    };
    const { rows } = watch(fields, { 'shop>api/request/m2/1/c0/delay': 1 });
    expectOrder(rows, 'queue m2/1', 'effect m1/1');
    expectOrder(rows, 'effect m1/1', 'start m2/1');
    const later = watch(fields, { 'shop>api/request/m2/1/c0/delay': 1.000_001 });
    expect(later.rows.filter((row) => row.includes('queue'))).toEqual([]);
  });

  it('1 before 2, and the check is a step: a copy that arrives at the instant of the mark is suppressed', () => {
    const handler = ['check', 'effect', 'mark', 'ack'];
    const fields = { producer: twice(1), consumer: { handler, processing: us(T) }, answer: { loss: 1 } };
    const { rows, metrics } = watch(fields, { 'shop>api/request/m1/2/c0/delay': 1 });
    expectOrder(rows, 'deliver m1/2', 'mark m1/1');
    expectOrder(rows, 'mark m1/1', 'suppress m1/2');
    expect(metrics).toMatchObject({ effects: 1, suppressed: 1 });
    const early = watch(fields, { 'shop>api/request/m1/2/c0/delay': 0.999_999 });
    expect(early.metrics).toMatchObject({ effects: 2, suppressed: 0 });
  });

  it('1 before 3: a request that arrives at the very instant of the restart is turned away', () => {
    const fields = {
      producer: { ...once, messages: 2, arrivals: both(1) },
      consumer: { crash: { restartAfter: us(T) } },
    };
    const told = { 'api/handler/m1/1/c0/start/crash': true };
    const { metrics } = watch(fields, { ...told, 'shop>api/request/m2/1/c0/delay': 1 });
    expect(metrics).toMatchObject({ turnedAway: 1, effects: 0 });
    const later = watch(fields, { ...told, 'shop>api/request/m2/1/c0/delay': 1.000_001 });
    expect(later.metrics).toMatchObject({ turnedAway: 0, effects: 1 });
  });

  it('1 before 4: request, timeout', () => {
    const { rows } = watch(
      { producer: { messages: 2, arrivals: both(1), ackTimeout: us(T) } },
      { 'shop>api/request/m1/1/c0/lost': true, 'shop>api/request/m2/1/c0/delay': 1 },
    );
    expectOrder(rows, 'deliver m2/1', 'timeout m1/1');
  });

  it('1 before 5: request, new work', () => {
    const { rows } = watch(
      { producer: { ...twice(1), messages: 2, arrivals: both(T) } },
      { 'shop>api/request/m1/1/c0/lost': true, 'shop>api/request/m1/2/c0/delay': 1 },
    );
    expectOrder(rows, 'deliver m1/2', 'arrive m2');
  });
});

/**
 * A live handler step never meets a restart: while the process is down there is none, and a request at that instant
 * is turned away. What meets it is the step of a handler that died with the process. It does nothing, so no fact can
 * tell 2 from 3; but it is the last that is left of its message, and with it the message is concluded. It was created
 * before the crash, and the restart by it: equal ranks would show the same, and those only the table below can tell
 * apart. A crash, which is part of a step, takes everything of its instant before the process is back.
 */
describe('ranks at one instant: then a handler step', () => {
  it('2 before 3: a crash takes what arrived at its instant, though the process is back at once', () => {
    const { rows, metrics } = watch(
      {
        producer: { ...once, messages: 2, arrivals: both(0) },
        consumer: {
          processing: { kind: 'uniform', min: us(1), max: us(T) },
        },
      },
      {
        'api/handler/m1/1/c0/effect/processing': T,
        'api/handler/m1/1/c0/effect/crash': true,
        'shop>api/request/m2/1/c0/delay': T,
      },
    );
    expectOrder(rows, 'deliver m2/1', 'crash m1/1');
    expectOrder(rows, 'crash m1/1', 'restart m0');
    expect(metrics).toMatchObject({ effects: 1, turnedAway: 0 }); // m2 was in hand, not yet begun, and is gone
  });

  it('2 before 3: the step of a handler that died is over before the process is back', () => {
    const plan = hop({
      producer: { ...once, messages: 2, arrivals: both(1) },
      consumer: { processing: us(T), crash: { after: { start: 0.5 }, restartAfter: us(1) } },
    });
    const seeded = new SeededNature('', plan.streams);
    const nature: Nature = {
      possible: () => true,
      chance: (stream, message) => stream === STREAM.crash && message === 2, // at 1, before its first step
      value: (...of) => seeded.value(...of),
      between: (...of) => seeded.between(...of),
    };
    const heard: string[] = [];
    const watcher: Watcher = {
      see: (timeUs, kind) => {
        if (kind === FACT.restart) heard.push(`${timeUs / us(1)} restart`);
      },
      concluded: (message) => heard.push(`m${message} concluded`),
    };
    study({ plan, seed: '', watcher, nature });
    expect(heard).toEqual(['m2 concluded', 'm1 concluded', `${T} restart`]);
  });

  it('2 before 3: a handler that would be done at the instant of the restart died with the crash', () => {
    const { metrics } = watch(
      {
        producer: { ...once, messages: 2, arrivals: both(0) },
        consumer: {
          processing: us(T),
          crash: { restartAfter: us(1) },
        },
      },
      { 'shop>api/request/m2/1/c0/delay': 1, 'api/handler/m2/1/c0/start/crash': true },
    );
    expect(metrics).toMatchObject({ deliveries: 2, effects: 0, confirmed: 0 });
  });

  it('2 before 4: a handler that is done exactly at the timeout still answers in time over an immediate link', () => {
    const { rows, metrics } = watch({
      producer: { ackTimeout: us(T) },
      consumer: { processing: us(1) },
      request: { delay: us(1) },
    });
    expect(metrics).toMatchObject({ confirmed: 1, timeouts: 0 });
    expectOrder(rows, 'effect m1/1', 'confirm m1/1');
  });

  it('2 before 4, with no answer: effect, timeout', () => {
    const { rows } = watch({
      producer: { ackTimeout: us(T) },
      consumer: { processing: us(1) },
      request: { delay: us(1) },
      answer: { loss: 1 },
    });
    expectOrder(rows, 'effect m1/1', 'timeout m1/1');
  });

  it('2 before 5: new work that arrives as the only handler is done does not queue', () => {
    const { rows } = watch({
      producer: { ...once, messages: 2, arrivals: both(T) },
      consumer: { concurrency: 1, processing: us(1) },
      request: { delay: us(1) },
    });
    expectOrder(rows, 'effect m1/1', 'arrive m2');
    const immediate = watch({
      producer: { ...once, messages: 2, arrivals: both(T) },
      consumer: { concurrency: 1, processing: us(T) },
    });
    expect(immediate.rows.filter((row) => row.includes('queue'))).toEqual([]);
  });
});

describe('ranks at one instant: then a restart, a timer, new work', () => {
  const crashed = { crash: { restartAfter: us(1) } };

  it('3 before 4: a retry sent at the instant of the restart over an immediate link is served', () => {
    const { metrics } = watch(
      { producer: twice(T), consumer: crashed },
      { 'shop>api/request/m1/1/c0/delay': 1, 'api/handler/m1/1/c0/start/crash': true },
    );
    expect(metrics).toMatchObject({ attempts: 2, turnedAway: 0, effects: 1 });
  });

  it('3 before 5: new work at the instant of the restart over an immediate link is served', () => {
    const { metrics } = watch(
      { producer: { ...once, messages: 2, arrivals: both(T) }, consumer: crashed },
      { 'shop>api/request/m1/1/c0/delay': 1, 'api/handler/m1/1/c0/start/crash': true },
    );
    expect(metrics).toMatchObject({ turnedAway: 0, effects: 1 });
  });

  it('4 before 5: timeout, new work; retry, new work', () => {
    const { rows } = watch(
      {
        producer: {
          messages: 2,
          arrivals: both(T),
          ackTimeout: us(1),
          retry: { kind: 'custom', delays: [0, 0] },
        },
      },
      {
        'shop>api/request/m1/1/c0/lost': true,
        'shop>api/request/m1/2/c0/lost': true,
      },
    );
    expectOrder(rows, 'timeout m1/2', 'arrive m2');
    expectOrder(rows, 'send m1/3', 'arrive m2');
  });
});

describe('ranks at one instant: within a rank, what was created first', () => {
  it('answers, requests and steps: by creation, not by message', () => {
    const fields = { producer: { ...twice(1), messages: 2, arrivals: both(0) } };
    // m2 is on its way from 0 on, the second attempt of m1 from 1 on: both arrive at 2.
    const requests = watch(fields, {
      'shop>api/request/m1/1/c0/lost': true,
      'shop>api/request/m1/2/c0/delay': 1,
      'shop>api/request/m2/1/c0/delay': T,
    });
    expectOrder(requests.rows, 'deliver m2/1', 'deliver m1/2');
    const steps = watch(
      { ...fields, consumer: { processing: { kind: 'uniform', min: 0, max: us(T) } } },
      {
        'shop>api/request/m1/1/c0/lost': true,
        'api/handler/m1/2/c0/effect/processing': 1,
        'api/handler/m2/1/c0/effect/processing': T,
      },
    );
    expectOrder(steps.rows, 'effect m2/1', 'effect m1/2');
    const answers = watch(fields, {
      'shop>api/request/m1/1/c0/lost': true,
      'shop>api/request/m2/2/c0/lost': true,
      'api>shop/ack/m1/2/c0/delay': 1,
      'api>shop/ack/m2/1/c0/delay': T,
    });
    expectOrder(answers.rows, 'confirm m2/1', 'confirm m1/2');
  });

  it('timers: the timeout of an attempt, then the retry counted from its send', () => {
    const { rows } = watch({
      producer: { ...twice(T), ackTimeout: us(T) },
      request: { loss: 1 },
    });
    expectOrder(rows, 'timeout m1/1', 'send m1/2');
  });

  it('timers of two messages, either kind first', () => {
    const producer = { messages: 2, arrivals: both(1) };
    const retry = (gap: number) => ({ kind: 'fixed', delay: us(gap), maxAttempts: 2, countFrom: 'send' });
    const request = { loss: 1 };
    // m1 waits from 0 for its retry at 2, m2 from 1 for its timeout at 2; and the other way round.
    const retryFirst = watch({ producer: { ...producer, ackTimeout: us(1), retry: retry(T) }, request });
    expectOrder(retryFirst.rows, 'send m1/2', 'timeout m2/1');
    const timeoutFirst = watch({ producer: { ...producer, ackTimeout: us(T), retry: retry(1) }, request });
    expectOrder(timeoutFirst.rows, 'timeout m1/1', 'send m2/2');
  });

  it('new work: messages of a burst in their order', () => {
    const { rows } = watch({
      producer: { ...once, messages: 3, arrivals: { kind: 'burst', size: 3, start: us(T) } },
      request: { loss: 1 },
    });
    expect(rows.filter((row) => row.includes('arrive'))).toEqual(
      [1, 2, 3].map((message) => `${T} arrive m${message}`),
    );
  });
});

describe('ranks: the table', () => {
  it('each kind of event has its rank', () => {
    const ranks = Object.fromEntries(Object.entries(EVENT).map(([kind, number]) => [kind, RANK[number]]));
    const [timers, answers] = [
      { timeout: 4, retry: 4 },
      { answer: 0, nack: 0 },
    ];
    // Told to wait, what happens at the receiver comes behind all of the sender, in its own order.
    const held = { heldRequest: 6, heldStep: 7, heldRestart: 7 };
    expect(ranks).toEqual({ ...answers, request: 1, step: 2, restart: 3, ...timers, arrival: 5, ...held });
  });
});
