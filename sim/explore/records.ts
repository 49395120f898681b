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
  /** Of the key. */
  readonly hash: number;
  readonly state: Uint8Array;
}

const reader = new NumberReader();

/** Appends a waiting situation and answers where it begins. */
export function pushWaiting(list: ByteList, { number, isAnswer, path, state }: Waiting): number {
  const at = list.beginText();
  addLarge(list, number);
  list.addWord((path.length << 1) | Number(isAnswer));
  list.addBytes(path);
  list.addBytes(state);
  list.endText(at);
  return at;
}

/** What `pushWaiting` wrote at `at`; path and state are views. */
export function readWaiting(list: ByteList, at: number): Waiting {
  const { bytes } = list;
  reader.open(bytes, list.contentAt(at));
  const number = nextLarge();
  const word = reader.nextWord();
  const pathEnd = reader.at + (word >> 1);
  return {
    number,
    isAnswer: (word & 1) === 1,
    path: bytes.subarray(reader.at, pathEnd),
    state: bytes.subarray(pathEnd, list.after(at)),
  };
}

export function pushArrival(list: ByteList, arrival: Arrival): void {
  const { cost, from, isAnswer, isOver, path, key, hash, state } = arrival;
  const at = list.beginText();
  addLarge(list, cost);
  addLarge(list, from);
  list.addWord(hash);
  list.addWord((path.length << 2) | (Number(isOver) << 1) | Number(isAnswer));
  list.addWord(key.length);
  list.addBytes(path);
  list.addBytes(key);
  if (key !== state) list.addBytes(state);
  list.endText(at);
}

/** What `pushArrival` wrote at `at`; path, key and state are views. */
export function readArrival(list: ByteList, at: number): Arrival {
  const { bytes } = list;
  reader.open(bytes, list.contentAt(at));
  const cost = nextLarge();
  const from = nextLarge();
  const hash = reader.nextWord();
  const word = reader.nextWord();
  const keyLength = reader.nextWord();
  const pathEnd = reader.at + (word >> 2);
  const keyEnd = pathEnd + keyLength;
  const end = list.after(at);
  const key = bytes.subarray(pathEnd, keyEnd);
  return {
    cost,
    from,
    isAnswer: (word & 1) === 1,
    isOver: (word & 2) === 2,
    path: bytes.subarray(reader.at, pathEnd),
    key,
    hash,
    state: keyEnd === end ? key : bytes.subarray(keyEnd, end),
  };
}

/** A safe integer of either sign as two words. */
function addLarge(list: ByteList, whole: number): void {
  list.addWord(whole | 0);
  list.addWord(Math.floor(whole / TWO_32));
}

function nextLarge(): number {
  const low = reader.nextWord() >>> 0;
  return low + TWO_32 * reader.nextWord();
}

const TWO_32 = 4_294_967_296;
