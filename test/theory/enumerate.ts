/**
 * Every run a plan can have within bounds: yes/no choices of nature (lost, copied, crash) are asked for by name, and
 * each that came up is answered both ways, depth first. Durations keep the script's plain answer.
 */
import { ScriptedNature } from '../../sim/nature/scripted.ts';
import { run, type RunResult } from '../../sim/run.ts';
import type { Plan } from '../../sim/scenario/plan.ts';

/** One run: what was answered yes, every name that came up in order, and what came of it. */
export interface Branch {
  readonly yes: readonly string[];
  readonly asked: readonly string[];
  readonly result: RunResult;
}

export interface Bounds {
  /** Whether this choice is answered both ways; if not, it is answered no. */
  readonly branch: (name: string) => boolean;
  /** More runs than this are a mistake. */
  readonly maxRuns: number;
  /** Answers given beforehand, durations in µs. */
  readonly given?: Readonly<Record<string, boolean | number>>;
}

/** Names of choices that are answered yes or no, not with a duration. */
const YES_NO = /\/(lost|copied|crash)$/;

/**
 * Each combination of answers exactly once. A run with some choices answered yes shows which further ones come up
 * after the last of these; the runs that differ from it first at one of those are its children. Everything up to
 * that point is the same in both, because nothing but the answers decides.
 */
export function* everyRun(plan: Plan, bounds: Bounds): Generator<Branch> {
  const pending: { readonly yes: readonly string[]; readonly from: number }[] = [{ yes: [], from: 0 }];
  let runs = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (++runs > bounds.maxRuns) throw new Error(`more than ${bounds.maxRuns} runs`);
    const branch = oneRun(plan, next.yes, bounds.given);
    yield branch;
    for (let i = branch.asked.length - 1; i >= next.from; i--) {
      const name = branch.asked[i];
      if (bounds.given !== undefined && name in bounds.given) continue;
      if (YES_NO.test(name) && bounds.branch(name)) pending.push({ yes: [...next.yes, name], from: i + 1 });
    }
  }
}

/** The run in which nature says yes to these choices, no to all others. */
export function oneRun(plan: Plan, yes: readonly string[], given: Bounds['given'] = {}): Branch {
  const asked: string[] = [];
  const script = { ...given, ...Object.fromEntries(yes.map((name) => [name, true])) };
  const nature = new ScriptedNature(plan.streams, script, (name) => asked.push(name));
  return { yes, asked, result: run(plan, { nature }) };
}
