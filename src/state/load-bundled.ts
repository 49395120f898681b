/** A bundled scenario, loaded and checked, with its canonical form to tell whether a draft still says the same. */
import { canonicalJson, withoutDefaults } from '../../sim/scenario/canonical.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { formatProblem } from '../../sim/scenario/problem.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { messageOf } from '../worker/client.ts';
import type { BundledScenario, RawScenario } from './library.ts';

export interface Bundled {
  readonly input: RawScenario;
  readonly scenario: Scenario;
  /** Canonical form: what it says, however it is written. */
  readonly text: string;
}

/** What a scenario says, however it is written. */
export function canonicalText(scenario: Scenario): string {
  return canonicalJson(withoutDefaults(scenario));
}

/** The scenario, or what is wrong with it. */
export async function loadBundled(found: BundledScenario): Promise<Bundled | string> {
  try {
    const input = await found.load();
    const parsed = parseScenario(input);
    if (parsed.ok) return { input, scenario: parsed.scenario, text: canonicalText(parsed.scenario) };
    return `The scenario “${found.id}” is not valid: ${parsed.problems.map(formatProblem).join('; ')}.`;
  } catch (error) {
    return `The scenario “${found.id}” could not be loaded: ${messageOf(error)}.`;
  }
}
