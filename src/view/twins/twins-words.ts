/**
 * Two worlds in words: what was flipped, what became of the message in each, and what each decision of the sender
 * comes to.
 */
import { FACT } from '../../../sim/core/fact.ts';
import { formatPacketName } from '../../../sim/core/packet-name.ts';
import { isOrder, orderWords } from '../../../sim/explore/sentence.ts';
import type { Decision, Twins } from '../../../sim/explore/twins.ts';
import type { Trace } from '../../../sim/trace/columns.ts';
import { timesWord } from '../marks/belief.ts';
import { attemptName } from '../row-words.ts';
import { durationWords } from '../time-words.ts';
import { indexOf } from '../trace-index.ts';

/** "applied twice", "never applied". */
export function appliedWords(effects: number): string {
  return effects === 0 ? 'never applied' : `applied ${timesWord(effects)}`;
}

// ── what was flipped ─────────────────────────────────────────────────────────────────────────────────────────────

/** Flipped choices that are told one by one. */
const MOST_TOLD = 4;

/**
 * What the flipped choices were in one world: "request 2 arrives, ack for 2 is lost". What did not come up there is
 * not told.
 */
export function flippedWords(
  flipped: readonly string[],
  trace: Trace,
  overrides: Readonly<Record<string, boolean | number>>,
): string {
  const all = flipped.flatMap((name) => choiceWords(name, trace, overrides[name]));
  // What became of an answer is told with its request, and not again.
  const told = all.filter((words) => !(words.startsWith('ack for') && all.includes('its ack is lost')));
  const shown = told.slice(0, MOST_TOLD);
  const rest = told.length - shown.length;
  if (told.length === 0) return 'nothing is changed';
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const NAME = /\/(request|ack|nack|handler|retry|arrival)\/m(\d+)(?:\/(\d+))?(?:\/(c\d+(?:\.\d+)?))?\/(.+)$/;

function choiceWords(name: string, trace: Trace, chosen: boolean | number | undefined): string[] {
  if (isOrder(name)) return chosen === true ? [orderWords(name)] : [];
  const [, what, id = '', attempt = '1', copy = 'c0', purpose = ''] = NAME.exec(name) ?? [];
  const message = Number(id);
  const attemptWords = attemptName(message, Number(attempt));
  switch (what) {
    case 'request':
    case 'ack':
    case 'nack': {
      const kind = { request: FACT.send, ack: FACT.answer, nack: FACT.nack }[what];
      const row = packetRow(trace, kind, message, `${attempt}/${copy}`);
      const packet = what === 'request' ? `request ${attemptWords}` : `${what} for ${attemptWords}`;
      if (row < 0) return [];
      const fate = `${packet} ${fateWords(trace, row, purpose)}`;
      return fate.endsWith(' arrives') && what === 'request' ? [fate, ...answerWords(trace, row)] : [fate];
    }
    case 'handler':
      return handlerWords(attemptWords, purpose, chosen);
    case 'retry':
      return typeof chosen === 'number'
        ? [`the wait before the retry of ${attemptWords} is ${durationWords(chosen)}`]
        : [];
    case 'arrival':
      return typeof chosen === 'number' ? [`${message} comes ${durationWords(chosen)} later`] : [];
    default:
      return [`${name} is flipped`];
  }
}

/** The row that put a packet on its link; −1 when there was none. The network's copies have rows of their own. */
function packetRow(trace: Trace, kind: number, message: number, name: string): number {
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.message[row] !== message || formatPacketName(trace.packet[row]) !== name) continue;
    if (trace.kind[row] !== FACT.copy && trace.kind[row] !== kind) continue;
    if (trace.kind[row] === kind || sourceKind(trace, row) === kind) return row;
  }
  return -1;
}

function sourceKind(trace: Trace, row: number): number {
  let at = row;
  while (trace.kind[at] === FACT.copy && trace.cause[at] >= 0) at = trace.cause[at];
  return trace.kind[at];
}

function fateWords(trace: Trace, row: number, purpose: string): string {
  const arrival = indexOf(trace).arrival[row];
  if (purpose === 'copied') return isCopied(trace, row) ? 'is copied by the network' : 'is not copied';
  if (arrival >= 0 && trace.kind[arrival] === FACT.lost) return 'is lost';
  if (arrival < 0) return 'is still under way';
  const way = durationWords(trace.timeUs[arrival] - trace.timeUs[row]);
  return purpose === 'delay' ? `takes ${way}` : 'arrives';
}

/** What became of the answer to a request that arrived. */
function answerWords(trace: Trace, request: number): string[] {
  for (let row = request + 1; row < trace.rowCount; row++) {
    const { kind, message, packet } = trace;
    if (message[row] !== message[request] || packet[row] !== packet[request]) continue;
    if (kind[row] !== FACT.answer && kind[row] !== FACT.nack) continue;
    const word = kind[row] === FACT.answer ? 'ack' : 'nack';
    const arrival = indexOf(trace).arrival[row];
    return arrival >= 0 && trace.kind[arrival] === FACT.lost ? [`its ${word} is lost`] : [];
  }
  return ['it is not answered'];
}

function isCopied(trace: Trace, sent: number): boolean {
  for (let row = sent + 1; row < trace.rowCount; row++)
    if (trace.kind[row] === FACT.copy && trace.cause[row] === sent) return true;
  return false;
}

function handlerWords(attempt: string, purpose: string, chosen: boolean | number | undefined): string[] {
  const [step, what] = purpose.split('/');
  if (what === 'crash') {
    if (chosen !== true) return [];
    return [
      step === 'start'
        ? `the receiver crashes before the first step of ${attempt}`
        : `the receiver crashes after the ${step} of ${attempt}`,
    ];
  }
  return typeof chosen === 'number' ? [`the ${step} of ${attempt} takes ${durationWords(chosen)}`] : [];
}

// ── what to do ───────────────────────────────────────────────────────────────────────────────────────────────────

export interface DecisionRow {
  readonly decision: 'sends again' | 'stops';
  readonly here: number;
  readonly there: number;
}

export function decisionRows({ sendAgain, stop }: Pick<Twins, 'sendAgain' | 'stop'>): readonly DecisionRow[] {
  return [
    { decision: 'sends again', ...sendAgain },
    { decision: 'stops', ...stop },
  ];
}

/** Once is what was wanted; never and twice are not. */
export function isWanted(effects: number): boolean {
  return effects === 1;
}

/** What the four outcomes come to, in a sentence. */
export function decisionWords({ sendAgain, stop }: Pick<Twins, 'sendAgain' | 'stop'>): string {
  const isRight = ({ here, there }: Decision) => isWanted(here) && isWanted(there);
  if (isRight(sendAgain))
    return 'Sending again is right in both worlds: a second arrival changes nothing. This is what a memory at the receiver buys.';
  if (isRight(stop)) return 'Stopping is right in both worlds.';
  const isHopeless = (world: 'here' | 'there') => !isWanted(sendAgain[world]) && !isWanted(stop[world]);
  if (isHopeless('here') || isHopeless('there'))
    return 'In one of the two worlds no decision of the sender puts it right.';
  return 'Whatever the sender does next, it is wrong in one of the two worlds.';
}
