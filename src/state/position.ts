/**
 * A point of a run, said so that it survives another recording of the same run: a time, and the n-th row at it.
 */
import { firstRowAt, type Trace } from '../../sim/trace/columns.ts';
import type { Position } from './permalink.ts';

/** Where `row` stands; 0 for n when there is no row at that time. */
export function positionOf(trace: Trace, timeUs: number, row: number | null): Position {
  const first = firstRowAt(trace, timeUs);
  return row !== null && trace.timeUs[row] === timeUs ? [timeUs, row - first + 1] : [timeUs, 0];
}

/** The row at a position, or null when this trace has none there. */
export function rowAt(trace: Trace, [timeUs, nth]: Position): number | null {
  const row = firstRowAt(trace, timeUs) + nth - 1;
  return nth > 0 && row < trace.rowCount && trace.timeUs[row] === timeUs ? row : null;
}

/** When the last thing happened, µs. */
export function lastTimeUs(trace: Trace): number {
  return trace.rowCount === 0 ? 0 : trace.timeUs[trace.rowCount - 1];
}
