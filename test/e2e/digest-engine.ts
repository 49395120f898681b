// The engine on its own, to be asked the same questions in Node, on a page and in a worker of each browser. Built
// into one classic script by digests.test.ts: a page gets `deliveryLabDigests`, a worker answers messages.
import { normalQuantile, exp, ln, powInt } from '../../sim/core/portable-math.ts';
import { Hash64 } from '../../sim/core/hash64.ts';
import { run } from '../../sim/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import type { Trace } from '../../sim/trace/columns.ts';

export interface DigestQuestion {
  readonly scenarios: readonly unknown[];
  /** The scenario's own seed is asked as well. */
  readonly seeds: readonly string[];
}

export interface DigestAnswer {
  /** One line for each scenario, seed and way (untraced, traced): name, digests, and the whole result. */
  readonly runs: readonly string[];
  /** A hash over the bits of 20,000 inputs and results of each function. */
  readonly math: Readonly<Record<string, string>>;
  /** Where this was answered. */
  readonly where: 'page' | 'worker' | 'node';
}

/** Plain data in and out, so that every way of asking is the same. */
export function answer({ scenarios, seeds }: DigestQuestion): DigestAnswer {
  return {
    runs: scenarios.flatMap((input) => digestLines(input, seeds)),
    math: mathHashes(),
    where: where(),
  };
}

function digestLines(input: unknown, seeds: readonly string[]): string[] {
  const parsed = parseScenario(input);
  if (!parsed.ok) return [`not a scenario: ${JSON.stringify(parsed.problems)}`];
  const { scenario } = parsed;
  const plan = planOf(scenario);
  return [scenario.seed, ...seeds].flatMap((seed) =>
    [false, true].map((traced) => {
      const { trace, ...result } = run(plan, { seed, trace: traced });
      const rows = trace === null ? 'untraced' : `rows ${rowsHash(trace)}`;
      return `${scenario.id} seed ${seed} ${result.digests.outcome} ${result.digests.trace} ${rows} ${JSON.stringify(result)}`;
    }),
  );
}

/** The trace as it is drawn: every column of every row. */
function rowsHash({ rowCount, timeUs, ...columns }: Trace): string {
  const hash = new Hash64();
  for (let row = 0; row < rowCount; row++) {
    hash.addDouble(timeUs[row]);
    hash.add(columns.cause[row]);
    hash.add(columns.message[row]);
    hash.add(columns.packet[row]);
    hash.add(columns.kind[row]);
    hash.add(columns.place[row]);
    hash.add(columns.detail[row]);
  }
  return hash.hex();
}

// ── bit patterns ─────────────────────────────────────────────────────────────────────────────────────────────────

const INPUTS = 20_000;
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

function mathHashes(): Record<string, string> {
  return {
    // Positive numbers of every magnitude, subnormal ones among them: any pattern of bits below the sign.
    ln: bitsHash((high, low) => fromBits(high >>> 1, low), ln),
    exp: bitsHash((high, low) => between(high, low, -750, 720), exp),
    normalQuantile: bitsHash((high, low) => between(high, low, 0, 1), normalQuantile),
    powInt: bitsHash(
      (high, low) => between(high, low, 1, 3),
      (x) => powInt(x, 13),
    ),
  };
}

function bitsHash(input: (high: number, low: number) => number, compute: (x: number) => number): string {
  const hash = new Hash64();
  let state = 20481;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) ^ (state >>> 13)) >>> 0;
  };
  for (let n = 0; n < INPUTS; n++) {
    const x = input(next(), next());
    addBits(hash, x);
    addBits(hash, compute(x));
  }
  return hash.hex();
}

function fromBits(high: number, low: number): number {
  words[0] = low;
  words[1] = high;
  return double[0];
}

/** A number in [least, most), of 53 random bits. */
function between(high: number, low: number, least: number, most: number): number {
  const u = ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992;
  return least + u * (most - least);
}

/** All NaNs count as one: their bits are no result of arithmetic. */
function addBits(hash: Hash64, x: number): void {
  double[0] = x;
  const isNumber = !Number.isNaN(x);
  hash.add(isNumber ? words[0] : 1);
  hash.add(isNumber ? words[1] : 2);
}

// ── places ───────────────────────────────────────────────────────────────────────────────────────────────────────

declare global {
  var deliveryLabDigests: typeof answer | undefined;
}

function where(): DigestAnswer['where'] {
  if ('process' in globalThis) return 'node';
  return typeof document === 'undefined' ? 'worker' : 'page';
}

if (where() === 'page') globalThis.deliveryLabDigests = answer;
else if (where() === 'worker') {
  globalThis.addEventListener('message', ({ data }: MessageEvent<DigestQuestion>) =>
    postMessage(answer(data)),
  );
}
