/** Which mark an arrow key leads to: marks stand in order of time, so it is the next or the previous row on screen. */

/** `rows`: rows with a mark, in any order; null when there is none that way. */
export function neighbourRow(rows: readonly number[], from: number | null, way: 1 | -1): number | null {
  let best: number | null = null;
  for (const row of rows) {
    const isThatWay = from === null || (way === 1 ? row > from : row < from);
    if (isThatWay && (best === null || (way === 1 ? row < best : row > best))) best = row;
  }
  return best;
}
