/**
 * The names of nature's choices. Every nondeterministic decision has one, stable and readable:
 * `shop>api/request/m3/2/c0/lost`. A stream is all choices of one purpose at one place; within it a choice is told
 * apart by message and packet name.
 */
import { CRASH_POINTS } from '../core/fact.ts';
import { formatPacketName, ordinalOf } from '../core/packet-name.ts';

/** All choices of one purpose at one place. */
export interface Stream {
  /** What comes before the message: `shop>api/request`, `api/handler`, `api/restart`, `shop/retry`, `shop/arrival`. */
  readonly prefix: string;
  /**
   * What is chosen: `lost`, `copied`, `delay`, `effect/crash`, `effect/processing`, `mark/processing`, `wait`, `gap`,
   * `waits`, `effect/waits`.
   */
  readonly purpose: string;
  /** What tells choices of the stream apart: message and packet, or a part of them; or only which crash it is about. */
  readonly per: 'packet' | 'attempt' | 'message' | 'crash';
}

/** Where each stream stands in the table of a one-hop plan. */
export const STREAM = {
  gap: 0,
  wait: 1,
  requestLost: 2,
  requestCopied: 3,
  requestDelay: 4,
  ackLost: 5,
  ackCopied: 6,
  ackDelay: 7,
  nackLost: 8,
  nackCopied: 9,
  nackDelay: 10,
  processing: 11,
  /** Crash after CRASH_POINTS[i] is `crash + i`. */
  crash: 12,
  checkTime: 17,
  markTime: 18,
  ackTime: 19,
  // Whether an event at the receiver lets the sender go first at its instant (engine/instant.ts).
  requestWaits: 20,
  /** The event in which a handler begins, or a group ends whose first step is CRASH_POINTS[i], is `stepWaits + i`. */
  stepWaits: 21,
  restartWaits: 26,
} as const;

const CRASHES = CRASH_POINTS.map((point) => `${point}/crash`);
const STEPS_WAIT = CRASH_POINTS.map((point) => `${point}/waits`);
const STEP_TIMES = ['check/processing', 'mark/processing', 'ack/processing'];

/** The streams of one hop, in the order of STREAM. */
export function streamsOfHop(producer: string, consumer: string): Stream[] {
  const request = `${producer}>${consumer}`;
  const answer = `${consumer}>${producer}`;
  const each = (prefix: string, purposes: readonly string[]): Stream[] =>
    purposes.map((purpose) => ({ prefix, purpose, per: 'packet' }));
  const packet = (prefix: string): Stream[] => each(prefix, ['lost', 'copied', 'delay']);
  const handler = `${consumer}/handler`;
  return [
    { prefix: `${producer}/arrival`, purpose: 'gap', per: 'message' },
    { prefix: `${producer}/retry`, purpose: 'wait', per: 'attempt' },
    ...packet(`${request}/request`),
    ...packet(`${answer}/ack`),
    ...packet(`${answer}/nack`),
    ...each(handler, ['effect/processing', ...CRASHES, ...STEP_TIMES]),
    ...each(`${request}/request`, ['waits']),
    ...each(handler, STEPS_WAIT),
    { prefix: `${consumer}/restart`, purpose: 'waits', per: 'crash' },
  ];
}

/** The full name of one choice; for one about a crash, `message` says which crash. */
export function choiceName(stream: Stream, message: number, packet: number): string {
  const which =
    stream.per === 'packet'
      ? `/${formatPacketName(packet)}`
      : stream.per === 'attempt'
        ? `/${ordinalOf(packet)}`
        : '';
  return `${stream.prefix}/${stream.per === 'crash' ? '' : 'm'}${message}${which}/${stream.purpose}`;
}

/**
 * Whether a choice of this name can come up between these two nodes and take this value: `null` when it can, else
 * what is allowed. Durations are whole microseconds here.
 */
export function checkChoice(
  name: string,
  value: boolean | number,
  producer: string,
  consumer: string,
): string | null {
  const stream = streamsOfHop(producer, consumer).find((candidate) => matches(candidate, name));
  if (stream === undefined) {
    return `the name of a choice, such as "${producer}>${consumer}/request/m1/1/c0/lost", "${consumer}>${producer}/ack/m1/1/c0/delay" or "${consumer}/handler/m1/1/c0/effect/crash"`;
  }
  return isYesNo(stream.purpose) === (typeof value === 'boolean')
    ? null
    : isYesNo(stream.purpose)
      ? 'true or false'
      : 'a duration such as "40ms"';
}

/** Whether choices of this purpose are true or false, and not a duration. */
export function isYesNo(purpose: string): boolean {
  return /^(lost|copied|(.*\/)?(crash|waits))$/.test(purpose);
}

function matches(stream: Stream, name: string): boolean {
  if (!name.startsWith(`${stream.prefix}/`) || !name.endsWith(`/${stream.purpose}`)) return false;
  const middle = name.slice(stream.prefix.length + 1, name.length - stream.purpose.length - 1);
  const answer = /\/(ack|nack)$/.test(stream.prefix) ? '(\\.[1-9]\\d?)?' : '';
  const form = {
    packet: `m[1-9]\\d{0,8}/[1-9]\\d{0,6}/c\\d\\d?${answer}`,
    attempt: 'm[1-9]\\d{0,8}/[1-9]\\d{0,6}',
    message: 'm[1-9]\\d{0,8}',
    crash: '[1-9]\\d{0,8}',
  }[stream.per];
  return new RegExp(`^${form}$`).test(middle);
}
