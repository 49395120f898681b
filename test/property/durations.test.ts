// Durations as people write them: what is printed reads back to the same microseconds, and slips are refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../sim/core/duration.ts';
import { runs } from './checks.ts';

const SEED = 20_260_801;

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1_000],
  ['us', 1],
];

const anyMicros = fc.oneof(
  fc.nat({ max: 120_000_000 }),
  fc.maxSafeNat(),
  fc
    .tuple(fc.constantFrom(...UNITS), fc.nat({ max: 100_000 }), fc.integer({ min: -1, max: 1 }))
    .map(([[, us], n, off]) => Math.max(0, us * n + off)),
);

describe('durations', () => {
  it(`what is printed reads back [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(anyMicros, (us) => {
        expect(parseDuration(formatDuration(us))).toBe(us);
      }),
      runs(SEED, 5_000),
    );
  });

  it(`whole counts of falling units add up exactly, with or without spaces [seed ${SEED + 1}]`, () => {
    const counts = fc
      .subarray([...UNITS], { minLength: 1 })
      .chain((units) =>
        fc.tuple(
          ...units.map(([unit, us]) =>
            fc.nat({ max: 500 }).map((n) => ({ text: `${n}${unit}`, us: n * us })),
          ),
        ),
      );
    fc.assert(
      fc.property(counts, fc.constantFrom('', ' ', '  '), (parts, space) => {
        const text = parts.map((part) => part.text).join(space);
        expect(parseDuration(text), text).toBe(parts.reduce((sum, { us }) => sum + us, 0));
      }),
      runs(SEED + 1, 1_000),
    );
  });

  it(`text without a unit, out of order or repeated is refused [seed ${SEED + 2}]`, () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const us = parseDuration(text);
        if (us === null) return;
        expect(Number.isSafeInteger(us) && us >= 0, text).toBe(true);
        expect(text.trim() === '0' || /^\s*\d/.test(text), text).toBe(true);
      }),
      runs(SEED + 2, 3_000),
    );
  });

  it.each([
    '',
    ' ',
    '5',
    '5.',
    '.5s',
    '-5s',
    '+5s',
    '5 s 3 h',
    '1s1s',
    '1ms5s',
    '1e3s',
    '5S',
    '5sec',
    '5s,',
    '1,000s',
    '٥s',
    '１s',
    'NaN',
    'Infinity',
    '∞',
    '5s 7',
    '1h30',
    '99999999999d',
    `${'9'.repeat(400)}s`,
    '0x10s',
    'forever',
  ])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each([
    ['0', 0],
    ['0s', 0],
    ['27h35m5s', 99_305_000_000],
    ['27 h 35 m 5 s', 99_305_000_000],
    ['1.5s', 1_500_000],
    ['0.0000005s', 1],
    ['0.0000004s', 0],
    ['250µs', 250],
    ['250μs', 250],
    ['3d', 259_200_000_000],
    [' 40ms ', 40_000],
    ['1d2h3m4s5ms6us', 93_784_005_006],
  ])('%j is %i us', (text, us) => {
    expect(parseDuration(text)).toBe(us);
  });

  it.each([
    [0, '0s'],
    [1, '1us'],
    [1_500, '1.5ms'],
    [1_000_001, '1.000001s'],
    [59_999_999, '59.999999s'],
    [60_500_000, '1m500ms'],
    [99_305_000_000, '27h35m5s'],
  ])('%i us is printed %j', (us, text) => {
    expect(formatDuration(us)).toBe(text);
  });
});
