// Time is an integer count of microseconds with a type of its own, so that a count, an index or a
// number of milliseconds cannot be passed for it by accident. This is the one place for the cast.

import { assert } from './assert.ts';

/** Virtual time or a duration, in whole microseconds: a safe integer >= 0. */
export type Micros = number & { readonly __unit: 'us' };

/** Brands `value` (µs) as `Micros`; throws unless it is a safe integer >= 0. */
export function micros(value: number): Micros {
  if (!(Number.isSafeInteger(value) && value >= 0)) {
    assert(false, `time in µs must be a safe integer >= 0, got ${value}`);
  }
  return value as Micros;
}

export const MILLISECOND_US = micros(1_000);
export const SECOND_US = micros(1_000_000);
export const MINUTE_US = micros(60_000_000);
export const HOUR_US = micros(3_600_000_000);
export const DAY_US = micros(86_400_000_000);
