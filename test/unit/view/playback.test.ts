import { describe, expect, it } from 'vitest';
import {
  isAtEnd,
  keyInput,
  playback,
  PX_PER_SECOND,
  type Playback,
  type PlaybackInput,
  type Stage,
} from '../../../src/view/playback.ts';
import { timeAxis } from '../../../src/view/time-axis.ts';
import { traceOf } from './trace-of.ts';
import { surveyGaps } from '../../../src/view/gaps.ts';

const S = 1_000_000;
const trace = traceOf([
  { us: 0, kind: 'arrive', message: 1 },
  { us: 0, kind: 'send', message: 1, ordinal: 1 },
  { us: 2 * S, kind: 'deliver', message: 1, ordinal: 1, cause: 1 },
  { us: 3 * S, kind: 'confirm', message: 1, ordinal: 1 },
]);
const axis = timeAxis({ mode: 'linear', survey: surveyGaps(trace.timeUs, 0, 4 * S), width: 400 });
const stage: Stage = { trace, axis, endUs: 4 * S };

function after(start: Partial<Playback>, ...inputs: readonly PlaybackInput[]): Playback {
  const first: Playback = { position: { row: -1, timeUs: 0 }, isPlaying: false, speed: 1, ...start };
  return inputs.reduce((state, input) => playback(stage, state, input), first);
}

const step = { kind: 'step', by: 1 } as const;
const back = { kind: 'step', by: -1 } as const;

describe('playback: stepping', () => {
  it('each step is one row, also where two stand at one instant', () => {
    expect(after({}, step).position).toEqual({ row: 0, timeUs: 0 });
    expect(after({}, step, step).position).toEqual({ row: 1, timeUs: 0 });
    expect(after({}, step, step, step).position).toEqual({ row: 2, timeUs: 2 * S });
  });

  it('a step back undoes a step, down to before the first row', () => {
    expect(after({}, step, step, step, back).position).toEqual({ row: 1, timeUs: 0 });
    expect(after({}, step, back, back).position).toEqual({ row: -1, timeUs: 0 });
  });

  it('from between two rows, back goes to the latest row itself', () => {
    expect(after({ position: { row: 2, timeUs: 2.5 * S } }, back).position).toEqual({
      row: 2,
      timeUs: 2 * S,
    });
  });

  it('a step after the last row goes to the end of the run, and stays', () => {
    expect(after({ position: { row: 3, timeUs: 3 * S } }, step).position).toEqual({ row: 3, timeUs: 4 * S });
    expect(after({ position: { row: 3, timeUs: 4 * S } }, step).position).toEqual({ row: 3, timeUs: 4 * S });
  });

  it('stepping stops playing', () => {
    expect(after({ isPlaying: true }, step).isPlaying).toBe(false);
  });
});

describe('playback: seeking', () => {
  it('at a time, everything of that instant has happened', () => {
    expect(after({}, { kind: 'seek', timeUs: 0 }).position).toEqual({ row: 1, timeUs: 0 });
    expect(after({}, { kind: 'seek', timeUs: 2.5 * S }).position).toEqual({ row: 2, timeUs: 2.5 * S });
  });

  it('stays within the run', () => {
    expect(after({}, { kind: 'seek', timeUs: 9 * S }).position).toEqual({ row: 3, timeUs: 4 * S });
    expect(after({}, { kind: 'seek', timeUs: -1 }).position.timeUs).toBe(0);
    expect(after({}, { kind: 'seek row', row: 99 }).position.row).toBe(3);
    expect(after({}, { kind: 'seek row', row: -5 }).position.row).toBe(-1);
  });

  it('jumps to both ends', () => {
    expect(after({}, { kind: 'jump', to: 'end' }).position).toEqual({ row: 3, timeUs: 4 * S });
    expect(after({ position: { row: 3, timeUs: 4 * S } }, { kind: 'jump', to: 'start' }).position).toEqual({
      row: -1,
      timeUs: 0,
    });
  });
});

describe('playback: playing', () => {
  it('moves evenly along the axis', () => {
    const state = after({ isPlaying: true }, { kind: 'tick', elapsedMs: 100 });
    expect(axis.x(state.position.timeUs)).toBeCloseTo(PX_PER_SECOND * 0.1, 3);
  });

  it('four times as fast at 4×', () => {
    const state = after({ isPlaying: true, speed: 4 }, { kind: 'tick', elapsedMs: 100 });
    expect(axis.x(state.position.timeUs)).toBeCloseTo(PX_PER_SECOND * 0.4, 3);
  });

  it('a frame that was kept waiting does not leap', () => {
    const state = after({ isPlaying: true }, { kind: 'tick', elapsedMs: 60_000 });
    expect(axis.x(state.position.timeUs)).toBeLessThan(PX_PER_SECOND / 5);
  });

  it('a tick while paused changes nothing', () => {
    expect(after({}, { kind: 'tick', elapsedMs: 100 }).position).toEqual({ row: -1, timeUs: 0 });
  });

  it('stops at the end, and playing again begins again', () => {
    const state = after(
      { isPlaying: true, position: { row: 3, timeUs: 3.99 * S } },
      { kind: 'tick', elapsedMs: 100 },
    );
    expect(state).toMatchObject({ isPlaying: false, position: { row: 3, timeUs: 4 * S } });
    expect(isAtEnd(stage, state.position)).toBe(true);
    expect(playback(stage, state, { kind: 'play' })).toMatchObject({
      isPlaying: true,
      position: { row: -1, timeUs: 0 },
    });
  });

  it('elided time passes like any other: a break of five hours takes as long as its px', () => {
    const times = [0, 40_000, 18_000 * S, 18_000 * S + 40_000];
    const cut = timeAxis({
      mode: 'elided',
      survey: surveyGaps(times, 0, times[3]),
      width: 400,
      readableUs: 40_000,
    });
    const long = {
      trace: traceOf(times.map((us) => ({ us, kind: 'arrive', message: 1 }))),
      axis: cut,
      endUs: times[3],
    };
    let state: Playback = { position: { row: 1, timeUs: 40_000 }, isPlaying: true, speed: 1 };
    let frames = 0;
    for (; state.position.timeUs < 18_000 * S; frames++)
      state = playback(long, state, { kind: 'tick', elapsedMs: 100 });
    expect(frames).toBeLessThan(15);
  });
});

describe('playback: keys', () => {
  it('Space plays and pauses, comma and full stop step', () => {
    expect(keyInput(' ', false)).toEqual({ kind: 'play' });
    expect(keyInput(' ', true)).toEqual({ kind: 'pause' });
    expect(keyInput(',', false)).toEqual(back);
    expect(keyInput('.', false)).toEqual(step);
    expect(keyInput('a', false)).toBeNull();
  });
});
