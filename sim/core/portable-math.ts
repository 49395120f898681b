// Logarithm, exponential and the normal quantile out of + - * / and sqrt. The engines' own
// Math.log and Math.exp differ in the last bit (measured, even between two V8s), and one bit is
// enough to send two browsers down different runs. Accuracy is tested on a million inputs each.
//
// `ln` and `exp` follow the algorithms and coefficients of fdlibm's e_log.c and e_exp.c:
//   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft.
//   Permission to use, copy, modify, and distribute this software is freely granted, provided
//   that this notice is preserved.

/** ln 2 in two parts; the first has 33 significant bits, so its product with an exponent is exact. */
const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const ONE_OVER_LN2 = 1.44269504088896338700;

const SMALLEST_NORMAL = 2.2250738585072014e-308; // 2^-1022
const TWO_54 = 18014398509481984;
const EXP_OVERFLOWS_ABOVE = 709.782712893383973096;
const EXP_VANISHES_BELOW = -745.13321910194110842;

const SMALLEST_EXPONENT = -1074;
const LARGEST_EXPONENT = 1023;
const POWERS_OF_TWO = tabulatePowersOfTwo();

/** One double and its two halves. Which half holds the exponent depends on the machine's byte order. */
const view = new Float64Array([1]);
const words = new Int32Array(view.buffer);
const HIGH = words[0] === 0 ? 1 : 0;

/**
 * Natural logarithm, within 1 ulp. ln(0) is -Infinity; a negative number or NaN gives NaN.
 *
 * x = 2^k m with m in [sqrt(1/2), sqrt(2)), so ln x = k ln 2 + ln m. With f = m - 1 and
 * s = f / (2 + f), ln m = ln(1 + s) - ln(1 - s) = 2s + s R(s^2), R a polynomial of degree 14 in s.
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  if (x < SMALLEST_NORMAL) return ln(x * TWO_54) - 54 * LN2_HIGH - 54 * LN2_LOW;

  // 0x95f62 lifts exactly the mantissas >= sqrt(2) into the next exponent.
  view[0] = x;
  const k = ((words[HIGH] + 0x95f62) >> 20) - 1023;
  const f = x * POWERS_OF_TWO[-k - SMALLEST_EXPONENT] - 1;

  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.666666666666735130e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const halfSquare = 0.5 * f * f;

  // Smallest terms first: each rounding then happens well below the last bit of the result.
  return s * (halfSquare + (odd + even)) + k * LN2_LOW - halfSquare + f + k * LN2_HIGH;
}

/**
 * e^x, within 1 ulp. Infinity above 709.78, 0 below -745.13, NaN for NaN.
 *
 * x = k ln 2 + r with |r| <= ln(2) / 2, so e^x = 2^k e^r. Remez: e^r = 1 + r + r c / (2 - c),
 * where c = r - r^2 (P1 + P2 r^2 + ... + P5 r^8). r is held in two parts, high - low.
 */
export function exp(x: number): number {
  if (x !== x) return NaN;
  if (x > EXP_OVERFLOWS_ABOVE) return Infinity;
  if (x < EXP_VANISHES_BELOW) return 0;

  const k = Math.floor(x * ONE_OVER_LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const z = r * r;
  const c =
    r -
    z *
      (1.66666666666666019037e-1 +
        z *
          (-2.77777777770155933842e-3 +
            z * (6.61375632143793436117e-5 + z * (-1.65339022054652515390e-6 + z * 4.13813679705723846039e-8))));
  const y = 1 + ((r * c) / (2 - c) - low + high);
  return timesPowerOfTwo(y, k);
}

/**
 * base^n for an integer n >= 0, by squaring: at most 2 log2(n) roundings, exact while every power
 * is a safe integer. base^0 is 1.
 */
export function powInt(base: number, n: number): number {
  let result = 1;
  let square = base;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/**
 * The z below which a standard normal variable falls with probability `u`; relative error about
 * 1e-15. -Infinity at 0, Infinity at 1, NaN outside [0, 1].
 *
 * Algorithm AS 241, PPND16 (M. J. Wichura, "The percentage points of the normal distribution",
 * Applied Statistics 37, 1988): one rational function in the middle, two in the tails.
 */
export function normalQuantile(u: number): number {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) return q * middleOfNormal(0.180625 - q * q);

  const tail = q < 0 ? u : 1 - u;
  if (!(tail > 0)) return tail === 0 ? (q < 0 ? -Infinity : Infinity) : NaN;
  const r = Math.sqrt(-ln(tail));
  const z = r <= 5 ? tailOfNormal(r - 1.6) : farTailOfNormal(r - 5);
  return q < 0 ? -z : z;
}

function middleOfNormal(r: number): number {
  const numerator =
    ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
      45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r +
      133.14166789178437745) * r + 3.3871328727963666080;
  const denominator =
    ((((((5226.4952788528545610 * r + 28729.085735721942674) * r + 39307.895800092710610) * r +
      21213.794301586595867) * r + 5394.1960214247511077) * r + 687.18700749205790830) * r +
      42.313330701600911252) * r + 1;
  return numerator / denominator;
}

function tailOfNormal(r: number): number {
  const numerator =
    ((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r +
      1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.76949722146069140550) * r +
      4.63033784615654529590) * r + 1.42343711074968357734;
  const denominator =
    ((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r +
      1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940) * r +
      2.05319162663775882187) * r + 1;
  return numerator / denominator;
}

function farTailOfNormal(r: number): number {
  const numerator =
    ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r +
      2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580) * r +
      5.46378491116411436990) * r + 6.65790464350110377720;
  const denominator =
    ((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r +
      7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r +
      5.99832206555887937690e-1) * r + 1;
  return numerator / denominator;
}

/** y 2^k, rounded once. Two steps at the edges, where 2^k itself or the result is not a normal double. */
function timesPowerOfTwo(y: number, k: number): number {
  if (k > -1022 && k < 1024) return y * POWERS_OF_TWO[k - SMALLEST_EXPONENT];
  const half = k >> 1; // y 2^half is exact: far from both ends
  return y * POWERS_OF_TWO[half - SMALLEST_EXPONENT] * POWERS_OF_TWO[k - half - SMALLEST_EXPONENT];
}

/** 2^-1074 ... 2^1023, every one of them exact. */
function tabulatePowersOfTwo(): Float64Array {
  const powers = new Float64Array(LARGEST_EXPONENT - SMALLEST_EXPONENT + 1);
  let power = 1;
  for (let exponent = 0; exponent <= LARGEST_EXPONENT; exponent++, power *= 2) powers[exponent - SMALLEST_EXPONENT] = power;
  power = 1;
  for (let exponent = 0; exponent >= SMALLEST_EXPONENT; exponent--, power /= 2) powers[exponent - SMALLEST_EXPONENT] = power;
  return powers;
}
