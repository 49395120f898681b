/**
 * The world as bytes and back. The same situation gives the same bytes whenever it occurs: times are relative to
 * now, messages stand in order of their number, pending events in the order they will pop, without sequence
 * numbers; slots and causes (which are history) are left out.
 */
import type { Plan } from '../scenario/plan.ts';
import { assert } from '../core/assert.ts';
import { EVENT, RANK } from './event.ts';
import { JOB, newWorld, type World } from './world.ts';

/** What `subject` of an event means. */
const isJobEvent = (kind: number) => kind === EVENT.step;
const isMessageEvent = (kind: number) =>
  kind !== EVENT.step && kind !== EVENT.arrival && kind !== EVENT.restart;

/** The world as a sequence of numbers; see the file's head. */
export function encode(world: World): Uint8Array {
  const out: number[] = [];
  const { messages, jobs, receiver, store, queue, nowUs } = world;
  out.push(world.started ? 1 : 0);

  const slots = messages.slotsInOrder();
  const messageAt = new Map(slots.map((slot, index) => [slot, index]));
  out.push(slots.length);
  for (const slot of slots) {
    out.push(
      messages.id[slot],
      messages.status[slot],
      messages.attempts[slot],
      messages.ordinal[slot],
      messages.outstanding[slot],
    );
    out.push(
      messages.refusals[slot],
      messages.timedOutThrough[slot],
      messages.refusedBits[slot],
      messages.retryPending[slot],
    );
    out.push(
      nowUs - messages.firstSentUs[slot],
      messages.lastWaitUs[slot],
      messages.applied[slot],
      messages.concluded[slot],
      messages.holds[slot],
    );
  }

  const events = queue.inOrder();
  const jobSlots = jobsInOrder(
    world,
    events.map(({ slot }) => slot),
  );
  const jobAt = new Map(jobSlots.map((slot, index) => [slot, index]));
  out.push(jobSlots.length);
  for (const job of jobSlots) {
    out.push(
      numberOf(messageAt, jobs.message[job]),
      jobs.packet[job],
      jobs.group[job],
      jobs.state[job],
      jobs.duplicate[job],
      jobs.ran[job],
    );
  }
  const waiting = receiver.waiting.values();
  out.push(receiver.down ? 1 : 0, receiver.busy, waiting.length);
  for (const job of waiting) out.push(numberOf(jobAt, job));

  const entries = store.entries(nowUs);
  out.push(entries.length);
  for (const { key, anchorUs } of entries) out.push(key, nowUs - anchorUs);
  for (const key of store.evictionOrder(nowUs)) out.push(key);

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
  return new Uint8Array(Float64Array.from(out).buffer);
}

/** A world in the situation that `encode` described, at the instant `nowUs`. */
export function decode(bytes: Uint8Array, plan: Plan, nowUs: number): World {
  const numbers = new Float64Array(bytes.slice().buffer);
  let at = 0;
  const next = () => numbers[at++];
  const world = newWorld(plan);
  const { messages, jobs, receiver, store, queue } = world;
  world.nowUs = nowUs;
  queue.nowUs = nowUs;
  world.started = next() === 1;

  for (let count = next(), index = 0; index < count; index++) {
    const slot = messages.add(next());
    messages.status[slot] = next();
    messages.attempts[slot] = next();
    messages.ordinal[slot] = next();
    messages.outstanding[slot] = next();
    messages.refusals[slot] = next();
    messages.timedOutThrough[slot] = next();
    messages.refusedBits[slot] = next();
    messages.retryPending[slot] = next();
    messages.firstSentUs[slot] = nowUs - next();
    messages.lastWaitUs[slot] = next();
    messages.applied[slot] = next();
    messages.concluded[slot] = next();
    messages.holds[slot] = next();
  }
  for (let count = next(), index = 0; index < count; index++) {
    const job = jobs.add(next(), next(), -1);
    jobs.group[job] = next();
    jobs.state[job] = next();
    jobs.duplicate[job] = next();
    jobs.ran[job] = next();
  }
  receiver.down = next() === 1;
  receiver.busy = next();
  for (let count = next(), index = 0; index < count; index++) receiver.waiting.push(next());

  const entryCount = next();
  const entries = Array.from({ length: entryCount }, () => ({ key: next(), anchorUs: nowUs - next() }));
  store.restore(entries, Array.from({ length: entryCount }, next));

  world.lastArrivalUs[0] = nowUs + next();
  world.lastArrivalUs[1] = nowUs + next();
  for (let count = next(), index = 0; index < count; index++)
    queue.push(next(), RANK[numbers[at]], next(), next(), next(), -1);
  assert(at === numbers.length, `an encoded world of ${numbers.length} numbers was read to ${at}`);
  return world;
}

/** Jobs in use: first those that wait, in order, then those with an event, in the order it pops. */
function jobsInOrder(world: World, events: readonly number[]): number[] {
  const waiting = world.receiver.waiting.values();
  const atWork = events
    .filter((slot) => isJobEvent(world.queue.kind(slot)))
    .map((slot) => world.queue.subject(slot));
  assert(
    [...waiting, ...atWork].every((job) => world.jobs.state[job] !== JOB.free),
    'a job without a slot in use',
  );
  return [...waiting, ...atWork];
}

function numberOf(places: ReadonlyMap<number, number>, slot: number): number {
  const number = places.get(slot);
  assert(number !== undefined, `slot ${slot} is not in use`);
  return number;
}
