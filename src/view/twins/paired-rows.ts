/** The rows of two worlds side by side, in order of time: what both have in one line, what only one has in its own. */
import { ordinalOf } from '../../../sim/core/packet-name.ts';
import type { Trace } from '../../../sim/trace/columns.ts';

export interface PairedRow {
  readonly timeUs: number;
  /** Null where only the other world has it. */
  readonly hereRow: number | null;
  readonly thereRow: number | null;
}

export function pairedRows(here: Trace, there: Trace): readonly PairedRow[] {
  const paired: PairedRow[] = [];
  let a = 0;
  let b = 0;
  while (a < here.rowCount || b < there.rowCount) {
    const hereUs = a < here.rowCount ? here.timeUs[a] : Infinity;
    const thereUs = b < there.rowCount ? there.timeUs[b] : Infinity;
    if (hereUs === thereUs && isSame(here, a, there, b)) {
      paired.push({ timeUs: hereUs, hereRow: a++, thereRow: b++ });
    } else if (hereUs < thereUs || (hereUs === thereUs && !comesLater(there, b, here, a))) {
      paired.push({ timeUs: hereUs, hereRow: a++, thereRow: null });
    } else {
      paired.push({ timeUs: thereUs, hereRow: null, thereRow: b++ });
    }
  }
  return paired;
}

function isSame(a: Trace, rowA: number, b: Trace, rowB: number): boolean {
  return (
    a.kind[rowA] === b.kind[rowB] &&
    a.place[rowA] === b.place[rowB] &&
    a.message[rowA] === b.message[rowB] &&
    a.detail[rowA] === b.detail[rowB] &&
    ordinalOf(a.packet[rowA]) === ordinalOf(b.packet[rowB])
  );
}

/** Whether the row of `a` has its like at the same instant further on in `b`: then what `b` has before goes first. */
function comesLater(b: Trace, rowB: number, a: Trace, rowA: number): boolean {
  for (let row = rowB + 1; row < b.rowCount && b.timeUs[row] === a.timeUs[rowA]; row++)
    if (isSame(a, rowA, b, row)) return true;
  return false;
}
