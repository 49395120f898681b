/** The referee: holds what was observed against the clauses, and says what the scenario and its policy made of it. */
import { claimedPolicy, POLICY_CLAIMS } from '../scenario/policies.ts';
import { CLAUSES, type Clause } from '../scenario/terms.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Proof, Totals } from './observer.ts';
import type { ClauseResult, ClauseVerdict, Ended, Verdict } from './result.ts';

/** What the referee looks at. */
export interface Observed {
  readonly ended: Ended;
  readonly violations: Totals['violations'];
  readonly proofs: Readonly<Record<keyof Totals['violations'], Proof | null>>;
}

const KEY = {
  'no-duplicate': 'duplicate',
  'no-false-confirmation': 'falseConfirmation',
  'no-loss': 'loss',
} as const satisfies Record<Clause, keyof Totals['violations']>;

const UPHELD: Readonly<Record<Clause, string>> = {
  'no-duplicate': 'No message had more than one effect.',
  'no-false-confirmation': 'Every confirmed message had its effect.',
  'no-loss': 'Every settled message had its effect.',
};

/** @param asClaimed judge by what the policy claims, not by what the scenario expects (it was changed) */
export function judge(
  scenario: Scenario,
  observed: Observed,
  options: { readonly asClaimed: boolean },
): Verdict {
  const claims = claimedPolicy(scenario);
  const clauses = CLAUSES.map((clause): ClauseVerdict => {
    const key = KEY[clause];
    const proof = observed.proofs[key];
    const violations = observed.violations[key];
    const result: ClauseResult =
      violations > 0 ? 'violated' : observed.ended === 'done' ? 'upheld' : 'undecided';
    const claimed = POLICY_CLAIMS[claims].includes(clause);
    return {
      clause,
      result,
      violations,
      expected: options.asClaimed ? (claimed ? 'upheld' : 'either') : scenario.expect[clause],
      claimed,
      strength: 'one run',
      why:
        proof?.why ??
        (result === 'upheld'
          ? UPHELD[clause]
          : `A limit ended the run (${observed.ended}) with messages under way.`),
      rows: proof?.rows ?? [],
      message: proof?.message ?? 0,
    };
  });
  return {
    policy: scenario.policy,
    claims,
    clauses,
    asExpected: clauses.every(({ result, expected }) => expected === 'either' || expected === result),
  };
}
