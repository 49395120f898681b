/** What a sender can know of a message, and the word for it. Shared by the glyphs, the tables and the layouts. */
export const BELIEFS = ['confirmed', 'in doubt', 'gave up', 'refused', 'not sent'] as const;
export type Belief = (typeof BELIEFS)[number];

/** How often something was applied, in words: never, once, twice, three times … */
export function timesWord(effects: number): string {
  const words = ['never', 'once', 'twice', 'three times', 'four times', 'five times', 'six times'];
  return words[effects] ?? `${effects} times`;
}
