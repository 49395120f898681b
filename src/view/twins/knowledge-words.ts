/** Nested knowledge in words. */
import type { Bounds } from '../../../sim/explore/bounds.ts';
import type { Ladder, LadderAnswer, Rung } from '../../../sim/explore/ladder.ts';
import { counted, countWords } from '../../../sim/explore/sentence.ts';

type Knower = Rung['knowers'][number];

/** "It was delivered", "The receiver has it", "The sender knows that the receiver has it", … */
export function rungWords(knowers: readonly Knower[]): string {
  const innermost = knowers.at(-1);
  if (innermost === undefined) return 'It was delivered';
  const core = innermost === 'receiver' ? 'the receiver has it' : 'the sender knows that it was delivered';
  const words = knowers
    .slice(0, -1)
    .reduceRight((inner, knower) => `the ${knower} knows that ${inner}`, core);
  return words[0].toUpperCase() + words.slice(1);
}

/** A share as a whole percentage, but never 0 % or 100 % where it is neither. */
export function percentWords(share: number): string {
  if (share <= 0 || share >= 1) return share <= 0 ? '0%' : '100%';
  if (share < 0.01) return share < 0.001 ? '< 0.1%' : `${(share * 100).toFixed(1)}%`;
  if (share > 0.99) return share > 0.999 ? '> 99.9%' : `${(share * 100).toFixed(1)}%`;
  return `${Math.round(share * 100)}%`;
}

export interface LadderRow {
  readonly words: string;
  readonly runs: number;
  /** Of the explored runs, 0 to 1. */
  readonly share: number;
  readonly probability: number;
  readonly holdsHere: boolean | null;
}

/** Rungs that all hold in the same runs say nothing new from here on. */
const MOST_ALIKE = 3;

/** The rungs to show, and what comes after the last of them, in a sentence. */
export function ladderRows({ rungs, runs }: Ladder): {
  readonly rows: readonly LadderRow[];
  readonly ending: string;
} {
  const last = rungs[rungs.length - 1];
  const firstAlike = rungs.findIndex((rung) => rung.runs === last.runs);
  const isEndless = last.runs > 0 && rungs.length - firstAlike > MOST_ALIKE;
  const shown = isEndless ? rungs.slice(0, firstAlike + MOST_ALIKE) : rungs;
  const rows = shown.map((rung) => ({
    words: rungWords(rung.knowers),
    runs: rung.runs,
    share: runs === 0 ? 0 : rung.runs / runs,
    probability: rung.probability,
    holdsHere: rung.holdsHere,
  }));
  return { rows, ending: endingWords(last, runs, isEndless) };
}

function endingWords(last: Rung, runs: number, isEndless: boolean): string {
  if (isEndless && last.runs === runs)
    return 'And so on without end: in every explored run it was delivered, and within these bounds both ends know it.';
  if (isEndless) return 'And so on without end, in the same runs.';
  if (last.runs === 0)
    return 'The last rung holds in none of them: whoever sent the last packet cannot know that it arrived.';
  return 'Higher rungs were not looked at.';
}

/** "up to 4 attempts, any packet lost, every duration at its median". */
export function ladderBoundsWords({ attempts, losses, copies, crashes }: Bounds): string {
  const tries = attempts === 1 ? '1 attempt' : `up to ${attempts} attempts`;
  const lost =
    losses >= 2 * attempts ? 'any packets lost' : losses === 0 ? 'no packet lost' : `at most ${losses} lost`;
  const faults = [
    copies === 0 ? 'none copied' : `at most ${copies} copied`,
    crashes === 0 ? 'no crash' : `at most ${crashes === 1 ? '1 crash' : `${crashes} crashes`}`,
  ];
  return `${tries}, ${lost}, ${faults.join(', ')}, every duration at its median`;
}

/** Why there is no ladder. */
export function ladderGaveUpWords({ limit, runs }: Extract<LadderAnswer, { kind: 'gave up' }>): string {
  const why =
    limit === 'cancelled'
      ? `Gave up: cancelled after ${counted(runs, 'run', 'runs')}.`
      : `Gave up: there are more than ${countWords(runs)} runs of message 1 within these bounds.`;
  return `${why} Who knows what can be told only of all of them.`;
}
