/**
 * Each row of a trace as a short sentence: the words of the event list, of the cause chain and of every mark's name.
 */
import { ordinalOf } from '../../sim/core/packet-name.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { CRASH_POINTS, FACT, kindOf, PLACE } from './facts.ts';
import { timesWord } from './marks/belief.ts';
import { countUpTo, indexOf, rowsOf } from './trace-index.ts';

/** The name of an attempt: "4" for the first, "4.2" for the second. */
export function attemptName(message: number, ordinal: number): string {
  return ordinal <= 1 ? String(message) : `${message}.${ordinal}`;
}

/** The attempt a row belongs to. */
export function attemptOf(trace: Trace, row: number): string {
  return attemptName(trace.message[row], ordinalOf(trace.packet[row]));
}

/** What happened, in words: "4.3 arrives", "ack for 6 lost", "6 gave up, 3 attempts". */
export function rowWords(trace: Trace, row: number): string {
  const message = trace.message[row];
  const attempt = attemptOf(trace, row);
  const kind = kindOf(trace, row);
  switch (kind) {
    case 'arrive':
      return `${message} is to be sent`;
    case 'send':
      return ordinalOf(trace.packet[row]) > 1 ? `${attempt} sent again` : `${message} sent`;
    case 'lost':
      return `${packetWords(trace, trace.cause[row], attempt)} lost${LOSS_WORDS[trace.detail[row]] ?? ''}`;
    case 'copy':
      return `${trace.place[row] === PLACE.answerLink ? `ack for ${attempt}` : attempt} copied by the network`;
    case 'deliver':
      return `${attempt} arrives`;
    case 'turned-away':
      return `${attempt} ${TURNED_AWAY_WORDS[trace.detail[row]] ?? 'not taken'}`;
    case 'queue':
      return `${attempt} waits for a handler`;
    case 'start':
      return `${attempt} gets a handler`;
    case 'pass':
      return `key ${message} ${wasMarkedBefore(trace, row) ? 'no longer held' : 'not held'}`;
    case 'suppress':
      return trace.detail[row] === 1 ? `key ${message} found held` : `${attempt} suppressed`;
    case 'execute':
      return `${message} executed again, no change`;
    case 'effect':
      return trace.detail[row] > 1
        ? `${message} applied ${trace.detail[row] === 2 ? 'again' : timesWord(trace.detail[row])}`
        : `${message} applied`;
    case 'mark':
      return `key ${message} written`;
    case 'evict':
      return `key ${message} evicted`;
    case 'answer':
      return `ack for ${attempt} sent`;
    case 'nack':
      return `nack for ${attempt} sent`;
    case 'crash':
      return CRASH_POINTS[trace.detail[row]] === 'start'
        ? 'crash before the first step'
        : `crash after ${CRASH_POINTS[trace.detail[row]]}`;
    case 'restart':
      return 'back up';
    case 'confirm':
      return `${message} confirmed`;
    case 'reject':
      return `${attempt} refused`;
    case 'late':
      return `late ${answerWord(trace, row)} for ${attempt}`;
    case 'stale':
      return `${answerWord(trace, row)} for ${attempt} changes nothing`;
    case 'timeout':
      return `${attempt} timed out`;
    case 'give-up':
      return `${message} gave up, ${attemptsWords(attemptsUpTo(trace, row))}`;
    case 'refuse':
      return `${message} refused, ${attemptsWords(attemptsUpTo(trace, row))}`;
    case 'dead-letter':
      return `${message} dead-lettered`;
  }
}

const LOSS_WORDS = ['', ' in an outage', ', cut in flight'];
const TURNED_AWAY_WORDS = ['refused, receiver down', 'unanswered, receiver down', 'met an error'];

export function attemptsWords(attempts: number): string {
  return attempts === 1 ? '1 attempt' : `${attempts} attempts`;
}

/** A packet by the row that put it on its link: "4.2", "ack for 4.2", "nack for 4.2". */
function packetWords(trace: Trace, row: number, attempt: string): string {
  if (row < 0) return attempt;
  const kind = kindOf(trace, row);
  if (kind === 'copy') return `copy of ${packetWords(trace, trace.cause[row], attempt)}`;
  return kind === 'answer' || kind === 'nack'
    ? `${kind === 'nack' ? 'nack' : 'ack'} for ${attempt}`
    : attempt;
}

function answerWord(trace: Trace, row: number): string {
  let sent = trace.cause[row];
  while (sent >= 0 && trace.kind[sent] === FACT.copy) sent = trace.cause[sent];
  return sent >= 0 && trace.kind[sent] === FACT.nack ? 'nack' : 'ack';
}

/** Attempts of the row's message, up to and including the row. */
function attemptsUpTo(trace: Trace, row: number): number {
  const rows = rowsOf(indexOf(trace), trace.message[row]);
  let attempts = 0;
  for (let i = countUpTo(rows, row) - 1; i >= 0; i--) if (trace.kind[rows[i]] === FACT.send) attempts++;
  return attempts;
}

function wasMarkedBefore(trace: Trace, row: number): boolean {
  const rows = rowsOf(indexOf(trace), trace.message[row]);
  for (let i = countUpTo(rows, row) - 2; i >= 0; i--) if (trace.kind[rows[i]] === FACT.mark) return true;
  return false;
}
