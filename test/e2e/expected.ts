// What a run comes to in Node: the oracle of every browser test, so that a page is never compared with itself.
import { readdirSync, readFileSync } from 'node:fs';
import { run, type RunResult } from '../../sim/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { setField } from '../../sim/scenario/paths.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import type { Policy } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { Trace } from '../../sim/trace/columns.ts';

const folder = new URL('../../scenarios/', import.meta.url);

/** In the order of the app. */
export const BUNDLED_IDS = JSON.parse(
  readFileSync(new URL('order.json', folder), 'utf8'),
) as readonly string[];

export interface Changes {
  /** `path=value` as on the command line. */
  readonly set?: readonly string[];
  readonly policy?: Policy | 'custom';
  readonly seed?: string;
  readonly overrides?: Readonly<Record<string, boolean | number>>;
}

export function bundledFiles(): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'order.json');
}

export function scenarioOf(id: string, { set = [], policy }: Changes = {}): Scenario {
  const input = JSON.parse(readFileSync(new URL(`${id}.json`, folder), 'utf8')) as Record<string, unknown>;
  for (const assignment of set) {
    const equals = assignment.indexOf('=');
    const problem = setField(input, assignment.slice(0, equals), assignment.slice(equals + 1));
    if (problem !== null) throw new Error(`${assignment}: ${problem.allowed}`);
  }
  if (policy !== undefined) input['policy'] = policy;
  const parsed = parseScenario(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.scenario;
}

export function expectedRun(id: string, changes: Changes = {}): RunResult & { readonly trace: Trace } {
  const scenario = scenarioOf(id, changes);
  const { seed = scenario.seed, overrides = {} } = changes;
  const { trace, ...result } = run(planOf(scenario), { seed, overrides, trace: true });
  if (trace === null) throw new Error('asked for a trace');
  return { ...result, trace };
}

/** The outcome digest that an app must show. */
export function expectedDigest(id: string, changes: Changes = {}): string {
  return expectedRun(id, changes).digests.outcome;
}
