/** How long the dedup store held the key of one message, each time it was written. */
import type { Consumer } from '../../../sim/scenario/schema.ts';
import { FACT } from '../facts.ts';
import type { TraceIndex } from '../trace-index.ts';

export interface KeySpan {
  /** The row that wrote the key. */
  readonly row: number;
  readonly fromUs: number;
  readonly untilUs: number;
  /** The row that ended it early, -1 for none. */
  readonly endRow: number;
  /** 'held': to the end of the run; 'forgotten': by a crash of a store that is not durable. */
  readonly end: 'expired' | 'evicted' | 'forgotten' | 'held';
}

/** The spans of one message, from its rows in order. */
export function keySpans(
  index: TraceIndex,
  rows: Int32Array,
  dedup: Consumer['dedup'],
  endUs: number,
): KeySpan[] {
  const { trace } = index;
  const windowUs = dedup.window === 'forever' ? Infinity : dedup.window;
  const slides = dedup.anchor === 'last-seen';
  const spans: KeySpan[] = [];
  let open: { row: number; fromUs: number; anchorUs: number } | null = null;

  const close = (endRow: number, end: 'evicted' | 'forgotten' | null, atUs: number) => {
    if (open === null) return;
    const expiryUs = open.anchorUs + windowUs;
    if (end !== null && atUs < expiryUs)
      spans.push({ row: open.row, fromUs: open.fromUs, untilUs: atUs, endRow, end });
    else
      spans.push({
        row: open.row,
        fromUs: open.fromUs,
        untilUs: Math.min(expiryUs, endUs),
        endRow: -1,
        end: expiryUs <= endUs ? 'expired' : 'held',
      });
    open = null;
  };
  const crashes = dedup.durable ? [] : index.crashRows.filter((row) => trace.kind[row] === FACT.crash);
  let nextCrash = 0;
  const passCrashes = (row: number) => {
    for (; nextCrash < crashes.length && crashes[nextCrash] <= row; nextCrash++) {
      if (open !== null && crashes[nextCrash] > open.row)
        close(crashes[nextCrash], 'forgotten', trace.timeUs[crashes[nextCrash]]);
    }
  };

  for (const row of rows) {
    passCrashes(row);
    const us = trace.timeUs[row];
    if (trace.kind[row] === FACT.mark) {
      if (open !== null && us < open.anchorUs + windowUs) {
        if (slides) open.anchorUs = us;
        continue;
      }
      close(-1, null, us);
      open = { row, fromUs: us, anchorUs: us };
    } else if (trace.kind[row] === FACT.suppress && slides && open !== null) {
      open.anchorUs = us;
    } else if (trace.kind[row] === FACT.evict) close(row, 'evicted', us);
  }
  passCrashes(trace.rowCount);
  close(-1, null, endUs);
  return spans;
}
