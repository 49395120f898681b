/**
 * The two digests of a run, both 64 bits, in every run, each with an algorithm number.
 *
 * The trace digest (`t1:`) is a running hash of what the observer is told: order matters. The outcome digest (`o1:`)
 * is the sum modulo 2⁶⁴ of one hash per message, so order does not matter and a settled message can be forgotten.
 */
import { Clock } from '../core/clock.ts';
import { add64, hex64 } from '../core/hash64.ts';

/** Running hash of facts. Causes are left out: they are numbers of rows, not facts. */
export class TraceDigest {
  private a = 0x243f6a88;
  private b = 0x85a308d3 | 0;
  private clock = new Clock();
  /** The instant that is mixed into `timeLow` and `timeHigh`. */
  private mixedUs = NaN;
  private timeLow = 0;
  private timeHigh = 0;

  follow(clock: Clock): void {
    this.clock = clock;
  }

  add(kind: number, message: number, place: number, detail: number, packet: number): void {
    if (this.clock.nowUs !== this.mixedUs) this.mixTime();
    // What the row says is multiplied out apart from the state, so that a row waits for the one before it only in
    // the last step of each lane.
    const what = kind | (place << 5) | (detail << 8);
    const first = Math.imul((message ^ this.timeLow) + what, 0x9e3779b1);
    const second = Math.imul((packet ^ this.timeHigh) + Math.imul(what, 0x85ebca77), 0xc2b2ae3d);
    const { a, b } = this;
    this.a = Math.imul(((a << 13) | (a >>> 19)) ^ first, 0x85ebca6b);
    this.b = (Math.imul(((b << 17) | (b >>> 15)) ^ second, 0xc2b2ae35) + a) | 0;
  }

  /** Mixes an instant once for all facts of it. */
  private mixTime(): void {
    const { nowUs } = this.clock;
    this.mixedUs = nowUs;
    const low = nowUs | 0;
    const high = (nowUs / TWO_32) | 0;
    let a = Math.imul(low ^ (low >>> 16), 0x85ebca6b) + high;
    a = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    this.timeLow = a ^ (a >>> 16);
    let b = Math.imul(high ^ 0x27d4eb2f, 0x165667b1) ^ Math.imul(low, 0x9e3779b1);
    b = Math.imul(b ^ (b >>> 15), 0x2c1b3c6d);
    this.timeHigh = b ^ (b >>> 14);
  }

  text(): string {
    const { a, b } = this;
    return `t1:${hex64(mixed(a ^ mixed(b, 0x2c1b3c6d), 0x85ebca6b), mixed(b ^ mixed(a, 0x297a2d39), 0xc2b2ae35))}`;
  }
}

/** How one message came out. */
export interface Outcome {
  readonly message: number;
  /** How often it was applied. */
  readonly effects: number;
  /** A number of STATUS; trying means in doubt. */
  readonly belief: number;
  /** µs, −1 for never. */
  readonly firstEffectUs: number;
  /** When the sender was done with it, µs, −1 for never. */
  readonly settledUs: number;
}

/** Sum of one hash per message. */
export class OutcomeDigest {
  private readonly sum = new Int32Array(2);

  add({ message, effects, belief, firstEffectUs, settledUs }: Outcome): void {
    // Two lanes, each a chain of multiply-and-shift over all seven words with multipliers of its own.
    const firstHigh = Math.floor(firstEffectUs / TWO_32) | 0;
    const settledHigh = Math.floor(settledUs / TWO_32) | 0;
    let a = mixed(0x243f6a88 ^ message, 0x85ebca6b);
    let b = mixed(0x13198a2e ^ message, 0x2c1b3c6d);
    a = mixed(a ^ effects, 0xc2b2ae35);
    b = mixed(b ^ effects, 0x297a2d39);
    a = mixed(a ^ belief, 0x27d4eb2f);
    b = mixed(b ^ belief, 0x165667b1);
    a = mixed(a ^ (firstEffectUs | 0), 0x85ebca6b);
    b = mixed(b ^ (firstEffectUs | 0), 0x2c1b3c6d);
    a = mixed(a ^ firstHigh, 0xc2b2ae35);
    b = mixed(b ^ firstHigh, 0x297a2d39);
    a = mixed(a ^ (settledUs | 0), 0x27d4eb2f);
    b = mixed(b ^ (settledUs | 0), 0x165667b1);
    a = mixed(mixed(a ^ settledHigh, 0x85ebca6b), 0xc2b2ae35);
    b = mixed(mixed(b ^ settledHigh, 0x2c1b3c6d), 0x297a2d39);
    add64(this.sum, a, b);
  }

  text(): string {
    return `o1:${hex64(this.sum[0], this.sum[1])}`;
  }
}

const TWO_32 = 4_294_967_296;

/** One step of MurmurHash3's finaliser: invertible for an odd multiplier. */
function mixed(word: number, multiplier: number): number {
  const product = Math.imul(word ^ (word >>> 16), multiplier);
  return product ^ (product >>> 13);
}
