/**
 * What is merged must not matter: the search, which looks at each situation once, is held against the yardstick, which
 * runs every schedule from its first instant to its last. A key that forgot something that matters would show here as
 * an outcome that is missing or invented, a wrong number of schedules, or an answer that is not the smallest.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT_KINDS } from '../../sim/core/fact.ts';
import { boundScenario } from '../../sim/explore/bounds.ts';
import { explore } from '../../sim/explore/explore.ts';
import type { Question } from '../../sim/explore/question.ts';
import { Schedules } from '../../sim/explore/schedules.ts';
import { Search } from '../../sim/explore/search.ts';
import { run } from '../../sim/run.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import { CLAUSES } from '../../sim/scenario/terms.ts';
import { scenarios } from '../property/arbitrary-scenario.ts';
import { cheapestAnswer, everySchedule, FULL } from './lab.ts';
import { smallBounds, smallHops } from './small-hops.ts';

const SEED = 20_260_501;
const RUNS = FULL ? 1_500 : 300;
/** More schedules than this are too many to run one by one. */
const MOST = FULL ? 4_000 : 1_000;

const inquiries = fc.record({
  scenario: fc.oneof({ weight: 4, arbitrary: smallHops }, { weight: 1, arbitrary: scenarios() }),
  bounds: smallBounds,
});

describe('the search with everything merged, and every schedule by itself', () => {
  it(`the same outcomes, and as many schedules [seed ${SEED}]`, () => {
    let compared = 0;
    let merged = 0;
    fc.assert(
      fc.property(inquiries, ({ scenario, bounds: within }) => {
        const plan = planOf(boundScenario(scenario, within).scenario);
        const all = everySchedule(plan, within, MOST);
        if (all === null) return;
        compared++;
        const absent = FACT_KINDS.find((kind) => !all.some(({ facts }) => facts.includes(kind)));
        if (absent === undefined) throw new Error('every kind of fact happens');
        const answer = explore({ scenario, bounds: within, question: { kind: 'sometimes', fact: absent } });
        const { evidence } = answer;
        merged += evidence.transitions + 1 - evidence.states;
        expect(answer.kind).toBe('none');
        expect(evidence.outcomes).toEqual([...new Set(all.map(({ outcome }) => outcome))].sort());
        expect(evidence.schedules).toBe(all.length);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS / 2);
    expect(merged).toBeGreaterThan(30 * RUNS); // or there was nothing to get wrong
  });

  it(`the enumeration goes through the same schedules in the same order [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(inquiries, ({ scenario, bounds: within }) => {
        const plan = planOf(boundScenario(scenario, within).scenario);
        const all = everySchedule(plan, within, MOST / 10);
        if (all === null) return;
        const schedules = new Schedules(plan, within);
        for (const { picks } of all) {
          expect(schedules.next()).toBe(true);
          expect(schedules.picks).toEqual(picks);
        }
        expect(schedules.next()).toBe(false);
        expect(schedules.count).toBe(all.length);
      }),
      { seed: SEED + 1, numRuns: RUNS },
    );
  });

  const questions: fc.Arbitrary<Question> = fc.oneof(
    fc.constantFrom(...CLAUSES).map((clause) => ({ kind: 'clause', clause }) as const),
    fc.constantFrom(...FACT_KINDS).map((fact) => ({ kind: 'sometimes', fact }) as const),
    fc.integer({ min: 0, max: 3_000_000 }).map((withinUs) => ({ kind: 'settles', withinUs }) as const),
  );

  it(`an answer is found exactly if a schedule is one, the cheapest first, and replays to its digest [seed ${SEED + 2}]`, () => {
    const kinds = { found: 0, none: 0 };
    fc.assert(
      fc.property(inquiries, questions, ({ scenario, bounds: within }, question) => {
        const plan: Plan = planOf(boundScenario(scenario, within).scenario);
        const cheapest = cheapestAnswer(plan, within, question, MOST);
        if (cheapest === 'too many') return;
        const answer = explore({ scenario, bounds: within, question });
        expect(answer.kind).toBe(cheapest === null ? 'none' : 'found');
        kinds[cheapest === null ? 'none' : 'found']++;
        if (answer.kind !== 'found' || cheapest === null) return;
        const [witness] = answer.witnesses;
        expect(witness.faults).toHaveLength(cheapest.faults);
        const search = new Search(plan, within, question);
        while (search.found.length === 0) search.expand(search.nextCost, 1);
        expect(search.found[0]).toMatchObject(cheapest);
        const again = run(planOf(witness.scenario), { overrides: witness.overrides });
        expect(again.digests.outcome).toBe(witness.digest);
        expect(again.metrics.rows).toBe(witness.rows);
        expect(again.unusedOverrides).toEqual([]);
      }),
      { seed: SEED + 2, numRuns: RUNS },
    );
    expect(Math.min(kinds.found, kinds.none)).toBeGreaterThan(RUNS / 20);
  });
});
