/** A packet as the strokes that draw it: its line, and the head that says what became of it. */
import type { PacketMark } from './marks.ts';

export interface PacketShape {
  readonly line: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
  /** Path of an arrow head; filled for a request, open for an answer. '' where there is none. */
  readonly head: string;
  /** Path of a cross, '' where there is none. */
  readonly cross: string;
  /** A round end: in flight, or a late answer. */
  readonly round: { readonly cx: number; readonly cy: number; readonly r: number } | null;
}

const HEAD_PX = 9;
const HALF_PX = 3.8;
const CROSS_PX = 4.5;

export function packetShape({ tail, head, kind, end }: PacketMark): PacketShape {
  const length = Math.hypot(head.x - tail.x, head.y - tail.y);
  const [ux, uy] = length === 0 ? [0, 1] : [(head.x - tail.x) / length, (head.y - tail.y) / length];
  const back = (along: number, aside: number) =>
    `${round(head.x - ux * along - uy * aside)} ${round(head.y - uy * along + ux * aside)}`;
  const isFilled = end === 'arrow' && kind === 'request' && length > HEAD_PX;
  const stop = isFilled ? HEAD_PX - 1 : end === 'late' ? CROSS_PX : 0;
  const line = {
    x1: round(tail.x),
    y1: round(tail.y),
    x2: round(head.x - ux * stop),
    y2: round(head.y - uy * stop),
  };
  const point = `${round(head.x)} ${round(head.y)}`;
  const bar = kind === 'nack' ? `M${back(11, 4.5)}L${back(11, -4.5)}` : '';
  return {
    line,
    head:
      end !== 'arrow' || length < 2
        ? ''
        : kind === 'request'
          ? `M${point}L${back(HEAD_PX, HALF_PX)}L${back(HEAD_PX, -HALF_PX)}z`
          : `M${back(7.5, 4)}L${point}L${back(7.5, -4)}${bar}`,
    cross:
      end === 'cross'
        ? `M${round(head.x - CROSS_PX)} ${round(head.y - CROSS_PX)}l${2 * CROSS_PX} ${2 * CROSS_PX}m0 ${-2 * CROSS_PX}l${-2 * CROSS_PX} ${2 * CROSS_PX}`
        : '',
    round:
      end === 'in flight'
        ? { cx: round(head.x), cy: round(head.y), r: 4.5 }
        : end === 'late'
          ? { cx: round(head.x), cy: round(head.y), r: CROSS_PX }
          : null,
  };
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
