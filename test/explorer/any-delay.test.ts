/**
 * Any-delay mode: what is left out must not matter either, and whatever a choice of latencies can do, it can do too.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_REDUCTIONS, NO_REDUCTIONS, type Reductions } from '../../sim/explore/any-order.ts';
import { boundScenario, type Bounds } from '../../sim/explore/bounds.ts';
import { explore } from '../../sim/explore/explore.ts';
import { outcomeOf } from '../../sim/explore/question.ts';
import { Search } from '../../sim/explore/search.ts';
import { Walker } from '../../sim/explore/walker.ts';
import { run } from '../../sim/run.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import { CLAUSES } from '../../sim/scenario/terms.ts';
import { bounds, everySchedule, FULL, hop, us } from './lab.ts';
import { smallBounds, timelessHops } from './small-hops.ts';

const SEED = 20_260_511;
const RUNS = FULL ? 250 : 50;
const MOST_SCHEDULES = FULL ? 1_000 : 400;
const MOST_STATES = FULL ? 3_000 : 1_500;

const inquiries = fc.record({ scenario: timelessHops, bounds: smallBounds }).map(({ scenario, bounds }) => ({
  plan: planOf(boundScenario(scenario, bounds).scenario),
  within: { ...bounds, delays: 0, anyDelay: true },
}));

const asked = fc.record({
  scenario: timelessHops,
  within: smallBounds,
  clause: fc.constantFrom(...CLAUSES),
});

/** Outcomes of all situations, or null for too many. */
function outcomesOf(plan: Plan, within: Bounds, reductions: Reductions): readonly string[] | null {
  const search = new Search(plan, within, NO_QUESTION, reductions);
  while (search.nextCost < Infinity) {
    search.expand(search.nextCost, 256);
    if (search.counts.states > MOST_STATES) return null;
  }
  return [...search.outcomes].sort();
}

/** Never answered, so that everything is looked at: where any order is explored, no delivery waits for a handler. */
const NO_QUESTION = { kind: 'sometimes', fact: 'queue' } as const;

/** Messages are alike: the outcome of a run without saying whose is whose. */
const unnamed = (outcomes: readonly string[]) =>
  [...new Set(outcomes.map((outcome) => outcome.split(' ').sort().join(' ')))].sort();

describe('any-delay mode', () => {
  it(`merged or not, the same outcomes [seed ${SEED}]`, () => {
    let compared = 0;
    fc.assert(
      fc.property(inquiries, ({ plan, within }) => {
        const one = walkAll(plan, within);
        if (one === null) return;
        compared++;
        expect(outcomesOf(plan, within, NO_REDUCTIONS)).toEqual(one);
      }),
      { seed: SEED, numRuns: 2 * RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS / 2);
  });

  const each: readonly (keyof Reductions)[] = ['lazyLoss', 'ample', 'counters', 'symmetry'];
  it.each([...each, 'all of them'] as const)(
    `%s: the same outcomes with it as without [seed ${SEED + 1}]`,
    (name) => {
      let compared = 0;
      fc.assert(
        fc.property(inquiries, ({ plan, within }) => {
          const without = outcomesOf(plan, within, NO_REDUCTIONS);
          if (without === null) return;
          compared++;
          const reductions = Object.fromEntries(
            Object.entries(NO_REDUCTIONS).map(([key]) => [key, key === name || name === 'all of them']),
          ) as unknown as Reductions;
          const found = outcomesOf(plan, within, reductions);
          expect(found).not.toBeNull();
          expect(unnamed(found ?? [])).toEqual(unnamed(without));
          if (name !== 'symmetry' && name !== 'all of them') expect(found).toEqual(without);
        }),
        { seed: SEED + 1, numRuns: RUNS },
      );
      expect(compared).toBeGreaterThan(RUNS / 4);
    },
  );

  it('lazy loss: where it is asked whether a packet can be lost, one is', () => {
    const within = bounds({ losses: 1, anyDelay: true });
    const question = { kind: 'sometimes', fact: 'lost' } as const;
    expect(explore({ scenario: hop({}), bounds: within, question }).kind).toBe('found');
    expect(explore({ scenario: hop({}), bounds: { ...within, losses: 0 }, question }).kind).toBe('none');
  });

  it('ample sets: a mark can expire before the check of the same delivery', () => {
    const consumer = {
      handler: ['mark', 'check', 'effect', 'ack'],
      stepTimes: { check: us(2) },
      concurrency: 1,
      dedup: { window: us(1) },
    };
    const within = bounds({});
    const plan = planOf(boundScenario(hop({ producer: { ackTimeout: us(9) }, consumer }), within).scenario);
    expect(everySchedule(plan, within, 10)?.map(({ outcome }) => outcome)).toEqual(['A1']);
    expect(outcomesOf(plan, { ...within, anyDelay: true }, ALL_REDUCTIONS)).toContain('A1');
  });

  it(`whatever happens with some latencies happens in some order [seed ${SEED + 2}]`, () => {
    let compared = 0;
    fc.assert(
      fc.property(inquiries, ({ plan, within }) => {
        const timed = everySchedule(plan, { ...within, delays: 2 }, MOST_SCHEDULES / 10);
        const any = timed === null ? null : outcomesOf(plan, within, NO_REDUCTIONS);
        if (timed === null || any === null) return;
        compared++;
        expect(any).toEqual(expect.arrayContaining([...new Set(timed.map(({ outcome }) => outcome))]));
      }),
      { seed: SEED + 2, numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS / 4);
  });

  it(`a clause that some latencies break is never upheld in any order, and a run that is shown replays [seed ${SEED + 3}]`, () => {
    const counts = { found: 0, none: 0, open: 0 };
    fc.assert(
      fc.property(asked, ({ scenario, within, clause }) => {
        const question = { kind: 'clause', clause } as const;
        const states = MOST_STATES;
        const timed = explore({ scenario, question, bounds: { ...within, delays: 2, states } });
        const any = explore({ scenario, question, bounds: { ...within, anyDelay: true, states } });
        if (timed.kind === 'found') expect(any.kind).not.toBe('none');
        if (any.kind === 'none') counts.none++;
        if (any.kind === 'gave up' && any.limit === 'latencies') counts.open++;
        if (any.kind !== 'found') return;
        counts.found++;
        const [witness] = any.witnesses;
        const again = run(planOf(witness.scenario), { overrides: witness.overrides });
        expect(again.digests.outcome).toBe(witness.digest);
        expect(again.unusedOverrides).toEqual([]);
        const verdict = again.verdict.clauses.find((each) => each.clause === clause);
        expect(verdict?.result).toBe('violated');
        const { requestsLost, answersLost, networkCopies, crashes } = again.metrics;
        expect(requestsLost + answersLost).toBeLessThanOrEqual(within.losses);
        expect(networkCopies).toBeLessThanOrEqual(within.copies);
        expect(crashes).toBeLessThanOrEqual(within.crashes);
      }),
      { seed: SEED + 3, numRuns: 4 * RUNS },
    );
    expect(Math.min(counts.found, counts.none)).toBeGreaterThan(RUNS / 2);
    expect(counts.open).toBeLessThan(counts.found / 10); // an order with no latencies is possible, and rare
  });
});

/** Outcomes of every order by itself, from the start, nothing merged; null for too many. */
function walkAll(plan: Plan, { losses, copies, delays, crashes }: Bounds): readonly string[] | null {
  const walker = new Walker(plan, {
    budget: { losses, copies, delays, crashes },
    anyDelay: true,
    reductions: NO_REDUCTIONS,
    keepsTimes: false,
  });
  const outcomes = new Set<string>();
  let count = 0;
  do {
    if (count++ === MOST_SCHEDULES) return null;
    walker.start();
    while (!walker.isOver) walker.step();
    outcomes.add(outcomeOf(walker.ledger));
  } while (walker.path.next());
  return [...outcomes].sort();
}
