/**
 * The trace: one row for each fact, in columns of typed arrays (24 bytes a row) that cross a worker boundary
 * without being copied. Readers use these columns directly; nothing here knows how they were made.
 */
export interface Trace {
  readonly rowCount: number;
  /** When, µs. */
  readonly timeUs: Float64Array;
  /** Row of the latest necessary cause, -1 for none: walking it answers "why did this happen?". */
  readonly cause: Int32Array;
  /** Message, 1-based; 0 where a row is about none. */
  readonly message: Int32Array;
  /** Packet name (core/packet-name.ts); its ordinal is the attempt. 0 where a row is about no packet. */
  readonly packet: Int32Array;
  /** What: a number of FACT (core/fact.ts). */
  readonly kind: Uint8Array;
  /** Where: a number of PLACE (core/fact.ts). */
  readonly place: Uint8Array;
  /** Depends on the kind, see FACT_KINDS; larger values are held at 65,535. */
  readonly detail: Uint16Array;
}

/** Bytes of one row over all columns. */
export const BYTES_PER_ROW = 24;

/** The buffers to hand over when a trace is transferred to another thread. */
export function traceBuffers(trace: Trace): ArrayBufferLike[] {
  return [trace.timeUs, trace.cause, trace.message, trace.packet, trace.kind, trace.place, trace.detail].map(
    (column) => column.buffer,
  );
}

/** The rows that led to `row`, latest first, `row` itself included. */
export function causeChain(trace: Trace, row: number): number[] {
  const chain: number[] = [];
  for (let at = row; at >= 0 && chain.length < 10_000; at = trace.cause[at]) chain.push(at);
  return chain;
}

/** First row at or after `timeUs` (rowCount when there is none). */
export function firstRowAt(trace: Trace, timeUs: number): number {
  let low = 0;
  let high = trace.rowCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trace.timeUs[middle] < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
