import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../sim/core/assert.ts';
import { IntMap } from '../../../sim/core/int-map.ts';

const SEED = 7;

type Step =
  | { readonly kind: 'set'; readonly key: number; readonly value: number }
  | { readonly kind: 'delete'; readonly key: number }
  | { readonly kind: 'clear' };

/**
 * Consecutive keys, keys that share one home, keys around the wrap of the smallest table; few enough
 * to meet again, or else deletes would miss.
 */
const key = fc.oneof(
  fc.integer({ min: 0, max: 15 }),
  fc.integer({ min: 0, max: 5 }).map((i) => i * 65536),
  fc.integer({ min: 0, max: 11 }).map((i) => 32 * (i >> 2) + 13 + (i & 3)),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31 - 2, 2 ** 30),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 50, arbitrary: fc.record({ kind: fc.constant('set' as const), key, value: fc.integer() }) },
  { weight: 40, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
);

function expectSame(map: IntMap, model: ReadonlyMap<number, number>, probes: Iterable<number>): void {
  expect(map.size).toBe(model.size);
  for (const probe of probes) {
    expect(map.get(probe), `key ${probe}`).toBe(model.get(probe) ?? -1);
    expect(map.has(probe), `key ${probe}`).toBe(model.has(probe));
  }
}

describe('IntMap', () => {
  it(`behaves as a Map does, whatever is set, deleted and cleared (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const map = new IntMap();
        const model = new Map<number, number>();
        const probes = new Set<number>([0, 16]);
        for (const action of steps) {
          switch (action.kind) {
            case 'set':
              map.set(action.key, action.value);
              model.set(action.key, action.value);
              probes.add(action.key);
              break;
            case 'delete':
              expect(map.delete(action.key)).toBe(model.delete(action.key));
              probes.add(action.key);
              break;
            case 'clear':
              map.clear();
              model.clear();
          }
        }
        expectSame(map, model, probes);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('keeps a sliding window of a million consecutive keys', () => {
    const map = new IntMap();
    for (let i = 0; i < 1_000_000; i++) {
      map.set(i, i ^ 5);
      if (i >= 1000) map.delete(i - 1000);
    }
    expect(map.size).toBe(1000);
    expect([map.get(999_999), map.get(999_000), map.get(998_999), map.get(1_000_000)]).toEqual([
      999_999 ^ 5,
      999_000 ^ 5,
      -1,
      -1,
    ]);
  });

  it('looks up and deletes in a run of 100 000 consecutive keys without walking along it', () => {
    const map = new IntMap();
    for (let i = 0; i < 100_000; i++) map.set(i, i);
    const start = performance.now();
    for (let i = 0; i < 50_000; i++) {
      map.get(i + 131072 * 2); // absent, with a home inside the run
      map.delete(i);
    }
    // Walking would be 5e9 steps; half a second is a hundred times what it takes.
    expect(performance.now() - start).toBeLessThan(500);
    expect(map.size).toBe(50_000);
  });

  it('an empty slot answers -1 even for the key -1, after deletes too', () => {
    const map = new IntMap();
    map.set(15, 3); // 15 is the home of -1 in the smallest table
    expect(map.get(-1)).toBe(-1);
    map.delete(15);
    expect(map.get(-1)).toBe(-1);
  });

  it('is never more than half full, so an absent key is found absent', () => {
    const map = new IntMap();
    for (let i = 0; i < 5000; i++) {
      map.set(i * 3, i);
      expect(map.get(i * 3 + 1)).toBe(-1);
    }
  });

  it('refuses keys that are not int32 >= 0, and has none of them', () => {
    const map = new IntMap();
    for (const wrong of [-1, 1.5, 2 ** 31, NaN]) {
      expect(() => map.set(wrong, 1), String(wrong)).toThrow(InvariantError);
      expect(map.get(wrong)).toBe(-1);
      expect(map.has(wrong)).toBe(false);
      expect(map.delete(wrong)).toBe(false);
    }
    expect(map.size).toBe(0);
  });
});
