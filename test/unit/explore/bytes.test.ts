// Numbers as bytes come back as they were, and a set of texts holds each once, whatever its hash.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList, ByteSet, NumberReader, NumberWriter } from '../../../sim/explore/bytes.ts';

const SEED = 20_260_521;

const LARGEST = 2 ** 52 - 1;
const whole = fc.oneof(
  fc.integer({ min: -200, max: 200 }),
  fc.integer({ min: -LARGEST, max: LARGEST }),
  fc.constantFrom(0, 63, 64, -64, -65, 8_191, 8_192, LARGEST, -LARGEST),
);
const texts = fc.array(fc.uint8Array({ maxLength: 6, max: 3 }), { maxLength: 400 });

function written(numbers: readonly number[]): Uint8Array {
  const writer = new NumberWriter();
  writer.addAll(numbers);
  return writer.written.slice();
}

function readAll(bytes: Uint8Array): number[] {
  const reader = new NumberReader();
  reader.open(bytes);
  const numbers: number[] = [];
  while (!reader.isDone) numbers.push(reader.next());
  return numbers;
}

describe('numbers', () => {
  it(`what was written is read [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(fc.array(whole), (numbers) => {
        expect(readAll(written(numbers))).toEqual(numbers);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it(`different numbers are different bytes, none the beginning of the other [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(fc.array(whole), whole, whole, (before, a, b) => {
        if (a === b) return;
        const [one, other] = [a, b].map((last) => written([...before, last]));
        const least = Math.min(one.length, other.length);
        expect(Buffer.from(one.subarray(0, least)).equals(other.subarray(0, least))).toBe(false);
      }),
      { seed: SEED + 1, numRuns: 500 },
    );
  });

  it('a small number takes one byte, and what follows the numbers begins where reading stopped', () => {
    expect(written([0, 63, -64])).toHaveLength(3);
    const reader = new NumberReader();
    reader.open(Uint8Array.of(...written([1, 1_000_000]), 77));
    expect([reader.next(), reader.next()]).toEqual([1, 1_000_000]);
    expect(reader.at).toBe(written([1, 1_000_000]).length);
    expect(reader.isDone).toBe(false);
  });

  it('a writer is used again, and grows', () => {
    const writer = new NumberWriter();
    writer.add(5);
    writer.clear();
    const many = Array.from({ length: 5_000 }, (_, i) => i * 1_000_003);
    writer.addAll(many);
    expect(readAll(writer.written)).toEqual(many);
  });
});

describe('lists and sets of texts', () => {
  it(`a list gives back what was pushed, in order [seed ${SEED + 2}]`, () => {
    fc.assert(
      fc.property(texts, (pushed) => {
        const list = new ByteList();
        for (const text of pushed) list.push(text);
        const found: number[][] = [];
        for (let at = list.start; at < list.end; at = list.after(at)) found.push([...list.at(at)]);
        expect(found).toEqual(pushed.map((text) => [...text]));
      }),
      { seed: SEED + 2, numRuns: 200 },
    );
  });

  it(`a set numbers texts in the order they came, and knows them again [seed ${SEED + 3}]`, () => {
    fc.assert(
      fc.property(texts, (added) => {
        const set = new ByteSet();
        const known = new Map<string, number>();
        for (const text of added) {
          const name = text.join();
          const number = known.get(name);
          expect(set.add(text)).toBe(number === undefined ? known.size : -1 - number);
          if (number === undefined) known.set(name, known.size);
        }
        expect(set.size).toBe(known.size);
      }),
      { seed: SEED + 3, numRuns: 200 },
    );
  });

  it('texts of one hash stay two', () => {
    const set = new ByteSet();
    const [one, other] = [written([1, 2]), written([1, 3])];
    expect([set.add(one, 7), set.add(other, 7), set.add(one, 7), set.add(other, 7)]).toEqual([0, 1, -1, -2]);
  });

  it('texts that no block has room for begin a new one', () => {
    const set = new ByteSet();
    const long = Array.from({ length: 9 }, (_, n) => new Uint8Array(300_000).fill(n));
    expect(long.map((text) => set.add(text))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(long.map((text) => set.add(text))).toEqual([-1, -2, -3, -4, -5, -6, -7, -8, -9]);
    expect(() => set.add(new Uint8Array(2 ** 20 + 1))).toThrow(RangeError);
  });

  it('a set of very many', () => {
    const set = new ByteSet();
    const all = Array.from({ length: 50_000 }, (_, n) => n);
    expect(all.map((n) => set.add(written([n])))).toEqual(all);
    expect(all.map((n) => set.add(written([n])))).toEqual(all.map((n) => -1 - n));
  });
});
