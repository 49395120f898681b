/**
 * Playing, stepping and seeking as pure transitions. A position is the latest row that has happened and a time at or
 * after it; while playing, the playhead moves evenly along the axis, so that elided time passes like any other.
 */
import type { Trace } from '../../sim/trace/columns.ts';
import type { TimeAxis } from './time-axis.ts';
import { lastRowAt } from './trace-index.ts';

export interface Position {
  /** The latest row that has happened; -1: none yet. */
  readonly row: number;
  readonly timeUs: number;
}

export interface Playback {
  readonly position: Position;
  readonly isPlaying: boolean;
  /** 1: the whole axis in about PLAY_MS. */
  readonly speed: number;
}

export type PlaybackInput =
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'step'; readonly by: 1 | -1 }
  | { readonly kind: 'jump'; readonly to: 'start' | 'end' }
  | { readonly kind: 'seek'; readonly timeUs: number }
  | { readonly kind: 'seek row'; readonly row: number }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'tick'; readonly elapsedMs: number };

export interface Stage {
  readonly trace: Trace;
  /** Of the whole run. */
  readonly axis: TimeAxis;
  readonly endUs: number;
}

export const SPEEDS = [0.25, 1, 4] as const;

/** At speed 1 the playhead moves this fast along the axis. */
export const PX_PER_SECOND = 48;

/** How far a frame may move the playhead, whatever kept it waiting. */
const LONGEST_FRAME_MS = 100;

export function playback(stage: Stage, state: Playback, input: PlaybackInput): Playback {
  const { trace, endUs } = stage;
  switch (input.kind) {
    case 'play':
      // Playing from the end begins again.
      return isAtEnd(stage, state.position)
        ? { ...state, isPlaying: true, position: START }
        : { ...state, isPlaying: true };
    case 'pause':
      return { ...state, isPlaying: false };
    case 'step':
      return { ...state, isPlaying: false, position: stepped(stage, state.position, input.by) };
    case 'jump':
      return {
        ...state,
        isPlaying: false,
        position: input.to === 'start' ? START : { row: trace.rowCount - 1, timeUs: endUs },
      };
    case 'seek':
      return { ...state, position: positionAt(stage, input.timeUs) };
    case 'seek row': {
      const row = Math.max(-1, Math.min(trace.rowCount - 1, input.row));
      return { ...state, isPlaying: false, position: row < 0 ? START : { row, timeUs: trace.timeUs[row] } };
    }
    case 'speed':
      return { ...state, speed: input.speed };
    case 'tick':
      return state.isPlaying ? ticked(stage, state, input.elapsedMs) : state;
  }
}

const START: Position = { row: -1, timeUs: 0 };

export function isAtEnd({ trace, endUs }: Stage, { row, timeUs }: Position): boolean {
  return row >= trace.rowCount - 1 && timeUs >= Math.min(endUs, lastTimeUs(trace));
}

/** Everything of one instant has happened at it. */
function positionAt({ trace, endUs }: Stage, timeUs: number): Position {
  const at = Math.max(0, Math.min(endUs, timeUs));
  return { row: lastRowAt(trace, at), timeUs: at };
}

/** To the next row, or to before the latest one. */
function stepped({ trace, endUs }: Stage, { row, timeUs }: Position, by: 1 | -1): Position {
  if (by === 1) {
    const next = row + 1;
    return next < trace.rowCount
      ? { row: next, timeUs: trace.timeUs[next] }
      : { row, timeUs: Math.max(timeUs, endUs) };
  }
  // From between two rows, back is to the latest row itself.
  if (row >= 0 && timeUs > trace.timeUs[row]) return { row, timeUs: trace.timeUs[row] };
  const before = row - 1;
  return before < 0 ? START : { row: before, timeUs: trace.timeUs[before] };
}

function ticked(stage: Stage, state: Playback, elapsedMs: number): Playback {
  const { axis, endUs } = stage;
  const px = (Math.min(elapsedMs, LONGEST_FRAME_MS) / 1_000) * PX_PER_SECOND * state.speed;
  const timeUs = Math.max(state.position.timeUs, Math.floor(axis.us(axis.x(state.position.timeUs) + px)));
  // A stretch shorter than a microsecond a frame still moves on.
  const next = positionAt(stage, Math.max(timeUs, state.position.timeUs + 1));
  return next.timeUs >= endUs
    ? { ...state, isPlaying: false, position: positionAt(stage, endUs) }
    : { ...state, position: next };
}

function lastTimeUs(trace: Trace): number {
  return trace.rowCount === 0 ? 0 : trace.timeUs[trace.rowCount - 1];
}

/** What a key asks of playback: Space plays, "," and "." step. */
export function keyInput(key: string, isPlaying: boolean): PlaybackInput | null {
  if (key === ' ') return { kind: isPlaying ? 'pause' : 'play' };
  if (key === ',') return { kind: 'step', by: -1 };
  return key === '.' ? { kind: 'step', by: 1 } : null;
}
