/**
 * What a person asks the explorer, as they typed it, and as the words of an address: the question and its bounds.
 * Nothing is checked here; read-asked.ts does, when the question is shown.
 */

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
export const REDUCTION_NAMES = ['lazy-loss', 'ample', 'counters', 'symmetry'] as const;
export type ReductionName = (typeof REDUCTION_NAMES)[number];

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

/** As the words of an address; `ask` is always among them. */
export function askedWords({ ask, bounds, anyDelay, without }: Asked): Record<string, string> {
  return {
    ask,
    ...bounds,
    ...(anyDelay ? { 'any-delay': '1' } : {}),
    ...(without.length > 0 ? { without: without.join(',') } : {}),
  };
}

/** Null when these words ask nothing of the explorer. */
export function askedFromWords(words: Readonly<Record<string, unknown>>): Asked | null {
  const word = (name: string): string | undefined => {
    const value = words[name];
    return typeof value === 'string' ? value.slice(0, LONGEST_WORD) : undefined;
  };
  const ask = word('ask');
  if (ask === undefined) return null;
  const off = (word('without') ?? '').split(',');
  return {
    ask,
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
