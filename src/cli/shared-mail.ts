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
 * One direction between two shares. Rounds take turns with two halves: the next round is written while the one before
 * is still being read.
 */
export class SharedMail {
  readonly memory: SharedArrayBuffer;
  private readonly heads: readonly Float64Array[];
  private readonly halves: readonly Uint8Array<ArrayBufferLike>[];

  /** @param of shares there are */
  constructor(of: number, memory?: SharedArrayBuffer) {
    const room = 8 * Math.ceil(BYTES_AT_MOST / of / 8);
    this.memory = memory ?? new SharedArrayBuffer(2 * (HEAD_BYTES + room));
    this.heads = [0, 1].map((half) => new Float64Array(this.memory, half * (HEAD_BYTES + room), HEAD.each));
    this.halves = [0, 1].map(
      (half) => new Uint8Array(this.memory, half * (HEAD_BYTES + room) + HEAD_BYTES, room),
    );
  }

  /** An empty list for what is handed over in this round. */
  listFor(round: number): ByteList {
    return ByteList.over(this.halves[round & 1]);
  }

  /** Writes what the other is told. True when `list` had room here; else it has to reach the other another way. */
  send(round: number, { nextCost, found, gaveUp }: Note, list: ByteList): boolean {
    const hadRoom = list.bytes === this.halves[round & 1];
    this.heads[round & 1].set([nextCost, found, GAVE_UP.indexOf(gaveUp), hadRoom ? list.end : ELSEWHERE]);
    return hadRoom;
  }

  /** What the other was told in this round. */
  note(round: number): Note {
    const head = this.heads[round & 1];
    return { nextCost: head[HEAD.nextCost], found: head[HEAD.found], gaveUp: GAVE_UP[head[HEAD.gaveUp]] };
  }

  /** What was handed over in this round; null when there was no room for it. */
  list(round: number): ByteList | null {
    const length = this.heads[round & 1][HEAD.length];
    return length === ELSEWHERE ? null : ByteList.of(this.halves[round & 1].subarray(0, length));
  }
}
