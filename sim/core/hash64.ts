// A running 64-bit hash out of 32-bit multiplications and rotations, for digests and identities.
// Not against an adversary: it tells runs apart, it does not sign them. Two lanes because
// JavaScript has no fast 64-bit integers; mixing steps and finaliser follow Austin Appleby's MurmurHash3.

/** Feed words in order; `finish` or `hex` may be asked at any time and change nothing. */
export class Hash64 {
  /** The digest as of the latest `finish`: high word, low word. */
  readonly words = new Int32Array(2);

  /** Lane a, lane b, count of words fed. */
  private readonly state = new Int32Array(3);

  constructor() {
    this.reset();
  }

  /** Back to the hash of nothing. */
  reset(): void {
    this.state[0] = 0x243f6a88; // fractional digits of pi
    this.state[1] = 0x85a308d3 | 0;
    this.state[2] = 0;
  }

  /** Feeds one int32. */
  add(word: number): void {
    const state = this.state;
    // Every step is invertible, so one changed word always changes the state. Lane a takes the
    // word; lane b takes lane a, so a difference cancelled in a has already left its mark in b.
    let k = Math.imul(word, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    let a = state[0] ^ k;
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    const b = state[1] ^ Math.imul(a, 0x85ebca6b);
    state[0] = a;
    state[1] = Math.imul((b << 17) | (b >>> 15), 0xc2b2ae35) + 0x38b34ae5;
    state[2]++;
  }

  /** Feeds a safe integer of either sign as two words, low then high. -0 counts as 0. */
  addDouble(integer: number): void {
    this.add(integer | 0);
    this.add(Math.floor(integer / 4294967296));
  }

  /** Writes the digest of all words so far into `words`. */
  finish(): void {
    const state = this.state;
    let a = state[0] ^ state[2];
    let b = state[1] ^ state[2];
    a = (a + b) | 0;
    b = (b + a) | 0;
    a = avalanche(a);
    b = avalanche(b);
    a = (a + b) | 0;
    b = (b + a) | 0;
    this.words[0] = a;
    this.words[1] = b;
  }

  /** The digest of all words so far, as 16 lower-case hex digits. */
  hex(): string {
    this.finish();
    return hex64(this.words[0], this.words[1]);
  }
}

/** The hash of a text's UTF-16 code units and length, as 16 hex digits: identity of canonical JSON. */
export function hashText(text: string): string {
  const hash = new Hash64();
  for (let i = 0; i < text.length; i += 2) hash.add(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
  hash.add(text.length);
  return hash.hex();
}

/**
 * Adds (`high`, `low`) to `accumulator`, a pair of int32 [high, low], modulo 2^64. Sums of hashes
 * do not depend on the order of adding, and subtracting is adding the negative.
 */
export function add64(accumulator: Int32Array, high: number, low: number): void {
  const lowSum = (accumulator[1] >>> 0) + (low >>> 0); // < 2^33, exact
  accumulator[1] = lowSum;
  accumulator[0] = accumulator[0] + high + (lowSum > 0xffffffff ? 1 : 0);
}

/** Two 32-bit words as 16 lower-case hex digits, high word first. */
export function hex64(high: number, low: number): string {
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0');
}

/** MurmurHash3's fmix32: every input bit flips every output bit with probability close to 1/2. */
function avalanche(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
