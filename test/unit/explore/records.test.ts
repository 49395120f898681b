// Situations as bytes come back as they were, one behind the other, whatever stands in them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../../sim/explore/bytes.ts';
import {
  pushArrival,
  pushWaiting,
  readArrival,
  readWaiting,
  type Arrival,
  type Waiting,
} from '../../../sim/explore/records.ts';

const SEED = 20_261_122;

const large = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 2 ** 52 }),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 4 * 1e9),
);
const word = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)));
const bytes = fc.uint8Array({ maxLength: 300 });

const waitings: fc.Arbitrary<Waiting> = fc.record({
  number: large,
  isAnswer: fc.boolean(),
  path: bytes,
  state: bytes,
});

const arrivals: fc.Arbitrary<Arrival> = fc
  .record({
    cost: large,
    from: large,
    isAnswer: fc.boolean(),
    isOver: fc.boolean(),
    path: bytes,
    key: bytes.filter(({ length }) => length > 0),
    hash: word,
    state: bytes.filter(({ length }) => length > 0),
    isKey: fc.boolean(),
  })
  .map(({ isKey, ...arrival }) => (isKey ? { ...arrival, state: arrival.key } : arrival));

/** Writes all of them into one list, and reads them from a copy of its bytes. */
function sent<T>(
  records: readonly T[],
  push: (list: ByteList, record: T) => void,
  read: (list: ByteList, at: number) => T,
): T[] {
  const list = new ByteList();
  for (const record of records) push(list, record);
  const copy = ByteList.of(list.bytes.slice(0, list.end));
  const found: T[] = [];
  for (let at = copy.start; at < copy.end; at = copy.after(at)) found.push(read(copy, at));
  return found;
}

describe('records', () => {
  it(`what waits is read as it was written [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(fc.array(waitings, { maxLength: 5 }), (records) => {
        expect(sent(records, pushWaiting, readWaiting)).toEqual(records);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it(`what is handed over is read as it was written [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(fc.array(arrivals, { maxLength: 5 }), (records) => {
        expect(sent(records, pushArrival, readArrival)).toEqual(records);
      }),
      { seed: SEED + 1, numRuns: 300 },
    );
  });
});
