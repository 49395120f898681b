/** How time and lanes become x and y: the one place that knows which way time runs. */
import type { TimeAxis } from '../time-axis.ts';
import type { Lanes } from './lanes.ts';
import type { Point, Rect } from './marks.ts';

export interface Frame {
  readonly axis: TimeAxis;
  readonly lanes: Lanes;
  readonly isVertical: boolean;
  /** Along the axis, px; kept near the drawing however far away the instant is. */
  t(us: number): number;
  /** From along and across the axis. */
  point(along: number, across: number): Point;
  /** A box from `from` to `until` along the axis, `thickness` thick around `across`. */
  box(from: number, until: number, across: number, thickness: number): Rect;
  /** Begin and end of the drawing along the axis. */
  readonly from: number;
  readonly until: number;
}

const FAR_PX = 400;

export function frameOf(axis: TimeAxis, lanes: Lanes, from: number, until: number): Frame {
  const isVertical = lanes.orientation === 'vertical';
  return {
    axis,
    lanes,
    isVertical,
    from,
    until,
    t: (us) => Math.max(from - FAR_PX, Math.min(until + FAR_PX, axis.x(us))),
    point: (along, across) => (isVertical ? { x: across, y: along } : { x: along, y: across }),
    box: (start, end, across, thickness) =>
      isVertical
        ? { x: across - thickness / 2, y: start, width: thickness, height: Math.max(0, end - start) }
        : { x: start, y: across - thickness / 2, width: Math.max(0, end - start), height: thickness },
  };
}

/** About how wide words are at 11 px. */
export function wordsPx(words: string, fontPx = 11): number {
  return words.length * fontPx * 0.55;
}
