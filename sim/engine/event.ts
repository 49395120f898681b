/**
 * The items of the future event list, and their order at one instant (theory T2): an answer beats a request beats a
 * handler step beats a restart beats a timer beats new work.
 */

/** Kinds of events. The numbers are internal; RANK gives the order. */
export const EVENT = {
  answer: 0, // an ack reaches the sender
  nack: 1, // a nack reaches the sender
  request: 2, // a request reaches the receiver
  step: 3, // a handler begins, or the group it is in ends
  restart: 4, // the receiver process is back
  timeout: 5, // the ack timeout of one attempt
  retry: 6, // the wait before the next attempt is over
  arrival: 7, // new work reaches the sender
  // What lets the sender go first at its instant (instant.ts): the same three, later.
  heldRequest: 8,
  heldStep: 9,
  heldRestart: 10,
} as const;

/** Rank of each kind at one instant, by its number. */
export const RANK = [0, 0, 1, 2, 3, 4, 4, 5, 6, 7, 7] as const;

export const EVENT_KINDS = Object.keys(EVENT);
