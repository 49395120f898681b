// Bounds: what they are where nobody says, and that the fields they set in a scenario can be set by hand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOUND_NAMES, BOUNDS, boundScenario, boundsOf } from '../../../sim/explore/bounds.ts';
import { hopOf } from '../../../sim/scenario/hop.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { setField } from '../../../sim/scenario/paths.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { parsed, scenarioInputs } from '../../property/arbitrary-scenario.ts';
import { runs } from '../../property/checks.ts';

const SEED = 20_260_541;

const within = fc.record({
  messages: fc.integer({ min: 1, max: 6 }),
  attempts: fc.integer({ min: 1, max: 20 }),
});

describe('bounds', () => {
  it('are the usual ones, no larger than the scenario, unless asked for', () => {
    const scenario = parsed({
      format: 1,
      nodes: {
        shop: { kind: 'producer', messages: 1, retry: { kind: 'custom', delays: ['1s', '2s'] } },
        api: { kind: 'consumer' },
        ledger: { kind: 'sink' },
      },
      links: { 'shop>api': {}, 'api>shop': {} },
    });
    expect(boundsOf(scenario)).toMatchObject({ messages: 1, attempts: 3, losses: 2, anyDelay: false });
    expect(boundsOf(scenario, { messages: 6, attempts: 2, losses: 7, anyDelay: true })).toMatchObject({
      messages: 1,
      attempts: 2,
      losses: 7,
      anyDelay: true,
    });
    for (const name of BOUND_NAMES) {
      const { least, usual, most } = BOUNDS[name];
      expect(usual).toBeGreaterThanOrEqual(least);
      expect(usual).toBeLessThanOrEqual(most);
    }
  });

  it(`a scenario within bounds is the scenario with its edits set by hand [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(scenarioInputs(), within, fc.boolean(), (input, bounds, hasFaults) => {
        const written = structuredClone(input);
        if (hasFaults) written.faults = { 'shop>api/request/m1/1/c0/lost': true };
        const { scenario, edits } = boundScenario(parsed(written), bounds);
        const edited = structuredClone(written);
        for (const { path, value } of edits) expect(setField(edited, path, String(value)), path).toBeNull();
        const again = parseScenario(edited);
        expect(again.ok && again.scenario).toEqual(scenario);
        expect(scenario.faults).toEqual({});
        expect(scenario.limits.events).toBeGreaterThanOrEqual(10_000_000);
      }),
      runs(SEED, 200),
    );
  });

  it(`a scenario within bounds makes no more messages or attempts [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(scenarioInputs(), within, (input, bounds) => {
        const { scenario } = boundScenario(parsed(input), bounds);
        expect(hopOf(scenario).producer.messages).toBeLessThanOrEqual(bounds.messages);
        expect(planOf(scenario).sender.retry.maxAttempts).toBeLessThanOrEqual(bounds.attempts);
      }),
      runs(SEED + 1, 200),
    );
  });
});
