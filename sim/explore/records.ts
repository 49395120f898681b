/** Situations as bytes: those that wait to be expanded, and those on their way to the search that looks after them. */
import type { ByteList} from './bytes.ts';
import { NumberReader, NumberWriter } from './bytes.ts';

/** A situation that waits to be expanded. */
export interface Waiting {
  /** Its number, all shares together. */
  readonly number: number;
  readonly isAnswer: boolean;
  /** What was picked on the way to it. */
  readonly path: Uint8Array;
  readonly state: Uint8Array;
}

/** A situation that was reached. */
export interface Arrival {
  readonly cost: number;
  /** Number of the situation it came from, all shares together; −1 for the beginning. */
  readonly from: number;
  readonly isAnswer: boolean;
  readonly isOver: boolean;
  readonly path: Uint8Array;
  readonly key: Uint8Array;
  readonly state: Uint8Array;
}

const writer = new NumberWriter();
const reader = new NumberReader();

/** Appends a waiting situation and answers where it begins. */
export function pushWaiting(list: ByteList, { number, isAnswer, path, state }: Waiting): number {
  writer.clear();
  writer.add(number);
  writer.add(Number(isAnswer));
  writer.add(path.length);
  return list.push(writer.written, path, state);
}

/** What `pushWaiting` wrote; paths and states are views. */
export function readWaiting(bytes: Uint8Array): Waiting {
  reader.open(bytes);
  const number = reader.next();
  const isAnswer = reader.next() === 1;
  const pathLength = reader.next();
  const stateStart = reader.at + pathLength;
  return { number, isAnswer, path: bytes.subarray(reader.at, stateStart), state: bytes.subarray(stateStart) };
}

export function pushArrival(list: ByteList, arrival: Arrival): void {
  const { cost, from, isAnswer, isOver, path, key, state } = arrival;
  writer.clear();
  writer.add(cost);
  writer.add(from);
  writer.add(Number(isAnswer) + 2 * Number(isOver));
  writer.add(path.length);
  writer.add(key.length);
  if (key === state) list.push(writer.written, path, key);
  else list.push(writer.written, path, key, state);
}

/** What `pushArrival` wrote; paths, keys and states are views. */
export function readArrival(bytes: Uint8Array): Arrival {
  reader.open(bytes);
  const cost = reader.next();
  const from = reader.next();
  const flags = reader.next();
  const pathLength = reader.next();
  const keyLength = reader.next();
  const keyStart = reader.at + pathLength;
  const keyEnd = keyStart + keyLength;
  const key = bytes.subarray(keyStart, keyEnd);
  return {
    cost,
    from,
    isAnswer: (flags & 1) === 1,
    isOver: (flags & 2) === 2,
    path: bytes.subarray(reader.at, keyStart),
    key,
    state: keyEnd === bytes.length ? key : bytes.subarray(keyEnd),
  };
}
