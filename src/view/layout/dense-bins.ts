/**
 * Too many rows to draw one by one: counts for each column of pixels and lane. One pass over the rows in view, at
 * each change of view and never per frame.
 */
import { firstRowAt } from '../../../sim/trace/columns.ts';
import { FACT, FACT_KINDS } from '../facts.ts';
import type { TimeAxis } from '../time-axis.ts';
import type { TraceIndex } from '../trace-index.ts';

export const COLUMN_PX = 2;

export const BIN_KINDS = [
  'sent',
  'timeout',
  'lost',
  'answered',
  'arrived',
  'turned away',
  'suppressed',
  'written',
  'applied',
  'again',
  'never',
] as const;
export type BinKind = (typeof BIN_KINDS)[number];

export interface DenseBins {
  /** Left edge of the first column, px along the axis. */
  readonly from: number;
  readonly columnCount: number;
  /** What happened in each column. */
  counts(kind: BinKind): Uint32Array;
}

const numberOf = (kind: BinKind): number => BIN_KINDS.indexOf(kind);
const AGAIN = numberOf('again');
const NEVER = numberOf('never');
/** Rows that are not drawn are counted too, where nobody looks: that is cheaper than asking. */
const UNSEEN = BIN_KINDS.length;

/** The bin of a row, by the number of its kind. */
const BIN_OF = new Uint8Array(FACT_KINDS.length).fill(UNSEEN);
BIN_OF[FACT.send] = numberOf('sent');
BIN_OF[FACT.timeout] = numberOf('timeout');
BIN_OF[FACT.lost] = numberOf('lost');
BIN_OF[FACT.answer] = numberOf('answered');
BIN_OF[FACT.deliver] = numberOf('arrived');
BIN_OF[FACT.turnedAway] = numberOf('turned away');
BIN_OF[FACT.suppress] = numberOf('suppressed');
BIN_OF[FACT.mark] = numberOf('written');
BIN_OF[FACT.effect] = numberOf('applied');

export function denseBins(index: TraceIndex, axis: TimeAxis, from: number, until: number): DenseBins {
  const { trace, neverRows } = index;
  const { kind, detail } = trace;
  const columnCount = Math.max(1, Math.ceil((until - from) / COLUMN_PX));
  const counts = new Uint32Array((UNSEEN + 1) * columnCount);
  let row = firstRowAt(trace, axis.us(from));
  let never = neverRows.findIndex((at) => at >= row);
  for (let column = 0; column < columnCount; column++) {
    const isLast = column === columnCount - 1;
    const end = isLast
      ? firstRowAt(trace, Math.max(axis.endUs, axis.us(until)) + 1)
      : firstRowAt(trace, axis.us(from + (column + 1) * COLUMN_PX));
    for (; row < end; row++) {
      const bin = kind[row] === FACT.effect && detail[row] > 1 ? AGAIN : BIN_OF[kind[row]];
      counts[bin * columnCount + column]++;
    }
    for (; never >= 0 && neverRows[never] < end; never++) counts[NEVER * columnCount + column]++;
  }
  return {
    from,
    columnCount,
    counts: (kind) => counts.subarray(numberOf(kind) * columnCount, (numberOf(kind) + 1) * columnCount),
  };
}
