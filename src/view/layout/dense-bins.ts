/**
 * Too many rows to draw one by one: counts for each column of pixels and lane. One pass over the rows in view, at
 * each change of view and never per frame.
 */
import { firstRowAt } from '../../../sim/trace/columns.ts';
import { FACT } from '../facts.ts';
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
  readonly counts: Readonly<Record<BinKind, Uint32Array>>;
  /** Most of each in one column. */
  readonly most: Readonly<Record<BinKind, number>>;
}

const BIN_OF: Readonly<Record<number, BinKind>> = {
  [FACT.send]: 'sent',
  [FACT.timeout]: 'timeout',
  [FACT.lost]: 'lost',
  [FACT.answer]: 'answered',
  [FACT.deliver]: 'arrived',
  [FACT.turnedAway]: 'turned away',
  [FACT.suppress]: 'suppressed',
  [FACT.mark]: 'written',
};

export function denseBins(index: TraceIndex, axis: TimeAxis, from: number, until: number): DenseBins {
  const { trace, never } = index;
  const columnCount = Math.max(1, Math.ceil((until - from) / COLUMN_PX));
  const counts = emptyCounts(columnCount);
  const neverRows = new Set(never.map(({ row }) => row));
  let row = firstRowAt(trace, axis.us(from));
  for (let column = 0; column < columnCount; column++) {
    const isLast = column === columnCount - 1;
    const end = isLast
      ? firstRowAt(trace, Math.max(axis.endUs, axis.us(until)) + 1)
      : firstRowAt(trace, axis.us(from + (column + 1) * COLUMN_PX));
    for (; row < end; row++) {
      const kind = trace.kind[row];
      if (kind === FACT.effect) counts[trace.detail[row] > 1 ? 'again' : 'applied'][column]++;
      else if (kind in BIN_OF) counts[BIN_OF[kind]][column]++;
      if (neverRows.has(row)) counts.never[column]++;
    }
  }
  return { from, columnCount, counts, most: mostOf(counts) };
}

function emptyCounts(columns: number): Record<BinKind, Uint32Array> {
  const column = () => new Uint32Array(columns);
  return {
    sent: column(),
    timeout: column(),
    lost: column(),
    answered: column(),
    arrived: column(),
    'turned away': column(),
    suppressed: column(),
    written: column(),
    applied: column(),
    again: column(),
    never: column(),
  };
}

function mostOf(counts: Record<BinKind, Uint32Array>): Record<BinKind, number> {
  const most = (kind: BinKind) => counts[kind].reduce((a, b) => Math.max(a, b), 0);
  return {
    sent: most('sent'),
    timeout: most('timeout'),
    lost: most('lost'),
    answered: most('answered'),
    arrived: most('arrived'),
    'turned away': most('turned away'),
    suppressed: most('suppressed'),
    written: most('written'),
    applied: most('applied'),
    again: most('again'),
    never: most('never'),
  };
}
