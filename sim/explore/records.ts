/** Situations as bytes: those that wait to be expanded, and those on their way to the search that looks after them. */
import { ByteList, NumberWriter, readNumbers } from './bytes.ts';

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
/** Numbers that were read last. */
const heads: number[] = [];

/** Appends a waiting situation and answers where it begins. */
export function pushWaiting(list: ByteList, { number, isAnswer, path, state }: Waiting): number {
  writer.clear();
  writer.add(number);
  writer.add(Number(isAnswer));
  writer.add(path.length);
  return list.push(writer.done(), path, state);
}

/** What `pushWaiting` wrote; paths and states are views. */
export function readWaiting(bytes: Uint8Array): Waiting {
  const start = readHead(bytes, 3);
  const [number, isAnswer, pathLength] = heads;
  return {
    number,
    isAnswer: isAnswer === 1,
    path: bytes.subarray(start, start + pathLength),
    state: bytes.subarray(start + pathLength),
  };
}

export function pushArrival(list: ByteList, arrival: Arrival): void {
  const { cost, from, isAnswer, isOver, path, key, state } = arrival;
  writer.clear();
  writer.add(cost);
  writer.add(from);
  writer.add(Number(isAnswer) + 2 * Number(isOver));
  writer.add(path.length);
  writer.add(key.length);
  if (key === state) list.push(writer.done(), path, key);
  else list.push(writer.done(), path, key, state);
}

/** What `pushArrival` wrote; paths, keys and states are views. */
export function readArrival(bytes: Uint8Array): Arrival {
  const start = readHead(bytes, 5);
  const [cost, from, flags, pathLength, keyLength] = heads;
  const keyStart = start + pathLength;
  const key = bytes.subarray(keyStart, keyStart + keyLength);
  const rest = bytes.subarray(keyStart + keyLength);
  return {
    cost,
    from,
    isAnswer: (flags & 1) === 1,
    isOver: (flags & 2) === 2,
    path: bytes.subarray(start, keyStart),
    key,
    state: rest.length === 0 ? key : rest,
  };
}

/** Reads the first numbers into `heads` and answers where the rest begins. */
function readHead(bytes: Uint8Array, count: number): number {
  heads.length = 0;
  readNumbers(bytes, 0, heads, count);
  let at = 0;
  for (let read = 0; read < count; at++) if (bytes[at] < 128) read++;
  return at;
}
