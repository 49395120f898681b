import { describe, expect, it } from 'vitest';
import {
  latestSecondUniform,
  seedKey,
  streamKey,
  uniform,
  uniformOf,
  type DrawKey,
} from '../../../sim/core/keyed-draws.ts';

const SEED = 'battery';
const DRAWS = 1 << 17;
/** Fixed seeds: a correct generator passes for ever. About 1000 scores are compared with this. */
const Z_LIMIT = 4.5;

const seed = seedKey(SEED);
const key = streamKey(seed, 'shop>api/request/lost');
const seedKeys = Array.from({ length: DRAWS }, (_, i) => seedKey(String(i)));
const labelKeys = Array.from({ length: DRAWS }, (_, i) => streamKey(seed, `node-${i}`));

function at({ k0, k1 }: DrawKey, c0: number, c1: number): number {
  return uniformOf(k0, k1, c0, c1);
}

/** The other uniform of the same block. */
function secondAt({ k0, k1 }: DrawKey, c0: number, c1: number): number {
  uniformOf(k0, k1, c0, c1);
  return latestSecondUniform();
}

/** How a run walks through names: every field alone, and every two together. */
const WALKS: Readonly<Record<string, (i: number) => number>> = {
  'c0 alone': (i) => at(key, i, 0),
  'c0 alone, second of its block': (i) => secondAt(key, i, 0),
  'c1 alone, second of its block': (i) => secondAt(key, 0, i),
  'c0 alone, by its high bits': (i) => at(key, i << 15, 0),
  'c0 alone, downwards from -1': (i) => at(key, ~i, 0),
  'c1 alone': (i) => at(key, 0, i),
  'c1 alone, by its high bits': (i) => at(key, 0, i << 15),
  'c0 = c1': (i) => at(key, i, i),
  'c0 + c1 constant': (i) => at(key, i, 1_000_000 - i),
  'c0 x c1': (i) => at(key, i >> 3, i & 7),
  'label alone': (i) => at(labelKeys[i], 0, 0),
  'label x c0': (i) => at(labelKeys[i & 63], i >> 6, 0),
  'label x c1': (i) => at(labelKeys[i & 63], 0, i >> 6),
  'label = c0': (i) => at(labelKeys[i], i, 0),
  'branch alone': (i) => at(streamKey(seed, 'shop>api/request/lost', i), 0, 0),
  'branch x c0': (i) => at(streamKey(seed, 'shop>api/request/lost', i & 7), i >> 3, 0),
  'branch x label': (i) => at(streamKey(seed, `node-${i >> 3}`, i & 7), 0, 0),
  'seed text alone': (i) => at(streamKey(seedKeys[i], 'shop>api/request/lost'), 0, 0),
  'seed text alone, without a label': (i) => at(seedKeys[i], 0, 0),
  'seed text x c0': (i) => at(seedKeys[i & 63], i >> 6, 0),
  'seed text x c1': (i) => at(seedKeys[i & 63], 0, i >> 6),
  'seed text x label': (i) => at(streamKey(seedKeys[i >> 3], `node-${i & 7}`), 0, 0),
  'seed text x branch': (i) => at(streamKey(seedKeys[i >> 3], 'lost', i & 7), 0, 0),
};

function drawsOf(walk: (i: number) => number): Float64Array {
  return Float64Array.from({ length: DRAWS }, (_, i) => walk(i));
}

/** Chi-squared of equal bins, as a standard score (Wilson and Hilferty's cube root, 1931). */
function chiSquaredScore(counts: Int32Array, total: number): number {
  const expected = total / counts.length;
  const freedom = counts.length - 1;
  let chiSquared = 0;
  for (const count of counts) chiSquared += (count - expected) ** 2 / expected;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(chiSquared / freedom) - (1 - spread)) / Math.sqrt(spread);
}

function binScore(draws: Float64Array, binCount: number, binOf: (i: number) => number): number {
  const counts = new Int32Array(binCount);
  for (let i = 0; i < draws.length; i++) counts[Math.floor(binOf(i))]++;
  return chiSquaredScore(counts, draws.length);
}

function correlationScore(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - 0.5) * (b[i] - 0.5);
  return (sum * 12) / Math.sqrt(a.length); // each product has variance 1/144
}

/** Bytes from the top and the bottom of the 53 bits, moments, neighbours and single bits. */
function scoresOf(draws: Float64Array): Record<string, number> {
  const n = draws.length;
  const scores: Record<string, number> = {
    'highest byte': binScore(draws, 256, (i) => draws[i] * 256),
    'second byte': binScore(draws, 256, (i) => (draws[i] * 65536) & 255),
    'lowest byte': binScore(draws, 256, (i) => (draws[i] * 2 ** 53) % 256),
    // The bits where the two words of the block meet.
    'middle byte': binScore(draws, 256, (i) => (draws[i] * 2 ** 31) % 256),
    mean: (draws.reduce((sum, u) => sum + u, 0) - n / 2) / Math.sqrt(n / 12),
    variance: (draws.reduce((sum, u) => sum + (u - 0.5) ** 2, 0) - n / 12) / Math.sqrt(n / 180),
    'pairs of neighbours': binScore(
      draws.subarray(0, n - 1),
      256,
      (i) => 16 * Math.floor(draws[i] * 16) + Math.floor(draws[i + 1] * 16),
    ),
  };
  for (const lag of [1, 2, 8, 64]) {
    scores[`correlation at lag ${lag}`] = correlationScore(draws.subarray(0, n - lag), draws.subarray(lag));
  }
  onesOfEachBit(draws).forEach(
    (ones, bit) => (scores[`bit ${bit} of 53`] = (ones - n / 2) / Math.sqrt(n / 4)),
  );
  return scores;
}

/** How many draws have each bit set, lowest bit first. */
function onesOfEachBit(draws: Float64Array): number[] {
  const counts = new Array<number>(53).fill(0);
  for (const draw of draws) {
    const high = Math.floor(draw * 2 ** 27);
    const low = (draw * 2 ** 27 - high) * 2 ** 26;
    for (let bit = 0; bit < 26; bit++) counts[bit] += (low >> bit) & 1;
    for (let bit = 0; bit < 27; bit++) counts[26 + bit] += (high >> bit) & 1;
  }
  return counts;
}

describe('draws look random however the names are walked', () => {
  for (const [name, walk] of Object.entries(WALKS)) {
    it(`${name}: bytes, bits, moments and neighbours within ${Z_LIMIT} sigma (seed ${SEED})`, () => {
      for (const [test, score] of Object.entries(scoresOf(drawsOf(walk)))) {
        expect(Math.abs(score), test).toBeLessThan(Z_LIMIT);
      }
    });
  }
});

describe('streams do not know each other', () => {
  const streams: Readonly<Record<string, (i: number) => number>> = {
    'lost, c0': (i) => at(streamKey(seed, 'lost'), i, 0),
    'lost, c0, second of its block': (i) => secondAt(streamKey(seed, 'lost'), i, 0),
    'delay, c0': (i) => at(streamKey(seed, 'delay'), i, 0),
    'lost, next c0': (i) => at(streamKey(seed, 'lost'), i + 1, 0),
    'lost, c0 with c1 = 1': (i) => at(streamKey(seed, 'lost'), i, 1),
    'lost, c0 and c1 swapped': (i) => at(streamKey(seed, 'lost'), 0, i),
    'lost, branch 1': (i) => at(streamKey(seed, 'lost', 1), i, 0),
    'lost, padded label': (i) => at(streamKey(seed, 'lost\0'), i, 0),
    'lost, next seed': (i) => at(streamKey(seedKey('battery '), 'lost'), i, 0),
    'no label': (i) => at(streamKey(seed, ''), i, 0),
    'seed itself': (i) => at(seed, i, 0),
  };
  const draws = Object.entries(streams).map(([name, walk]) => ({ name, values: drawsOf(walk) }));

  it(`every two of ${draws.length} are uncorrelated and fill the square evenly (seed ${SEED})`, () => {
    for (const [index, a] of draws.entries()) {
      for (const b of draws.slice(index + 1)) {
        const pair = `${a.name} with ${b.name}`;
        const square = binScore(
          a.values,
          256,
          (i) => 16 * Math.floor(a.values[i] * 16) + Math.floor(b.values[i] * 16),
        );
        expect(Math.abs(correlationScore(a.values, b.values)), pair).toBeLessThan(Z_LIMIT);
        expect(Math.abs(square), pair).toBeLessThan(Z_LIMIT);
      }
    }
  });
});

describe('keys', () => {
  it('of 131 072 seed texts and as many labels are all different', () => {
    const all = [...seedKeys, ...labelKeys].map(({ k0, k1 }) => `${k0},${k1}`);
    expect(new Set(all).size).toBe(2 * DRAWS);
  });

  it('tell apart labels that differ by padding, length, order or a surrogate', () => {
    const labels = [
      '',
      '\0',
      '\0\0',
      'a',
      'a\0',
      'ab',
      'ba',
      'abcd',
      'abcd\0',
      'abcde',
      'é',
      'e\u0301',
      '\ud83d',
      '😀',
    ];
    const keys = labels.map((label) => JSON.stringify(streamKey(seed, label)));
    expect(new Set(keys).size).toBe(labels.length);
  });

  it('branch 0 is the trunk', () => {
    expect(streamKey(seed, 'lost', 0)).toEqual(streamKey(seed, 'lost'));
    expect(streamKey(seed, 'lost', 1)).not.toEqual(streamKey(seed, 'lost'));
  });
});

describe('uniform', () => {
  it('lies on the grid k 2^-53 in [0, 1), and uses all of its bits', () => {
    let seen = 0n;
    for (let i = 0; i < 1000; i++) {
      const k = uniform(key, i, 0) * 2 ** 53;
      expect(Number.isSafeInteger(k) && k >= 0).toBe(true);
      seen |= BigInt(k);
    }
    expect(seen).toBe(2n ** 53n - 1n);
  });

  it('is a function of its name: order and repetition do not matter', () => {
    const forwards = [0, 1, 2, 3].map((i) => uniform(key, i, 7));
    const backwards = [3, 2, 1, 0].map((i) => uniform(key, i, 7)).reverse();
    expect(backwards).toEqual(forwards);
  });

  it('keeps its values from release to release', () => {
    const trunk = streamKey(seedKey('hello'), 'shop>api/request/lost');
    expect(seedKey('hello')).toEqual({ k0: -536588812, k1: 1445292626 });
    expect(trunk).toEqual({ k0: 949720988, k1: 120656443 });
    expect(uniform(trunk, 3, 2)).toBe(0.7548083500997772);
  });
});
