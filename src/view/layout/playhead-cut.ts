/**
 * What of a diagram has been played: everything up to a row, and what is under way up to the playhead. Marks that are
 * complete are handed on as they are, so that a frame of playing changes only what moves.
 */
import type { BracketMark, BandMark, Growing, LabelPlace, Mark, Marks, Point } from './marks.ts';
import type { TimelineLayout } from './timeline-layout.ts';

export interface DrawnBracket extends Mark {
  readonly path: string;
  readonly words: string;
  readonly label: LabelPlace;
}

export interface DrawnDoubt extends Mark {
  readonly at: Point;
}

/** The marks as they stand at the playhead. */
export interface Drawn extends Omit<Marks, 'brackets' | 'doubts'> {
  readonly brackets: readonly DrawnBracket[];
  readonly doubts: readonly DrawnDoubt[];
  /** Along the axis, px. */
  readonly playhead: number;
}

/** `row`: the latest row that has happened, -1 for none. */
export function cutAtPlayhead({ marks, frame }: TimelineLayout, row: number, timeUs: number): Drawn {
  const playhead = frame.t(timeUs);
  const happened = <T extends Mark>(list: readonly T[]) => list.filter((mark) => mark.row <= row);
  const isComplete = (mark: Growing) => (mark.untilRow >= 0 ? mark.untilRow <= row : mark.until <= playhead);
  const along = (point: Point) => (frame.isVertical ? point.y : point.x);
  const stop = (point: Point): Point =>
    frame.isVertical ? { x: point.x, y: playhead } : { x: playhead, y: point.y };

  // The circle of doubt stands at the playhead, but not on the badge of an attempt just made.
  const latestBadge = new Map(happened(marks.badges).map((badge) => [badge.message, badge]));
  const clearOf = (message: number) => {
    const badge = latestBadge.get(message);
    return badge === undefined || frame.isVertical ? -Infinity : badge.at.x + badge.width / 2 + 9;
  };

  const grown = <T extends Growing>(list: readonly T[], cut: (mark: T) => T) =>
    happened(list).map((mark) => (isComplete(mark) ? mark : cut(mark)));
  return {
    packets: grown(marks.packets, (packet) => {
      const length = along(packet.head) - along(packet.tail);
      const share = length <= 0 ? 0 : Math.max(0, Math.min(1, (playhead - along(packet.tail)) / length));
      const head = {
        x: packet.tail.x + (packet.head.x - packet.tail.x) * share,
        y: packet.tail.y + (packet.head.y - packet.tail.y) * share,
      };
      return { ...packet, head, until: playhead, end: 'in flight' };
    }),
    lines: grown(marks.lines, (line) => ({ ...line, until: playhead, head: stop(line.head) })).filter(
      ({ from, until }) => from <= until,
    ),
    blocks: grown(marks.blocks, (block) => {
      const length = Math.max(2, playhead - block.from);
      const rect = frame.isVertical ? { ...block.rect, height: length } : { ...block.rect, width: length };
      return { ...block, rect, until: playhead, end: 'none' };
    }),
    badges: happened(marks.badges),
    ticks: happened(marks.ticks),
    beliefs: happened(marks.beliefs),
    diamonds: happened(marks.diamonds),
    effects: happened(marks.effects),
    labels: happened(marks.labels).filter(({ from }) => from <= playhead + 1),
    brackets: marks.brackets.flatMap((bracket) => reached(bracket, row)),
    bands: marks.bands
      .filter(({ from }) => from < playhead)
      .map((band) => (band.until <= playhead ? band : shortened(band, playhead, frame.isVertical))),
    doubts: marks.doubts
      .filter((doubt) => doubt.row <= row && (doubt.untilRow < 0 || doubt.untilRow > row))
      .map(({ row: from, message, across }) => ({
        row: from,
        message,
        at: frame.point(Math.max(playhead, clearOf(message)), across),
      })),
    playhead,
  };
}

function reached({ message, reaches }: BracketMark, row: number): DrawnBracket[] {
  let reach = -1;
  while (reach + 1 < reaches.length && reaches[reach + 1].row <= row) reach++;
  return reach < 0 ? [] : [{ message, ...reaches[reach] }];
}

function shortened(band: BandMark, playhead: number, isVertical: boolean): BandMark {
  const length = playhead - band.from;
  const rect = isVertical ? { ...band.rect, height: length } : { ...band.rect, width: length };
  const place = isVertical ? band.label.at.y : band.label.at.x;
  return { ...band, rect, until: playhead, words: place <= playhead ? band.words : '' };
}
