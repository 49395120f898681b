// Copies and effects per message: counted from the rows, drawn in the room there is.
import { describe, expect, it } from 'vitest';
import { copiesChart, messagesIn, stretchStart } from '../../../src/view/copies-chart-layout.ts';
import { indexOf } from '../../../src/view/trace-index.ts';
import { traceOf } from './trace-of.ts';

const ROWS = [
  ['send', 1],
  ['deliver', 1],
  ['effect', 1],
  ['deliver', 1],
  ['effect', 1],
  ['send', 2],
  ['send', 3],
  ['deliver', 3],
  ['execute', 3],
  ['effect', 3],
] as const;
const index = indexOf(traceOf(ROWS.map(([kind, message]) => ({ us: 0, kind, message }))));

describe('copies chart', () => {
  const { bars } = copiesChart({ index, from: 1, width: 300, left: 20, top: 10, bottom: 110 });

  it('counts deliveries and effects of each message; an execution without effect is none', () => {
    expect(bars.map(({ words }) => words)).toEqual([
      'Message 1: 2 deliveries, applied twice',
      'Message 2: 0 deliveries, applied never',
      'Message 3: 1 delivery, applied once',
    ]);
  });

  it('a bar is as high as its count, and a message that never arrived has none', () => {
    expect(bars.map(({ message }) => message)).toEqual([1, 2, 3]);
    expect(bars.map(({ deliveriesY }) => deliveriesY)).toEqual([10, 110, 60]);
  });

  it('more messages than room: the stretch that holds the one in focus', () => {
    const size = messagesIn(320);
    expect(stretchStart(1, 320)).toBe(1);
    expect(stretchStart(size, 320)).toBe(1);
    expect(stretchStart(size + 1, 320)).toBe(size + 1);
  });
});
