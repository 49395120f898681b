import { describe, expect, it } from 'vitest';
import { FACT } from '../../../src/view/facts.ts';
import { countsUpTo, indexOf, lastRowAt, messagesBetween, rowsOf } from '../../../src/view/trace-index.ts';
import { bundledRun, traceOf } from './trace-of.ts';

const { trace, result } = bundledRun('retry-until-acknowledged', (nodes) => {
  nodes['shop']['messages'] = 600;
});
const index = indexOf(trace);

describe('trace index', () => {
  it('is built once for a trace', () => {
    expect(indexOf(trace)).toBe(index);
  });

  it('rows of a message are all its rows, in order', () => {
    for (const message of [1, 17, 600]) {
      const expected = [...trace.message.keys()].filter((row) => trace.message[row] === message);
      expect([...rowsOf(index, message)]).toEqual(expected);
    }
    expect([...rowsOf(index, 601)]).toEqual([]);
  });

  it('every packet leads to the row where it arrived or was lost', () => {
    let packets = 0;
    for (let row = 0; row < trace.rowCount; row++) {
      const arrival = index.arrival[row];
      if (arrival < 0) continue;
      packets++;
      expect(trace.cause[arrival]).toBe(row);
    }
    expect(packets).toBe(result.metrics.packets);
  });

  it('counts up to any row are those of counting', () => {
    for (const row of [-1, 0, 510, 511, 512, 513, 1_024, 2_000, trace.rowCount - 1]) {
      const seen = [...trace.kind.subarray(0, row + 1)];
      const counts = countsUpTo(index, row);
      expect(counts.byKind[FACT.send]).toBe(seen.filter((kind) => kind === FACT.send).length);
      expect(counts.byKind[FACT.timeout]).toBe(seen.filter((kind) => kind === FACT.timeout).length);
    }
  });

  it('counts of the whole run are its metrics', () => {
    const counts = countsUpTo(index, trace.rowCount - 1);
    const { metrics } = result;
    expect(counts.byKind[FACT.send]).toBe(metrics.attempts);
    expect(counts.requestsLost).toBe(metrics.requestsLost);
    expect(counts.answersLost).toBe(metrics.answersLost);
    expect(counts.applied).toBe(metrics.once + metrics.duplicated);
    expect(counts.appliedAgain).toBe(metrics.duplicated);
    expect(index.neverRows).toHaveLength(metrics.lost);
  });

  it('messages between two instants are those that were under way', () => {
    const [fromUs, untilUs] = [100_000_000, 101_000_000];
    const expected = [];
    for (let message = 1; message <= index.messageCount; message++) {
      const rows = rowsOf(index, message);
      if (trace.timeUs[rows[0]] <= untilUs && trace.timeUs[rows[rows.length - 1]] >= fromUs)
        expected.push(message);
    }
    expect(messagesBetween(index, fromUs, untilUs)).toEqual(expected);
  });

  it('the last row at an instant is the last of that instant', () => {
    const trace = traceOf([
      { us: 0, kind: 'arrive', message: 1 },
      { us: 0, kind: 'send', message: 1 },
      { us: 5, kind: 'timeout', message: 1 },
    ]);
    expect([-1, 0, 4, 5, 6].map((us) => lastRowAt(trace, us))).toEqual([-1, 1, 1, 2, 2]);
  });

  it('a message is never applied only when nothing about it is under way', () => {
    const rows = [
      { us: 0, kind: 'arrive', message: 1 },
      { us: 0, kind: 'send', message: 1, ordinal: 1, cause: 0 },
    ] as const;
    expect([...indexOf(traceOf(rows), true).neverRows]).toEqual([]);
    const lost = [
      ...rows,
      { us: 0, kind: 'lost', message: 1, ordinal: 1, cause: 1 },
      { us: 9, kind: 'give-up', message: 1, cause: 1 },
    ] as const;
    expect([...indexOf(traceOf(lost), true).neverRows]).toEqual([3]);
  });
});
