/**
 * The world as bytes and back. The same situation gives the same bytes whenever it occurs: times are relative to
 * now, messages stand in order of their number, pending events in the order they will pop, without sequence
 * numbers; slots and causes (which are history) are left out.
 */
import type { Plan } from '../scenario/plan.ts';
import { ordinalOf } from '../core/packet-name.ts';
import { assert } from '../core/assert.ts';
import { EVENT, RANK } from './event.ts';
import { newWorld, resetWorld, type World } from './world.ts';

/** What `subject` of an event means. */
const isJobEvent = (kind: number) => kind === EVENT.step;
const isMessageEvent = (kind: number) =>
  kind !== EVENT.step && kind !== EVENT.arrival && kind !== EVENT.restart;

/** The world as bytes; see the file's head. */
export function encode(world: World): Uint8Array {
  return new Uint8Array(Float64Array.from(numbersOf(world)).buffer);
}

/** The world as a sequence of whole numbers, appended to `out`. */
export function numbersOf(world: World, out: number[] = []): number[] {
  const { receiver, store, queue, jobs } = world;
  const { nowUs } = world.clock;
  out.push(Number(world.started));

  const messages = world.messages.inOrder();
  const messageAt = new Map(messages.map(({ slot }, index) => [slot, index]));
  out.push(messages.length);
  for (const m of messages) {
    out.push(
      m.id,
      m.status,
      m.attempts,
      m.ordinal,
      m.outstanding,
      m.refusals,
      m.timedOutThrough,
      m.refusedBits,
    );
    out.push(m.retryPending, m.applied, m.concluded, m.holds, nowUs - m.firstSentUs, m.lastWaitUs);
  }

  const events = queue.inOrder();
  const atWork = events
    .filter(({ slot }) => isJobEvent(queue.kind(slot)))
    .map(({ slot }) => queue.subject(slot));
  const waiting = receiver.waiting.values();
  const jobSlots = [...waiting, ...atWork]; // those that wait, in order, then those with an event, in the order it pops
  const jobAt = new Map(jobSlots.map((slot, index) => [slot, index]));
  out.push(jobSlots.length);
  for (const job of jobSlots.map((slot) => jobs.at(slot))) {
    out.push(
      numberOf(messageAt, job.message.slot),
      job.packet,
      job.group,
      job.state,
      Number(job.duplicate),
      Number(job.ran),
    );
  }
  out.push(Number(receiver.down), receiver.busy, waiting.length);

  const entries = store.entries();
  out.push(entries.length);
  for (const { key, anchorUs } of entries) out.push(key, nowUs - anchorUs);
  for (const key of store.evictionOrder()) out.push(key); // there can be more than a call takes

  for (const latest of world.lastArrivalUs) out.push(Math.max(0, latest - nowUs)); // an earlier one can hold nothing back

  out.push(events.length);
  for (const { key, slot } of events) {
    const kind = queue.kind(slot);
    const subject = queue.subject(slot);
    const about = isJobEvent(kind)
      ? numberOf(jobAt, subject)
      : isMessageEvent(kind)
        ? numberOf(messageAt, subject)
        : subject;
    out.push(Math.floor(key / 8) - nowUs, kind, about, queue.packet(slot));
  }
  return out;
}

/** A world in the situation that `encode` described, at the instant `nowUs`. */
export function decode(bytes: Uint8Array, plan: Plan, nowUs: number): World {
  const world = newWorld(plan);
  restore(world, new Float64Array(bytes.slice().buffer), 0, nowUs);
  return world;
}

/** Puts a world, of the same plan, into the situation that the `numbers` from `at` on describe, at the instant `nowUs`. */
export function restore(world: World, numbers: ArrayLike<number>, at: number, nowUs: number): void {
  const next = () => numbers[at++];
  resetWorld(world);
  const { receiver, store, queue } = world;
  world.clock.nowUs = nowUs;
  world.started = next() === 1;

  const messages = Array.from({ length: next() }, () => {
    const m = world.messages.add(next());
    m.status = next();
    m.attempts = next();
    m.ordinal = next();
    m.outstanding = next();
    m.refusals = next();
    m.timedOutThrough = next();
    m.refusedBits = next();
    m.retryPending = next();
    m.applied = next();
    m.concluded = next();
    m.holds = next();
    m.firstSentUs = nowUs - next();
    m.lastWaitUs = next();
    return m;
  });
  const jobs = Array.from({ length: next() }, () => {
    const job = world.jobs.add(messages[next()], next(), -1);
    job.group = next();
    job.state = next();
    job.duplicate = next() === 1;
    job.ran = next() === 1;
    return job;
  });
  receiver.down = next() === 1;
  receiver.busy = next();
  const waitingCount = next();
  for (const job of jobs.slice(0, waitingCount)) receiver.waiting.push(job.slot);

  const entryCount = next();
  const entries = Array.from({ length: entryCount }, () => ({ key: next(), anchorUs: nowUs - next() }));
  store.restore(entries, Array.from({ length: entryCount }, next));

  world.lastArrivalUs[0] = nowUs + next();
  world.lastArrivalUs[1] = nowUs + next();
  for (let count = next(); count > 0; count--) {
    const inUs = next();
    const kind = next();
    const about = next();
    const packet = next();
    const subject = isJobEvent(kind) ? jobs[about].slot : isMessageEvent(kind) ? messages[about].slot : about;
    if (kind !== EVENT.timeout) {
      queue.push(inUs, RANK[kind], kind, subject, packet, -1);
      continue;
    }
    const timer = queue.pushTimer(inUs, RANK[kind], kind, subject, packet, -1);
    if (ordinalOf(packet) === messages[about].attempts) messages[about].timer = timer;
  }
  assert(at === numbers.length, `an encoded world of ${numbers.length} numbers was read to ${at}`);
}

function numberOf(places: ReadonlyMap<number, number>, slot: number): number {
  const number = places.get(slot);
  assert(number !== undefined, `slot ${slot} is not in use`);
  return number;
}
