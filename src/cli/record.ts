/** The run record, format 1: everything that is needed to rerun a run and to compare what came out. */
import { ENGINE_VERSION, type RunResult } from '../../sim/run.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import type { Plan } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';

/** What was asked for, as far as a record needs it. */
export interface Asked {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly overrides: Readonly<Record<string, boolean | number>>;
  /** The line that reruns it. */
  readonly command: string;
  /** The address that opens it in the app. */
  readonly link: string;
}

export function runRecord(asked: Asked, plan: Plan, result: RunResult) {
  const { nodes, links, faults } = plan.scenario;
  return {
    format: 1,
    engine: ENGINE_VERSION,
    scenario: { id: asked.scenario.id, hash: scenarioHash(asked.scenario) },
    config: { nodes, links, faults, limits: plan.limits },
    seed: asked.seed,
    overrides: asked.overrides,
    unusedOverrides: result.unusedOverrides,
    limits: plan.limits,
    ended: result.ended,
    endedAtUs: result.endedAtUs,
    digests: result.digests,
    metrics: result.metrics,
    price: result.price,
    verdict: {
      policy: result.verdict.policy,
      claims: result.verdict.claims,
      asExpected: result.verdict.asExpected,
      clauses: result.verdict.clauses.map(
        ({ clause, result: outcome, expected, claimed, strength, violations, why, message, rows }) => ({
          clause,
          result: outcome,
          expected,
          claimed,
          strength,
          violations,
          why,
          message,
          rows,
        }),
      ),
    },
    command: asked.command,
    link: asked.link,
  };
}
