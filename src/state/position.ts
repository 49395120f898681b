/**
 * A point of a run, said so that it survives another recording of the same run: a time, and how many of the rows at
 * that time have happened.
 */
import { firstRowAt, type Trace } from '../../sim/trace/columns.ts';
import type { Position } from '../view/playback.ts';
import type { LinkPosition } from './permalink.ts';

export function linkPosition(trace: Trace, { timeUs, row }: Position): LinkPosition {
  const at = Math.floor(timeUs);
  return [at, Math.max(0, row - firstRowAt(trace, at) + 1)];
}

/** The point in this trace; a count that it does not reach means all rows of that time. */
export function positionAt(trace: Trace, [timeUs, nth]: LinkPosition): Position {
  const first = firstRowAt(trace, timeUs);
  const last = firstRowAt(trace, timeUs + 1) - 1;
  return { timeUs, row: Math.min(first + nth - 1, last) };
}

/** When everything has happened. */
export function endOf(trace: Trace, endedAtUs: number): Position {
  const row = trace.rowCount - 1;
  return { row, timeUs: Math.max(row < 0 ? 0 : trace.timeUs[row], endedAtUs) };
}
