// A policy is a patch over named fields and nothing else (DESIGN.md 3.13).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hopOf } from '../../../sim/scenario/hop.ts';
import {
  applyPolicy,
  claimedPolicy,
  patchLines,
  POLICY_CLAIMS,
  POLICY_PATCHES,
} from '../../../sim/scenario/policies.ts';
import { POLICIES, type Policy } from '../../../sim/scenario/terms.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { parsed, scenarios } from '../../property/arbitrary-scenario.ts';
import { runs } from '../../property/checks.ts';

const SEED = 20_261_401;

const HOP = parsed({
  format: 1,
  nodes: {
    shop: { kind: 'producer', ackTimeout: '30s', retry: { kind: 'fixed', delay: '5s', maxAttempts: 9 } },
    api: {
      kind: 'consumer',
      handler: ['check', 'effect', 'mark', 'ack'],
      dedup: { window: '1h', durable: false },
    },
    ledger: { kind: 'sink' },
  },
  links: { 'shop>api': { loss: 0.1 }, 'api>shop': {} },
});

/** Every leaf as `path = value`. */
function leaves(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} = ${JSON.stringify(value)}`];
  if (Array.isArray(value) && path.endsWith('handler')) return [`${path} = ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`));
}

describe('patch lines', () => {
  it('at-most-once: "no retry; mark before effect in one group with the check; ack irrelevant"', () => {
    expect(patchLines(HOP, 'at-most-once')).toEqual([
      { path: 'shop.ackTimeout', before: 30_000_000, after: 'none' },
      { path: 'shop.retry', before: hopOf(HOP).producer.retry, after: { kind: 'none' } },
      {
        path: 'api.handler',
        before: [['check'], ['effect'], ['mark'], ['ack']],
        after: [['check', 'mark'], ['effect']],
      },
      { path: 'api.dedup.durable', before: false, after: true },
    ]);
  });

  it('at-least-once: "the scenario\'s retry schedule; effect, then ack; no dedup"', () => {
    expect(patchLines(HOP, 'at-least-once')).toEqual([
      {
        path: 'api.handler',
        before: [['check'], ['effect'], ['mark'], ['ack']],
        after: [['effect'], ['ack']],
      },
    ]);
  });

  it('effectively-once: "the scenario\'s schedule, stable ids, [check effect mark] → ack, durable store"', () => {
    expect(patchLines(HOP, 'effectively-once')).toEqual([
      {
        path: 'api.handler',
        before: [['check'], ['effect'], ['mark'], ['ack']],
        after: [['check', 'effect', 'mark'], ['ack']],
      },
      { path: 'api.dedup.durable', before: false, after: true },
    ]);
  });
});

describe('patched scenarios', () => {
  it(`"Window, key, schedule, network and faults stay the scenario's": only the named fields change [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(scenarios(), fc.constantFrom(...POLICIES), (scenario, policy) => {
        const before: Scenario = { ...scenario, policy };
        const named = patchLines(before, policy).map(({ path }) => `nodes.${path}`);
        const isNamed = (leaf: string) =>
          named.some((path) => leaf.startsWith(`${path} `) || leaf.startsWith(`${path}.`));
        const rest = (value: Scenario) => leaves(value).filter((leaf) => !isNamed(leaf));
        const patched = applyPolicy(before);
        expect(rest(patched)).toEqual(rest(before));
        for (const { path, after } of patchLines(patched, policy))
          expect(
            path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], patched.nodes),
          ).toEqual(after);
      }),
      runs(SEED, 100),
    );
  });

  it(`a patch changes a copy, and patching again changes nothing [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(scenarios(), fc.constantFrom(...POLICIES), (scenario, policy) => {
        const before: Scenario = { ...scenario, policy };
        const kept = structuredClone(before);
        const once = applyPolicy(before);
        expect(before).toEqual(kept);
        expect(applyPolicy(once)).toEqual(once);
      }),
      runs(SEED + 1, 100),
    );
  });

  it('custom is as written, and claims what it says', () => {
    const custom: Scenario = { ...HOP, policy: 'custom', claims: 'at-most-once' };
    expect(applyPolicy(custom)).toBe(custom);
    expect(claimedPolicy(custom)).toBe('at-most-once');
    for (const policy of POLICIES)
      expect(claimedPolicy({ ...HOP, policy, claims: 'at-most-once' })).toBe(policy);
  });

  it('what is done to one patched scenario does not reach the next', () => {
    const first = hopOf(applyPolicy({ ...HOP, policy: 'at-most-once' }));
    Object.assign(first.producer.retry, { kind: 'fixed' });
    (first.consumer.handler as string[][])[0].push('ack');
    const next = hopOf(applyPolicy({ ...HOP, policy: 'at-most-once' }));
    expect(next.producer.retry).toEqual({ kind: 'none' });
    expect(next.consumer.handler).toEqual([['check', 'mark'], ['effect']]);
  });

  it('every policy has a patch and claims at least one clause', () => {
    for (const policy of POLICIES satisfies readonly Policy[]) {
      expect(POLICY_PATCHES[policy]).toBeDefined();
      expect(POLICY_CLAIMS[policy].length).toBeGreaterThan(0);
    }
  });
});
