// Every random decision is a pure function of its name: (seed, stream label, two counters) -> one
// uniform. Nothing is "the next number", so a packet that exists in two runs meets the same fate
// in both (DESIGN.md 3.1). seedrandom turns the person's seed text into key words, Threefry does the rest.

// Declares a module, so it cannot be imported; and not every tsconfig here includes it.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./alea.d.ts" />
import alea from 'seedrandom/lib/alea.js';
import { out, threefry2x32 } from './threefry.ts';

/** The 64-bit key of one stream of draws: two int32 words. */
export interface DrawKey {
  readonly k0: number;
  readonly k1: number;
}

/** 2^-53: the spacing of the uniforms. */
const GRID = 1 / 9007199254740992;

/** 2^-27: the weight of a uniform's high bits, which stand above 26 low ones. */
const HIGH_GRID = 1 / 134217728;

/** The key a seed text stands for: the first two 32-bit words of seedrandom's Alea for that text. */
export function seedKey(seedText: string): DrawKey {
  const generator = alea(seedText);
  return { k0: generator.int32(), k1: generator.int32() };
}

/**
 * The key of the stream called `label` under `seed`. Streams with different labels are independent.
 * `branch` (int32) is reserved for later forks of one stream; 0 is the trunk.
 *
 * The label's UTF-16 code units are absorbed four to a block, each block enciphered under the key
 * so far and becoming the next key; the last block is (length, branch), so that a label padded
 * with zeros is another label.
 */
export function streamKey(seed: DrawKey, label: string, branch = 0): DrawKey {
  let key = seed;
  for (let i = 0; i < label.length; i += 4) key = nextKey(key, twoUnits(label, i), twoUnits(label, i + 2));
  return nextKey(key, label.length, branch);
}

/** One uniform k 2^-53 in [0, 1) for the counters (`c0`, `c1`), int32 each, of a stream. */
export function uniform(key: DrawKey, c0: number, c1: number): number {
  return uniformOf(key.k0, key.k1, c0, c1);
}

/** `uniform` with the key's words passed one by one, for hot loops that keep them in typed arrays. */
export function uniformOf(k0: number, k1: number, c0: number, c1: number): number {
  threefry2x32(k0, k1, c0, c1);
  return latestUniform();
}

/**
 * The uniform of the latest Threefry block. Apart from the block so that it is short enough to be inlined always: a
 * double that a call returns is put into an object of its own.
 */
export function latestUniform(): number {
  // 27 bits above 26: k 2^-53 with k = high 2^26 + low < 2^53, exact. Not added up as integers first: V8 would take the
  // sum through a 64-bit integer register and back.
  return (out[0] >>> 5) * HIGH_GRID + (out[1] >>> 6) * GRID;
}

/**
 * Another uniform of the same block: its words the other way round. The first 27 bits of either are bits of one word, so
 * what the two share decides nothing before the 28th bit.
 */
export function latestSecondUniform(): number {
  return (out[1] >>> 5) * HIGH_GRID + (out[0] >>> 6) * GRID;
}

function nextKey(key: DrawKey, word0: number, word1: number): DrawKey {
  threefry2x32(key.k0, key.k1, word0, word1);
  return { k0: out[0], k1: out[1] };
}

/** Code units `i` and `i + 1` as one word; 0 stands in beyond the end (NaN | 0 is 0). */
function twoUnits(label: string, i: number): number {
  return label.charCodeAt(i) | (label.charCodeAt(i + 1) << 16);
}
