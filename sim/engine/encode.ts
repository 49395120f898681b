/**
 * The world as whole numbers and back. The same situation gives the same numbers whenever it occurs: times are relative
 * to now, messages stand in order of their number, pending events in the order they will pop, without sequence
 * numbers; slots and causes (which are history) are left out.
 */
import type { Plan } from '../scenario/plan.ts';
import { ordinalOf } from '../core/packet-name.ts';
import { assert } from '../core/assert.ts';
import { EVENT, RANK } from './event.ts';
import { inOrder } from './pending.ts';
import { NEVER, newWorld, resetWorld, type Job, type Message, type World } from './world.ts';

/** Where the numbers go. */
export interface NumberSink {
  add(whole: number): void;
}

/** Where they come from, one by one. */
export interface NumberSource {
  next(): number;
}

/** What `subject` of an event means. */
const isJobEvent = (kind: number) => kind === EVENT.step || kind === EVENT.heldStep;
const isRestart = (kind: number) => kind === EVENT.restart || kind === EVENT.heldRestart;
const isMessageEvent = (kind: number) => !isJobEvent(kind) && !isRestart(kind) && kind !== EVENT.arrival;

/** The world as bytes; see the file's head. */
export function encode(world: World): Uint8Array {
  const numbers: number[] = [];
  writeWorld(world, { add: (whole) => numbers.push(whole) });
  return new Uint8Array(Float64Array.from(numbers).buffer);
}

/** A world in the situation that `encode` described, at the instant `nowUs`. */
export function decode(bytes: Uint8Array, plan: Plan, nowUs: number): World {
  const numbers = new Float64Array(bytes.slice().buffer);
  let at = 0;
  const world = newWorld(plan);
  readWorld(world, { next: () => numbers[at++] }, nowUs);
  assert(at === numbers.length, `an encoded world of ${numbers.length} numbers was read to ${at}`);
  return world;
}

/** Writes the world as a sequence of whole numbers. */
export function writeWorld(world: World, out: NumberSink): void {
  const { receiver, store, queue, jobs } = world;
  const { nowUs } = world.clock;
  out.add(Number(world.started));

  const messages = world.messages.inOrder();
  const messageAt: number[] = []; // by slot
  out.add(messages.length);
  for (let index = 0; index < messages.length; index++) {
    const m = messages[index];
    messageAt[m.slot] = index;
    out.add(m.id);
    out.add(m.status);
    out.add(m.attempts);
    out.add(m.ordinal);
    out.add(m.outstanding);
    out.add(m.refusals);
    out.add(m.timedOutThrough);
    out.add(m.refusedBits);
    out.add(m.retryPending);
    out.add(m.applied);
    out.add(m.concluded);
    out.add(m.holds);
    out.add(nowUs - m.firstSentUs);
    out.add(m.lastWaitUs);
  }

  const events = inOrder(queue);
  const jobSlots = receiver.waiting.values(); // those that wait, in order, then those with an event, in the order it pops
  const waitingCount = jobSlots.length;
  for (const { slot } of events) if (isJobEvent(queue.kind(slot))) jobSlots.push(queue.subject(slot));
  const jobAt: number[] = []; // by slot
  out.add(jobSlots.length);
  for (let index = 0; index < jobSlots.length; index++) {
    const job = jobs.at(jobSlots[index]);
    jobAt[job.slot] = index;
    out.add(placeOf(job.message.slot, messageAt));
    out.add(job.packet);
    out.add(job.group);
    out.add(job.state);
    out.add(Number(job.duplicate));
    out.add(Number(job.ran));
  }
  out.add(Number(receiver.down) + 2 * Number(receiver.waitedUs === nowUs) + 4 * receiver.crashes);
  out.add(receiver.busy);
  out.add(waitingCount);

  const entries = store.entries();
  out.add(entries.length);
  for (const { key, anchorUs } of entries) {
    out.add(key);
    out.add(nowUs - anchorUs);
  }
  if (store.isBounded) for (const key of store.evictionOrder()) out.add(key);

  for (const latest of world.lastArrivalUs) out.add(Math.max(0, latest - nowUs)); // an earlier one can hold nothing back

  out.add(events.length);
  for (const { key, slot } of events) {
    const kind = queue.kind(slot);
    const subject = queue.subject(slot);
    out.add(Math.floor(key / 8) - nowUs);
    out.add(kind);
    if (isJobEvent(kind)) out.add(placeOf(subject, jobAt));
    else out.add(isMessageEvent(kind) ? placeOf(subject, messageAt) : subject);
    out.add(queue.packet(slot));
  }
}

/** Puts a world, of the same plan, into the situation that `writeWorld` described, at the instant `nowUs`. */
export function readWorld(world: World, from: NumberSource, nowUs: number): void {
  resetWorld(world);
  const { receiver, store, queue } = world;
  world.clock.nowUs = nowUs;
  world.started = from.next() === 1;

  const messages: Message[] = [];
  for (let left = from.next(); left > 0; left--) {
    const m = world.messages.add(from.next());
    m.status = from.next();
    m.attempts = from.next();
    m.ordinal = from.next();
    m.outstanding = from.next();
    m.refusals = from.next();
    m.timedOutThrough = from.next();
    m.refusedBits = from.next();
    m.retryPending = from.next();
    m.applied = from.next();
    m.concluded = from.next();
    m.holds = from.next();
    m.firstSentUs = nowUs - from.next();
    m.lastWaitUs = from.next();
    messages.push(m);
  }

  const jobs: Job[] = [];
  for (let left = from.next(); left > 0; left--) {
    const message = messages[from.next()];
    const job = world.jobs.add(message, from.next(), -1);
    job.group = from.next();
    job.state = from.next();
    job.duplicate = from.next() === 1;
    job.ran = from.next() === 1;
    jobs.push(job);
  }
  const process = from.next();
  receiver.down = (process & 1) === 1;
  receiver.waitedUs = (process & 2) === 2 ? nowUs : NEVER;
  receiver.crashes = process >> 2;
  receiver.busy = from.next();
  const waitingCount = from.next();
  for (let index = 0; index < waitingCount; index++) receiver.waiting.push(jobs[index].slot);

  const entryCount = from.next();
  for (let index = 0; index < entryCount; index++) {
    const key = from.next();
    store.enter(key, nowUs - from.next());
  }
  if (store.isBounded) for (let index = 0; index < entryCount; index++) store.evictLast(from.next());

  world.lastArrivalUs[0] = nowUs + from.next();
  world.lastArrivalUs[1] = nowUs + from.next();
  for (let left = from.next(); left > 0; left--) {
    const inUs = from.next();
    const kind = from.next();
    const about = from.next();
    const packet = from.next();
    const subject = isJobEvent(kind) ? jobs[about].slot : isMessageEvent(kind) ? messages[about].slot : about;
    const isTimer = kind === EVENT.timeout;
    const slot = queue.push(inUs, RANK[kind], kind, subject, packet, -1, isTimer);
    if (isTimer && ordinalOf(packet) === messages[about].attempts) messages[about].timer = slot;
  }
}

function placeOf(slot: number, places: readonly number[]): number {
  const place = places[slot];
  if (!(place >= 0)) assert(false, `slot ${slot} is not in use`); // the words cost more than the check
  return place;
}
