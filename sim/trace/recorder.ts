/** Recorders of facts: one that keeps rows in columns, and one that does nothing. */
import type { Trace } from './columns.ts';

export interface Recorder {
  /** The instant of the facts that follow, µs. */
  clock(nowUs: number): void;
  add(kind: number, message: number, place: number, detail: number, packet: number, cause: number): void;
}

/** Keeps nothing. */
export const NO_RECORDER: Recorder = { clock: () => undefined, add: () => undefined };

const CHUNK = 65_536;

/** Columns of one chunk: chunks are joined once, at the end, so that growing never copies. */
interface Chunk {
  readonly timeUs: Float64Array;
  readonly cause: Int32Array;
  readonly message: Int32Array;
  readonly packet: Int32Array;
  readonly kind: Uint8Array;
  readonly place: Uint8Array;
  readonly detail: Uint16Array;
}

/** Keeps every row, 24 bytes each. */
export class TraceRecorder implements Recorder {
  private readonly chunks: Chunk[] = [];
  private chunk: Chunk = newChunk(0);
  private used = CHUNK;
  private nowUs = 0;

  clock(nowUs: number): void {
    this.nowUs = nowUs;
  }

  add(kind: number, message: number, place: number, detail: number, packet: number, cause: number): void {
    if (this.used === CHUNK) {
      this.chunk = newChunk(CHUNK);
      this.chunks.push(this.chunk);
      this.used = 0;
    }
    const { chunk } = this;
    const at = this.used++;
    chunk.timeUs[at] = this.nowUs;
    chunk.cause[at] = cause;
    chunk.message[at] = message;
    chunk.packet[at] = packet;
    chunk.kind[at] = kind;
    chunk.place[at] = place;
    chunk.detail[at] = detail > 65_535 ? 65_535 : detail;
  }

  /** Rows kept. */
  get rowCount(): number {
    return this.chunks.length === 0 ? 0 : (this.chunks.length - 1) * CHUNK + this.used;
  }

  /** All rows so far, in columns of exactly their number. */
  trace(): Trace {
    const { rowCount } = this;
    const joined = newChunk(rowCount);
    this.chunks.forEach((chunk, index) => {
      const from = index * CHUNK;
      const count = Math.min(CHUNK, rowCount - from);
      joined.timeUs.set(chunk.timeUs.subarray(0, count), from);
      joined.cause.set(chunk.cause.subarray(0, count), from);
      joined.message.set(chunk.message.subarray(0, count), from);
      joined.packet.set(chunk.packet.subarray(0, count), from);
      joined.kind.set(chunk.kind.subarray(0, count), from);
      joined.place.set(chunk.place.subarray(0, count), from);
      joined.detail.set(chunk.detail.subarray(0, count), from);
    });
    return { rowCount, ...joined };
  }
}

function newChunk(rows: number): Chunk {
  return {
    timeUs: new Float64Array(rows),
    cause: new Int32Array(rows),
    message: new Int32Array(rows),
    packet: new Int32Array(rows),
    kind: new Uint8Array(rows),
    place: new Uint8Array(rows),
    detail: new Uint16Array(rows),
  };
}
