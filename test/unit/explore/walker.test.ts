// A situation that is written and taken up again is the same situation, and goes on as if nothing had happened.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_REDUCTIONS } from '../../../sim/explore/any-order.ts';
import { boundScenario } from '../../../sim/explore/bounds.ts';
import { outcomeOf } from '../../../sim/explore/question.ts';
import { Walker, type WalkerOptions } from '../../../sim/explore/walker.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { scenarios } from '../../property/arbitrary-scenario.ts';
import { runs } from '../../property/checks.ts';

const SEED = 20_260_531;

const walks = fc.record({
  scenario: scenarios({ withoutSmallLimits: true }),
  bounds: fc.record({ messages: fc.integer({ min: 1, max: 4 }), attempts: fc.integer({ min: 1, max: 4 }) }),
  budget: fc.record({
    losses: fc.nat(3),
    copies: fc.nat(2),
    delays: fc.nat(2),
    crashes: fc.nat(2),
  }),
  anyDelay: fc.boolean(),
  keepsTimes: fc.boolean(),
  /** Which way is taken, in turn. */
  turns: fc.array(fc.nat(3), { minLength: 1, maxLength: 60 }),
});

/** Takes the ways of `turns`, over and over. */
function steered(walker: Walker, turns: readonly number[]): void {
  let turn = 0;
  walker.path.pick = (width) => {
    walker.path.picks.push(0);
    return turns[turn++ % turns.length] % width;
  };
}

/** Each situation on the way as bytes, what it is told apart by, and what came of it. */
function walked(walker: Walker, before: (walker: Walker) => void): string[] {
  const notes: string[] = [];
  walker.start();
  for (let step = 0; step < 400 && !walker.isOver; step++) {
    before(walker);
    const made = walker.path.picks.length;
    walker.step();
    const { ledger, faults, isOver, couldEnd } = walker;
    const bytes = Buffer.from(walker.save()).toString('base64');
    const key = Buffer.from(walker.key()).toString('base64');
    const picks = walker.path.picks.length - made;
    notes.push([bytes, key, outcomeOf(ledger), faults, isOver, couldEnd, picks].join(' '));
  }
  return notes;
}

describe('a walker', () => {
  const walker = (plan: ReturnType<typeof planOf>, options: Omit<WalkerOptions, 'reductions'>) =>
    new Walker(plan, { ...options, reductions: NO_REDUCTIONS });

  it(`save → load → save gives the same bytes, and goes on as one that was never saved [seed ${SEED}]`, () => {
    let situations = 0;
    fc.assert(
      fc.property(walks, ({ scenario, bounds, budget, anyDelay, keepsTimes, turns }) => {
        const plan = planOf(boundScenario(scenario, bounds).scenario);
        const options = { budget, anyDelay, keepsTimes };
        const straight = walker(plan, options);
        steered(straight, turns);
        const expected = walked(straight, () => undefined);

        const saved = walker(plan, options);
        steered(saved, turns);
        const found = walked(saved, (each) => {
          const state = each.save().slice();
          each.load(state);
          expect(Buffer.from(each.save()).equals(state)).toBe(true);
        });
        expect(found).toEqual(expected);
        situations += expected.length;
      }),
      runs(SEED, 200),
    );
    expect(situations).toBeGreaterThan(1_000);
  });

  it(`a situation is taken up by another walker of the same plan [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(walks, ({ scenario, bounds, budget, keepsTimes, turns }) => {
        const plan = planOf(boundScenario(scenario, bounds).scenario);
        const options = { budget, anyDelay: false, keepsTimes };
        const first = walker(plan, options);
        const second = walker(plan, options);
        steered(first, turns);
        first.start();
        if (first.isOver) return;
        first.step();
        second.load(first.save());
        expect(Buffer.from(second.save()).equals(first.save())).toBe(true);
        expect(second.ledger.effects).toEqual(first.ledger.effects);
      }),
      runs(SEED + 1, 100),
    );
  });
});
