// Rows come back as they were told, however many chunks they took.
import { describe, expect, it } from 'vitest';
import { Clock } from '../../../sim/core/clock.ts';
import { TraceRecorder } from '../../../sim/trace/recorder.ts';

function recorded(rows: number): TraceRecorder {
  const clock = new Clock();
  const recorder = new TraceRecorder();
  recorder.follow(clock);
  for (let row = 0; row < rows; row++) {
    clock.nowUs = 1e12 + row;
    recorder.add(row % 26, row + 1, row % 6, row, row << 12, row - 1);
  }
  return recorder;
}

describe('recorder', () => {
  it.each([0, 1, 256, 257, 65_536, 200_000])('%i rows', (rows) => {
    const { rowCount, timeUs, cause, message, packet, kind, place, detail } = recorded(rows).trace();
    expect(rowCount).toBe(rows);
    const columns = [timeUs, cause, message, packet, kind, place, detail];
    expect(columns.map(({ length }) => length)).toEqual(columns.map(() => rows));
    for (let row = 0; row < rows; row++) {
      const told = [1e12 + row, row - 1, row + 1, row << 12, row % 26, row % 6, Math.min(row, 65_535)];
      if (columns.some((column, index) => column[row] !== told[index])) expect.fail(`row ${row} is another`);
    }
  });

  it('puts its columns together once: whoever asks again gets the same', () => {
    const recorder = recorded(1000);
    expect(recorder.trace()).toBe(recorder.trace());
  });
});
