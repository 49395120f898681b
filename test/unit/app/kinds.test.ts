// Picking another kind of a field gives something that parses, and keeps what still means the same.
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import {
  ARRIVAL_KINDS,
  arrivalsOfKind,
  DISTRIBUTION_KINDS,
  distributionOfKind,
  HANDLERS,
  JITTER_KINDS,
  jitterOfKind,
  RETRY_KINDS,
  retryOfKind,
} from '../../../src/app/parameters/kinds.ts';
import { readHandler } from '../../../src/state/fields.ts';

function problems(
  shop: Record<string, unknown>,
  api: Record<string, unknown> = {},
  link: Record<string, unknown> = {},
) {
  const parsed = parseScenario({
    format: 1,
    nodes: {
      shop: { kind: 'producer', ...shop },
      api: { kind: 'consumer', ...api },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': link, 'api>shop': {} },
  });
  return parsed.ok ? [] : parsed.problems;
}

describe('kinds of fields', () => {
  it('from any kind of retry to any other', () => {
    for (const from of RETRY_KINDS) {
      for (const to of RETRY_KINDS) {
        const before = retryOfKind(from.value, { kind: 'none' });
        expect(problems({ retry: retryOfKind(to.value, before) }), `${from.value} to ${to.value}`).toEqual(
          [],
        );
      }
    }
    const exponential = { kind: 'exponential', delay: '3s', cap: '1m', jitter: 'full', maxAttempts: 7 };
    expect(retryOfKind('linear', exponential)).toEqual({
      kind: 'linear',
      delay: '3s',
      cap: '1m',
      jitter: 'full',
      maxAttempts: 7,
    });
    expect(retryOfKind('fixed', exponential)).toEqual({
      kind: 'fixed',
      delay: '3s',
      jitter: 'full',
      maxAttempts: 7,
    });
  });

  it('from any distribution to any other', () => {
    for (const from of DISTRIBUTION_KINDS) {
      for (const to of DISTRIBUTION_KINDS) {
        const delay = distributionOfKind(to.value, distributionOfKind(from.value, '70ms'));
        expect(problems({}, {}, { delay }), `${from.value} to ${to.value}`).toEqual([]);
      }
    }
  });

  it('every jitter, every arrival, every preset of steps', () => {
    for (const { value } of JITTER_KINDS) {
      expect(problems({ retry: { kind: 'fixed', delay: '1s', jitter: jitterOfKind(value) } })).toEqual([]);
    }
    for (const { value } of ARRIVAL_KINDS) {
      expect(
        problems({ arrivals: arrivalsOfKind(value, { kind: 'fixed', every: '2s', start: '1s' }) }),
      ).toEqual([]);
    }
    for (const { value } of HANDLERS)
      expect(problems({}, { handler: JSON.parse(readHandler(value)) })).toEqual([]);
  });
});
