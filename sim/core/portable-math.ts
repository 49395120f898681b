// Logarithm, exponential and the normal quantile out of + - * / and sqrt. The engines' own
// Math.log and Math.exp differ in the last bit (measured, even between two V8s), and one bit is
// enough to send two browsers down different runs. Accuracy is tested on a million inputs each.
//
// `ln` and `exp` follow the algorithms and coefficients of fdlibm's e_log.c and e_exp.c:
//   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft.
//   Permission to use, copy, modify, and distribute this software is freely granted, provided
//   that this notice is preserved.

/** ln 2 in two parts; the first has 33 significant bits, so its product with an exponent is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const ONE_OVER_LN2 = 1.442695040888963387;

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

/** A quotient of polynomials, coefficients by rising power: [c0, c1, ...] is c0 + c1 x + ... */
interface Rational {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

// AS 241's three approximations; where each holds is in `normalQuantile`.
const NORMAL_MIDDLE: Rational = {
  numerator: [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  denominator: [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
    39307.89580009271061, 28729.085735721942674, 5226.495278852854561,
  ],
};
const NORMAL_TAIL: Rational = {
  numerator: [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 2.4178072517745061177e-1, 2.27238449892691845833e-2, 7.7454501427834140764e-4,
  ],
  denominator: [
    1, 2.05319162663775882187, 1.6763848301838038494, 6.8976733498510000455e-1, 1.4810397642748007459e-1,
    1.51986665636164571966e-2, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
};
const NORMAL_FAR_TAIL: Rational = {
  numerator: [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 2.9656057182850489123e-1,
    2.6532189526576123093e-2, 1.2426609473880784386e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  denominator: [
    1, 5.9983220655588793769e-1, 1.3692988092273580531e-1, 1.48753612908506148525e-2, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
};

/** What `lnInPlace` works on. */
const cell = new Float64Array(1);

/**
 * Natural logarithm, within 1 ulp. ln(0) is -Infinity; a negative number or NaN gives NaN.
 *
 * x = 2^k m with m in [sqrt(1/2), sqrt(2)), so ln x = k ln 2 + ln m. With f = m - 1 and
 * s = f / (2 + f), ln m = ln(1 + s) - ln(1 - s) = 2s + s R(s^2), R a polynomial of degree 14 in s.
 */
export function ln(x: number): number {
  cell[0] = x;
  lnInPlace();
  return cell[0];
}

/** `ln` of what stands in `cell`, which takes the result: a double that crosses a call is put into an object of its own. */
function lnInPlace(): void {
  const x = cell[0];
  if (!(x > 0 && x < Infinity)) {
    cell[0] = x === 0 ? -Infinity : x > 0 ? x : NaN;
    return;
  }
  let normal = x;
  let k = -1023;
  if (x < SMALLEST_NORMAL) {
    normal = x * TWO_54;
    k -= 54;
  }

  // Adding 0x95f62 lifts mantissas from sqrt(2) = 1.6a09e (hex) upwards into the next exponent.
  view[0] = normal;
  const exponent = (words[HIGH] + 0x95f62) >> 20; // biased by 1023
  const f = normal * POWERS_OF_TWO[1023 - exponent - SMALLEST_EXPONENT] - 1;
  k += exponent;

  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const halfSquare = 0.5 * f * f;

  // Smallest terms first: each rounding then happens well below the last bit of the result.
  cell[0] = s * (halfSquare + (odd + even)) + k * LN2_LOW - halfSquare + f + k * LN2_HIGH;
}

/**
 * e^x, within 1 ulp. Infinity above 709.78, 0 below -745.13, NaN for NaN.
 *
 * x = k ln 2 + r with |r| <= ln(2) / 2, so e^x = 2^k e^r. Remez: e^r = 1 + r + r c / (2 - c),
 * where c = r - r^2 (P1 + P2 r^2 + ... + P5 r^8). r is held in two parts, high - low.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
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
            z *
              (6.61375632143793436117e-5 + z * (-1.6533902205465251539e-6 + z * 4.13813679705723846039e-8))));
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
  if (Math.abs(q) <= 0.425) return q * rational(NORMAL_MIDDLE, 0.180625 - q * q);

  const tail = q < 0 ? u : 1 - u;
  if (!(tail > 0)) return tail === 0 ? (q < 0 ? -Infinity : Infinity) : NaN;
  const r = Math.sqrt(-ln(tail));
  const z = r <= 5 ? rational(NORMAL_TAIL, r - 1.6) : rational(NORMAL_FAR_TAIL, r - 5);
  return q < 0 ? -z : z;
}

function rational(coefficients: Rational, x: number): number {
  return polynomial(coefficients.numerator, x) / polynomial(coefficients.denominator, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
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
  for (let exponent = 0; exponent <= LARGEST_EXPONENT; exponent++) {
    powers[exponent - SMALLEST_EXPONENT] = power;
    power *= 2;
  }
  power = 1;
  for (let exponent = 0; exponent >= SMALLEST_EXPONENT; exponent--) {
    powers[exponent - SMALLEST_EXPONENT] = power;
    power /= 2;
  }
  return powers;
}
