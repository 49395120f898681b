/**
 * The stretch of a run that a diagram shows: zooming, panning and following the playhead, as pure steps. Distances
 * are those on the axis of the whole run, so that elided time is passed over evenly.
 */
import type { TimeAxis } from './time-axis.ts';

export interface ViewWindow {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** No window is shorter than this, µs. */
const SHORTEST_US = 200;
/** A window is turned like a page when the playhead leaves it, with this share kept. */
const PAGE = 0.8;

/** Zooms by `factor` (above 1: closer) around an instant; null when that shows the whole run. */
export function zoomed(
  axis: TimeAxis,
  view: ViewWindow,
  factor: number,
  aroundUs: number,
): ViewWindow | null {
  const [from, until] = [axis.x(view.fromUs), axis.x(view.untilUs)];
  const centre = aroundUs >= view.fromUs && aroundUs <= view.untilUs ? axis.x(aroundUs) : (from + until) / 2;
  const next = clamped(axis, centre - (centre - from) / factor, centre + (until - centre) / factor);
  return next !== null && next.untilUs - next.fromUs < SHORTEST_US ? view : next;
}

/** Moves by a share of the window's length; positive is later. */
export function panned(axis: TimeAxis, view: ViewWindow, share: number): ViewWindow | null {
  const [from, until] = [axis.x(view.fromUs), axis.x(view.untilUs)];
  const [first, last] = [axis.x(axis.startUs), axis.x(axis.endUs)];
  const step = Math.max(first - from, Math.min(last - until, (until - from) * share));
  return clamped(axis, from + step, until + step);
}

/** The window, turned page by page so that the playhead is in it. */
export function following(view: ViewWindow, playheadUs: number, full: ViewWindow): ViewWindow {
  if (playheadUs >= view.fromUs && playheadUs <= view.untilUs) return view;
  const length = view.untilUs - view.fromUs;
  const pages =
    playheadUs > view.untilUs
      ? Math.ceil((playheadUs - view.untilUs) / (length * PAGE))
      : Math.floor((playheadUs - view.fromUs) / (length * PAGE));
  const fromUs = Math.max(full.fromUs, Math.min(full.untilUs - length, view.fromUs + pages * length * PAGE));
  return { fromUs, untilUs: fromUs + length };
}

function clamped(axis: TimeAxis, from: number, until: number): ViewWindow | null {
  const [first, last] = [axis.x(axis.startUs), axis.x(axis.endUs)];
  if (from <= first + 0.5 && until >= last - 0.5) return null;
  return { fromUs: axis.us(Math.max(first, from)), untilUs: axis.us(Math.min(last, until)) };
}
