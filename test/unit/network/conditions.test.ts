// Conditions: stretches of time, half open, found by time alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stretchAt, stretchBeginningIn, type Stretch } from '../../../sim/network/conditions.ts';
import { runs } from '../../property/checks.ts';

const SEED = 20_261_201;

const A = { fromUs: 10, untilUs: 20, cuts: true };
const B = { fromUs: 20, untilUs: 21, cuts: false };
const C = { fromUs: 50, untilUs: 60, cuts: true };
const OUTAGES = [A, B, C];
const any = () => true;

describe('stretchAt', () => {
  it.each([
    [0, undefined],
    [9, undefined],
    [10, A],
    [19, A],
    [20, B], // the end of A is the beginning of B
    [21, undefined],
    [49, undefined],
    [50, C],
    [59, C],
    [60, undefined],
    [1e15, undefined],
  ])('at %i us', (timeUs, expected) => {
    expect(stretchAt(OUTAGES, timeUs)).toBe(expected);
  });

  it('finds nothing in no stretches', () => {
    expect(stretchAt([], 5)).toBeUndefined();
  });
});

describe('stretchBeginningIn', () => {
  it.each([
    // A packet sent at the first time and due at the second: does an outage begin while it is in the air?
    [0, 10, undefined], // due at the very instant: it is there
    [0, 11, A],
    [10, 20, undefined], // sent at the very instant: `stretchAt` has it
    [10, 21, B],
    [15, 49, B],
    [21, 50, undefined],
    [21, 51, C],
    [60, 1e15, undefined],
  ])('sent at %i us, due at %i us', (fromUs, untilUs, expected) => {
    expect(stretchBeginningIn(OUTAGES, fromUs, untilUs, any)).toBe(expected);
  });

  it('passes over stretches that are not wanted', () => {
    expect(stretchBeginningIn(OUTAGES, 15, 51, ({ cuts }) => cuts)).toBe(C);
    expect(stretchBeginningIn(OUTAGES, 15, 50, ({ cuts }) => cuts)).toBeUndefined();
  });
});

describe('against a search of all stretches', () => {
  const stretches = fc
    .array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 3 })), { maxLength: 12 })
    .map((list) => {
      let at = 0;
      return list.map(([gap, length]): Stretch => {
        const fromUs = at + gap;
        at = fromUs + length;
        return { fromUs, untilUs: at };
      });
    });

  it(`both find the same one [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(
        stretches,
        fc.nat({ max: 80 }),
        fc.nat({ max: 20 }),
        fc.nat({ max: 4 }),
        (list, fromUs, length, odd) => {
          const wanted = ({ untilUs }: Stretch) => untilUs % 5 !== odd;
          expect(stretchAt(list, fromUs)).toBe(list.find((s) => s.fromUs <= fromUs && fromUs < s.untilUs));
          expect(stretchBeginningIn(list, fromUs, fromUs + length, wanted)).toBe(
            list.find((s) => fromUs < s.fromUs && s.fromUs < fromUs + length && wanted(s)),
          );
        },
      ),
      runs(SEED, 2_000),
    );
  });
});
