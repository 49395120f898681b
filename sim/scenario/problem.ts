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

/** A value as it is shown in a problem: JSON, at most 80 characters. */
export function showValue(value: unknown): string {
  if (value === undefined) return '(missing)';
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}
