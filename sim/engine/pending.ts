/** What is pending, looked at from outside: for encoding a world and for exploring. */
import { assert } from '../core/assert.ts';
import type { EventQueue, Pending } from './event-queue.ts';

/** So many are sorted one into the other, without the setting up that a general sort costs. */
const FEW = 32;

/** All pending events in the order they would be popped. */
export function inOrder(queue: EventQueue): Pending[] {
  const events: Pending[] = [];
  queue.each((key, slot) => events.push({ key, slot }));
  return sorted(queue, events);
}

/** When the first event of one of two kinds about a subject is due, µs; Infinity when none is pending. */
export function dueUs(queue: EventQueue, kind: number, otherKind: number, subject: number): number {
  let first = Infinity;
  queue.each((key, slot) => {
    if (key >= first || queue.subject(slot) !== subject) return;
    if (queue.kind(slot) === kind || queue.kind(slot) === otherKind) first = key;
  });
  return Math.floor(first / 8);
}

/** Takes any pending event out: it never pops. `cancelTimer` does it without looking for the event, for timers. */
export function remove(queue: EventQueue, out: number): void {
  const rest: Pending[] = [];
  let isPending = false;
  let isTimer = false;
  queue.each((key, slot, inLane) => {
    if (slot !== out) {
      if (!inLane) rest.push({ key, slot });
      return;
    }
    isPending = true;
    isTimer = inLane;
  });
  if (!isPending) assert(false, `slot ${out} of the event list is not pending`);
  if (isTimer) queue.cancelTimer(out);
  else queue.keep(sorted(queue, rest), out);
}

function sorted(queue: EventQueue, events: Pending[]): Pending[] {
  const comesBefore = (a: Pending, b: Pending): boolean =>
    a.key === b.key ? queue.isEarlier(a.slot, b.slot) : a.key < b.key;
  if (events.length > FEW) return events.sort((a, b) => (comesBefore(a, b) ? -1 : 1));
  for (let count = 1; count < events.length; count++) {
    const event = events[count];
    let at = count;
    for (; at > 0 && comesBefore(event, events[at - 1]); at--) events[at] = events[at - 1];
    events[at] = event;
  }
  return events;
}
