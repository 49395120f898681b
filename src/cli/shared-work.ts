/** What is to be expanded at one cost, in memory that all shares see: whoever has time takes the next few. */
import { ByteList } from '../../sim/explore/bytes.ts';

/** Situations taken at a time: few, so that all shares are done at nearly the same time. */
const CHUNK = 4;
const CHUNKS_AT_MOST = 1 << 16;
const BYTES_AT_MOST = 1 << 24;

const CELL = { taken: 0, chunks: 1, starts: 2 } as const;
/** An even number: the bytes behind them begin at a multiple of 8, and are copied eight by eight (see SharedMail). */
const CELLS = CELL.starts + CHUNKS_AT_MOST + 2;

export class SharedWork {
  readonly memory: SharedArrayBuffer;
  /** Chunks taken, chunks there are, and where each begins. */
  private readonly cells: Int32Array;
  private readonly bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(4 * CELLS + BYTES_AT_MOST)) {
    this.memory = memory;
    this.cells = new Int32Array(memory, 0, CELLS);
    this.bytes = new Uint8Array(memory, 4 * CELLS);
  }

  /**
   * Offers what a list holds, as far as there is room; what there is none for stays in the list. Nobody may be taking
   * from the last offer any more, nor may anyone take from this one before being told of it.
   */
  offer(list: ByteList): void {
    const { cells, bytes } = this;
    const first = list.start;
    let chunk = 0;
    let at = first;
    while (at < list.end && chunk < CHUNKS_AT_MOST) {
      let after = at;
      for (let count = 0; count < CHUNK && after < list.end; count++) after = list.after(after);
      if (after - first > BYTES_AT_MOST) break;
      cells[CELL.starts + chunk++] = at - first;
      at = after;
    }
    cells[CELL.starts + chunk] = at - first;
    bytes.set(list.bytes.subarray(first, at));
    list.start = at;
    Atomics.store(cells, CELL.chunks, chunk);
    Atomics.store(cells, CELL.taken, 0);
  }

  /** A few that nobody has taken yet; null when there are none. */
  take(): ByteList | null {
    const { cells, bytes } = this;
    const chunk = Atomics.add(cells, CELL.taken, 1);
    if (chunk >= Atomics.load(cells, CELL.chunks)) return null;
    return ByteList.of(bytes.subarray(cells[CELL.starts + chunk], cells[CELL.starts + chunk + 1]));
  }
}
