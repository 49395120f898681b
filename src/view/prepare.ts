/** What every picture of a run is drawn from, worked out ahead: a large run in tasks of its own, between two frames. */
import type { Trace } from '../../sim/trace/columns.ts';
import { surveyRows, wholeRun } from './run-axis.ts';
import { indexOf } from './trace-index.ts';

/** Fewer rows are worked out while they are drawn, and appear at once. */
const MANY_ROWS = 20_000;

export function isLarge(trace: Trace): boolean {
  return trace.rowCount >= MANY_ROWS;
}

/** A step each time; nothing more to do when it is done. The views find what was worked out where they look for it. */
export function* preparation(trace: Trace, endUs: number, isCutOff: boolean): Generator<void> {
  if (!isLarge(trace)) return;
  yield;
  const index = indexOf(trace, isCutOff);
  yield;
  surveyRows(index, wholeRun(index, endUs));
  yield;
}
