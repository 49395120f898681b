/** The axis of a whole run: what the scrub bar stands on, and what zooming and playing measure distances by. */
import type { TraceIndex } from './trace-index.ts';
import { timeAxis, type AxisMode, type TimeAxis } from './time-axis.ts';
import type { ViewWindow } from './view-window.ts';

/** From the start to the end of the run. */
export function wholeRun(index: TraceIndex, endUs: number): ViewWindow {
  const { timeUs, rowCount } = index.trace;
  return { fromUs: 0, untilUs: Math.max(endUs, rowCount > 0 ? timeUs[rowCount - 1] : 0, 1) };
}

export function runAxis(
  index: TraceIndex,
  mode: AxisMode,
  endUs: number,
  width: number,
  pad: number,
): TimeAxis {
  const { fromUs, untilUs } = wholeRun(index, endUs);
  return timeAxis({
    mode,
    times: index.trace.timeUs.subarray(0, index.trace.rowCount),
    startUs: fromUs,
    endUs: untilUs,
    width,
    padStart: pad,
    padEnd: pad,
    readableUs: index.flightUs,
  });
}
