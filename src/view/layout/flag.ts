/** The flag with the playhead's time: it stands over the playhead and stays inside the drawing. */
import { wordsPx } from './frame.ts';

export function flagSpan(
  playhead: number,
  words: string,
  width: number,
): { readonly from: number; readonly until: number } {
  const length = wordsPx(words) + 18;
  const from = Math.max(0, Math.min(width - length, playhead - length / 2));
  return { from, until: from + length };
}
