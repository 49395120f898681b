/** What stands out: the chain of causes of the row in focus; other messages fade. */
import type { Mark } from '../layout/marks.ts';

export interface Tone {
  /** The only message that does not fade; null: none fades. */
  readonly only: number | null;
  /** Rows of the cause chain that is shown. */
  readonly chain: ReadonlySet<number>;
  readonly focusRow: number | null;
  /** The message chosen: its packets are drawn heavier. */
  readonly chosen: number | null;
}

/** Classes of a mark under a tone. */
export function toneOf(tone: Tone, { row, message }: Mark): string {
  const words = [];
  if (tone.only !== null && message !== tone.only) words.push('faded');
  if (tone.chain.has(row)) words.push('lit');
  if (message === tone.chosen) words.push('chosen');
  if (row === tone.focusRow) words.push('focused');
  return words.join(' ');
}

/** What every mark component is given beside its marks. */
export interface MarkProps {
  readonly tone: Tone;
  /** The name of the mark of a row, in words. */
  readonly name: (row: number) => string;
}
