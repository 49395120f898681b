/** What can become of a message, as a table: what the sender believes against how often it was applied. */
import type { Belief } from '../../view/marks/belief.ts';

export interface OutcomeRow {
  readonly belief: Belief;
  /** By times applied: whether some schedule ended so. */
  readonly reached: readonly boolean[];
}

const BELIEFS_OF: readonly (readonly [letter: string, belief: Belief])[] = [
  ['A', 'confirmed'],
  ['D', 'in doubt'],
  ['G', 'gave up'],
  ['R', 'refused'],
];
/** Beliefs that are shown even when they were never reached: that nobody ends so is worth knowing. */
const ALWAYS = ['A', 'G'];
/** Never, once and twice; more only where it was reached. */
const LEAST_COLUMNS = 3;

/** `outcomes` as the explorer tells them: `A1 G0`, one part for each message. */
export function outcomeGrid(outcomes: readonly string[]): readonly OutcomeRow[] {
  const parts = new Set(outcomes.flatMap((outcome) => outcome.split(' ')));
  const times = [...parts].map((part) => Number(part.slice(1)));
  const columns = Math.max(LEAST_COLUMNS, ...times.map((effects) => effects + 1));
  return BELIEFS_OF.map(([letter, belief]) => ({
    letter,
    belief,
    reached: Array.from({ length: columns }, (_, effects) => parts.has(`${letter}${effects}`)),
  }))
    .filter(({ letter, reached }) => ALWAYS.includes(letter) || reached.includes(true))
    .map(({ belief, reached }) => ({ belief, reached }));
}
