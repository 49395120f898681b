import { describe, expect, it } from 'vitest';
import { hopOf } from '../../../sim/scenario/hop.ts';
import { keySpans } from '../../../src/view/layout/key-spans.ts';
import { indexOf, rowsOf } from '../../../src/view/trace-index.ts';
import { scenarioOf, traceOf, type RowText } from './trace-of.ts';

const END = 1_000;

function spans(dedup: Record<string, unknown>, rows: readonly RowText[]) {
  const scenario = scenarioOf({
    nodes: {
      shop: { kind: 'producer' },
      api: { kind: 'consumer', dedup: { window: '100us', ...dedup } },
      ledger: { kind: 'sink' },
    },
  });
  const index = indexOf(traceOf(rows));
  return keySpans(index, rowsOf(index, 1), hopOf(scenario).consumer.dedup, END).map(
    ({ fromUs, untilUs, end }) => [fromUs, untilUs, end],
  );
}

const mark = (us: number): RowText => ({ us, kind: 'mark', message: 1 });
const met = (us: number): RowText => ({ us, kind: 'suppress', message: 1 });

describe('dedup store: how long a key was held', () => {
  it('first seen: a delivery that meets the key does not prolong it', () => {
    expect(spans({ anchor: 'first-seen' }, [mark(0), met(60)])).toEqual([[0, 100, 'expired']]);
  });

  it('last seen: each delivery that meets the key restarts the window', () => {
    expect(spans({ anchor: 'last-seen' }, [mark(0), met(60), met(150)])).toEqual([[0, 250, 'expired']]);
  });

  it('a key written again after it expired is a second span', () => {
    expect(spans({}, [mark(0), mark(300)])).toEqual([
      [0, 100, 'expired'],
      [300, 400, 'expired'],
    ]);
  });

  it('written again while held: one span', () => {
    expect(spans({}, [mark(0), mark(50)])).toEqual([[0, 100, 'expired']]);
  });

  it('forever, or longer than the run: held to its end', () => {
    expect(spans({ window: 'forever' }, [mark(10)])).toEqual([[10, END, 'held']]);
    expect(spans({ window: '5ms' }, [mark(10)])).toEqual([[10, END, 'held']]);
  });

  it('evicted: ended early by that row', () => {
    expect(spans({}, [mark(0), { us: 40, kind: 'evict', message: 1 }])).toEqual([[0, 40, 'evicted']]);
  });

  it('a crash ends it where the store is not durable, and only there', () => {
    const crash: RowText = { us: 30, kind: 'crash', message: 2 };
    expect(spans({ durable: false }, [mark(0), crash])).toEqual([[0, 30, 'forgotten']]);
    expect(spans({ durable: true }, [mark(0), crash])).toEqual([[0, 100, 'expired']]);
  });
});
