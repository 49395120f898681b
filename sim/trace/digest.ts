/**
 * The two digests of a run, both 64 bits, in every run, each with an algorithm number.
 *
 * The trace digest (`t1:`) is a running hash of what the observer is told: order matters. The outcome digest (`o1:`)
 * is the sum modulo 2⁶⁴ of one hash per message, so order does not matter and a settled message can be forgotten.
 */
import { add64, Hash64, hex64 } from '../core/hash64.ts';

/** Running hash of facts. Causes are left out: they are numbers of rows, not facts. */
export class TraceDigest {
  private readonly state = new Int32Array([0x243f6a88, 0x85a308d3 | 0]);
  private timeLow = 0;
  private timeHigh = 0;

  /** The instant of the facts that follow; mixed once, used for all of them. */
  clock(timeUs: number): void {
    const low = timeUs | 0;
    const high = (timeUs / 4_294_967_296) | 0;
    let a = Math.imul(low ^ (low >>> 16), 0x85ebca6b) + high;
    a = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    this.timeLow = a ^ (a >>> 16);
    let b = Math.imul(high ^ 0x27d4eb2f, 0x165667b1) ^ Math.imul(low, 0x9e3779b1);
    b = Math.imul(b ^ (b >>> 15), 0x2c1b3c6d);
    this.timeHigh = b ^ (b >>> 14);
  }

  add(kind: number, message: number, place: number, detail: number, packet: number): void {
    const { state } = this;
    let a = state[0];
    let b = state[1];
    a = Math.imul(a ^ this.timeLow ^ message, 0x9e3779b1) + (kind | (place << 5) | (detail << 8));
    a = Math.imul(a ^ (a >>> 15), 0x85ebca6b);
    b = Math.imul(b ^ this.timeHigh ^ packet, 0xc2b2ae35) + a;
    b = Math.imul(b ^ (b >>> 13), 0x27d4eb2f);
    state[0] = (a << 13) | (a >>> 19);
    state[1] = b + a;
    state[0] ^= b >>> 16;
  }

  text(): string {
    return `t1:${hex64(this.state[0], this.state[1])}`;
  }
}

/** Sum of one hash per message. */
export class OutcomeDigest {
  private readonly sum = new Int32Array(2);
  private readonly hash = new Hash64();

  /**
   * @param effects how often it was applied
   * @param belief a number of STATUS; trying means in doubt
   * @param firstEffectUs −1 for never
   * @param settledUs when the sender was done with it, −1 for never
   */
  add(message: number, effects: number, belief: number, firstEffectUs: number, settledUs: number): void {
    const { hash } = this;
    hash.reset();
    hash.add(message);
    hash.add(effects);
    hash.add(belief);
    hash.addDouble(firstEffectUs);
    hash.addDouble(settledUs);
    hash.finish();
    add64(this.sum, hash.words[0], hash.words[1]);
  }

  text(): string {
    return `o1:${hex64(this.sum[0], this.sum[1])}`;
  }
}
