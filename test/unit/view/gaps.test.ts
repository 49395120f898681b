import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf, surveyGaps } from '../../../src/view/gaps.ts';

describe('gaps', () => {
  it('are those between start, the instants and the end, longest first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 60 }), (instants) => {
        const times = instants.sort((a, b) => a - b);
        const ends = [0, ...times, 1_000];
        const lengths = ends.slice(1).map((us, i) => us - ends[i]);
        const found = surveyGaps(times, 0, 1_000).largest;
        expect(found.map(lengthOf)).toEqual(lengths.filter((us) => us > 0).sort((a, b) => b - a));
        for (const { fromUs, untilUs } of found)
          expect(ends).toEqual(expect.arrayContaining([fromUs, untilUs]));
      }),
    );
  });

  it('of many, the longest are kept, the first of equal ones before the later', () => {
    const times = Array.from({ length: 3_000 }, (_, i) => i * 10 + (i > 2_000 ? 90 : 0));
    const { largest } = surveyGaps(times, 0, 30_080);
    expect(largest).toHaveLength(240);
    expect(largest[0]).toEqual({ fromUs: 20_000, untilUs: 20_100 });
    expect(largest.slice(1, 4).map(({ fromUs }) => fromUs)).toEqual([0, 10, 20]);
  });

  it('outside start and end nothing counts', () => {
    const { largest } = surveyGaps([5, 20, 30, 900], 10, 40);
    expect(largest.map(({ fromUs, untilUs }) => [fromUs, untilUs])).toEqual([
      [10, 20],
      [20, 30],
      [30, 40],
    ]);
  });

  it('a stretch without instants is one gap, and never empty', () => {
    expect(surveyGaps([], 7, 7)).toEqual({
      startUs: 7,
      endUs: 8,
      largest: [{ fromUs: 7, untilUs: 8 }],
      typicalUs: 1,
    });
  });
});
