/** What one share says and hands over to another at the end of each round, in memory that both see. */
import { ByteList } from '../../sim/explore/bytes.ts';
import type { Searched } from '../../sim/explore/explore.ts';

/** What a share says to each other share at the end of a round. */
export interface Note {
  /** The least cost of what waits here and of what is handed over to anyone. */
  readonly nextCost: number;
  /** Answers found in this round. */
  readonly found: number;
  readonly gaveUp: Searched['gaveUp'];
}

/** Bytes for what is handed over in a round, over all shares: each pair has a part of them. */
const BYTES_AT_MOST = 1 << 24;

const HEAD = { nextCost: 0, found: 1, gaveUp: 2, length: 3, each: 4 } as const;
const HEAD_BYTES = 8 * HEAD.each;
const GAVE_UP: readonly Searched['gaveUp'][] = [null, 'states', 'cancelled'];
/** Stands for the length of a list there was no room for. */
const ELSEWHERE = -1;

/**
 * One direction between two shares: what was sent last. Who sends has to know that the other has read what was sent
 * before. A list goes in and comes out whole: bytes of shared memory are copied one by one unless both ends of the copy
 * begin at a multiple of 8, as the room for lists does, so that many small copies would take long.
 */
export class SharedMail {
  readonly memory: SharedArrayBuffer;
  private readonly head: Float64Array;
  private readonly room: Uint8Array<ArrayBufferLike>;

  /** @param of shares there are */
  constructor(of: number, memory = new SharedArrayBuffer(HEAD_BYTES + Math.floor(BYTES_AT_MOST / of))) {
    this.memory = memory;
    this.head = new Float64Array(memory, 0, HEAD.each);
    this.room = new Uint8Array(memory, HEAD_BYTES);
  }

  /** Writes what the other is told. True when there was room for `list`; else it has to reach the other another way. */
  send({ nextCost, found, gaveUp }: Note, list: ByteList): boolean {
    const hasRoom = list.end <= this.room.length;
    if (hasRoom) this.room.set(list.bytes.subarray(0, list.end));
    this.head.set([nextCost, found, GAVE_UP.indexOf(gaveUp), hasRoom ? list.end : ELSEWHERE]);
    return hasRoom;
  }

  /** What the other was told. */
  note(): Note {
    const { head } = this;
    return { nextCost: head[HEAD.nextCost], found: head[HEAD.found], gaveUp: GAVE_UP[head[HEAD.gaveUp]] };
  }

  /** A copy of what was handed over; null when there was no room for it. */
  list(): ByteList | null {
    const length = this.head[HEAD.length];
    return length === ELSEWHERE ? null : ByteList.of(this.room.slice(0, length));
  }
}
