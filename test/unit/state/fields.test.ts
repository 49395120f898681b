// Fields as people write them: what is shown is what is read back.
import { describe, expect, it } from 'vitest';
import { setField } from '../../../sim/scenario/paths.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import {
  readDurations,
  readField,
  readHandler,
  showDurations,
  showField,
  showHandler,
  valueAt,
} from '../../../src/state/fields.ts';

const input = () => ({
  format: 1,
  nodes: {
    shop: { kind: 'producer', ackTimeout: '400ms' },
    api: { kind: 'consumer', handler: ['effect', 'ack'] },
    ledger: { kind: 'sink' },
  },
  links: { 'shop>api': { loss: 0.25, outages: [{ from: '1s', for: '2s' }] }, 'api>shop': {} },
});

describe('fields', () => {
  it('are found by the paths that setField takes', () => {
    const scenario: Record<string, unknown> = input();
    for (const [path, json] of [
      ['shop.ackTimeout', '"2s"'],
      ['shop>api.loss', '0.5'],
      ['shop>api.outages.0.for', '"9s"'],
      ['policy', '"at-most-once"'],
    ] as const) {
      expect(setField(scenario, path, json)).toBeNull();
      expect(valueAt(scenario, path)).toEqual(JSON.parse(json));
    }
    expect(valueAt(scenario, 'api.dedup.window')).toBeUndefined();
    expect(valueAt(scenario, 'nobody.at.all')).toBeUndefined();
  });

  it('show durations, shares and numbers the way people write them', () => {
    expect(showField(99_305_000_000, 'duration')).toBe('27h35m5s');
    expect(showField('27h35m5s', 'duration')).toBe('27h35m5s');
    expect(showField(0.07, 'share')).toBe('7%');
    expect(showField(3, 'number')).toBe('3');
    expect(showField(undefined, 'number')).toBe('');
  });

  it('a bare number is a number where one is meant, and never microseconds by accident', () => {
    expect(readField('40', 'number')).toBe('40');
    expect(readField('unlimited', 'number')).toBe('"unlimited"');
    expect(readField('40', 'duration')).toBe('"40"');
    expect(readField('0.2', 'share')).toBe('0.2');
    expect(readField('20%', 'share')).toBe('"20%"');
    expect(readField('20%', 'fraction')).toBe('0.2');
    expect(readField(' none ', 'duration')).toBe('"none"');
  });

  it('lists of waits and orders of steps read back to what they show', () => {
    expect(showDurations(JSON.parse(readDurations('5s, 5m 30m')))).toBe('5s, 5m, 30m');
    for (const text of ['effect → ack', '[check effect mark] → ack', 'check → [effect mark] → ack']) {
      expect(showHandler(JSON.parse(readHandler(text)))).toBe(text);
    }
    expect(readHandler('[check effect mark] -> ack')).toBe(readHandler('[check effect mark] → ack'));
  });

  it('an order of steps that is none goes on as typed, and parse refuses it at its path', () => {
    const scenario: Record<string, unknown> = input();
    setField(scenario, 'api.handler', readHandler('effect; ack'));
    const parsed = parseScenario(scenario);
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual(['api.handler']);
  });
});
