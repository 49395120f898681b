import { describe, expect, it } from 'vitest';
import { Hash64 } from '../../../sim/core/hash64.ts';
import { seedKey, streamKey, uniform } from '../../../sim/core/keyed-draws.ts';
import { exp, ln, normalQuantile, powInt } from '../../../sim/core/portable-math.ts';
import {
  expFixed,
  expReference,
  fromFixed,
  lnFixed,
  lnReference,
  normalFixed,
  timesPowerOfTwo,
  toFixed,
  ulpsBetween,
} from './reference-math.ts';

const SEED = 'portable-math';
const POINTS = 1_000_000;
const key = streamKey(seedKey(SEED), 'inputs');

/** A positive double with any exponent between the two given, so that every size is equally tried. */
function ofAnySize(
  i: number,
  { exponentMin, exponentMax }: { exponentMin: number; exponentMax: number },
): number {
  const exponent = exponentMin + Math.floor(uniform(key, i, 1) * (exponentMax - exponentMin + 1));
  return timesPowerOfTwo(1 + uniform(key, i, 2), exponent);
}

/** Draws 1 - u as the simulator asks for them, numbers of every size, and the neighbourhood of 1. */
function lnInput(i: number): number {
  if (i % 2 === 0) return 1 - uniform(key, i, 0);
  if (i % 4 === 1) return ofAnySize(i, { exponentMin: -1074, exponentMax: 1023 });
  return 1 + (uniform(key, i, 0) - 0.5) * ofAnySize(i, { exponentMin: -52, exponentMax: 0 });
}

/** The whole range with its subnormal results, small arguments of every size, and the usual few. */
function expInput(i: number): number {
  if (i % 2 === 0) return -745.13 + 1454.91 * uniform(key, i, 0);
  if (i % 4 === 1)
    return (uniform(key, i, 0) < 0.5 ? -1 : 1) * ofAnySize(i, { exponentMin: -60, exponentMax: 8 });
  return 8 * uniform(key, i, 0) - 4;
}

function worstOf(count: number, ulpsAt: (i: number) => number): number {
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const ulps = ulpsAt(i);
    if (!(ulps <= worst)) worst = ulps; // NaN is the worst of all
  }
  return worst;
}

/** A digest of the exact doubles that `valueAt` gives for 0, 1, 2, … */
function bitsOf(valueAt: (i: number) => number): string {
  const view = new DataView(new ArrayBuffer(8));
  const hash = new Hash64();
  for (let i = 0; i < 100_000; i++) {
    view.setFloat64(0, valueAt(i));
    hash.add(view.getInt32(0));
    hash.add(view.getInt32(4));
  }
  return hash.hex();
}

describe('the reference itself', () => {
  it(`double-double ln and exp agree with 200-bit arithmetic to 2^-65 (seed ${SEED})`, () => {
    for (let i = 0; i < 1000; i++) {
      const x = 0.7 + 0.7 * uniform(key, i, 3);
      const exact = fromFixed(lnFixed(toFixed(x)));
      const lnOfX = lnReference(x);
      expect(Math.abs(lnOfX.high - exact.high + (lnOfX.low - exact.low))).toBeLessThan(
        Math.abs(exact.high) * 2 ** -65,
      );

      const y = 40 * uniform(key, i, 4) - 20;
      const exactExp = fromFixed(expFixed(toFixed(y)));
      const { mantissa, power } = expReference(y);
      const error = mantissa.high * 2 ** power - exactExp.high + (mantissa.low * 2 ** power - exactExp.low);
      expect(Math.abs(error)).toBeLessThan(exactExp.high * 2 ** -65);
    }
  });

  it('knows ln 2, e and the 97.5th percentile', () => {
    expect(lnReference(2).high).toBe(0.6931471805599453);
    expect(expReference(1).mantissa.high * 2 ** expReference(1).power).toBe(2.718281828459045);
    expect(fromFixed(normalFixed(toFixed(-1.9599639845400545)).below).high).toBeCloseTo(0.025, 15);
  });
});

describe('portable ln', () => {
  it(`within 1 ulp of the true value on a million inputs (seed ${SEED})`, () => {
    const worst = worstOf(POINTS, (i) => {
      const x = lnInput(i);
      if (x === 1) return ln(1) === 0 ? 0 : Infinity;
      return ulpsBetween(ln(x), { mantissa: lnReference(x), power: 0 });
    });
    expect(worst).toBeLessThan(1);
  });

  it('never decreases between neighbours of the grid of draws', () => {
    // Neighbouring inputs of the grid k 2^-53 are closest, in ulps of ln, around 1/e.
    for (const start of [1 / Math.E, 0.5, Math.SQRT1_2, 0.25, 0.135, 1 - 2 ** -20]) {
      const k = Math.floor(start * 2 ** 53);
      for (let i = -20_000; i < 20_000; i++) {
        if (!(ln((k + i) * 2 ** -53) <= ln((k + i + 1) * 2 ** -53))) expect.fail(`at ${k + i} 2^-53`);
      }
    }
  });

  it('exact at 1 and at the ends, and NaN where there is no logarithm', () => {
    expect(ln(1)).toBe(0);
    expect(ln(0)).toBe(-Infinity);
    expect(ln(-0)).toBe(-Infinity);
    expect(ln(Infinity)).toBe(Infinity);
    expect(ln(-1)).toBeNaN();
    expect(ln(-Infinity)).toBeNaN();
    expect(ln(NaN)).toBeNaN();
    expect(ln(5e-324)).toBe(-744.4400719213812);
    expect(ln(Number.MAX_VALUE)).toBe(709.782712893384);
  });
});

describe('portable exp', () => {
  it(`within 1 ulp of the true value on a million inputs (seed ${SEED})`, () => {
    const worst = worstOf(POINTS, (i) => {
      const x = expInput(i);
      return ulpsBetween(exp(x), expReference(x));
    });
    expect(worst).toBeLessThan(1);
  });

  it('exact at 0 and at the ends, and NaN for NaN', () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
    expect(exp(Infinity)).toBe(Infinity);
    expect(exp(-Infinity)).toBe(0);
    expect(exp(709.782712893384)).toBeGreaterThan(1.797e308);
    expect(exp(709.782712893384)).toBeLessThan(Infinity);
    expect(exp(709.7827128933841)).toBe(Infinity);
    expect(exp(-745.1332191019411)).toBe(5e-324);
    expect(exp(-745.1332191019412)).toBe(0);
    expect(exp(5e-324)).toBe(1);
    expect(exp(NaN)).toBeNaN();
  });
});

describe('the bits', () => {
  it(`of 100 000 values of each function are the same everywhere and in every release (seed ${SEED})`, () => {
    expect(bitsOf((i) => ln(lnInput(i)))).toBe('803b0f6d224f186b');
    expect(bitsOf((i) => exp(expInput(i)))).toBe('112e490e3cd68a64');
    expect(bitsOf((i) => normalQuantile(uniform(key, i, 0)))).toBe('67f2c3e6f7fe95aa');
  });
});

describe('powInt', () => {
  it('is exact while every power is a safe integer', () => {
    for (let n = 0; n <= 33; n++) expect(BigInt(powInt(3, n))).toBe(3n ** BigInt(n));
    expect(powInt(2, 1023)).toBe(2 ** 1023);
    expect(powInt(-2, 3)).toBe(-8);
    expect(powInt(0, 0)).toBe(1);
  });

  it('grows to Infinity and shrinks to 0', () => {
    expect(powInt(2, 5000)).toBe(Infinity);
    expect(powInt(0.5, 5000)).toBe(0);
  });
});

describe('normal quantile', () => {
  it(`relative error below 1e-15 at 3000 draws, tails included (seed ${SEED})`, () => {
    for (let i = 0; i < 3000; i++) {
      // Every size of tail down to the grid's last step, below and above the median.
      const tail = i % 3 === 0 ? uniform(key, i, 5) : ofAnySize(i, { exponentMin: -53, exponentMax: -2 });
      const u = i % 3 === 2 ? 1 - tail : tail;
      if (u === 0 || u === 1 || u === 0.5) continue;
      const z = normalQuantile(u);
      const { density, below } = normalFixed(toFixed(z));
      const error = fromFixed(((below - toFixed(u)) << 200n) / density).high; // Newton's step
      if (!(Math.abs(error) < 1e-15 * Math.abs(z))) expect.fail(`u = ${u}: z = ${z} is off by ${error}`);
    }
  });

  it('gives the published percentage points', () => {
    // Wichura's two checks, and far tails from tables.
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 15);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798408, 14);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  });

  it('is 0 at the median, infinite at the ends, and NaN outside', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalQuantile(1.1)).toBeNaN();
    expect(normalQuantile(NaN)).toBeNaN();
  });
});
