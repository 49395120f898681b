// A slow and independent opinion on ln, exp and the normal distribution: BigInt fixed point for a
// few points and tables, double-double arithmetic built on those tables for a million points.

const FRACTION_BITS = 200n;
const ONE = 1n << FRACTION_BITS;

/** A number as the unevaluated sum of two doubles, about 106 bits. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

// --- BigInt fixed point, 200 fractional bits -----------------------------------------------

/** A double in [2^-140, 2^60] (or 0, or negated) as fixed point: exact. */
export function toFixed(x: number): bigint {
  let shift = 0;
  while (!Number.isSafeInteger(x)) {
    x *= 2;
    shift++;
  }
  return (BigInt(x) << FRACTION_BITS) >> BigInt(shift);
}

/** The nearest double-double, for values up to 2^60. */
export function fromFixed(value: bigint): DoubleDouble {
  const high = roundFixed(value);
  return { high, low: roundFixed(value - toFixed(high)) };
}

/** Truncates to the leading 53 bits; the remainder is the next part's business. */
function roundFixed(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const excess = Math.max(0, magnitude.toString(2).length - 53);
  const leading = Number(magnitude >> BigInt(excess)) * 2 ** (excess - Number(FRACTION_BITS));
  return value < 0n ? -leading : leading;
}

/** e^x by Taylor's series after halving x ten times. */
export function expFixed(x: bigint): bigint {
  const halvings = 10n;
  const reduced = x >> halvings;
  let sum = ONE;
  let term = ONE;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = ((term * reduced) >> FRACTION_BITS) / n;
    sum += term;
  }
  for (let i = 0n; i < halvings; i++) sum = (sum * sum) >> FRACTION_BITS;
  return sum;
}

/** ln x = 2 atanh((x - 1) / (x + 1)), for x near 1. */
export function lnFixed(x: bigint): bigint {
  const t = ((x - ONE) << FRACTION_BITS) / (x + ONE);
  const square = (t * t) >> FRACTION_BITS;
  let sum = 0n;
  let power = t;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> FRACTION_BITS;
  }
  return 2n * sum;
}

/** Machin: pi = 16 atan(1/5) - 4 atan(1/239). */
function piFixed(): bigint {
  return 16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n);
}

function arctanOfInverse(n: bigint): bigint {
  let sum = 0n;
  let power = ONE / n;
  for (let k = 1n; power !== 0n; k += 2n, power /= -n * n) sum += power / k;
  return sum;
}

function sqrtFixed(x: bigint): bigint {
  const target = x << FRACTION_BITS;
  let root = ONE;
  for (let i = 0; i < 20; i++) root = (root + target / root) >> 1n;
  return root;
}

const ROOT_OF_TWO_PI = sqrtFixed(2n * piFixed());

/** Density and probability of falling below z <= 0, for the standard normal; |z| <= 9. */
export function normalFixed(z: bigint): { density: bigint; below: bigint } {
  const square = (z * z) >> FRACTION_BITS;
  const density = (expFixed(-square / 2n) << FRACTION_BITS) / ROOT_OF_TWO_PI;
  // Marsaglia: below = 1/2 + density (z + z^3/3 + z^5/(3*5) + ...).
  let sum = 0n;
  let term = z;
  for (let n = 3n; term !== 0n && term !== -1n; n += 2n) {
    sum += term;
    term = ((term * square) >> FRACTION_BITS) / n;
  }
  return { density, below: ONE / 2n + ((density * sum) >> FRACTION_BITS) };
}

// --- Double-double -----------------------------------------------------------------------------

const LN2 = fromFixed(lnFixed(2n * ONE));
const STEPS = 256;
/** ln(i / 256), used for mantissas in [sqrt(1/2), sqrt(2)). */
const LN_OF_STEP = Array.from({ length: 2 * STEPS }, (_, i) =>
  fromFixed(i < STEPS / 2 ? 0n : lnFixed((BigInt(i) * ONE) / 256n)),
);
/** e^((i - 128) / 256). */
const EXP_OF_STEP = Array.from({ length: STEPS + 1 }, (_, i) =>
  fromFixed(expFixed((BigInt(i - 128) * ONE) / 256n)),
);

function twoSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const shadow = high - a;
  return { high, low: a - (high - shadow) + (b - shadow) };
}

/** Dekker's exact product: the halves of a and b have 26 bits each, so their products are exact. */
function twoProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(b);
  return { high, low: a1 * b1 - high + a1 * b2 + a2 * b1 + a2 * b2 };
}

function halves(a: number): readonly [number, number] {
  const spread = 134217729 * a; // 2^27 + 1
  const first = spread - (spread - a);
  return [first, a - first];
}

function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const sum = twoSum(a.high, b.high);
  return twoSum(sum.high, sum.low + a.low + b.low);
}

function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.high, b.high);
  return twoSum(product.high, product.low + a.high * b.low + a.low * b.high);
}

function times(a: DoubleDouble, factor: number): DoubleDouble {
  return { high: a.high * factor, low: a.low * factor }; // exact for powers of two
}

function plain(value: number): DoubleDouble {
  return { high: value, low: 0 };
}

/** ln x to about 2^-68 relative, for any positive finite double. */
export function lnReference(x: number): DoubleDouble {
  let k = exponentOf(x);
  let m = timesPowerOfTwo(x, -k);
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const step = Math.round(m * STEPS);
  const base = step / STEPS;
  // s = (m - base) / base, |s| < 2^-8; m - base is exact.
  const quotient = (m - base) / base;
  const back = twoProduct(quotient, base);
  const s = twoSum(quotient, (m - base - back.high - back.low) / base);
  const t = s.high;
  const tail = t * t * t * (1 / 3 + t * (-1 / 4 + t * (1 / 5 + t * (-1 / 6 + t * (1 / 7 - t / 8)))));
  const lnOfRest = add(add(s, times(multiply(s, s), -0.5)), plain(tail));
  return add(add(multiply(LN2, plain(k)), LN_OF_STEP[step]), lnOfRest);
}

/** e^x as (mantissa near 1, power of two), to about 2^-80 relative. */
export function expReference(x: number): { mantissa: DoubleDouble; power: number } {
  const power = Math.round(x / LN2.high);
  const reduced = add(plain(x), times(multiply(LN2, plain(power)), -1));
  const step = Math.round(reduced.high * STEPS);
  const rest = add(reduced, plain(-step / STEPS));
  const t = rest.high;
  const tail = t * t * t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t * (1 / 720 + t / 5040))));
  const expOfRest = add(add(plain(1), rest), add(times(multiply(rest, rest), 0.5), plain(tail)));
  return { mantissa: multiply(EXP_OF_STEP[step + STEPS / 2], expOfRest), power };
}

// --- Units in the last place -----------------------------------------------------------------------

const view = new DataView(new ArrayBuffer(8));

/** floor(log2 |x|), for normal and subnormal doubles alike. */
export function exponentOf(x: number): number {
  view.setFloat64(0, x);
  const biased = (view.getInt32(0) >>> 20) & 0x7ff;
  return biased > 0 ? biased - 1023 : exponentOf(x * 2 ** 54) - 54;
}

export function timesPowerOfTwo(x: number, k: number): number {
  const half = Math.trunc(k / 2);
  return x * 2 ** half * 2 ** (k - half);
}

/** How far `value` is from `mantissa` * 2^`power`, in units of the last place of the latter. */
export function ulpsBetween(
  value: number,
  { mantissa, power }: { mantissa: DoubleDouble; power: number },
): number {
  const lastPlace = Math.max(exponentOf(mantissa.high) - 52, -1074 - power);
  const difference = timesPowerOfTwo(value, -power) - mantissa.high - mantissa.low;
  return Math.abs(difference) * 2 ** -lastPlace;
}
