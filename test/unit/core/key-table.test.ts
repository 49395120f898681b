import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../sim/core/assert.ts';
import { KeyTable } from '../../../sim/core/key-table.ts';

const SEED = 7;

type Step = { readonly kind: 'toggle'; readonly key: number } | { readonly kind: 'clear' };

/** Consecutive keys, keys that share one chain, the largest; few enough to meet again. */
const key = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 9 }).map((i) => i * 65_536),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31 - 2, 2 ** 30),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 90, arbitrary: fc.record({ kind: fc.constant('toggle' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
);

describe('KeyTable', () => {
  it(`finds each key that is present in a slot of its own, whatever was added, removed and cleared (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
        const table = new KeyTable();
        const slots = new Map<number, number>();
        const probes = new Set<number>([0, 16]);
        for (const action of steps) {
          if (action.kind === 'clear') {
            table.clear();
            slots.clear();
            continue;
          }
          probes.add(action.key);
          const slot = slots.get(action.key);
          if (slot === undefined) {
            const free = table.add(action.key);
            expect([...slots.values()]).not.toContain(free);
            slots.set(action.key, free);
          } else {
            table.remove(slot);
            slots.delete(action.key);
          }
          expect(table.size).toBe(slots.size);
        }
        for (const probe of probes) expect(table.find(probe), `key ${probe}`).toBe(slots.get(probe) ?? -1);
        for (const [present, slot] of slots) expect(table.keyAt(slot)).toBe(present);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('a sliding window of a million consecutive keys uses no more slots than it is long', () => {
    const table = new KeyTable();
    let largest = 0;
    for (let i = 0; i < 1_000_000; i++) {
      if (i >= 1_000) table.remove(table.find(i - 1_000));
      largest = Math.max(largest, table.add(i));
    }
    expect(table.size).toBe(1_000);
    expect(largest).toBe(999);
    expect([999_999, 999_000].map((key) => table.keyAt(table.find(key)))).toEqual([999_999, 999_000]);
    expect([998_999, 1_000_000].map((key) => table.find(key))).toEqual([-1, -1]);
  });

  it('refuses to remove twice what is there once', () => {
    const table = new KeyTable();
    const slot = table.add(16);
    table.add(32); // of the same chain
    table.remove(slot);
    expect(() => table.remove(slot)).toThrow(InvariantError);
    expect(table.size).toBe(1);
  });

  it('refuses keys that are not int32 ≥ 0, and has none of them', () => {
    const table = new KeyTable();
    for (const wrong of [-1, 1.5, 2 ** 31, NaN]) {
      expect(() => table.add(wrong), String(wrong)).toThrow(InvariantError);
      expect(table.find(wrong)).toBe(-1);
    }
    expect(table.size).toBe(0);
  });
});
