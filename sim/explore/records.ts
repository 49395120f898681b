/** Situations as bytes: those that wait to be expanded, and those on their way to the search that looks after them. */
import { NumberReader, type ByteList } from './bytes.ts';

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

const reader = new NumberReader();

/** Appends a waiting situation and answers where it begins. */
export function pushWaiting(list: ByteList, { number, isAnswer, path, state }: Waiting): number {
  const at = list.beginText();
  list.addNumber(number);
  list.addNumber(Number(isAnswer));
  list.addNumber(path.length);
  list.addBytes(path);
  list.addBytes(state);
  list.endText(at);
  return at;
}

/** What `pushWaiting` wrote at `at`; path and state are views. */
export function readWaiting(list: ByteList, at: number): Waiting {
  const { bytes } = list;
  reader.open(bytes, list.contentAt(at));
  const number = reader.next();
  const isAnswer = reader.next() === 1;
  const pathLength = reader.next();
  const pathEnd = reader.at + pathLength;
  return {
    number,
    isAnswer,
    path: bytes.subarray(reader.at, pathEnd),
    state: bytes.subarray(pathEnd, list.after(at)),
  };
}

export function pushArrival(list: ByteList, arrival: Arrival): void {
  const { cost, from, isAnswer, isOver, path, key, state } = arrival;
  const at = list.beginText();
  list.addNumber(cost);
  list.addNumber(from);
  list.addNumber(Number(isAnswer) + 2 * Number(isOver));
  list.addNumber(path.length);
  list.addNumber(key.length);
  list.addBytes(path);
  list.addBytes(key);
  if (key !== state) list.addBytes(state);
  list.endText(at);
}

/** What `pushArrival` wrote at `at`; path, key and state are views. */
export function readArrival(list: ByteList, at: number): Arrival {
  const { bytes } = list;
  reader.open(bytes, list.contentAt(at));
  const cost = reader.next();
  const from = reader.next();
  const flags = reader.next();
  const pathLength = reader.next();
  const keyLength = reader.next();
  const pathEnd = reader.at + pathLength;
  const keyEnd = pathEnd + keyLength;
  const end = list.after(at);
  const key = bytes.subarray(pathEnd, keyEnd);
  return {
    cost,
    from,
    isAnswer: (flags & 1) === 1,
    isOver: (flags & 2) === 2,
    path: bytes.subarray(reader.at, pathEnd),
    key,
    state: keyEnd === end ? key : bytes.subarray(keyEnd, end),
  };
}
