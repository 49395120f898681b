// The future event list against a list that is searched from end to end: same events, same order, whatever the mix of
// pushes and pops. A tie at one key goes to the event that was pushed first.
import fc from 'fast-check';
import { InvariantError } from '../../../sim/core/assert.ts';
import { Clock } from '../../../sim/core/clock.ts';
import { describe, expect, it } from 'vitest';
import { EVENT, EVENT_KINDS, RANK } from '../../../sim/engine/event.ts';
import { EventQueue } from '../../../sim/engine/event-queue.ts';
import { inOrder, remove } from '../../../sim/engine/pending.ts';
import { runs } from '../../property/checks.ts';

const SEED = 20_261_001;

interface Pending {
  readonly key: number;
  readonly order: number;
  readonly subject: number;
}

/** The same list, naively. */
class NaiveQueue {
  private readonly pending: Pending[] = [];
  private order = 0;

  get size(): number {
    return this.pending.length;
  }

  push(key: number, subject: number): void {
    this.pending.push({ key, order: this.order++, subject });
  }

  inOrder(): Pending[] {
    return [...this.pending].sort((a, b) => a.key - b.key || a.order - b.order);
  }

  pop(): Pending {
    const [first] = this.inOrder();
    this.pending.splice(this.pending.indexOf(first), 1);
    return first;
  }
}

/** What a step does to both lists. Times are few, so that ties are many. */
type Step =
  | { readonly kind: 'push'; readonly inUs: number; readonly rank: number }
  | { readonly kind: 'timer' }
  | { readonly kind: 'pop'; readonly count: number }
  | { readonly kind: 'look' }
  | { readonly kind: 'clear' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      inUs: fc.nat({ max: 6 }),
      rank: fc.nat({ max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      inUs: fc.nat({ max: 2 ** 48 }),
      rank: fc.nat({ max: 5 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'timer' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pop' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'look' as const }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'clear' }, { kind: 'look' }) },
);

const TIMEOUT_US = 4;

function play(steps: readonly Step[], clears: boolean): void {
  const clock = new Clock();
  const queue = new EventQueue(clock);
  let naive = new NaiveQueue();
  let subject = 0;
  const popBoth = () => {
    const expected = naive.pop();
    const slot = queue.pop();
    expect(clock.nowUs).toBe(Math.floor(expected.key / 8));
    expect([queue.subject(slot), queue.packet(slot), queue.cause(slot), queue.kind(slot)]).toEqual([
      expected.subject,
      -expected.subject,
      expected.subject + 7,
      expected.subject % 8,
    ]);
  };
  for (const step of steps) {
    switch (step.kind) {
      case 'push':
        naive.push((clock.nowUs + step.inUs) * 8 + step.rank, ++subject);
        queue.push(step.inUs, step.rank, subject % 8, subject, -subject, subject + 7);
        break;
      case 'timer':
        naive.push((clock.nowUs + TIMEOUT_US) * 8 + 4, ++subject);
        queue.push(TIMEOUT_US, 4, subject % 8, subject, -subject, subject + 7, true);
        break;
      case 'pop':
        for (let i = 0; i < step.count && naive.size > 0; i++) popBoth();
        break;
      case 'look':
        expect(inOrder(queue).map(({ key, slot }) => [key, queue.subject(slot)])).toEqual(
          naive.inOrder().map(({ key, subject }) => [key, subject]),
        );
        break;
      case 'clear':
        if (!clears) break;
        queue.clear();
        clock.nowUs = 0;
        naive = new NaiveQueue();
        break;
    }
    expect(queue.size).toBe(naive.size);
    const nextKey = naive.size === 0 ? Infinity : naive.inOrder()[0].key;
    for (const rank of [0, 1, 4, 5]) expect(queue.comesFirst(rank)).toBe(clock.nowUs * 8 + rank < nextKey);
  }
  while (naive.size > 0) popBoth();
  expect(queue.size).toBe(0);
}

describe('event queue', () => {
  it(`pops what a naive list pops, ties in the order of pushing [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => play(steps, true)),
      runs(SEED, 500),
    );
  });

  it(`also when it has grown several times, and when slots come back [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 600, maxLength: 900 }), (steps) => play(steps, false)),
      runs(SEED + 1, 5),
    );
  });

  it('a thousand events of one instant come in the order they were pushed, through pushes in between', () => {
    const queue = new EventQueue(new Clock());
    for (let subject = 0; subject < 1_000; subject++)
      if (subject % 3 === 0) queue.push(5, 4, 0, subject, 0, -1, true);
      else queue.push(5, 4, 0, subject, 0, -1);
    for (let expected = 0; expected < 2_000; expected++) {
      const slot = queue.pop();
      expect(queue.subject(slot)).toBe(expected);
      if (expected < 1_000) queue.push(5, 4, 0, 1_000 + expected, 0, -1); // a slot just given back
    }
  });

  it('uses no more slots than were ever pending at once', () => {
    const queue = new EventQueue(new Clock());
    const slots = new Set<number>();
    for (let i = 0; i < 10; i++) queue.push(i, 0, 0, i, 0, -1);
    for (let i = 0; i < 10_000; i++) {
      slots.add(queue.pop());
      queue.push(i % 7, i % 6, 0, i, 0, -1);
    }
    expect(slots.size).toBeLessThanOrEqual(10);
  });

  it('a cancelled timer never pops, moves no clock and counts no longer, wherever it stands among the others', () => {
    const clock = new Clock();
    const queue = new EventQueue(clock);
    queue.push(2, 0, 0, 2, 0, -1);
    const timers = [3, 4, 5, 6, 7].map((subject) => queue.push(subject, 4, 0, subject, 0, -1, true));
    for (const index of [0, 2, 4]) queue.cancelTimer(timers[index]);
    expect(queue.size).toBe(3);
    expect(inOrder(queue).map(({ slot }) => queue.subject(slot))).toEqual([2, 4, 6]);
    queue.push(7, 4, 0, 8, 0, -1, true);
    expect([2, 4, 6, 8].map(() => queue.subject(queue.pop()))).toEqual([2, 4, 6, 8]);
    expect([queue.pop(), queue.size, clock.nowUs]).toEqual([-1, 0, 7]);
    queue.cancelTimer(queue.push(1, 4, 0, 9, 0, -1, true));
    expect([queue.pop(), queue.size, clock.nowUs]).toEqual([-1, 0, 7]);
  });

  it('any pending event can be taken out; the others keep their order', () => {
    for (let out = 0; out < 9; out++) {
      const queue = new EventQueue(new Clock());
      const slots = [5, 3, 5, 4, 4, 5, 3].map((inUs, index) => queue.push(inUs, 0, 0, index, 0, -1));
      slots.push(...[4, 5].map((inUs, index) => queue.push(inUs, 4, 0, 7 + index, 0, -1, true)));
      remove(queue, slots[out]);
      expect(queue.size).toBe(8);
      const left = [1, 6, 3, 4, 7, 0, 2, 5, 8].filter((subject) => subject !== out);
      expect(left.map(() => queue.subject(queue.pop()))).toEqual(left);
      expect(queue.pop()).toBe(-1);
      expect(() => remove(queue, slots[out])).toThrow(InvariantError);
    }
  });

  it('times up to 35 years keep their rank', () => {
    const queue = new EventQueue(new Clock());
    const lateUs = 2 ** 50 - 1;
    for (const rank of [5, 0, 4, 2, 3, 1]) queue.push(lateUs, rank, 0, rank, 0, -1);
    expect(Array.from({ length: 6 }, () => queue.subject(queue.pop()))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('pops nothing when empty or when nothing is due yet, and refuses a timer that is due before an earlier one', () => {
    const queue = new EventQueue(new Clock());
    expect(queue.pop()).toBe(-1);
    queue.untilUs = 4;
    queue.push(5, 4, 0, 1, 0, -1, true);
    expect(queue.pop()).toBe(-1);
    expect(() => queue.push(4, 4, 0, 2, 0, -1, true)).toThrow('overtakes');
  });
});

describe('what is due at this instant', () => {
  it('is looked for by rank, in the heap and among timers, with the root open or not', () => {
    const queue = new EventQueue(new Clock());
    const isDue = () => queue.isDue(4, 5);
    expect(isDue()).toBe(false);
    queue.push(0, 3, 0, 1, 0, -1);
    queue.push(0, 6, 0, 2, 0, -1);
    queue.push(1, 4, 0, 3, 0, -1);
    queue.push(2, 4, 0, 4, 0, -1, true);
    expect(isDue()).toBe(false);
    queue.push(0, 5, 0, 5, 0, -1);
    expect(isDue()).toBe(true);
    expect(popped(queue)).toEqual([1, true]); // the root is open now
    expect(popped(queue)).toEqual([5, false]); // it is no longer on the list itself
    expect(popped(queue)).toEqual([2, false]);
    expect(popped(queue)).toEqual([3, false]);
    queue.push(1, 2, 0, 6, 0, -1);
    expect(popped(queue)).toEqual([6, true]); // the timer
    expect(popped(queue)).toEqual([4, false]);

    function popped(of: EventQueue): [number, boolean] {
      return [of.subject(of.pop()), of.isDue(4, 5)];
    }
  });
});

describe('ranks', () => {
  it('"0 ack or answer, 1 request, 2 handler step, 3 crash or restart, 4 timer, 5 arrival of new work" (DESIGN.md 3.3)', () => {
    const ranks = Object.fromEntries(EVENT_KINDS.map((kind, number) => [kind, RANK[number]]));
    expect(ranks).toEqual({
      answer: 0,
      nack: 0,
      request: 1,
      step: 2,
      restart: 3,
      timeout: 4,
      retry: 4,
      arrival: 5,
      // Behind all of the sender, in the order of the three above (instant.ts).
      heldRequest: 6,
      heldStep: 7,
      heldRestart: 7,
    });
    expect(Object.values(EVENT)).toEqual(EVENT_KINDS.map((_, number) => number));
  });
});
