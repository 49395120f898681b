// Copies and effects per message: counted from the rows, drawn in the room there is.
import { describe, expect, it } from 'vitest';
import { FACT } from '../../../sim/core/fact.ts';
import type { Trace } from '../../../sim/trace/columns.ts';
import {
  copiesChart,
  countMessages,
  messagesIn,
  stretchStart,
} from '../../../src/view/copies-chart-layout.ts';

function traceOf(rows: readonly (readonly [kind: keyof typeof FACT, message: number])[]): Trace {
  const zeros = rows.map(() => 0);
  return {
    rowCount: rows.length,
    timeUs: Float64Array.from(zeros),
    cause: Int32Array.from(zeros),
    message: Int32Array.from(rows, ([, message]) => message),
    packet: Int32Array.from(zeros),
    kind: Uint8Array.from(rows, ([kind]) => FACT[kind]),
    place: Uint8Array.from(zeros),
    detail: Uint16Array.from(zeros),
  };
}

const TRACE = traceOf([
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
]);

describe('copies chart', () => {
  it('counts deliveries and effects of each message; an execution without effect is none', () => {
    const counts = countMessages(TRACE);
    expect(counts.messageCount).toBe(3);
    expect([...counts.deliveries]).toEqual([0, 2, 0, 1]);
    expect([...counts.effects]).toEqual([0, 2, 0, 1]);
  });

  it('a bar is as high as its count, and a message that never arrived has none', () => {
    const { bars } = copiesChart({
      counts: countMessages(TRACE),
      from: 1,
      width: 300,
      left: 20,
      top: 10,
      bottom: 110,
    });
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
