/**
 * What the sender believes of each message and what really happened to it, as of a row: one line per message, told
 * only for the messages asked for, so that a page of a long run costs no more than a page of a short one.
 */
import { hopOf } from '../../sim/scenario/hop.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { FACT, OUTAGE_HANG, PLACE } from './facts.ts';
import { keySpans } from './layout/key-spans.ts';
import type { Belief } from './marks/belief.ts';
import { attemptsWords } from './row-words.ts';
import { countUpTo, rowsOf, type TraceIndex } from './trace-index.ts';

export interface MessageState {
  readonly message: number;
  readonly attempts: number;
  readonly belief: Belief;
  readonly deadLettered: boolean;
  /** Times it was applied so far. */
  readonly effects: number;
  /** Nothing about it is under way any more: only now is no effect a fault. */
  readonly isFinal: boolean;
  /** Whether belief and fact differ. */
  readonly differs: boolean;
  /** A few words beside the belief, such as "3 attempts". */
  readonly beliefNote: string;
  /** A few words beside the fact, such as "key expired"; '' where there is nothing to add. */
  readonly factNote: string;
}

interface Asked {
  readonly index: TraceIndex;
  /** As it ran, policy applied. */
  readonly scenario: Scenario;
  /** The latest row that has happened. */
  readonly untilRow: number;
}

/** The states of messages `first`, `first + 1`, … as far as there are any. */
export function messageStates(asked: Asked, first = 1, count = 50): MessageState[] {
  const last = Math.min(asked.index.messageCount, first + count - 1);
  const states: MessageState[] = [];
  for (let message = Math.max(1, first); message <= last; message++)
    states.push(messageState(asked, message));
  return states;
}

export function messageState({ index, scenario, untilRow }: Asked, message: number): MessageState {
  const { trace } = index;
  const all = rowsOf(index, message);
  const rows = all.subarray(0, countUpTo(all, untilRow));
  const seen = tally(index, rows);
  const belief: Belief = seen.confirmed
    ? 'confirmed'
    : seen.refusedFinally
      ? 'refused'
      : seen.gaveUp
        ? 'gave up'
        : seen.attempts > 0
          ? 'in doubt'
          : 'not sent';
  const isFinal = rows.length > 0 && rows.length === all.length && index.final[message] === 1;
  return {
    message,
    attempts: seen.attempts,
    belief,
    deadLettered: seen.deadLettered,
    effects: seen.effects,
    isFinal,
    differs: belief === 'confirmed' ? seen.effects !== 1 : seen.effects > 0,
    beliefNote:
      seen.attempts === 0
        ? ''
        : `${attemptsWords(seen.attempts)}${seen.deadLettered ? ', dead-lettered' : ''}`,
    factNote:
      seen.effects > 1
        ? whyAgain(index, scenario, rows, trace.rowCount > 0 ? trace.timeUs[trace.rowCount - 1] : 0)
        : whatHelped(seen),
  };
}

interface Tally {
  attempts: number;
  effects: number;
  suppressed: number;
  copies: number;
  requestsLost: number;
  answersLost: number;
  refused: number;
  unanswered: number;
  crashes: number;
  confirmed: boolean;
  gaveUp: boolean;
  refusedFinally: boolean;
  deadLettered: boolean;
}

function tally({ trace }: TraceIndex, rows: Int32Array): Tally {
  const seen: Tally = {
    attempts: 0,
    effects: 0,
    suppressed: 0,
    copies: 0,
    requestsLost: 0,
    answersLost: 0,
    refused: 0,
    unanswered: 0,
    crashes: 0,
    confirmed: false,
    gaveUp: false,
    refusedFinally: false,
    deadLettered: false,
  };
  for (const row of rows) {
    switch (trace.kind[row]) {
      case FACT.send:
        seen.attempts++;
        break;
      case FACT.effect:
        seen.effects++;
        break;
      case FACT.suppress:
        if (trace.detail[row] === 0) seen.suppressed++;
        break;
      case FACT.copy:
        seen.copies++;
        break;
      case FACT.lost:
        if (trace.place[row] === PLACE.requestLink) seen.requestsLost++;
        else seen.answersLost++;
        break;
      case FACT.turnedAway:
        if (trace.detail[row] === OUTAGE_HANG) seen.unanswered++;
        else seen.refused++;
        break;
      case FACT.crash:
        seen.crashes++;
        break;
      case FACT.confirm:
        seen.confirmed = true;
        break;
      case FACT.giveUp:
        seen.gaveUp = true;
        break;
      case FACT.refuse:
        seen.refusedFinally = true;
        break;
      case FACT.deadLetter:
        seen.deadLettered = true;
        break;
    }
  }
  return seen;
}

/** The most telling thing about a message applied once or never. */
function whatHelped(seen: Tally): string {
  if (seen.suppressed > 0) return `${seen.suppressed} suppressed`;
  const parts = [
    seen.requestsLost > 0
      ? seen.requestsLost === 1
        ? 'request lost'
        : `${seen.requestsLost} requests lost`
      : '',
    seen.refused > 0 ? `${seen.refused} refused` : '',
    seen.unanswered > 0 ? 'receiver down' : '',
    seen.crashes > 0 ? 'crash' : '',
    seen.requestsLost === 0 && seen.answersLost > 0
      ? seen.answersLost === 1
        ? 'ack lost'
        : `${seen.answersLost} acks lost`
      : '',
  ];
  return parts
    .filter((part) => part !== '')
    .slice(0, 2)
    .join(', ');
}

/** Why the dedup store let the last effect pass. */
function whyAgain(index: TraceIndex, scenario: Scenario, rows: Int32Array, endUs: number): string {
  const { trace } = index;
  const { consumer } = hopOf(scenario);
  if (!consumer.handler.flat().includes('check')) return 'no dedup check';
  const last = rows.filter((row) => trace.kind[row] === FACT.effect).at(-1) ?? -1;
  const ended = keySpans(index, rows, consumer.dedup, endUs).filter(
    (span) => span.row < last && span.untilUs <= trace.timeUs[last],
  );
  const key = ended.at(-1);
  return key === undefined ? 'key not yet written' : `key ${key.end === 'held' ? 'expired' : key.end}`;
}
