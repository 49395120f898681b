// The referee with hand-written observations, without the engine: what was seen, what the policy claims, what the
// scenario expects, and the verdict that follows.
import { describe, expect, it } from 'vitest';
import { judge, type Observed } from '../../../sim/observe/referee.ts';
import type { ClauseVerdict } from '../../../sim/observe/result.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import type { Clause } from '../../../sim/scenario/terms.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';

function scenario(more: object = {}): Scenario {
  const parsed = parseScenario({
    format: 1,
    nodes: { shop: { kind: 'producer' }, api: { kind: 'consumer' }, ledger: { kind: 'sink' } },
    links: { 'shop>api': {}, 'api>shop': {} },
    ...more,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.scenario;
}

const CLEAN: Observed = {
  ended: 'done',
  violations: { duplicate: 0, falseConfirmation: 0, loss: 0 },
  proofs: { duplicate: null, falseConfirmation: null, loss: null },
};

const DUPLICATED: Observed = {
  ...CLEAN,
  violations: { duplicate: 3, falseConfirmation: 0, loss: 0 },
  proofs: { ...CLEAN.proofs, duplicate: { message: 7, why: 'Because.', rows: [4, 9] } },
};

const AS_EXPECTED = { asClaimed: false };
const AS_CLAIMED = { asClaimed: true };

function clauseOf(clauses: readonly ClauseVerdict[], clause: Clause): ClauseVerdict {
  return clauses.find((verdict) => verdict.clause === clause)!;
}

const results = (observed: Observed) =>
  judge(scenario(), observed, AS_EXPECTED).clauses.map(({ result }) => result);

describe('referee', () => {
  it('judges three clauses, each by one run', () => {
    const { clauses } = judge(scenario(), CLEAN, AS_EXPECTED);
    expect(clauses.map(({ clause }) => clause)).toEqual(['no-duplicate', 'no-false-confirmation', 'no-loss']);
    expect(clauses.map(({ strength }) => strength)).toEqual(['one run', 'one run', 'one run']);
  });

  it('a run that is done and clean upholds all, in a sentence, with nothing to prove', () => {
    for (const { result, why, rows, message, violations } of judge(scenario(), CLEAN, AS_EXPECTED).clauses) {
      expect(result).toBe('upheld');
      expect(why).toMatch(/^(No|Every) .*\.$/);
      expect([rows, message, violations]).toEqual([[], 0, 0]);
    }
  });

  it.each(['events', 'time', 'rows', 'queue'] as const)(
    '"a clause that open messages could still break reads undecided": ended by %s',
    (ended) => {
      const { clauses } = judge(scenario(), { ...CLEAN, ended }, AS_EXPECTED);
      for (const { result, why } of clauses) {
        expect(result).toBe('undecided');
        expect(why).toContain(ended);
      }
    },
  );

  it('a violation is one, also when a limit ended the run; it brings its count, reason, rows and message', () => {
    for (const ended of ['done', 'time'] as const) {
      const { clauses } = judge(scenario(), { ...DUPLICATED, ended }, AS_EXPECTED);
      const { result, violations, why, rows, message } = clauseOf(clauses, 'no-duplicate');
      expect([result, violations, why, rows, message]).toEqual(['violated', 3, 'Because.', [4, 9], 7]);
      expect(clauseOf(clauses, 'no-loss').result).toBe(ended === 'done' ? 'upheld' : 'undecided');
    }
  });

  it('each kind of violation breaks its own clause', () => {
    const proof = { message: 1, why: 'x', rows: [] };
    const broken = (key: keyof Observed['violations']): Observed => ({
      ...CLEAN,
      violations: { ...CLEAN.violations, [key]: 1 },
      proofs: { ...CLEAN.proofs, [key]: proof },
    });
    expect(results(broken('duplicate'))).toEqual(['violated', 'upheld', 'upheld']);
    expect(results(broken('falseConfirmation'))).toEqual(['upheld', 'violated', 'upheld']);
    expect(results(broken('loss'))).toEqual(['upheld', 'upheld', 'violated']);
  });
});

describe('claims', () => {
  const claimed = (more: object) =>
    judge(scenario(more), CLEAN, AS_EXPECTED)
      .clauses.filter((verdict) => verdict.claimed)
      .map(({ clause }) => clause);

  it('"At-most-once claims the first"', () => {
    expect(claimed({ policy: 'at-most-once' })).toEqual(['no-duplicate']);
  });

  it('"At-least-once claims no false confirmation always, and no loss while attempts and retry horizon outlast the faults"', () => {
    expect(claimed({ policy: 'at-least-once' })).toEqual(['no-false-confirmation', 'no-loss']);
  });

  it('"Effectively-once claims the first three"', () => {
    expect(claimed({ policy: 'effectively-once' })).toEqual([
      'no-duplicate',
      'no-false-confirmation',
      'no-loss',
    ]);
  });

  it('a custom policy claims what the scenario says it claims; a policy by name ignores that', () => {
    expect(claimed({ policy: 'custom', claims: 'at-most-once' })).toEqual(['no-duplicate']);
    expect(claimed({ policy: 'at-least-once', claims: 'at-most-once' })).toEqual([
      'no-false-confirmation',
      'no-loss',
    ]);
  });
});

describe('expectations', () => {
  const asExpected = (expected: string | undefined, observed: Observed, options = AS_EXPECTED) =>
    judge(
      scenario({
        policy: 'at-most-once',
        ...(expected === undefined ? {} : { expect: { 'no-duplicate': expected } }),
      }),
      observed,
      options,
    ).asExpected;
  const open: Observed = { ...CLEAN, ended: 'events' };

  it.each([
    ['upheld', true, false, false],
    ['violated', false, true, false],
    ['either', true, true, true],
    [undefined, true, true, true],
  ] as const)('expect %s: upheld %s, violated %s, undecided %s', (expected, upheld, violated, undecided) => {
    expect([CLEAN, DUPLICATED, open].map((observed) => asExpected(expected, observed))).toEqual([
      upheld,
      violated,
      undecided,
    ]);
  });

  it('a changed scenario is judged by what its policy claims: what it claims must hold, the rest may go either way', () => {
    expect(asExpected('violated', CLEAN, AS_CLAIMED)).toBe(true);
    expect(asExpected('violated', DUPLICATED, AS_CLAIMED)).toBe(false);
    expect(asExpected('either', open, AS_CLAIMED)).toBe(false); // claimed, and not yet shown
    const loss: Observed = { ...CLEAN, violations: { ...CLEAN.violations, loss: 1 } };
    expect(asExpected('violated', loss, AS_CLAIMED)).toBe(true); // at-most-once does not claim it
  });
});
