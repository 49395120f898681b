/** The tolerance rules of the theory suite, by hand: each accepts what it should and can say no. */
import { describe, expect, it } from 'vitest';
import { batchMean, exactly, judge, meanOf, proportion } from './lab.ts';

describe('tolerance rules', () => {
  it('PROP: 4 standard errors', () => {
    // 10,000 at 1/2: a standard error is 50 hits.
    const at = (hits: number) => judge({ kind: 'proportion', hits, of: 10_000 }, 0.5);
    expect(at(5_200).z).toBeCloseTo(4, 9);
    expect(at(5_199).within).toBe(true);
    expect(at(5_201).within).toBe(false);
    expect(at(4_801).within).toBe(true);
    expect(at(4_799).within).toBe(false);
  });

  it('PROP with fewer than 25 expected: the exact binomial tail', () => {
    const at = (hits: number) => judge({ kind: 'proportion', hits, of: 1_000 }, 0.002).within;
    // Poisson(2) to three digits: P(≥ 10) = 4.6e-5 and P(≥ 9) = 2.4e-4; two-sided against 6.3e-5.
    expect(at(9)).toBe(true);
    expect(at(11)).toBe(false);
    expect(at(0)).toBe(true);
    expect(judge({ kind: 'proportion', hits: 0, of: 1_000 }, 0).within).toBe(true);
    expect(judge({ kind: 'proportion', hits: 1, of: 1_000 }, 0).within).toBe(false);
  });

  it('MEAN: the standard error comes from the sample', () => {
    const sample = meanOf([1, 2, 3, 4, 5]);
    expect(sample).toMatchObject({ mean: 3, of: 5 });
    expect(judge(sample, 3 - 3.9 * Math.sqrt(0.5)).within).toBe(true);
    expect(judge(sample, 3 - 4.1 * Math.sqrt(0.5)).within).toBe(false);
  });

  it('BATCH: the standard error comes from between the batches', () => {
    const runs = [1, 1, 1, 1, 3, 3, 3, 3];
    expect(batchMean(runs, 2)).toMatchObject({ mean: 2, standardError: 1, of: 2 });
  });

  it('CHI2 and EXACT', () => {
    const cells = (counts: number[]) => judge({ kind: 'cells', counts, limit: 23.5 }, [0.5, 0.5]).within;
    expect(cells([500, 500])).toBe(true);
    expect(cells([574, 426])).toBe(true); // 21.9
    expect(cells([580, 420])).toBe(false); // 25.6
    expect(judge(exactly(3), 3).within).toBe(true);
    expect(judge(exactly(3), 4).within).toBe(false);
  });

  it('what was never expected is never within', () => {
    expect(
      judge(
        proportion(10, (i) => i > 5),
        NaN,
      ).within,
    ).toBe(false);
    expect(judge(meanOf([1, 2]), NaN).within).toBe(false);
  });
});
