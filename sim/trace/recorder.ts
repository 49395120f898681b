/** Recorders of facts: one that keeps rows in columns, and one that does nothing. */
import { Clock } from '../core/clock.ts';
import type { Trace } from './columns.ts';

export type Recorder = TraceRecorder | typeof NO_RECORDER;

/** The recorder that does nothing: facts are told, counted and hashed all the same. */
export const NO_RECORDER = null;

const FIRST_CHUNK = 256;
const LARGEST_CHUNK = 65_536;

/** Columns of one chunk: chunks are joined once, when the trace is first read, so that growing never copies. */
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
export class TraceRecorder {
  private readonly chunks: Chunk[] = [];
  private chunk: Chunk = newChunk(0);
  private used = 0;
  private rowsBefore = 0;
  private joined: Trace | null = null;
  private clock = new Clock();

  follow(clock: Clock): void {
    this.clock = clock;
  }

  add(kind: number, message: number, place: number, detail: number, packet: number, cause: number): void {
    if (this.used === this.chunk.kind.length) this.nextChunk();
    const { chunk } = this;
    const at = this.used++;
    chunk.timeUs[at] = this.clock.nowUs;
    chunk.cause[at] = cause;
    chunk.message[at] = message;
    chunk.packet[at] = packet;
    chunk.kind[at] = kind;
    chunk.place[at] = place;
    chunk.detail[at] = detail > 65_535 ? 65_535 : detail;
  }

  /** Rows kept. */
  get rowCount(): number {
    return this.rowsBefore + this.used;
  }

  /** All rows, in columns of exactly their number. Nothing can be added any more. */
  trace(): Trace {
    this.joined ??= this.join();
    return this.joined;
  }

  private join(): Trace {
    const { rowCount } = this;
    const joined = newChunk(rowCount);
    let from = 0;
    for (const chunk of this.chunks) {
      const count = Math.min(chunk.kind.length, rowCount - from);
      joined.timeUs.set(chunk.timeUs.subarray(0, count), from);
      joined.cause.set(chunk.cause.subarray(0, count), from);
      joined.message.set(chunk.message.subarray(0, count), from);
      joined.packet.set(chunk.packet.subarray(0, count), from);
      joined.kind.set(chunk.kind.subarray(0, count), from);
      joined.place.set(chunk.place.subarray(0, count), from);
      joined.detail.set(chunk.detail.subarray(0, count), from);
      from += count;
    }
    this.chunks.length = 0;
    return { rowCount, ...joined };
  }

  /** As many rows again as there are, within bounds: a short trace stays small, a long one never copies. */
  private nextChunk(): void {
    this.rowsBefore += this.used;
    this.chunk = newChunk(Math.min(Math.max(this.rowsBefore, FIRST_CHUNK), LARGEST_CHUNK));
    this.chunks.push(this.chunk);
    this.used = 0;
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
