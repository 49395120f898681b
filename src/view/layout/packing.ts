/** Puts intervals into rows so that no two in one row touch: first come, first row. */

export interface Interval {
  readonly from: number;
  readonly until: number;
}

export interface Packing {
  /** Row of each item, in the order given; -1 where `mostRows` were not enough. */
  readonly rows: readonly number[];
  readonly rowCount: number;
  /** Items without a row. */
  readonly overflow: number;
}

/** Packs items in order of their start; `first` (an item's place in the list) is seated before all others, in row 0. */
export function packRows(items: readonly Interval[], mostRows: number, first = -1): Packing {
  const rows = new Array<number>(items.length).fill(-1);
  const taken: Interval[][] = [];
  let overflow = 0;
  const isFree = (row: number, { from, until }: Interval) =>
    (taken[row] ?? []).every((other) => until <= other.from || from >= other.until);
  const seat = (i: number) => {
    let row = 0;
    while (row < mostRows && !isFree(row, items[i])) row++;
    if (row === mostRows) {
      overflow++;
      return;
    }
    rows[i] = row;
    (taken[row] ??= []).push(items[i]);
  };
  if (first >= 0 && first < items.length) seat(first);
  const order = items.map((_, i) => i).sort((a, b) => items[a].from - items[b].from || a - b);
  for (const i of order) if (i !== first) seat(i);
  return { rows, rowCount: taken.length, overflow };
}
