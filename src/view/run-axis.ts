/** The axis of a whole run: what the scrub bar stands on, and what zooming and playing measure distances by. */
import { firstRowAt } from '../../sim/trace/columns.ts';
import { surveyGaps, type GapSurvey } from './gaps.ts';
import type { TraceIndex } from './trace-index.ts';
import { timeAxis, type AxisMode, type TimeAxis } from './time-axis.ts';
import type { ViewWindow } from './view-window.ts';

/** From the start to the end of the run. */
export function wholeRun(index: TraceIndex, endUs: number): ViewWindow {
  const { timeUs, rowCount } = index.trace;
  return { fromUs: 0, untilUs: Math.max(endUs, rowCount > 0 ? timeUs[rowCount - 1] : 0, 1) };
}

const wholeRuns = new WeakMap<TraceIndex, GapSurvey>();

/** The gaps between the rows of a view; of the whole run, which several pictures show, they are looked for once. */
export function surveyRows(index: TraceIndex, { fromUs, untilUs }: ViewWindow): GapSurvey {
  const known = wholeRuns.get(index);
  if (known !== undefined && known.startUs === fromUs && known.endUs === untilUs) return known;
  const { trace } = index;
  const [first, end] = [firstRowAt(trace, fromUs), firstRowAt(trace, untilUs + 1)];
  const survey = surveyGaps(trace.timeUs.subarray(first, end), fromUs, untilUs);
  if (known === undefined && first === 0 && end === trace.rowCount) wholeRuns.set(index, survey);
  return survey;
}

export function runAxis(
  index: TraceIndex,
  mode: AxisMode,
  endUs: number,
  width: number,
  pad: number,
): TimeAxis {
  return timeAxis({
    mode,
    survey: surveyRows(index, wholeRun(index, endUs)),
    width,
    padStart: pad,
    padEnd: pad,
    readableUs: index.flightUs,
  });
}
