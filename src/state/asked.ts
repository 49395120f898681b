/**
 * What a person asks the explorer, as they typed it, and as the words of an address: the question and its bounds.
 * Nothing is checked here; read-asked.ts does. The session and the address know the words only, so that the first
 * picture waits for nothing of this.
 */

import type { ReductionName } from '../../sim/explore/any-order.ts';

/** Name and value of each word of an address; `ask` is always among them. */
export type AskedWords = Readonly<Record<string, string>>;

/** Bounds and other settings by the names that the command line has for them. */
export const ASKED_BOUNDS = [
  'messages',
  'attempts',
  'losses',
  'copies',
  'delays',
  'crashes',
  'states',
] as const;
export const REDUCTION_NAMES: readonly ReductionName[] = ['lazy-loss', 'ample', 'counters', 'symmetry'];

export interface Asked {
  /** `no-loss`, `sometimes:late`, `settles:30s`; '' for the first clause that the policy claims. */
  readonly ask: string;
  /** Each bound as typed; one that is left out has its usual value. */
  readonly bounds: Readonly<Partial<Record<(typeof ASKED_BOUNDS)[number], string>>>;
  readonly anyDelay: boolean;
  /** Reductions that are turned off. */
  readonly without: readonly ReductionName[];
}

export const NOTHING_ASKED: Asked = { ask: '', bounds: {}, anyDelay: false, without: [] };

/** Longer than anything that can be meant. */
const LONGEST_WORD = 40;

export function askedWords({ ask, bounds, anyDelay, without }: Asked): AskedWords {
  return {
    ask,
    ...bounds,
    ...(anyDelay ? { 'any-delay': '1' } : {}),
    ...(without.length > 0 ? { without: without.join(',') } : {}),
  };
}

export function askedFromWords(words: AskedWords): Asked {
  const word = (name: string): string | undefined => words[name]?.slice(0, LONGEST_WORD);
  const off = (word('without') ?? '').split(',');
  return {
    ask: word('ask') ?? '',
    bounds: Object.fromEntries(
      ASKED_BOUNDS.flatMap((name) => {
        const text = word(name);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
    anyDelay: word('any-delay') !== undefined,
    without: REDUCTION_NAMES.filter((name) => off.includes(name)),
  };
}
