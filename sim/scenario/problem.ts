/** One thing that is wrong with an input, said so that a person can mend it. */
export interface Problem {
  /** Where: `api.dedup.window`, `nodes`, `faults.shop>api/…`; '' for the whole. */
  readonly path: string;
  /** What was found, as JSON, shortened; '(missing)' when nothing was there. */
  readonly value: string;
  /** What is allowed there. */
  readonly allowed: string;
}

/** `api.dedup.window: found "yes", expected "forever" or a duration …` */
export function formatProblem(problem: Problem): string {
  return `${problem.path === '' ? 'the scenario' : problem.path}: found ${problem.value}, expected ${problem.allowed}`;
}

const LONGEST_SHOWN = 80;

/** A value as it is shown in a problem: JSON, at most 80 characters. */
export function showValue(value: unknown): string {
  return value === undefined ? '(missing)' : shorten(jsonOf(value, 4));
}

/** At most 80 characters, the last of them "…" when something was cut; never half of a surrogate pair. */
export function shorten(text: string): string {
  if (text.length <= LONGEST_SHOWN) return text;
  return `${text.slice(0, LONGEST_SHOWN - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The first `depth` levels: a file can be nested more deeply than `JSON.stringify` can follow. */
function jsonOf(value: unknown, depth: number): string {
  if (typeof value === 'number') return String(value); // 1e999 is Infinity, which JSON would show as null
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  if (depth === 0) return '…';
  if (Array.isArray(value)) {
    const items = value.slice(0, LONGEST_SHOWN).map((item: unknown) => jsonOf(item, depth - 1));
    return `[${items.join(',')}]`;
  }
  const entries = Object.entries(value).slice(0, LONGEST_SHOWN);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${jsonOf(item, depth - 1)}`).join(',')}}`;
}
