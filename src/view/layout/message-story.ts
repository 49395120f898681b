/**
 * What happened to one message, read off its rows, in time and without geometry: attempts and waits, packets, work at
 * the receiver, keys, effects. Layouts place a story; they never read rows themselves.
 */
import { ordinalOf } from '../../../sim/core/packet-name.ts';
import { hopOf } from '../../../sim/scenario/hop.ts';
import type { Handler, Step } from '../../../sim/scenario/terms.ts';
import type { Link, Scenario, ScenarioDistribution } from '../../../sim/scenario/schema.ts';
import type { Trace } from '../../../sim/trace/columns.ts';
import { CRASH_POINTS, FACT, isPacket, kindOf, PLACE } from '../facts.ts';
import type { Belief } from '../marks/belief.ts';
import { rowsOf, type TraceIndex } from '../trace-index.ts';
import { keySpans, type KeySpan } from './key-spans.ts';

/** An instant and the row that stands there; -1 for an end that no row tells. */
export interface Moment {
  readonly us: number;
  readonly row: number;
}

export interface Attempt extends Moment {
  readonly ordinal: number;
  /** The wait for an answer; null when the sender does not look back. */
  readonly wait: { readonly until: Moment; readonly end: 'timeout' | 'answer' | 'open' } | null;
  /** The pause before the next attempt. */
  readonly backoff: { readonly from: Moment; readonly until: Moment } | null;
}

export interface PacketStory extends Moment {
  readonly kind: 'request' | 'ack' | 'nack';
  readonly isCopy: boolean;
  readonly ordinal: number;
  readonly fate: 'arrived' | 'lost' | 'met dead receiver' | 'late' | 'under way';
  /** Where its way ends; for a lost packet an instant in mid-air, told at once. */
  readonly until: Moment;
  /** How far it got, 1 for all the way. */
  readonly share: number;
}

export interface WorkStory extends Moment {
  /** Time spent waiting for a handler, when it had to. */
  readonly queuedUntil: Moment | null;
  readonly from: Moment;
  readonly until: Moment;
  /** The step after which its process died, or '' when it died with another. */
  readonly crashedAfter: string | null;
}

export interface EffectStory extends Moment {
  /** How often it has now been applied; 0 for an execution that changed nothing. */
  readonly count: number;
}

export interface Settled extends Moment {
  readonly belief: Belief;
  readonly deadLettered: boolean;
}

export interface MessageStory {
  readonly message: number;
  readonly attempts: readonly Attempt[];
  readonly timeouts: readonly Moment[];
  readonly packets: readonly PacketStory[];
  readonly works: readonly WorkStory[];
  readonly suppressed: readonly Moment[];
  readonly keys: readonly KeySpan[];
  readonly effects: readonly EffectStory[];
  readonly settled: Settled | null;
  /** No effect, and nothing can change that any more. */
  readonly never: Moment | null;
  /** Still under way when a limit ended the run. */
  readonly isOpen: boolean;
  readonly lastUs: number;
}

export interface StoryTerms {
  readonly index: TraceIndex;
  readonly scenario: Scenario;
  /** When the run ended, µs. */
  readonly endUs: number;
}

const told = new WeakMap<TraceIndex, Map<number, MessageStory>>();
const MOST_KEPT = 2_000;

/** The story of one message. Stories of one trace are kept: a view asks for the same ones again and again. */
export function messageStory(terms: StoryTerms, message: number): MessageStory {
  const kept = told.get(terms.index) ?? new Map<number, MessageStory>();
  told.set(terms.index, kept);
  if (kept.size > MOST_KEPT) kept.clear();
  const story = kept.get(message) ?? tellStory(terms, message);
  kept.set(message, story);
  return story;
}

function tellStory(terms: StoryTerms, message: number): MessageStory {
  const { index, scenario, endUs } = terms;
  const { trace } = index;
  const hop = hopOf(scenario);
  const rows = rowsOf(index, message);
  const moment = (row: number): Moment => ({ us: trace.timeUs[row], row });
  const end: Moment = { us: endUs, row: -1 };

  const packets: PacketStory[] = [];
  const works = new Map<number, { -readonly [K in keyof WorkStory]: WorkStory[K] }>();
  const suppressed: Moment[] = [];
  const effects: EffectStory[] = [];
  const sender: number[] = [];
  let settling = -1;
  let deadLettered = false;

  for (const row of rows) {
    const kind = kindOf(trace, row);
    if (isPacket(trace.kind[row])) packets.push(packetStory(terms, hop, row, end));
    if (trace.place[row] === PLACE.sender) sender.push(row);
    // An answer's own copies share the delivery of the request they answer.
    const delivery = trace.packet[row] & ~0x3f;
    switch (kind) {
      case 'deliver':
        works.set(delivery, {
          ...moment(row),
          queuedUntil: null,
          from: moment(row),
          until: end,
          crashedAfter: null,
        });
        break;
      case 'queue': {
        const work = works.get(delivery);
        if (work !== undefined) work.queuedUntil = end;
        break;
      }
      case 'start': {
        const work = works.get(delivery);
        if (work !== undefined) [work.queuedUntil, work.from] = [moment(row), moment(row)];
        break;
      }
      case 'pass':
      case 'suppress':
      case 'execute':
      case 'effect':
      case 'mark':
      case 'answer':
      case 'crash': {
        const work = works.get(delivery);
        if (work !== undefined) work.until = moment(row);
        if (work !== undefined && kind === 'crash') work.crashedAfter = CRASH_POINTS[trace.detail[row]];
        if (kind === 'suppress' && trace.detail[row] === 0) suppressed.push(moment(row));
        if (kind === 'effect') effects.push({ ...moment(row), count: trace.detail[row] });
        if (kind === 'execute') effects.push({ ...moment(row), count: 0 });
        break;
      }
      case 'confirm':
      case 'give-up':
      case 'refuse':
        settling = row;
        break;
      case 'dead-letter':
        deadLettered = true;
        break;
      default:
        break;
    }
  }

  const lastRow = rows.length > 0 ? rows[rows.length - 1] : -1;
  const isFinal = index.final[message] === 1;
  return {
    message,
    attempts: attemptsOf(terms, sender, hop.producer.ackTimeout !== 'none', end),
    timeouts: sender.filter((row) => trace.kind[row] === FACT.timeout).map(moment),
    packets,
    works: [...works.values()].map((work) => cutByCrash(index, hop.consumer.handler, work)),
    suppressed,
    keys: keySpans(index, rows, hop.consumer.dedup, endUs),
    effects,
    settled:
      settling < 0 ? null : { ...moment(settling), belief: settledAs(trace.kind[settling]), deadLettered },
    never: isFinal && index.effects[message] === 0 && packets.length > 0 ? moment(lastRow) : null,
    isOpen: !isFinal,
    lastUs: lastRow >= 0 ? trace.timeUs[lastRow] : 0,
  };
}

function settledAs(kind: number): Belief {
  return kind === FACT.confirm ? 'confirmed' : kind === FACT.refuse ? 'refused' : 'gave up';
}

/** Attempts with their waits and pauses, from the sender's own rows in order. */
function attemptsOf(
  { index }: StoryTerms,
  sender: readonly number[],
  looksBack: boolean,
  end: Moment,
): Attempt[] {
  const { trace } = index;
  const moment = (row: number): Moment => ({ us: trace.timeUs[row], row });
  const sends = sender.filter((row) => trace.kind[row] === FACT.send);
  const settling = sender.find((row) =>
    [FACT.confirm, FACT.giveUp, FACT.refuse].some((kind) => trace.kind[row] === kind),
  );
  let from = 0;
  return sends.map((row, i) => {
    const ordinal = ordinalOf(trace.packet[row]);
    const next = sends[i + 1];
    while (sender[from] <= row) from++;
    let at = from;
    while (at < sender.length && !endsWait(trace, sender[at], row, ordinal)) at++;
    const over: number | undefined = sender[at];
    const isTimeout = over !== undefined && trace.kind[over] === FACT.timeout;
    const wait =
      over === undefined && !looksBack
        ? null
        : ({
            until: over === undefined ? end : moment(over),
            end: over === undefined ? 'open' : isTimeout ? 'timeout' : 'answer',
          } as const);
    const isPause =
      over !== undefined && trace.kind[over] !== FACT.confirm && (next === undefined || next > over);
    const until =
      next !== undefined && (settling === undefined || next < settling)
        ? moment(next)
        : settling !== undefined
          ? moment(settling)
          : end;
    const backoff = isPause && until.us > trace.timeUs[over] ? { from: moment(over), until } : null;
    return { ...moment(row), ordinal, wait, backoff };
  });
}

/** Whether `row` ends the wait of the attempt sent at `send`. */
function endsWait(trace: Trace, row: number, send: number, ordinal: number): boolean {
  const kind = trace.kind[row];
  if (kind === FACT.timeout) return trace.cause[row] === send;
  return kind === FACT.confirm || (kind === FACT.reject && ordinalOf(trace.packet[row]) === ordinal);
}

function packetStory(
  { index }: StoryTerms,
  hop: ReturnType<typeof hopOf>,
  row: number,
  end: Moment,
): PacketStory {
  const { trace } = index;
  let sent = row;
  while (trace.kind[sent] === FACT.copy && trace.cause[sent] >= 0) sent = trace.cause[sent];
  const kind = trace.kind[sent] === FACT.answer ? 'ack' : trace.kind[sent] === FACT.nack ? 'nack' : 'request';
  const base = {
    row,
    us: trace.timeUs[row],
    kind,
    isCopy: sent !== row,
    ordinal: ordinalOf(trace.packet[row]),
  } as const;
  const arrival = index.arrival[row];
  if (arrival < 0) return { ...base, fate: 'under way', until: end, share: 1 };
  if (trace.kind[arrival] !== FACT.lost) {
    const what = trace.kind[arrival];
    const fate = what === FACT.turnedAway ? 'met dead receiver' : what === FACT.late ? 'late' : 'arrived';
    return { ...base, fate, until: { us: trace.timeUs[arrival], row: arrival }, share: 1 };
  }
  const link = kind === 'request' ? hop.requestLink : hop.answerLink;
  const { us, share } = whereLost(
    link,
    base.us,
    trace.detail[arrival],
    trace.message[row] * 31 + trace.packet[row] / 64,
  );
  return { ...base, fate: 'lost', until: { us, row: -1 }, share };
}

const CUT_IN_FLIGHT = 2;

/** A lost packet is drawn to vanish about half way; one cut in flight, when the outage begins. */
function whereLost(link: Link, sentUs: number, reason: number, salt: number): { us: number; share: number } {
  const typicalUs = typicalDelayUs(link.delay);
  if (reason === CUT_IN_FLIGHT) {
    const outage = link.outages.find(({ from, cutsInFlight }) => cutsInFlight && from > sentUs);
    if (outage !== undefined)
      return { us: outage.from, share: Math.min(0.85, (outage.from - sentUs) / Math.max(1, typicalUs)) };
  }
  const share = 0.38 + ((salt * 0.618034) % 1) * 0.22;
  return { us: sentUs + typicalUs * share, share };
}

/** The middle of a delay distribution, roughly: only where a cross is drawn depends on it. */
export function typicalDelayUs(delay: ScenarioDistribution): number {
  switch (delay.kind) {
    case 'constant':
      return delay.value;
    case 'uniform':
      return (delay.min + delay.max) / 2;
    case 'exponential':
      return delay.min + delay.mean;
    case 'normal':
      return delay.mean;
    case 'lognormal':
      return delay.median;
    case 'pareto':
      return delay.min * 2 ** (1 / delay.alpha);
    case 'empirical':
      return [...delay.values].sort((a, b) => a - b)[delay.values.length >> 1];
  }
}

/** Work that no row ends was ended by a crash of the process, if there was one. */
function cutByCrash(index: TraceIndex, handler: Handler, work: WorkStory): WorkStory {
  if (work.until.row >= 0 && !isUnfinished(index.trace, handler, work)) return work;
  const latest = Math.max(work.row, work.until.row);
  const crash = index.crashRows.find((row) => row > latest && index.trace.kind[row] === FACT.crash);
  if (crash === undefined) return work;
  const until = { us: index.trace.timeUs[crash], row: crash };
  const queuedUntil = work.queuedUntil?.row === -1 ? until : work.queuedUntil;
  return {
    ...work,
    queuedUntil,
    until,
    from: queuedUntil?.row === crash ? until : work.from,
    crashedAfter: work.crashedAfter ?? '',
  };
}

const STEP_OF = new Map<number, Step>([
  [FACT.pass, 'check'],
  [FACT.suppress, 'check'],
  [FACT.execute, 'effect'],
  [FACT.effect, 'effect'],
  [FACT.mark, 'mark'],
  [FACT.answer, 'ack'],
]);

/** Whether a step was still to come after the last row of this work; of a duplicate only the ack is. */
function isUnfinished({ kind, cause }: Trace, handler: Handler, work: WorkStory): boolean {
  const latest = STEP_OF.get(kind[work.until.row]);
  if (latest === undefined) return false;
  const left = handler.slice(handler.findIndex((group) => group.includes(latest)) + 1).flat();
  let isDuplicate = false;
  for (let row = work.until.row; row > work.row; row = cause[row])
    isDuplicate ||= kind[row] === FACT.suppress;
  return isDuplicate ? left.includes('ack') : left.length > 0;
}
