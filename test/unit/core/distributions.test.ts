import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LONGEST_DRAW_US,
  longest,
  sample,
  shortest,
  type Distribution,
} from '../../../sim/core/distributions.ts';
import { seedKey, streamKey, uniform } from '../../../sim/core/keyed-draws.ts';

const SEED = 11;
const DRAWS = 100_000;
const SECOND = 1_000_000;
const key = streamKey(seedKey(`distributions ${SEED}`), 'delay');

interface Claim {
  readonly name: string;
  readonly distribution: Distribution;
  readonly mean: number;
  readonly sd: number;
  /** P(duration <= t), from the textbook, with nothing of the simulator in it. */
  readonly below: (t: number) => number;
}

/** Marsaglia's series for the normal distribution function; full precision for |z| < 6. */
function normalBelow(z: number): number {
  if (z < -6) return 0;
  if (z > 6) return 1;
  let sum = 0;
  let term = z;
  for (let n = 3; sum + term !== sum; n += 2) {
    sum += term;
    term *= (z * z) / n;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

const CLAIMS: readonly Claim[] = [
  {
    name: 'uniform from 0.5 s to 2 s',
    distribution: { kind: 'uniform', minUs: 0.5 * SECOND, maxUs: 2 * SECOND },
    mean: 1.25 * SECOND,
    sd: (1.5 * SECOND) / Math.sqrt(12),
    below: (t) => (t - 0.5 * SECOND) / (1.5 * SECOND),
  },
  {
    name: 'exponential of mean 1 s after 0.2 s',
    distribution: { kind: 'exponential', meanUs: SECOND, minUs: 0.2 * SECOND },
    mean: 1.2 * SECOND,
    sd: SECOND,
    below: (t) => 1 - Math.exp(-(t - 0.2 * SECOND) / SECOND),
  },
  {
    name: 'normal 10 s, sd 1 s',
    distribution: { kind: 'normal', meanUs: 10 * SECOND, sdUs: SECOND },
    mean: 10 * SECOND,
    sd: SECOND,
    below: (t) => normalBelow((t - 10 * SECOND) / SECOND),
  },
  {
    name: 'lognormal with median 1 s and sigma 0.5',
    distribution: { kind: 'lognormal', medianUs: SECOND, sigma: 0.5 },
    mean: SECOND * Math.exp(0.125),
    sd: SECOND * Math.exp(0.125) * Math.sqrt(Math.exp(0.25) - 1),
    below: (t) => normalBelow(Math.log(t / SECOND) / 0.5),
  },
  {
    name: 'pareto from 1 s with alpha 5',
    distribution: { kind: 'pareto', minUs: SECOND, alpha: 5 },
    mean: (5 / 4) * SECOND,
    sd: SECOND * Math.sqrt(5 / 48),
    below: (t) => 1 - (SECOND / t) ** 5,
  },
];

const durations = { noNaN: true, noDefaultInfinity: true, min: 0, max: 1e12 };
const duration = fc.double(durations);
const anyDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), valueUs: duration }),
  fc
    .tuple(duration, duration)
    .map(([a, b]): Distribution => ({ kind: 'uniform', minUs: Math.min(a, b), maxUs: Math.max(a, b) })),
  fc.record({ kind: fc.constant('exponential' as const), meanUs: duration, minUs: duration }),
  fc.record({ kind: fc.constant('normal' as const), meanUs: duration, sdUs: duration }),
  fc.record({
    kind: fc.constant('lognormal' as const),
    medianUs: duration,
    sigma: fc.double({ ...durations, max: 20 }),
  }),
  fc.record({
    kind: fc.constant('pareto' as const),
    minUs: duration,
    alpha: fc.double({ ...durations, min: 0.01, max: 50 }),
  }),
  fc
    .array(duration, { minLength: 1, maxLength: 20 })
    .map((values): Distribution => ({ kind: 'empirical', valuesUs: values.sort((a, b) => a - b) })),
);
/** k of u = k 2^-53, the ends of the grid often among them. */
const gridIndex = fc.maxSafeInteger().map((k) => Math.abs(k));

describe('samples follow their distribution', () => {
  for (const { name, distribution, mean, sd, below } of CLAIMS) {
    const values = Array.from({ length: DRAWS }, (_, i) => sample(distribution, uniform(key, i, 0))).sort(
      (a, b) => a - b,
    );

    it(`${name}: mean and variance of ${DRAWS} draws within 4.5 sigma (seed ${SEED})`, () => {
      const mean0 = values.reduce((sum, value) => sum + value, 0) / DRAWS;
      expect(Math.abs(mean0 - mean) / (sd / Math.sqrt(DRAWS))).toBeLessThan(4.5);
      const squares = values.map((value) => ((value - mean) / sd) ** 2);
      const variance = squares.reduce((sum, square) => sum + square, 0) / DRAWS;
      const spread = Math.sqrt(squares.reduce((sum, square) => sum + (square - variance) ** 2, 0)) / DRAWS;
      expect(Math.abs(variance - 1) / spread).toBeLessThan(4.5);
    });

    it(`${name}: Kolmogorov-Smirnov distance of ${DRAWS} draws below 2.2 / sqrt(n) (seed ${SEED})`, () => {
      let distance = 0;
      values.forEach((value, i) => {
        const p = below(value);
        distance = Math.max(distance, Math.abs(p - i / DRAWS), Math.abs(p - (i + 1) / DRAWS));
      });
      expect(distance * Math.sqrt(DRAWS)).toBeLessThan(2.2); // P = 1.3e-4 for the right distribution
    });
  }

  it(`empirical: each of 7 values equally often, within 4.5 sigma (seed ${SEED})`, () => {
    const distribution: Distribution = { kind: 'empirical', valuesUs: [1, 2, 3, 5, 8, 13, 21] };
    const counts = new Map<number, number>();
    for (let i = 0; i < DRAWS; i++) {
      const value = sample(distribution, uniform(key, i, 1));
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect(counts.size).toBe(7);
    for (const count of counts.values()) {
      expect(Math.abs(count - DRAWS / 7) / Math.sqrt((DRAWS * 6) / 49)).toBeLessThan(4.5);
    }
  });
});

describe('every distribution', () => {
  it(`never decreases as the uniform grows (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyDistribution, gridIndex, gridIndex, (distribution, k, l) => {
        const [u, v] = [Math.min(k, l) * 2 ** -53, Math.max(k, l) * 2 ** -53];
        expect(sample(distribution, u)).toBeLessThanOrEqual(sample(distribution, v));
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  it(`never decreases between neighbouring draws, but for 1 µs where a normal is in it (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyDistribution, gridIndex, (distribution, k) => {
        const slack = distribution.kind === 'normal' || distribution.kind === 'lognormal' ? 1 : 0;
        const [u, v] = [(k - 1) * 2 ** -53, k * 2 ** -53];
        if (k > 0) expect(sample(distribution, u)).toBeLessThanOrEqual(sample(distribution, v) + slack);
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  it(`gives whole microseconds between shortest and longest, and at most 2^50 (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyDistribution, gridIndex, (distribution, k) => {
        const value = sample(distribution, k * 2 ** -53);
        expect(Number.isSafeInteger(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(shortest(distribution));
        expect(value).toBeLessThanOrEqual(Math.min(longest(distribution), LONGEST_DRAW_US));
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });
});

describe('exact values', () => {
  it('at u = 0 each distribution gives its minimum exactly', () => {
    expect(sample({ kind: 'constant', valueUs: 5000 }, 0)).toBe(5000);
    expect(sample({ kind: 'uniform', minUs: 3, maxUs: 9 }, 0)).toBe(3);
    expect(sample({ kind: 'exponential', meanUs: 5000, minUs: 700 }, 0)).toBe(700);
    expect(sample({ kind: 'normal', meanUs: 5000, sdUs: 1 }, 0)).toBe(0);
    expect(sample({ kind: 'lognormal', medianUs: 5000, sigma: 1 }, 0)).toBe(0);
    expect(sample({ kind: 'pareto', minUs: 5000, alpha: 1.5 }, 0)).toBe(5000);
    expect(sample({ kind: 'empirical', valuesUs: [4, 5] }, 0)).toBe(4);
  });

  it('at the median each distribution gives its median, rounded to nearest', () => {
    expect(sample({ kind: 'uniform', minUs: 3, maxUs: 10 }, 0.5)).toBe(7); // 6.5 goes up
    expect(sample({ kind: 'exponential', meanUs: 10_000, minUs: 0 }, 0.5)).toBe(6931); // 6931.47
    expect(sample({ kind: 'exponential', meanUs: 1000, minUs: 0 }, 0.75)).toBe(1386); // 1386.29
    expect(sample({ kind: 'normal', meanUs: 5000, sdUs: 700 }, 0.5)).toBe(5000);
    expect(sample({ kind: 'lognormal', medianUs: 5000, sigma: 2 }, 0.5)).toBe(5000);
    expect(sample({ kind: 'pareto', minUs: 1000, alpha: 1 }, 0.5)).toBe(2000);
    expect(sample({ kind: 'empirical', valuesUs: [4, 5] }, 0.5)).toBe(5);
  });

  it('at the 97.5th percentile the normal ones are 1.959964 standard deviations out', () => {
    expect(sample({ kind: 'normal', meanUs: 5_000_000, sdUs: 1_000_000 }, 0.975)).toBe(6_959_964);
    expect(sample({ kind: 'lognormal', medianUs: 1_000_000, sigma: 0.5 }, 0.975)).toBe(2_664_408); // e^0.979982
    expect(sample({ kind: 'pareto', minUs: 1_000_000, alpha: 2 }, 0.975)).toBe(6_324_555); // sqrt(40)
  });

  it('negative normal values become 0', () => {
    expect(sample({ kind: 'normal', meanUs: 10, sdUs: 100 }, 0.25)).toBe(0);
  });

  it('without spread a distribution is its constant, at every u', () => {
    for (const u of [0, 0.3, 1 - 2 ** -53]) {
      expect(sample({ kind: 'uniform', minUs: 7, maxUs: 7 }, u)).toBe(7);
      expect(sample({ kind: 'exponential', meanUs: 0, minUs: 7 }, u)).toBe(7);
      expect(sample({ kind: 'normal', meanUs: 7, sdUs: 0 }, u)).toBe(7);
      expect(sample({ kind: 'lognormal', medianUs: 7, sigma: 0 }, u)).toBe(7);
      expect(sample({ kind: 'pareto', minUs: 0, alpha: 1 }, u)).toBe(0);
      expect(sample({ kind: 'empirical', valuesUs: [7] }, u)).toBe(7);
    }
  });

  it('a tail that leaves representable time stops at 2^50 µs', () => {
    expect(sample({ kind: 'pareto', minUs: 1e9, alpha: 0.01 }, 0.9)).toBe(LONGEST_DRAW_US);
    expect(sample({ kind: 'constant', valueUs: 1e300 }, 0.9)).toBe(LONGEST_DRAW_US);
    expect(LONGEST_DRAW_US).toBe(2 ** 50);
  });

  it('longest is the bound where there is one and Infinity where there is none', () => {
    expect(longest({ kind: 'constant', valueUs: 5 })).toBe(5);
    expect(longest({ kind: 'uniform', minUs: 3, maxUs: 9 })).toBe(9);
    expect(longest({ kind: 'empirical', valuesUs: [4, 5] })).toBe(5);
    expect(longest({ kind: 'exponential', meanUs: 1, minUs: 0 })).toBe(Infinity);
    expect(longest({ kind: 'normal', meanUs: 1, sdUs: 1 })).toBe(Infinity);
    expect(longest({ kind: 'lognormal', medianUs: 1, sigma: 1 })).toBe(Infinity);
    expect(longest({ kind: 'pareto', minUs: 1, alpha: 1 })).toBe(Infinity);
    expect(longest({ kind: 'normal', meanUs: 6, sdUs: 0 })).toBe(6);
  });
});
