// The dedup store against a plain list of entries, for every anchor, eviction, capacity and window.
import fc from 'fast-check';
import { Clock } from '../../../sim/core/clock.ts';
import { describe, expect, it } from 'vitest';
import { groupsOf } from '../../../sim/dedup/steps.ts';
import { DedupStore, type StoreEntry, type StoreTerms } from '../../../sim/dedup/store.ts';
import { runs } from '../../property/checks.ts';

const SEED = 20_261_101;

interface Entry {
  readonly key: number;
  anchorUs: number;
  usedOrder: number;
  readonly bornOrder: number;
}

/** What a store promises, said as naively as possible. */
class NaiveStore {
  private entries: Entry[] = [];
  private order = 0;
  private readonly terms: StoreTerms;

  constructor(terms: StoreTerms) {
    this.terms = terms;
  }

  held(nowUs: number): Entry[] {
    this.entries = this.entries.filter(({ anchorUs }) => nowUs < anchorUs + this.terms.windowUs);
    return this.entries;
  }

  find(key: number, nowUs: number): Entry | undefined {
    return this.held(nowUs).find((entry) => entry.key === key);
  }

  touch(key: number, nowUs: number): void {
    const entry = this.find(key, nowUs);
    if (entry === undefined) throw new Error('touched a key that is not held');
    if (this.terms.slides) entry.anchorUs = nowUs;
    entry.usedOrder = ++this.order;
  }

  mark(key: number, nowUs: number): number {
    if (this.find(key, nowUs) !== undefined) {
      this.touch(key, nowUs);
      return -1;
    }
    let evicted = -1;
    if (this.held(nowUs).length >= this.terms.capacity) {
      [evicted] = this.evictionOrder(nowUs);
      this.entries = this.entries.filter((entry) => entry.key !== evicted);
    }
    const order = ++this.order;
    this.entries.push({ key, anchorUs: nowUs, usedOrder: order, bornOrder: order });
    return evicted;
  }

  clear(): void {
    this.entries = [];
  }

  evictionOrder(nowUs: number): number[] {
    const age = (entry: Entry) => (this.terms.lru ? entry.usedOrder : entry.bornOrder);
    return [...this.held(nowUs)].sort((a, b) => age(a) - age(b)).map(({ key }) => key);
  }
}

type Step =
  | { readonly kind: 'mark' | 'check'; readonly key: number }
  | { readonly kind: 'wait'; readonly us: number }
  | { readonly kind: 'clear' | 'copy' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom('mark' as const, 'check' as const),
        key: fc.integer({ min: 1, max: 8 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), us: fc.nat({ max: 4 }) }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Step>(
        { kind: 'copy' },
        { kind: 'copy' },
        { kind: 'copy' },
        { kind: 'clear' },
      ),
    },
  ),
  { maxLength: 80 },
);

/** A store whose every call says when it happens. */
class TimedStore {
  private readonly clock = new Clock();
  private readonly store: DedupStore;

  constructor(terms: StoreTerms) {
    this.store = new DedupStore(terms, this.clock);
  }

  get size(): number {
    return this.store.size;
  }

  holds(key: number, nowUs: number): boolean {
    return this.at(nowUs).holds(key);
  }

  touch(key: number, nowUs: number): void {
    this.at(nowUs).touch(key);
  }

  mark(key: number, nowUs: number): number {
    return this.at(nowUs).mark(key);
  }

  insert(key: number, nowUs: number): number {
    return this.at(nowUs).insert(key);
  }

  entries(nowUs: number): StoreEntry[] {
    return this.at(nowUs).entries();
  }

  evictionOrder(nowUs: number): number[] {
    return this.at(nowUs).evictionOrder();
  }

  restore(entries: readonly StoreEntry[], evictionOrder: readonly number[]): void {
    for (const { key, anchorUs } of entries) this.store.enter(key, anchorUs);
    for (const key of evictionOrder) this.store.evictLast(key);
  }

  clear(): void {
    this.store.clear();
  }

  private at(nowUs: number): DedupStore {
    this.clock.nowUs = nowUs;
    return this.store;
  }
}

function play(terms: StoreTerms, steps: readonly Step[]): void {
  let store = new TimedStore(terms);
  const naive = new NaiveStore(terms);
  let nowUs = 0;
  for (const step of steps) {
    switch (step.kind) {
      case 'wait':
        nowUs += step.us;
        break;
      case 'clear':
        store.clear();
        naive.clear();
        break;
      case 'copy': {
        const copy = new TimedStore(terms);
        copy.restore(store.entries(nowUs), store.evictionOrder(nowUs));
        store = copy;
        break;
      }
      case 'check': {
        // As the receiver does: a delivery that meets an entry touches it.
        const held = store.holds(step.key, nowUs);
        expect(held).toBe(naive.find(step.key, nowUs) !== undefined);
        if (held) {
          store.touch(step.key, nowUs);
          naive.touch(step.key, nowUs);
        }
        break;
      }
      case 'mark': {
        const evicted = store.mark(step.key, nowUs);
        expect(evicted).toBe(naive.mark(step.key, nowUs));
        break;
      }
    }
    const entries = store.entries(nowUs);
    const byKey = (a: { key: number }, b: { key: number }) => a.key - b.key;
    expect([...entries].sort(byKey)).toEqual(
      naive
        .held(nowUs)
        .map(({ key, anchorUs }) => ({ key, anchorUs }))
        .sort(byKey),
    );
    expect(entries.map(({ anchorUs }) => anchorUs)).toEqual(
      entries.map(({ anchorUs }) => anchorUs).sort((a, b) => a - b),
    );
    expect(store.evictionOrder(nowUs)).toEqual(naive.evictionOrder(nowUs));
    expect(store.size).toBe(entries.length);
    expect(store.size).toBeLessThanOrEqual(terms.capacity);
  }
}

describe('dedup store', () => {
  for (const slides of [false, true])
    for (const lru of [false, true])
      for (const capacity of [1, 3, Infinity])
        for (const windowUs of [0, 1, 5, Infinity]) {
          const terms: StoreTerms = { windowUs, slides, capacity, lru };
          const name = `${slides ? 'last seen' : 'first seen'}, ${lru ? 'lru' : 'fifo'}, ${capacity} entries, ${windowUs} us`;
          it(`${name}: holds what a plain list holds [seed ${SEED}]`, () => {
            fc.assert(
              fc.property(steps, (list) => play(terms, list)),
              runs(SEED, 20),
            );
          });
        }

  const fresh = (terms: Partial<StoreTerms>) =>
    new TimedStore({ windowUs: 100, slides: false, capacity: Infinity, lru: false, ...terms });

  it('"valid for t < t_mark + W (at exactly t_mark+W it has expired)" (theory T1)', () => {
    const store = fresh({});
    store.mark(1, 1_000);
    expect(store.holds(1, 1_099)).toBe(true);
    expect(store.holds(1, 1_100)).toBe(false);
  });

  it('first seen: a delivery that meets the entry does not move its end', () => {
    const store = fresh({});
    store.mark(1, 0);
    store.touch(1, 99);
    expect(store.holds(1, 100)).toBe(false);
  });

  it('last seen: it does', () => {
    const store = fresh({ slides: true });
    store.mark(1, 0);
    store.touch(1, 99);
    expect(store.holds(1, 198)).toBe(true);
    expect(store.holds(1, 199)).toBe(false);
  });

  it('fifo forgets the oldest entry although it was used last; lru does not', () => {
    for (const [lru, forgotten] of [
      [false, 1],
      [true, 2],
    ] as const) {
      const store = fresh({ capacity: 2, lru });
      store.mark(1, 0);
      store.mark(2, 1);
      store.touch(1, 2);
      expect(store.mark(3, 3)).toBe(forgotten);
    }
  });

  it('an expired entry makes room: nothing is forgotten early', () => {
    const store = fresh({ capacity: 1 });
    store.mark(1, 0);
    expect(store.mark(2, 100)).toBe(-1);
    expect(store.mark(3, 101)).toBe(2);
  });

  it('a key that is held is not written again', () => {
    const store = fresh({ capacity: 1 });
    store.mark(1, 0);
    expect(store.mark(1, 50)).toBe(-1);
    expect(store.size).toBe(1);
    expect(store.holds(1, 100)).toBe(false);
  });

  it('holds a hundred thousand entries and expires them in order', () => {
    const store = fresh({ windowUs: 100_000 });
    for (let key = 0; key < 100_000; key++) store.mark(key, key);
    expect(store.size).toBe(100_000);
    expect(store.holds(0, 100_000)).toBe(false);
    expect(store.size).toBe(99_999);
    expect(store.holds(99_999, 199_998)).toBe(true);
    expect(store.size).toBe(1);
  });
});

describe('handler steps', () => {
  it('a group holds its steps whatever their order in it', () => {
    expect(groupsOf([['mark', 'effect', 'check'], ['ack']])).toEqual([
      { check: true, effect: true, mark: true, ack: false },
      { check: false, effect: false, mark: false, ack: true },
    ]);
    expect(groupsOf([['effect']])).toEqual([{ check: false, effect: true, mark: false, ack: false }]);
  });
});
