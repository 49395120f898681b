// Durations drawn from a distribution, each by the inverse of its distribution function at ONE
// uniform. Turning a knob therefore moves the values and never re-rolls them: the message that was
// slow stays the slow one (DESIGN.md 3.1).

import { assertNever } from './assert.ts';
import { exp, ln, normalQuantile } from './portable-math.ts';

/** All times in µs, finite and >= 0. */
export type Distribution =
  /** Always `valueUs`. */
  | { readonly kind: 'constant'; readonly valueUs: number }
  /** Evenly between `minUs` and `maxUs` >= `minUs`. */
  | { readonly kind: 'uniform'; readonly minUs: number; readonly maxUs: number }
  /** `minUs` plus an exponential with mean `meanUs`: the mean of the whole is `minUs + meanUs`. */
  | { readonly kind: 'exponential'; readonly meanUs: number; readonly minUs: number }
  /** Gaussian; negative values become 0. */
  | { readonly kind: 'normal'; readonly meanUs: number; readonly sdUs: number }
  /** The logarithm is Gaussian with standard deviation `sigma` >= 0 around ln(`medianUs`). */
  | { readonly kind: 'lognormal'; readonly medianUs: number; readonly sigma: number }
  /** P(longer than t) = (`minUs` / t)^`alpha`, alpha > 0; the mean is infinite when alpha <= 1. */
  | { readonly kind: 'pareto'; readonly minUs: number; readonly alpha: number }
  /** Each value equally likely. Ascending and not empty: then a larger u is never a shorter time. */
  | { readonly kind: 'empirical'; readonly valuesUs: readonly number[] };

/** No draw is longer: 2^50 µs, 35 years, the end of representable virtual time (DESIGN.md 3.3). */
export const LONGEST_DRAW_US = 1125899906842624;

/**
 * The duration (whole µs, rounded to nearest, in [0, 2^50]) that `d` assigns to the uniform `u` in
 * [0, 1). Never decreases as `u` grows; normal and lognormal only as far as `normalQuantile` is
 * exact, so neighbouring draws, 2^-53 apart, may rarely stand 1 µs the wrong way round.
 */
export function sample(d: Distribution, u: number): number {
  // The two that most packets have, without a double crossing a call.
  if (d.kind === 'exponential') return wholeMicros(d.minUs - d.meanUs * ln(1 - u));
  if (d.kind === 'uniform') return wholeMicros(d.minUs + u * (d.maxUs - d.minUs));
  return wholeMicros(quantile(d, u));
}

/** The shortest duration (µs) `sample` can return. */
export function shortest(d: Distribution): number {
  return sample(d, 0);
}

/** The least upper bound (µs) of the distribution; Infinity where there is none. */
export function longest(d: Distribution): number {
  switch (d.kind) {
    case 'constant':
      return wholeMicros(d.valueUs);
    case 'uniform':
      return wholeMicros(d.maxUs);
    case 'exponential':
      return d.meanUs > 0 ? Infinity : wholeMicros(d.minUs);
    case 'normal':
      return d.sdUs > 0 ? Infinity : wholeMicros(d.meanUs);
    case 'lognormal':
      return d.sigma > 0 && d.medianUs > 0 ? Infinity : wholeMicros(d.medianUs);
    case 'pareto':
      return d.minUs > 0 ? Infinity : 0;
    case 'empirical':
      return wholeMicros(d.valuesUs[d.valuesUs.length - 1]);
    default:
      return assertNever(d);
  }
}

/**
 * The inverse distribution function, in µs before rounding. 1 - u is exact for u = k 2^-53 and
 * never 0, so the forms in ln(1 - u) are exact at u = 0 and finite everywhere.
 */
function quantile(d: Distribution, u: number): number {
  switch (d.kind) {
    case 'exponential':
      return d.minUs - d.meanUs * ln(1 - u);
    case 'constant':
      return d.valueUs;
    case 'uniform':
      return d.minUs + u * (d.maxUs - d.minUs);
    case 'normal':
      return d.sdUs === 0 ? d.meanUs : d.meanUs + d.sdUs * normalQuantile(u);
    case 'lognormal':
      return d.sigma === 0 ? d.medianUs : d.medianUs * exp(d.sigma * normalQuantile(u));
    case 'pareto':
      return d.minUs * exp(-ln(1 - u) / d.alpha);
    case 'empirical':
      return d.valuesUs[Math.floor(u * d.valuesUs.length)];
    default:
      return assertNever(d);
  }
}

/** Halves go up. `Math.round` says the same but mispredicts a branch on random input: 10 ns a draw. */
function wholeMicros(durationUs: number): number {
  if (!(durationUs > 0)) return 0;
  return durationUs < LONGEST_DRAW_US ? Math.floor(durationUs + 0.5) : LONGEST_DRAW_US;
}
