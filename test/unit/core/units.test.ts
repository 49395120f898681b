import { describe, expect, it } from 'vitest';
import { assert, assertNever, InvariantError } from '../../../sim/core/assert.ts';
import { DAY_US, HOUR_US, micros, MILLISECOND_US, MINUTE_US, SECOND_US } from '../../../sim/core/units.ts';

describe('micros', () => {
  it('takes every safe integer from 0 up', () => {
    for (const value of [0, 1, SECOND_US, Number.MAX_SAFE_INTEGER]) expect(micros(value)).toBe(value);
  });

  it('refuses fractions, negatives, NaN and what a double cannot count', () => {
    for (const value of [0.5, -1, NaN, Infinity, 2 ** 53]) {
      expect(() => micros(value), String(value)).toThrow(InvariantError);
    }
  });

  it('units are multiples of each other', () => {
    expect([
      SECOND_US / MILLISECOND_US,
      MINUTE_US / SECOND_US,
      HOUR_US / MINUTE_US,
      DAY_US / HOUR_US,
    ]).toEqual([1000, 60, 60, 24]);
  });
});

describe('assert', () => {
  it('throws an InvariantError with its message, and only when the condition fails', () => {
    expect(() => assert(true, 'fine')).not.toThrow();
    expect(() => assert(false, '3 < 2')).toThrow(new InvariantError('3 < 2'));
  });

  it('assertNever names the case that was forgotten', () => {
    // @ts-expect-error: handing over a case that exists does not compile.
    expect(() => assertNever({ kind: 'new' })).toThrow('unhandled case: {"kind":"new"}');
  });
});
