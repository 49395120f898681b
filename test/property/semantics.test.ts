// What every trace must obey, whatever the scenario: messages arrive when they are due, the sender keeps its schedule and stops when it is answered, a
// FIFO link keeps order, the receiver keeps to its handlers and does nothing while it is down, and a check finds just
// what the store must hold. Each rule is said here a second time, over rows alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longest, shortest } from '../../sim/core/distributions.ts';
import { FACT, PLACE } from '../../sim/core/fact.ts';
import { answerCopyOf, ordinalOf, requestCopyOf } from '../../sim/core/packet-name.ts';
import { run } from '../../sim/run.ts';
import { LONGEST_US } from '../../sim/scenario/field.ts';
import { hopOf } from '../../sim/scenario/hop.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import type { Step } from '../../sim/scenario/terms.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { scenarios } from './arbitrary-scenario.ts';
import { runs } from './checks.ts';

const SEED = 20_260_951;

interface Watched {
  readonly plan: Plan;
  readonly trace: Trace;
}

function watch(plan: Plan): Watched {
  const { trace } = run(plan, { trace: true });
  if (trace === null) throw new Error('asked for a trace');
  return { plan, trace };
}

/** Calls `see` for each row, in order. */
function eachRow(
  { trace }: Watched,
  see: (row: number, kind: number, message: number, timeUs: number) => void,
): void {
  for (let row = 0; row < trace.rowCount; row++)
    see(row, trace.kind[row], trace.message[row], trace.timeUs[row]);
}

function fail(row: number, words: string): never {
  return expect.fail(`row ${row}: ${words}`);
}

// ── the producer ─────────────────────────────────────────────────────────────────────────────────────────────────

function checkProducer(watched: Watched): void {
  const { producer } = hopOf(watched.plan.scenario);
  const { arrivals } = producer;
  let count = 0;
  let latestUs = 0;
  eachRow(watched, (row, kind, message, timeUs) => {
    if (kind !== FACT.arrive) return;
    if (message !== ++count) fail(row, `message ${message} is not the next`);
    const dueUs =
      arrivals.kind === 'fixed'
        ? arrivals.start + (message - 1) * arrivals.every
        : arrivals.kind === 'burst'
          ? arrivals.start + Math.floor((message - 1) / arrivals.size) * arrivals.every
          : Math.max(latestUs, arrivals.start);
    if (arrivals.kind === 'poisson' ? timeUs < dueUs : timeUs !== dueUs)
      fail(row, `arrived at ${timeUs}, not ${dueUs}`);
    latestUs = timeUs;
  });
  if (count > producer.messages) fail(0, 'more messages than there are');
}

// ── the sender ───────────────────────────────────────────────────────────────────────────────────────────────────

/** The interval of the wait after `attempt`, said once more; the wait before matters to decorrelated jitter alone. */
function waitBounds({ sender: { retry } }: Plan, attempt: number, previousUs: number): [number, number] {
  const cap = (us: number) => Math.min(us, retry.capUs, LONGEST_US);
  const nominal =
    retry.kind === 'linear'
      ? cap(retry.delayUs * attempt)
      : retry.kind === 'exponential'
        ? cap(Math.round(retry.delayUs * retry.factor ** (attempt - 1))) // jitter spreads whole µs
        : retry.kind === 'custom'
          ? retry.delaysUs[attempt - 1]
          : retry.delayUs;
  switch (retry.jitter) {
    case 'none':
      return [nominal, nominal];
    case 'proportional':
      return [nominal * (1 - retry.jitterSize), nominal * (1 + retry.jitterSize)];
    case 'equal':
      return [nominal / 2, nominal];
    case 'full':
      return [0, nominal];
    case 'additive':
      return [nominal, nominal + retry.jitterSize];
    case 'decorrelated':
      return [cap(retry.delayUs), cap(Math.max(retry.delayUs, 3 * previousUs))];
  }
}

interface Sender {
  settledAs: number;
  readonly sentUs: number[];
  waitUs: number;
  readonly timedOut: Set<number>;
  readonly refused: Set<number>;
}

function checkSender(watched: Watched): void {
  const { plan, trace } = watched;
  const { retry, ackTimeoutUs, acceptLate, deadLetter } = plan.sender;
  const senders = new Map<number, Sender>();
  eachRow(watched, (row, kind, message, timeUs) => {
    if (trace.place[row] !== PLACE.sender) return;
    if (kind === FACT.arrive) {
      senders.set(message, {
        settledAs: -1,
        sentUs: [],
        waitUs: retry.delayUs,
        timedOut: new Set(),
        refused: new Set(),
      });
      return;
    }
    const sender = senders.get(message) ?? fail(row, 'about a message that has not arrived');
    const attempt = ordinalOf(trace.packet[row]);
    const cause = trace.cause[row];
    const isSettled = sender.settledAs >= 0;
    switch (kind) {
      case FACT.send: {
        if (isSettled) fail(row, 'sent although it is settled');
        if (sender.sentUs.push(timeUs) !== attempt) fail(row, `attempt ${attempt} is not the next`);
        if (attempt > retry.maxAttempts) fail(row, 'more attempts than allowed');
        if (timeUs - sender.sentUs[0] > retry.horizonUs) fail(row, 'behind the horizon');
        if (attempt === 1) {
          if (timeUs !== trace.timeUs[cause]) fail(row, 'the first attempt waited');
          return;
        }
        if ((trace.kind[cause] === FACT.send) !== retry.countFromSend)
          fail(row, 'counted from the wrong moment');
        if (ordinalOf(trace.packet[cause]) !== attempt - 1)
          fail(row, 'caused by another attempt than the one before');
        const waitUs = timeUs - trace.timeUs[cause];
        const [shortest, longest] = waitBounds(plan, attempt - 1, sender.waitUs);
        if (waitUs < shortest - 0.51 || waitUs > longest + 0.51)
          fail(row, `waited ${waitUs}, not ${shortest} to ${longest}`);
        sender.waitUs = waitUs;
        return;
      }
      case FACT.timeout:
        if (isSettled) fail(row, 'timed out although it is settled');
        if (timeUs !== sender.sentUs[attempt - 1] + ackTimeoutUs) fail(row, 'timed out at the wrong time');
        if (sender.refused.has(attempt) || sender.timedOut.has(attempt)) fail(row, 'an attempt ended twice');
        sender.timedOut.add(attempt);
        return;
      case FACT.reject:
        if (isSettled || sender.timedOut.has(attempt) || sender.refused.has(attempt))
          fail(row, 'took a nack that is too late');
        sender.refused.add(attempt);
        return;
      case FACT.confirm:
        if (isSettled) fail(row, 'confirmed although it is settled');
        if (!acceptLate && sender.timedOut.has(attempt)) fail(row, 'took an answer that it ignores');
        sender.settledAs = kind;
        return;
      case FACT.stale:
      case FACT.late:
        if ((kind === FACT.late) !== (sender.settledAs === FACT.giveUp || sender.settledAs === FACT.refuse))
          fail(row, 'late means: after giving up');
        return;
      case FACT.giveUp:
      case FACT.refuse: {
        if (isSettled) fail(row, 'settled twice');
        const ended = sender.timedOut.size + sender.refused.size;
        if (ended !== sender.sentUs.length)
          fail(row, `gave up with ${sender.sentUs.length - ended} attempts open`);
        if ((kind === FACT.refuse) !== (sender.refused.size === sender.sentUs.length))
          fail(row, 'refused means: every attempt was');
        sender.settledAs = kind;
        return;
      }
      case FACT.deadLetter:
        if (!deadLetter) fail(row, 'there is no dead-letter queue');
    }
  });
}

// ── the links ────────────────────────────────────────────────────────────────────────────────────────────────────

const ARRIVES = new Set<number>([
  FACT.deliver,
  FACT.turnedAway,
  FACT.confirm,
  FACT.reject,
  FACT.late,
  FACT.stale,
]);

function checkLinks(watched: Watched): void {
  const { plan, trace } = watched;
  const latest = [-1, -1];
  eachRow(watched, (row, kind, _message, timeUs) => {
    if (!ARRIVES.has(kind)) return;
    const cause = trace.cause[row];
    const way = kind === FACT.deliver || kind === FACT.turnedAway ? 0 : 1;
    if (trace.packet[cause] !== trace.packet[row]) fail(row, 'arrived under another name');
    if (timeUs < trace.timeUs[cause]) fail(row, 'arrived before it was sent');
    if (!(way === 0 ? plan.request : plan.answer).fifo) return;
    if (cause < latest[way]) fail(row, `overtaken by row ${latest[way]} on a FIFO link`);
    latest[way] = cause;
  });
}

// ── the receiver and its store ───────────────────────────────────────────────────────────────────────────────────

const HANDLES = new Set<number>([
  FACT.start,
  FACT.pass,
  FACT.suppress,
  FACT.execute,
  FACT.effect,
  FACT.mark,
  FACT.answer,
]);

function checkReceiver(watched: Watched): void {
  const { plan, trace } = watched;
  let isDown = false;
  let crashedUs = 0;
  let applied = new Set<number>();
  const ran = new Set<string>();
  let waiting: string[] = [];
  eachRow(watched, (row, kind, message, timeUs) => {
    const name = `${message} ${trace.packet[row]}`;
    if (isDown && (HANDLES.has(kind) || kind === FACT.deliver || kind === FACT.queue))
      fail(row, 'a process that is down did something');
    if (kind === FACT.queue) {
      if (plan.receiver.concurrency === Infinity) fail(row, 'waited although no one ever waits');
      waiting.push(name);
    } else if (kind === FACT.start) {
      if (waiting.shift() !== name) fail(row, 'was not the first to wait');
    } else if (kind === FACT.crash) {
      isDown = true;
      crashedUs = timeUs;
      waiting = [];
    } else if (kind === FACT.restart) {
      if (!isDown || timeUs - crashedUs !== plan.receiver.restartAfterUs)
        fail(row, 'came back at the wrong time');
      isDown = false;
    } else if (kind === FACT.effect || kind === FACT.execute) {
      if (ran.has(name)) fail(row, 'one delivery ran the effect twice');
      ran.add(name);
      if ((kind === FACT.execute) !== (plan.sinkSets && applied.has(message)))
        fail(row, 'a set changes the sink once, an increment always');
      applied = applied.add(message);
    } else if (
      kind === FACT.answer &&
      (requestCopyOf(trace.packet[row]) > 1 || answerCopyOf(trace.packet[row]) > 0)
    ) {
      fail(row, 'an answer carries the name of the request it answers');
    }
  });
}

/** The step that writes such a row. */
const STEP_OF = new Map<number, Step>([
  [FACT.pass, 'check'],
  [FACT.suppress, 'check'],
  [FACT.execute, 'effect'],
  [FACT.effect, 'effect'],
  [FACT.mark, 'mark'],
  [FACT.answer, 'ack'],
]);

/** From one row of a delivery to its next: nothing inside a group, else as long as the steps of the groups between. */
function checkStepTimes(watched: Watched): void {
  const { plan, trace } = watched;
  const { handler, processing, checkTime, markTime, ackTime } = plan.receiver;
  const times = { check: checkTime, effect: processing, mark: markTime, ack: ackTime };
  const groupOf = (kind: number) => handler.findIndex((group) => group.some((s) => s === STEP_OF.get(kind)));
  const suppressed = new Set<string>();
  eachRow(watched, (row, kind, message, timeUs) => {
    if (!STEP_OF.has(kind)) return;
    const name = `${message} ${trace.packet[row]}`;
    const cause = trace.cause[row];
    let leastUs = 0;
    let mostUs = 0;
    for (const group of handler.slice(groupOf(trace.kind[cause]) + 1, groupOf(kind) + 1)) {
      for (const step of group) {
        // Whether a group with a check runs its effect and its mark cannot be told from its rows.
        const isSure =
          step === 'check' || step === 'ack' || !(group.includes('check') || suppressed.has(name));
        if (isSure) leastUs += shortest(times[step]);
        mostUs += longest(times[step]);
      }
    }
    const tookUs = timeUs - trace.timeUs[cause];
    if (tookUs < leastUs || tookUs > mostUs) fail(row, `took ${tookUs}, not ${leastUs} to ${mostUs}`);
    if (kind === FACT.suppress) suppressed.add(name);
  });
}

interface Entry {
  readonly message: number;
  anchorUs: number;
  readonly writtenRow: number;
  usedRow: number;
}

function checkStore(watched: Watched): void {
  const { plan, trace } = watched;
  const { windowUs, slides, capacity, lru, durable } = plan.store;
  let entries: Entry[] = [];
  let evictionDue = -1;
  eachRow(watched, (row, kind, message, timeUs) => {
    entries = entries.filter(({ anchorUs }) => timeUs - anchorUs < windowUs);
    const entry = entries.find((held) => held.message === message);
    const use = (used: Entry) => {
      if (slides) used.anchorUs = timeUs;
      used.usedRow = row;
    };
    if (evictionDue >= 0 && (kind !== FACT.evict || message !== evictionDue))
      fail(row, `message ${evictionDue} should be forgotten`);
    evictionDue = -1;
    if (kind === FACT.pass && entry !== undefined) fail(row, 'passed although the key is held');
    if (kind === FACT.suppress) use(entry ?? fail(row, 'suppressed although the key is not held'));
    if (kind === FACT.crash && !durable) entries = [];
    if (kind !== FACT.mark) return;
    if (entry !== undefined) use(entry);
    else {
      if (entries.length === capacity) {
        const age = (held: Entry) => (lru ? held.usedRow : held.writtenRow);
        const oldest = entries.reduce((a, b) => (age(b) < age(a) ? b : a));
        entries = entries.filter((held) => held !== oldest);
        evictionDue = oldest.message;
      }
      entries.push({ message, anchorUs: timeUs, writtenRow: row, usedRow: row });
    }
    if (trace.detail[row] !== entries.length)
      fail(row, `${trace.detail[row]} entries, not ${entries.length}`);
  });
}

describe('what every trace obeys', () => {
  const rules = {
    producer: checkProducer,
    sender: checkSender,
    links: checkLinks,
    receiver: checkReceiver,
    'step times': checkStepTimes,
    store: checkStore,
  };
  it.each(Object.entries(rules))(`%s [seed ${SEED}]`, (_, check) => {
    fc.assert(
      fc.property(scenarios(), (scenario) => check(watch(planOf(scenario)))),
      runs(SEED, 300),
    );
  });
});
