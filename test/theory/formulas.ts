/**
 * The closed forms of the theory reference, each written from its formula and from nothing in `sim/`: the oracle that
 * the engine is held against. Times are in abstract units (the tests run 1 unit = 1 s). Numbers in brackets are the
 * sections of the theory reference.
 */

/** iid loss of requests (p) and acks (q), at most n attempts. */
export interface Base {
  readonly p: number;
  readonly q: number;
  readonly n: number;
}

// ── small tools ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Binomial coefficient. */
export function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}

export function sum(count: number, term: (k: number) => number, from = 1): number {
  let total = 0;
  for (let k = from; k < from + count; k++) total += term(k);
  return total;
}

/** Send times τ₁…τₙ of a schedule of gaps, τ₁ = 0. */
export function sendTimes(gaps: readonly number[]): number[] {
  const times = [0];
  for (const gap of gaps) times.push(times[times.length - 1] + gap);
  return times;
}

export function exponentialCdf(x: number, mean: number): number {
  return x <= 0 ? 0 : 1 - Math.exp(-x / mean);
}

/** Sum of two independent exponentials with rates `alpha` ≠ `beta`. */
export function hypoexponentialCdf(x: number, alpha: number, beta: number): number {
  if (x <= 0) return 0;
  return 1 - (beta * Math.exp(-alpha * x) - alpha * Math.exp(-beta * x)) / (beta - alpha);
}

export function poissonPmf(k: number, mean: number): number {
  let log = -mean + k * Math.log(mean);
  for (let i = 2; i <= k; i++) log -= Math.log(i);
  return Math.exp(log);
}

/** P(Poisson(mean) ≥ k), added from the far end, where terms are small. */
export function poissonTail(k: number, mean: number): number {
  let total = 0;
  for (let j = k + Math.ceil(40 * Math.sqrt(mean)) + 40; j >= k; j--) total += poissonPmf(j, mean);
  return total;
}

// ── retry under iid loss (2.2, 2.3) ──────────────────────────────────────────────────────────────────────────────

export interface BaseForms {
  readonly never: number;
  readonly acked: number;
  readonly gaveUp: number;
  /** Gave up although delivered. */
  readonly falseDeadLetter: number;
  /** Share of those given up that were delivered. */
  readonly falseShare: number;
  readonly attempts: number;
  readonly attemptsSquared: number;
  readonly copies: number;
  /** P(copies = 0 … n). */
  readonly copiesPmf: readonly number[];
  readonly anyDuplicate: number;
  readonly duplicates: number;
}

/** 2.2 */
export function baseForms({ p, q, n }: Base): BaseForms {
  const s = (1 - p) * (1 - q);
  const a = (1 - p) * q;
  const gaveUp = (1 - s) ** n;
  const never = p ** n;
  const copies = (1 - gaveUp) / (1 - q);
  const pmfAt = (c: number) =>
    s * sum(n - c + 1, (k) => choose(k - 1, c - 1) * p ** (k - c) * a ** (c - 1), c) +
    choose(n, c) * a ** c * p ** (n - c);
  return {
    never,
    acked: 1 - gaveUp,
    gaveUp,
    falseDeadLetter: gaveUp - never,
    falseShare: 1 - (p / (1 - s)) ** n,
    attempts: (1 - gaveUp) / s,
    attemptsSquared: sum(n, (k) => (2 * k + 1) * (1 - s) ** k, 0),
    copies,
    copiesPmf: [never, ...Array.from({ length: n }, (_, i) => pmfAt(i + 1))],
    anyDuplicate: q * (1 - never - n * (1 - p) * p ** (n - 1)),
    duplicates: copies - (1 - never),
  };
}

/** 2.3: a surviving request is delivered twice with probability `u`. */
export function networkDuplication({ p, q, n, u }: Base & { readonly u: number }) {
  const s = (1 - p) * ((1 - u) * (1 - q) + u * (1 - q * q));
  const gaveUp = (1 - s) ** n;
  const attempts = (1 - gaveUp) / s;
  return { gaveUp, attempts, copies: (1 - p) * (1 + u) * attempts };
}

// ── outages (2.5) ────────────────────────────────────────────────────────────────────────────────────────────────

/** First attempt (1-based) that lands when `remaining` of the outage is left at the first send; 0 for none. */
export function landingAttempt(gaps: readonly number[], remaining: number): number {
  return sendTimes(gaps).findIndex((time) => time >= remaining) + 1;
}

/** P(lost) of a message born at a uniform instant of an outage, and mean overshoot given survival. */
export function bornInOutage(gaps: readonly number[], length: number) {
  const times = sendTimes(gaps);
  const horizon = times[times.length - 1];
  const lost = Math.max(0, 1 - horizon / length);
  const overshoot = sum(gaps.length, (k) =>
    times[k - 1] < length ? gaps[k - 1] ** 2 - (times[k] - Math.min(times[k], length)) ** 2 : 0,
  );
  return { lost, overshootGivenSurvival: overshoot / (2 * length) / (1 - lost) };
}

/** Mean number of attempts wasted in an outage from 0 to `length`, births Poisson of rate `rate` from 0 on. */
export function wastedAttempts(gaps: readonly number[], rate: number, length: number): number {
  return rate * sendTimes(gaps).reduce((total, time) => total + Math.max(0, length - time), 0);
}

/** Mean number of attempts of the backlog that land within `within` after the outage. */
export function backlogLandings(
  gaps: readonly number[],
  rate: number,
  length: number,
  within: number,
): number {
  const times = sendTimes(gaps);
  let total = 0;
  for (let k = 1; k < times.length; k++) {
    const until = Math.min(length - times[k - 1], length + within - times[k]);
    total += Math.max(0, until - Math.max(0, length - times[k]));
  }
  return rate * total;
}

// ── spurious retransmission (2.6) ────────────────────────────────────────────────────────────────────────────────

/** Any ack counts, whenever it comes. `roundTripCdf` is F; `lastWait` is T_last. */
export function anyAck(
  { p, q }: Omit<Base, 'n'>,
  gaps: readonly number[],
  lastWait: number,
  roundTripCdf: (x: number) => number,
) {
  const s = (1 - p) * (1 - q);
  const times = sendTimes(gaps);
  const n = times.length;
  const unackedAt = (instant: number, attempts: number) =>
    times.slice(0, attempts).reduce((product, time) => product * (1 - s * roundTripCdf(instant - time)), 1);
  const attempts = sum(n, (k) => (k === 0 ? 1 : unackedAt(times[k], k)), 0);
  const gaveUp = unackedAt(times[n - 1] + lastWait, n);
  return { attempts, copies: (1 - p) * attempts, gaveUp, falseDeadLetter: gaveUp - p ** n };
}

/** Late replies are ignored; exponential round trips of mean 1, no loss. */
export function discardLate(timeout: number, n: number, meanRoundTrip: number) {
  const x = Math.exp(-timeout / meanRoundTrip);
  return { attempts: (1 - x ** n) / (1 - x), gaveUp: x ** n };
}

// ── dedup window (2.7) ───────────────────────────────────────────────────────────────────────────────────────────

/** P(leak) and E[effects] when an entry is valid for `window` after its mark. */
export function leakFixed({ p, q }: Omit<Base, 'n'>, gaps: readonly number[], window: number) {
  const times = sendTimes(gaps);
  const n = times.length;
  const s = (1 - p) * (1 - q);
  /** First attempt after i that finds the entry of i expired; 0 for none. */
  const expiredAt = (i: number) =>
    times.findIndex((time, j) => j + 1 > i && time - times[i - 1] >= window) + 1;
  const extra: number[] = [];
  for (let i = n; i >= 1; i--) {
    const first = expiredAt(i);
    extra[i] =
      first === 0
        ? 0
        : q *
          (1 - s) ** (first - 1 - i) *
          sum(n - first + 1, (j) => p ** (j - first) * (1 - p) * (1 + extra[j]), first);
  }
  return {
    leak: sum(n, (i) => {
      const first = expiredAt(i);
      if (first === 0) return 0;
      return p ** (i - 1) * (1 - p) * q * (1 - s) ** (first - 1 - i) * (1 - p ** (n - first + 1));
    }),
    effects: sum(n, (i) => p ** (i - 1) * (1 - p) * (1 + extra[i])),
  };
}

/** The same when each arriving copy restarts the window. */
export function leakSliding({ p, q }: Omit<Base, 'n'>, gaps: readonly number[], window: number) {
  const times = sendTimes(gaps);
  const n = times.length;
  const leak: number[] = [];
  const extra: number[] = [];
  for (let i = n; i >= 1; i--) {
    const expired = (j: number) => times[j - 1] - times[i - 1] >= window;
    const weight = (j: number) => q * p ** (j - i - 1) * (1 - p);
    leak[i] = sum(n - i, (j) => weight(j) * (expired(j) ? 1 : leak[j]), i + 1);
    extra[i] = sum(n - i, (j) => weight(j) * ((expired(j) ? 1 : 0) + extra[j]), i + 1);
  }
  return {
    leak: sum(n, (i) => p ** (i - 1) * (1 - p) * leak[i]),
    effects: sum(n, (i) => p ** (i - 1) * (1 - p) * (1 + extra[i])),
  };
}

/** 2.9: only new ids arrive between the copies, Δ apart; or every id comes again with φ after g (LRU). */
export function lruLeak(rate: number, apart: number, capacity: number, again = 0, after = 0): number {
  return poissonTail(capacity, rate * (apart + again * Math.min(after, apart)));
}

// ── jitter (2.10, 2.11) ──────────────────────────────────────────────────────────────────────────────────────────

export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

export function uniformMoments(low: number, high: number): Moments {
  return { mean: (low + high) / 2, variance: (high - low) ** 2 / 12 };
}

export const fullJitter = (b: number): Moments => ({ mean: b / 2, variance: b ** 2 / 12 });
export const equalJitter = (b: number): Moments => ({ mean: (3 * b) / 4, variance: b ** 2 / 48 });
export const proportionalJitter = (b: number, x: number): Moments => ({
  mean: b,
  variance: (x * b) ** 2 / 3,
});

/** k-th wait of decorrelated jitter without a cap. */
export function decorrelatedUncapped(base: number, k: number): Moments {
  const mean = base * (2 * 1.5 ** k - 1);
  return { mean, variance: base ** 2 * (2 * 3 ** k - (4 / 3) * 1.5 ** k + 1 / 3) - mean ** 2 };
}

/**
 * Mean of the k-th wait of decorrelated jitter with a cap, base 1: h₀(s) = s, hⱼ₊₁(s) = E[hⱼ(min(cap, U(1, 3s)))],
 * and the mean is h_k(1). Functions stand on a grid and are integrated by the trapezoid rule.
 */
export function decorrelatedCappedMean(cap: number, k: number): number {
  const perUnit = 2_000;
  const at = (s: number) => Math.round((s - 1) * perUnit);
  const top = at(3 * cap);
  let h = Float64Array.from({ length: at(cap) + 1 }, (_, i) => 1 + i / perUnit);
  for (let step = 0; step < k; step++) {
    const integral = new Float64Array(top + 1);
    const capped = (i: number) => h[Math.min(i, h.length - 1)];
    for (let i = 1; i <= top; i++) integral[i] = integral[i - 1] + (capped(i - 1) + capped(i)) / 2 / perUnit;
    h = h.map((_, i) => {
      const s = 1 + i / perUnit;
      return integral[at(3 * s)] / (3 * s - 1);
    });
  }
  return h[0];
}

/** P(sum of independent uniforms on [0, bᵢ] ≤ x): generalised Irwin–Hall. */
export function sumOfUniformsCdf(widths: readonly number[], x: number): number {
  const m = widths.length;
  let total = 0;
  for (let subset = 0; subset < 2 ** m; subset++) {
    let rest = x;
    let sign = 1;
    for (let i = 0; i < m; i++) {
      if ((subset >> i) % 2 === 0) continue;
      rest -= widths[i];
      sign = -sign;
    }
    if (rest > 0) total += sign * rest ** m;
  }
  const volume = widths.reduce((product, width, i) => product * width * (i + 1), 1);
  return total / volume;
}

/** P(Σ ≤ x) when every wait bᵢ varies by ± `spread` of itself. */
export function proportionalHorizonCdf(waits: readonly number[], spread: number, x: number): number {
  const shortest = (1 - spread) * waits.reduce((total, wait) => total + wait, 0);
  return sumOfUniformsCdf(
    waits.map((wait) => 2 * spread * wait),
    x - shortest,
  );
}

/** Mean of the fullest of `bins` bins after `balls` fall independently and evenly. */
export function fullestBin(balls: number, bins: number): number {
  const mean = balls / bins;
  const whole = poissonPmf(balls, balls);
  let expected = 0;
  for (let m = 0; m < balls; m++) {
    const pmf = Array.from({ length: m + 1 }, (_, k) => poissonPmf(k, mean));
    const below = power(pmf, bins, balls)[balls] / whole; // P(fullest ≤ m)
    expected += 1 - below;
    if (1 - below < 1e-12) break;
  }
  return expected;
}

/** Coefficients 0…degree of a polynomial to a power, by squaring: all terms are positive, nothing cancels. */
function power(polynomial: readonly number[], exponent: number, degree: number): Float64Array {
  let result = new Float64Array(degree + 1);
  result[0] = 1;
  let square = new Float64Array(degree + 1);
  polynomial.forEach((c, k) => {
    if (k <= degree) square[k] = c;
  });
  for (let rest = exponent; rest > 0; rest >>= 1) {
    if (rest % 2 === 1) result = times(result, square);
    if (rest > 1) square = times(square, square);
  }
  return result;
}

function times(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const product = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) {
    if (a[i] === 0) continue;
    for (let j = 0; i + j < a.length; j++) product[i + j] += a[i] * b[j];
  }
  return product;
}

// ── queue (2.14) ─────────────────────────────────────────────────────────────────────────────────────────────────

/** M/M/1, service rate 1. */
export function mm1(load: number) {
  return {
    meanWait: load / (1 - load),
    noWait: 1 - load,
    sojournBeyond: (t: number) => Math.exp(-(1 - load) * t),
    /** Limit of N · Var(mean of N successive waits). */
    asymptoticVariance: (load * (2 + 5 * load - 4 * load ** 2 + load ** 3)) / (1 - load) ** 4,
  };
}

/** M/D/1, service time 1. */
export function md1(load: number) {
  return {
    meanWait: load / (2 * (1 - load)),
    waitCdf: (t: number) =>
      (1 - load) *
      sum(
        Math.floor(t) + 1,
        (k) => {
          const y = load * (k - t);
          return (Math.exp(-y) * y ** k) / factorial(k);
        },
        0,
      ),
  };
}

function factorial(k: number): number {
  let product = 1;
  for (let i = 2; i <= k; i++) product *= i;
  return product;
}

// ── two copies (2.15) ────────────────────────────────────────────────────────────────────────────────────────────

/** Fixed spacing δ, exponential time from check to mark. */
export function raceFixedSpacing(spacing: number, meanMark: number): number {
  return Math.exp(-spacing / meanMark);
}

/** Both latencies exponential, sent together, fixed time c from check to mark. */
export function raceTogether(meanLatency: number, mark: number): number {
  return 1 - Math.exp(-mark / meanLatency);
}

/** Both latencies exponential (rate ν), sent δ apart, exponential time (rate μ ≠ ν) from check to mark. */
export function raceApart(spacing: number, meanLatency: number, meanMark: number): number {
  const nu = 1 / meanLatency;
  const mu = 1 / meanMark;
  return (nu * (nu * Math.exp(-mu * spacing) - mu * Math.exp(-nu * spacing))) / (nu * nu - mu * mu);
}

/** P(the packet sent δ later arrives first), exponential latencies. */
export function reorder(spacing: number, meanLatency: number): number {
  return Math.exp(-spacing / meanLatency) / 2;
}

// ── time to first arrival (2.16) ─────────────────────────────────────────────────────────────────────────────────

/** P(first arrival later than t), exponential latency; acks do not matter. */
export function firstArrivalBeyond(
  p: number,
  gaps: readonly number[],
  meanLatency: number,
  t: number,
): number {
  return sendTimes(gaps).reduce(
    (product, time) =>
      time <= t ? product * (1 - (1 - p) * exponentialCdf(t - time, meanLatency)) : product,
    1,
  );
}

/** Its α-quantile, never-delivered counted as ∞. */
export function firstArrivalQuantile(
  p: number,
  gaps: readonly number[],
  meanLatency: number,
  alpha: number,
): number {
  let low = 0;
  let high = 1_000;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (firstArrivalBeyond(p, gaps, meanLatency, middle) > 1 - alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// ── crashes (2.17) ───────────────────────────────────────────────────────────────────────────────────────────────

/** C→E→M→A, crash with probability c after the effect, durable mark. */
export function crashAfterEffect({ p, n, c }: Omit<Base, 'q'> & { readonly c: number }) {
  const r = p + (1 - p) * c;
  return {
    effects: (1 - r ** n) / (1 - c),
    twice: c * (1 - p ** n - n * (1 - p) * p ** (n - 1)),
  };
}

/** C→M→E→A, crash after the mark: P(no effect). */
export function crashAfterMark({ p, n, c }: Omit<Base, 'q'> & { readonly c: number }): number {
  return p ** n + (1 - p ** n) * c;
}

/** C→A→E→M, crash after the ack: P(no effect). */
export function crashAfterAck({ p, q, n, c }: Base & { readonly c: number }): number {
  const lost = (1 - p) * c * (1 - q);
  const again = p + (1 - p) * c * q;
  return (lost * (1 - again ** n)) / (1 - again) + again ** n;
}

/** E→A without dedup, crash after the effect: ack loss in disguise. */
export function crashWithoutDedup({ p, q, n, c }: Base & { readonly c: number }): BaseForms {
  return baseForms({ p, q: 1 - (1 - c) * (1 - q), n });
}

/** Crashes before the first protected step act like loss. */
export function lossWithEarlyCrashes(p: number, ...crashes: readonly number[]): number {
  return 1 - crashes.reduce((alive, c) => alive * (1 - c), 1 - p);
}
