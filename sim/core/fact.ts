/**
 * What the loop can tell an observer: the kinds of facts, one trace row each. Facts are the only way out of the
 * model; nothing in the model reads them back.
 */

import type { Clock } from './clock.ts';

/** Every kind of fact, in the order of its number. The words are the ones the interface shows. */
export const FACT_KINDS = [
  'arrive', // new work reached the sender; place: sender
  'send', // a request packet was put on the link; place: sender
  'lost', // the link lost the packet of the cause row; place: link; detail: reason (LOSS_REASONS)
  'copy', // the link made a further copy of the packet of the cause row; place: link
  'deliver', // a request packet reached a working receiver; place: receiver
  'turned-away', // a request packet met a receiver that was down; place: receiver; detail: OUTAGE_KINDS
  'queue', // the delivery waits for a free handler; place: receiver
  'start', // a waiting delivery got a handler; place: receiver
  'pass', // dedup check: key not held; place: store; detail: 0
  'suppress', // dedup check: key held; place: store; detail: 0 the effect will be skipped, 1 it has run already
  'execute', // the effect step ran and left the sink as it was (a repeated set); place: sink
  'effect', // the effect step ran and the sink's state changed; place: sink; detail: how often it has now been applied
  'mark', // the key was written; place: store; detail: entries held
  'evict', // the store forgot this key early, for space; place: store
  'answer', // an ack left the receiver; place: receiver
  'nack', // a "not done" left the receiver; place: receiver; detail: OUTAGE_KINDS
  'crash', // the receiver process died after a step; place: receiver; detail: CRASH_POINTS
  'restart', // the receiver process is back; place: receiver
  'confirm', // the sender accepted an ack; place: sender
  'reject', // the sender accepted a nack; place: sender
  'late', // an answer came after the sender gave up; place: sender
  'stale', // an answer came that could change nothing (already settled, or its attempt was abandoned); place: sender
  'timeout', // no answer in time: unknown; place: sender
  'give-up', // attempts used up with one unanswered; place: sender
  'refuse', // attempts used up and every one refused; place: sender
  'dead-letter', // moved to the dead-letter queue; place: sender
] as const;

export type FactKind = (typeof FACT_KINDS)[number];

/** The number of each kind, as it stands in the `kind` column: its place in FACT_KINDS. */
export const FACT = {
  arrive: 0,
  send: 1,
  lost: 2,
  copy: 3,
  deliver: 4,
  turnedAway: 5,
  queue: 6,
  start: 7,
  pass: 8,
  suppress: 9,
  execute: 10,
  effect: 11,
  mark: 12,
  evict: 13,
  answer: 14,
  nack: 15,
  crash: 16,
  restart: 17,
  confirm: 18,
  reject: 19,
  late: 20,
  stale: 21,
  timeout: 22,
  giveUp: 23,
  refuse: 24,
  deadLetter: 25,
} as const;

/** Why a link lost a packet, as it stands in the detail of a `lost` row. */
export const LOSS_REASONS = ['loss', 'outage', 'cut in flight'] as const;

/** How a receiver that is down treats what arrives, as it stands in the detail of `turned-away` and `nack`. */
export const OUTAGE_KINDS = ['refuse', 'hang', 'error'] as const;
export type OutageKind = (typeof OUTAGE_KINDS)[number];

/** Where a handler can crash: before its first step, or after a step; the detail of a `crash` row. */
export const CRASH_POINTS = ['start', 'check', 'effect', 'mark', 'ack'] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** The places a fact can happen at, as they stand in the `place` column. */
export const PLACES = ['sender', 'request link', 'receiver', 'store', 'sink', 'answer link'] as const;
export type Place = (typeof PLACES)[number];
export const PLACE = { sender: 0, requestLink: 1, receiver: 2, store: 3, sink: 4, answerLink: 5 } as const;

/** The message a fact is about. */
export interface About {
  /** Its number, 1-based; 0 where a fact is about none. */
  readonly id: number;
  /** Its place among the messages under way, its own until it is concluded; −1 for a message that need not be under way. */
  readonly slot: number;
}

/** Where messages under way have their places. */
export interface Places {
  /** The place of message `id`, −1 when it is not under way. */
  slotOf(id: number): number;
}

/** What an observer must be able to hear. `tell` answers with the row the fact became. */
export interface Listener {
  /** The clock that tells when each fact happens, and the places messages have; given before the first fact of a loop. */
  follow(clock: Clock, places: Places): void;
  /**
   * One fact: what (FACT), about which message, where (PLACE), a detail that depends on the
   * kind, the packet's name (core/packet-name.ts, 0 for none) and the row of the latest necessary cause (-1 for none).
   */
  tell(kind: number, about: About, place: number, detail: number, packet: number, cause: number): number;
  /** Nothing about this message is under way any more and its sender is done with it: its outcome is final. */
  conclude(about: About): void;
}
