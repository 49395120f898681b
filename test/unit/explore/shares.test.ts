// A search shared by several is the search of one: the same situations, edges, ends, outcomes and first answers,
// whichever share comes first, and whoever expands what another looks after.
import { describe, expect, it } from 'vitest';
import markCrash from '../../../scenarios/mark-crash-before-effect.json';
import networkDuplicates from '../../../scenarios/network-duplicates.json';
import twoGenerals from '../../../scenarios/two-generals.json';
import { ByteList } from '../../../sim/explore/bytes.ts';
import { boundScenario, boundsOf, type Bounds } from '../../../sim/explore/bounds.ts';
import type { Question } from '../../../sim/explore/question.ts';
import { countSchedules } from '../../../sim/explore/count-schedules.ts';
import { Search, type Found } from '../../../sim/explore/search.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { ALL_REDUCTIONS } from '../../../sim/explore/any-order.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';

interface Whole {
  readonly states: number;
  readonly transitions: number;
  readonly ends: number;
  readonly schedules: number;
  readonly outcomes: readonly string[];
  /** All answers of the least cost at which there is any. */
  readonly found: readonly Found[];
}

const NOTHING: Question = { kind: 'sometimes', fact: 'evict' };

/**
 * Cost by cost, share by share in the order given, until nothing waits or something is found. What a share takes off its
 * list is expanded by all of them in turn.
 */
function searchWith(scenario: Scenario, bounds: Bounds, question: Question, order: readonly number[]): Whole {
  const plan = planOf(boundScenario(scenario, bounds).scenario);
  const of = order.length;
  const shares = order.map((_, index) => new Search(plan, bounds, question, ALL_REDUCTIONS, { index, of }));
  const found = () => shares.flatMap((share) => share.found);
  const nextCost = () => Math.min(...shares.map((share) => share.nextCost));
  for (let cost = nextCost(); cost < Infinity && found().length === 0; cost = nextCost()) {
    const batches = order.map(() => new ByteList());
    for (const index of order) {
      const taken = shares[index].takeAll(cost);
      let turn = index;
      for (let at = taken.start; at < taken.end; at = taken.after(at))
        shares[turn++ % of].expandWaiting(cost, taken, at, (owner) => batches[owner]);
    }
    for (const [owner, batch] of batches.entries()) shares[owner].accept(batch);
  }

  const sum = (of_: (share: Search) => number) => shares.reduce((total, share) => total + of_(share), 0);
  const graphs = shares.map((share) => share.graph());
  return {
    states: sum(({ counts }) => counts.states),
    transitions: sum(({ counts }) => counts.transitions),
    ends: sum(({ counts }) => counts.ends),
    schedules: countSchedules(
      Float64Array.from(graphs.flatMap(({ edges }) => [...edges])),
      graphs.flatMap(({ ends }) => ends),
    ),
    outcomes: [...new Set(shares.flatMap(({ outcomes }) => [...outcomes]))].sort(),
    found: found().sort((a, b) => (a.picks.join() < b.picks.join() ? -1 : 1)),
  };
}

function scenarioOf(input: unknown): Scenario {
  const parsed = parseScenario(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.scenario;
}

const slow = { kind: 'uniform', min: '40ms', max: '3s' };
const spread = (input: typeof markCrash) => ({
  ...input,
  links: { ...input.links, 'shop>api': { ...input.links['shop>api'], delay: slow } },
});

describe('shares of a search', () => {
  it.each([
    ['a whole space, a crash', scenarioOf(markCrash), NOTHING, { attempts: 3 }],
    [
      'a whole space, slow packets',
      scenarioOf(spread(markCrash)),
      NOTHING,
      { messages: 1, losses: 1, delays: 2 },
    ],
    ['a whole space, any order', scenarioOf(twoGenerals), NOTHING, { messages: 2, anyDelay: true }],
    [
      'any order, several messages',
      scenarioOf(markCrash),
      NOTHING,
      { attempts: 2, crashes: 0, copies: 0, anyDelay: true },
    ],
    ['a counterexample', scenarioOf(markCrash), { kind: 'clause', clause: 'no-loss' }, {}],
    [
      'many of one size',
      scenarioOf(networkDuplicates),
      { kind: 'clause', clause: 'no-duplicate' },
      { losses: 3 },
    ],
    [
      'a counterexample in any order',
      scenarioOf(markCrash),
      { kind: 'clause', clause: 'no-loss' },
      { anyDelay: true },
    ],
  ] as const)(
    '%s: two, three and five shares find what one finds, in any order of shares',
    (_, scenario, question, asked) => {
      const bounds = boundsOf(scenario, asked);
      const alone = searchWith(scenario, bounds, question, [0]);
      expect(alone.states).toBeGreaterThan(20);
      for (const order of [
        [0, 1],
        [1, 0],
        [2, 0, 1],
        [4, 3, 2, 1, 0],
      ])
        expect(searchWith(scenario, bounds, question, order)).toEqual(alone);
    },
  );
});
