/** The scrub bar as plain numbers: how much happens when over the whole run, and where the faults are. */
import { firstRowAt } from '../../sim/trace/columns.ts';
import { placeWords } from './facts.ts';
import { rowWords } from './row-words.ts';
import type { TimeAxis } from './time-axis.ts';
import type { Clock } from './time-words.ts';
import { countUpTo, type TraceIndex } from './trace-index.ts';
import type { Position } from './playback.ts';

export interface ScrubBar {
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

export interface ScrubFlag {
  readonly kind: 'again' | 'never';
  readonly row: number;
  /** Middle. */
  readonly x: number;
}

export interface ScrubLayout {
  /** Px a bar stands for. */
  readonly step: number;
  readonly bars: readonly ScrubBar[];
  readonly flags: readonly ScrubFlag[];
}

/** A bar takes at least this many px; more where there are few events, so that a short run does not look empty. */
const BAR_PX = 3;
const WIDEST_BAR_PX = 14;
const FLAG_PX = 18;

export function scrubLayout({
  index,
  axis,
  height,
}: {
  readonly index: TraceIndex;
  readonly axis: TimeAxis;
  readonly height: number;
}): ScrubLayout {
  const { trace } = index;
  const [from, until] = [axis.x(axis.startUs), axis.x(axis.endUs)];
  const wanted = Math.max(BAR_PX, Math.min(WIDEST_BAR_PX, (until - from) / Math.max(1, trace.rowCount)));
  const count = Math.max(1, Math.round((until - from) / wanted));
  const step = (until - from) / count;
  const counts = Array.from({ length: count }, (_, i) => {
    const last = i === count - 1;
    return (
      firstRowAt(trace, last ? Infinity : axis.us(from + (i + 1) * step)) -
      firstRowAt(trace, i === 0 ? -1 : axis.us(from + i * step))
    );
  });
  const most = Math.max(1, ...counts);
  const bars = counts.flatMap((rows, i) =>
    rows === 0
      ? []
      : [
          {
            x: from + i * step,
            width: step - (step > 6 ? 2 : 0.75),
            height: Math.max(2, Math.round((height * rows) / most)),
          },
        ],
  );
  return { step, bars, flags: flags(index, axis) };
}

/** Faults above the bars; where several fall on one place, the first of each kind stands for them. */
function flags({ trace, againRows, neverRows }: TraceIndex, axis: TimeAxis): ScrubFlag[] {
  const found: ScrubFlag[] = [];
  const place = (kind: ScrubFlag['kind'], rows: Int32Array) => {
    for (let i = 0; i < rows.length;) {
      const x = axis.x(trace.timeUs[rows[i]]);
      found.push({ kind, row: rows[i], x });
      // The next one that has room: there may be thousands in between.
      i = Math.max(i + 1, countUpTo(rows, firstRowAt(trace, axis.us(x + FLAG_PX)) - 1));
    }
  };
  place('again', againRows);
  place('never', neverRows);
  return found;
}

/** "11.40 s, event 68 of 75: 4.3 arrives": the slider's value in words. */
export function positionWords({ trace }: TraceIndex, { row, timeUs }: Position, clock: Clock): string {
  if (row < 0) return `${clock.text(timeUs)}, before the first of ${trace.rowCount} events`;
  return `${clock.text(timeUs)}, event ${row + 1} of ${trace.rowCount}: ${placeWords(trace, row)}, ${rowWords(trace, row)}`;
}
