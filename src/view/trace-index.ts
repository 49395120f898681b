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
  readonly againRows: Int32Array;
  /** Rows after which a message could no longer be applied and never was: its last ones. */
  readonly neverRows: Int32Array;
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

// Each pass over all rows is a function of its own: an engine compiles what runs once while its loop runs, and another
// loop in the same function would begin anew. Few passes, for the same reason.

function build(trace: Trace, isCutOff: boolean): TraceIndex {
  const messageCount = largestMessage(trace);
  const { rowsOfEach, arrival, effects, counts, againRows, crashRows } = readRows(trace, messageCount);
  const start = new Int32Array(messageCount + 2);
  for (let m = 0; m <= messageCount; m++) start[m + 1] = start[m] + rowsOfEach[m];
  const rows = grouped(trace, start);
  const isOpen = isCutOff ? openMessages(trace, messageCount) : null;

  const final = new Uint8Array(messageCount + 1);
  const latestUs = new Float64Array(messageCount + 1);
  const neverRows: number[] = [];
  for (let m = 1; m <= messageCount; m++) {
    latestUs[m] = latestUs[m - 1];
    if (rowsOfEach[m] === 0) continue;
    const last = rows[start[m + 1] - 1];
    latestUs[m] = Math.max(latestUs[m], trace.timeUs[last]);
    final[m] = isOpen?.[m] === 1 ? 0 : 1;
    if (final[m] === 1 && effects[m] === 0) neverRows.push(last);
  }
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
    againRows: Int32Array.from(againRows),
    neverRows: Int32Array.from(neverRows).sort(),
    crashRows,
    flightUs: medianFlight(trace, arrival),
  };
}

function largestMessage({ rowCount, message }: Trace): number {
  let largest = 0;
  for (let row = 0; row < rowCount; row++) if (message[row] > largest) largest = message[row];
  return largest;
}

function readRows(trace: Trace, messageCount: number) {
  const { rowCount, message, kind, cause, detail } = trace;
  const rowsOfEach = new Int32Array(messageCount + 1);
  const arrival = new Int32Array(rowCount).fill(-1);
  const effects = new Int32Array(messageCount + 1);
  const counts = new Int32Array((Math.floor(rowCount / BLOCK) + 1) * COUNTERS);
  const running = new Int32Array(COUNTERS);
  const againRows: number[] = [];
  const crashRows: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    if (row % BLOCK === 0) counts.set(running, (row / BLOCK) * COUNTERS);
    count(running, trace, row);
    const what = kind[row];
    rowsOfEach[message[row]]++;
    if (isArrival(what) && cause[row] >= 0) arrival[cause[row]] = row;
    if (what === FACT.effect) {
      effects[message[row]]++;
      if (detail[row] > 1) againRows.push(row);
    } else if (what === FACT.crash || what === FACT.restart) crashRows.push(row);
  }
  if (rowCount % BLOCK === 0) counts.set(running, (rowCount / BLOCK) * COUNTERS);
  return { rowsOfEach, arrival, effects, counts, againRows, crashRows };
}

/** All rows, message by message. */
function grouped({ rowCount, message }: Trace, start: Int32Array): Int32Array {
  const rows = new Int32Array(rowCount);
  const next = start.slice();
  for (let row = 0; row < rowCount; row++) rows[next[message[row]]++] = row;
  return rows;
}

/** Marks messages that were not settled, or had something under way, when the run was cut off. */
function openMessages({ rowCount, message, kind }: Trace, messageCount: number): Uint8Array {
  const isOpen = new Uint8Array(messageCount + 1).fill(1);
  const underWay = new Int32Array(messageCount + 1);
  const isInHandNow = new Uint8Array(messageCount + 1);
  for (let row = 0; row < rowCount; row++) {
    const what = kind[row];
    const m = message[row];
    if (isSettling(what)) isOpen[m] = 0;
    if (isPacket(what)) underWay[m]++;
    else if (isArrival(what)) underWay[m]--;
    isInHandNow[m] = isInHand(what) ? 1 : 0;
  }
  for (let m = 0; m <= messageCount; m++) if (underWay[m] > 0 || isInHandNow[m] === 1) isOpen[m] = 1;
  return isOpen;
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
