/**
 * What the views look up in a trace, worked out once: the rows of each message, where each packet ended, counts up
 * to any row, and the faults. A few passes over the columns, so that no frame ever walks all rows.
 */
import { firstRowAt, type Trace } from '../../sim/trace/columns.ts';
import { FACT, FACT_KINDS, PLACE, isArrival, isInHand, isPacket, isSettling } from './facts.ts';

export interface TraceIndex {
  readonly trace: Trace;
  /** Largest message number. */
  readonly messageCount: number;
  /** Rows of message m, in order of time: `rows[start[m]]` up to, not including, `rows[start[m + 1]]`. */
  readonly start: Int32Array;
  readonly rows: Int32Array;
  /** For a row that put a packet on a link: the row where it arrived or was lost; -1 for none. */
  readonly arrival: Int32Array;
  /** Effects of each message over the whole run. */
  readonly effects: Int32Array;
  /** Whether nothing about the message was under way when the run ended. */
  readonly final: Uint8Array;
  /** Latest time of any row of messages 1 … m. */
  readonly latestUs: Float64Array;
  /** Counters before every BLOCK-th row. */
  readonly counts: Int32Array;
  /** Rows where something was applied again. */
  readonly againRows: readonly number[];
  /** Messages never applied and final, with the row that made it so. */
  readonly never: readonly { readonly message: number; readonly row: number }[];
  /** Crash and restart rows. */
  readonly crashRows: readonly number[];
  /** Median time a request or answer was under way, µs; 0 when none arrived. */
  readonly flightUs: number;
}

const BLOCK = 512;
/** After one counter for each kind: messages applied at least once, more than once, and requests lost. */
const APPLIED = FACT_KINDS.length;
const APPLIED_AGAIN = APPLIED + 1;
const REQUESTS_LOST = APPLIED + 2;
const COUNTERS = APPLIED + 3;

const cache = new WeakMap<Trace, { readonly index: TraceIndex; readonly isCutOff: boolean }>();

/**
 * The index of a trace, built at the first call. `isCutOff`: a limit ended the run, so messages may be open; left out
 * where only the rows are asked for.
 */
export function indexOf(trace: Trace, isCutOff?: boolean): TraceIndex {
  const known = cache.get(trace);
  if (known !== undefined && (isCutOff === undefined || isCutOff === known.isCutOff)) return known.index;
  const index = build(trace, isCutOff === true);
  cache.set(trace, { index, isCutOff: isCutOff === true });
  return index;
}

function build(trace: Trace, isCutOff: boolean): TraceIndex {
  const { rowCount, message, kind, cause, timeUs, detail } = trace;
  let messageCount = 0;
  for (let row = 0; row < rowCount; row++) if (message[row] > messageCount) messageCount = message[row];

  const start = new Int32Array(messageCount + 2);
  const arrival = new Int32Array(rowCount).fill(-1);
  const effects = new Int32Array(messageCount + 1);
  const underWay = new Int32Array(messageCount + 1);
  const isSettled = new Uint8Array(messageCount + 1);
  const blocks = Math.floor(rowCount / BLOCK) + 1;
  const counts = new Int32Array(blocks * COUNTERS);
  const running = new Int32Array(COUNTERS);
  const againRows: number[] = [];
  const crashRows: number[] = [];

  for (let row = 0; row < rowCount; row++) {
    if (row % BLOCK === 0) counts.set(running, (row / BLOCK) * COUNTERS);
    const what = kind[row];
    const m = message[row];
    count(running, trace, row);
    start[m + 1]++;
    if (isPacket(what)) underWay[m]++;
    else if (isArrival(what)) {
      underWay[m]--;
      if (cause[row] >= 0) arrival[cause[row]] = row;
    }
    if (what === FACT.effect) {
      effects[m]++;
      if (detail[row] > 1) againRows.push(row);
    } else if (what === FACT.crash || what === FACT.restart) crashRows.push(row);
    if (isSettling(what)) isSettled[m] = 1;
  }
  if (rowCount % BLOCK === 0) counts.set(running, (rowCount / BLOCK) * COUNTERS);

  for (let m = 0; m <= messageCount; m++) start[m + 1] += start[m];
  const rows = new Int32Array(rowCount);
  const next = start.slice();
  for (let row = 0; row < rowCount; row++) rows[next[message[row]]++] = row;

  const final = new Uint8Array(messageCount + 1);
  const latestUs = new Float64Array(messageCount + 1);
  const never: { message: number; row: number }[] = [];
  for (let m = 1; m <= messageCount; m++) {
    const last = start[m + 1] > start[m] ? rows[start[m + 1] - 1] : -1;
    const isOpen = isCutOff && (isSettled[m] === 0 || underWay[m] > 0 || (last >= 0 && isInHand(kind[last])));
    final[m] = last >= 0 && !isOpen ? 1 : 0;
    latestUs[m] = Math.max(latestUs[m - 1], last >= 0 ? timeUs[last] : 0);
    if (final[m] === 1 && effects[m] === 0) never.push({ message: m, row: last });
  }
  never.sort((a, b) => a.row - b.row);

  const flightUs = medianFlight(trace, arrival);
  return {
    trace,
    messageCount,
    start,
    rows,
    arrival,
    effects,
    final,
    latestUs,
    counts,
    againRows,
    never,
    crashRows,
    flightUs,
  };
}

function medianFlight(trace: Trace, arrival: Int32Array): number {
  const flights: number[] = [];
  const step = Math.max(1, Math.floor(trace.rowCount / 4_000));
  for (let row = 0; row < trace.rowCount && flights.length < 1_000; row += step) {
    const end = arrival[row];
    if (end >= 0 && trace.kind[end] !== FACT.lost) flights.push(trace.timeUs[end] - trace.timeUs[row]);
  }
  flights.sort((a, b) => a - b);
  return flights.length === 0 ? 0 : flights[flights.length >> 1];
}

/** The rows of one message, in order of time. A view, not a copy. */
export function rowsOf(index: TraceIndex, message: number): Int32Array {
  if (message < 0 || message > index.messageCount) return index.rows.subarray(0, 0);
  return index.rows.subarray(index.start[message], index.start[message + 1]);
}

/** How many of `rows` (in order) are at or before `row`. */
export function countUpTo(rows: Int32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle] <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The latest row at or before `timeUs`, -1 when nothing has happened yet. */
export function lastRowAt(trace: Trace, timeUs: number): number {
  return firstRowAt(trace, timeUs + 1) - 1;
}

/** Messages with a row, or something under way, between the two instants. */
export function messagesBetween(index: TraceIndex, fromUs: number, untilUs: number): number[] {
  const { trace, rows, start, latestUs } = index;
  const found: number[] = [];
  // Messages are numbered as they arrive, so their first rows are in order of time.
  let last = 1;
  let high = index.messageCount + 1;
  while (last < high) {
    const middle = (last + high) >>> 1;
    if (trace.timeUs[rows[start[middle]]] <= untilUs) last = middle + 1;
    else high = middle;
  }
  for (let m = last - 1; m >= 1 && latestUs[m] >= fromUs; m--) {
    if (start[m + 1] > start[m] && trace.timeUs[rows[start[m + 1] - 1]] >= fromUs) found.push(m);
  }
  return found.reverse();
}

/** What has happened up to and including a row: how often each kind, and how many messages were applied how often. */
export interface Counts {
  /** By number of FACT. */
  readonly byKind: Int32Array;
  /** Messages applied at least once, and more than once. */
  readonly applied: number;
  readonly appliedAgain: number;
  /** Requests and answers lost. */
  readonly requestsLost: number;
  readonly answersLost: number;
}

export function countsUpTo(index: TraceIndex, row: number): Counts {
  const { trace, counts } = index;
  const until = Math.min(row + 1, trace.rowCount);
  const block = Math.floor(Math.max(0, until) / BLOCK);
  const found = counts.slice(block * COUNTERS, (block + 1) * COUNTERS);
  for (let at = block * BLOCK; at < until; at++) count(found, trace, at);
  return {
    byKind: found.subarray(0, FACT_KINDS.length),
    applied: found[APPLIED],
    appliedAgain: found[APPLIED_AGAIN],
    requestsLost: found[REQUESTS_LOST],
    answersLost: found[FACT.lost] - found[REQUESTS_LOST],
  };
}

function count(counters: Int32Array, trace: Trace, row: number): void {
  const kind = trace.kind[row];
  counters[kind]++;
  if (kind === FACT.effect) {
    if (trace.detail[row] === 1) counters[APPLIED]++;
    else if (trace.detail[row] === 2) counters[APPLIED_AGAIN]++;
  } else if (kind === FACT.lost && trace.place[row] === PLACE.requestLink) counters[REQUESTS_LOST]++;
}
