/**
 * The names of nature's choices. Every nondeterministic decision has one, stable and readable:
 * `shop>api/request/m3/2/c0/lost`. A stream is all choices of one purpose at one place; within it a choice is told
 * apart by message and packet name.
 */
import { formatPacketName, ordinalOf } from '../core/packet-name.ts';

/** All choices of one purpose at one place. */
export interface Stream {
  /** What comes before the message: `shop>api/request`, `api/handler`, `shop/retry`, `shop/arrival`. */
  readonly prefix: string;
  /** What is chosen: `lost`, `copied`, `delay`, `effect/crash`, `effect/processing`, `mark/processing`, `wait`, `gap`. */
  readonly purpose: string;
  /** Which part of the packet name the choice depends on. */
  readonly per: 'packet' | 'attempt' | 'message';
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
} as const;

const CRASHES = ['start/crash', 'check/crash', 'effect/crash', 'mark/crash', 'ack/crash'];
const STEP_TIMES = ['check/processing', 'mark/processing', 'ack/processing'];

/** The streams of one hop, in the order of STREAM. */
export function streamsOfHop(producer: string, consumer: string): Stream[] {
  const request = `${producer}>${consumer}`;
  const answer = `${consumer}>${producer}`;
  const packet = (prefix: string): Stream[] =>
    ['lost', 'copied', 'delay'].map((purpose) => ({ prefix, purpose, per: 'packet' }));
  return [
    { prefix: `${producer}/arrival`, purpose: 'gap', per: 'message' },
    { prefix: `${producer}/retry`, purpose: 'wait', per: 'attempt' },
    ...packet(`${request}/request`),
    ...packet(`${answer}/ack`),
    ...packet(`${answer}/nack`),
    ...['effect/processing', ...CRASHES, ...STEP_TIMES].map((purpose): Stream => ({
      prefix: `${consumer}/handler`,
      purpose,
      per: 'packet',
    })),
  ];
}

/** The full name of one choice. */
export function choiceName(stream: Stream, message: number, packet: number): string {
  const which =
    stream.per === 'packet'
      ? `/${formatPacketName(packet)}`
      : stream.per === 'attempt'
        ? `/${ordinalOf(packet)}`
        : '';
  return `${stream.prefix}/m${message}${which}/${stream.purpose}`;
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
  return purpose === 'lost' || purpose === 'copied' || purpose.endsWith('/crash');
}

function matches(stream: Stream, name: string): boolean {
  if (!name.startsWith(`${stream.prefix}/m`) || !name.endsWith(`/${stream.purpose}`)) return false;
  const middle = name.slice(stream.prefix.length + 1, name.length - stream.purpose.length - 1);
  const answer = /\/(ack|nack)$/.test(stream.prefix) ? '(\\.[1-9]\\d?)?' : '';
  const form = { packet: `/[1-9]\\d{0,6}/c\\d\\d?${answer}`, attempt: '/[1-9]\\d{0,6}', message: '' }[
    stream.per
  ];
  return new RegExp(`^m[1-9]\\d{0,8}${form}$`).test(middle);
}
