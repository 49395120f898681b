import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add64, Hash64, hashText, hex64 } from '../../../sim/core/hash64.ts';

const SEED = 64;

function hashOf(words: readonly number[]): Hash64 {
  const hash = new Hash64();
  for (const word of words) hash.add(word);
  hash.finish();
  return hash;
}

/** Feeds `count` inputs and counts digests seen before. */
function collisionsAmong(count: number, feed: (hash: Hash64, i: number) => void): number {
  const digests = new BigUint64Array(count);
  const hash = new Hash64();
  for (let i = 0; i < count; i++) {
    hash.reset();
    feed(hash, i);
    hash.finish();
    digests[i] = (BigInt(hash.words[0] >>> 0) << 32n) | BigInt(hash.words[1] >>> 0);
  }
  digests.sort();
  let collisions = 0;
  for (let i = 1; i < count; i++) if (digests[i] === digests[i - 1]) collisions++;
  return collisions;
}

describe('Hash64', () => {
  for (const length of [1, 2, 3, 8]) {
    it(`every bit of ${length} words flips about half of the digest, and each digest bit half the time`, () => {
      const rounds = 512;
      for (let position = 0; position < 32 * length; position++) {
        const flipsOfBit = new Int32Array(64);
        for (let round = 0; round < rounds; round++) {
          // Counters, not random words: the small numbers that digests are made of.
          const words = Array.from({ length }, (_, i) => round + i);
          const before = hashOf(words).words;
          words[position >> 5] ^= 1 << (position & 31);
          const after = hashOf(words).words;
          for (let bit = 0; bit < 64; bit++) {
            flipsOfBit[bit] += ((before[bit >> 5] ^ after[bit >> 5]) >>> (bit & 31)) & 1;
          }
        }
        const total = flipsOfBit.reduce((sum, flips) => sum + flips, 0);
        expect(Math.abs(total / rounds - 32), `input bit ${position}`).toBeLessThan(2);
        // A binomial of 512 has standard deviation 11.3; up to 16 384 of them are looked at.
        const worst = flipsOfBit.reduce((most, flips) => Math.max(most, Math.abs(flips - rounds / 2)), 0);
        expect(worst, `input bit ${position}`).toBeLessThan(6 * 11.3);
      }
    });
  }

  it('no collision among a million short inputs of each sort', () => {
    const million = 1_000_000;
    expect(collisionsAmong(million, (hash, i) => hash.add(i))).toBe(0);
    expect(collisionsAmong(million, (hash, i) => hash.addDouble(i * 4096))).toBe(0);
    expect(
      collisionsAmong(million, (hash, i) => {
        hash.add(i & 1023);
        hash.add(i >> 10);
      }),
    ).toBe(0);
    // One or two high bits anywhere in eight words: what a multiplication alone would lose.
    expect(
      collisionsAmong(256 * 256, (hash, i) => {
        const [first, second] = [i & 255, i >> 8];
        for (let word = 0; word < 8; word++) {
          const one = first >> 5 === word ? 1 << (first & 31) : 0;
          const other = second >> 5 === word && second < first ? 1 << (second & 31) : 0;
          hash.add(one ^ other ^ (second > first ? second * 257 : 0));
        }
      }),
    ).toBe(0);
  });

  it('half a digest is a good hash too: 32 bits of a million inputs collide as often as chance says', () => {
    for (const half of [0, 1]) {
      const seen = new Uint32Array(1_000_000);
      const hash = new Hash64();
      for (let i = 0; i < seen.length; i++) {
        hash.reset();
        hash.add(i);
        hash.add(0);
        hash.finish();
        seen[i] = hash.words[half];
      }
      seen.sort();
      let collisions = 0;
      for (let i = 1; i < seen.length; i++) if (seen[i] === seen[i - 1]) collisions++;
      // Poisson with mean n^2 / 2^33 = 116.4.
      expect(Math.abs(collisions - 116.4)).toBeLessThan(4.5 * 10.8);
    }
  });

  it(`depends on every word, on their order and on their number (seed ${SEED})`, () => {
    const words = fc.array(fc.integer(), { maxLength: 6 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(hashOf(a).hex() === hashOf(b).hex()).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { seed: SEED },
    );
    const zeros = Array.from({ length: 100 }, (_, count) => hashOf(new Array<number>(count).fill(0)).hex());
    expect(new Set(zeros).size).toBe(100);
  });

  it('asking for the digest changes nothing, and reset forgets everything', () => {
    const hash = hashOf([1, 2]);
    hash.hex();
    hash.add(3);
    expect(hash.hex()).toBe(hashOf([1, 2, 3]).hex());
    hash.reset();
    expect(hash.hex()).toBe(new Hash64().hex());
  });

  it('addDouble feeds the low and then the high word of any safe integer', () => {
    const cases: readonly (readonly [number, readonly [number, number]])[] = [
      [5, [5, 0]],
      [-1, [-1, -1]],
      [-0, [0, 0]],
      [2 ** 32, [0, 1]],
      [2 ** 31, [-(2 ** 31), 0]],
      [Number.MAX_SAFE_INTEGER, [-1, 0x1fffff]],
      [Number.MIN_SAFE_INTEGER, [1, -0x200000]],
    ];
    for (const [integer, words] of cases) {
      const hash = new Hash64();
      hash.addDouble(integer);
      expect(hash.hex(), String(integer)).toBe(hashOf(words).hex());
    }
  });

  it('keeps its values from release to release', () => {
    expect(new Hash64().hex()).toBe('6eaa8dfbf7c158e3');
    expect(hashOf([1, 2, 3]).hex()).toBe('d8e8b9121039e1d8');
    expect(hashText('{"format":1}')).toBe('b41c874cb12af2ab');
  });
});

describe('hashText', () => {
  it('tells apart texts that differ in padding, order, case or a surrogate', () => {
    const texts = ['', '\0', '\0\0', 'a', 'a\0', 'A', 'ab', 'ba', 'abc', '\ud83d', '😀', 'é', 'e\u0301'];
    expect(new Set(texts.map(hashText)).size).toBe(texts.length);
    for (const text of texts) expect(hashText(text)).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('add64', () => {
  it(`adds modulo 2^64, in any order (seed ${SEED})`, () => {
    const pair = fc.tuple(fc.integer(), fc.integer());
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 20 }), (pairs) => {
        const forwards = new Int32Array(2);
        const backwards = new Int32Array(2);
        for (const [high, low] of pairs) add64(forwards, high, low);
        for (const [high, low] of [...pairs].reverse()) add64(backwards, high, low);
        const sum = pairs.reduce(
          (total, [high, low]) => total + ((BigInt(high) << 32n) | BigInt(low >>> 0)),
          0n,
        );
        expect(hex64(forwards[0], forwards[1])).toBe(BigInt.asUintN(64, sum).toString(16).padStart(16, '0'));
        expect(backwards).toEqual(forwards);
      }),
      { seed: SEED },
    );
  });
});
