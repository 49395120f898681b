import { describe, expect, it } from 'vitest';
import { runAxis } from '../../../src/view/run-axis.ts';
import { positionWords, scrubLayout } from '../../../src/view/scrub-layout.ts';
import { clockOf } from '../../../src/view/time-words.ts';
import { indexOf } from '../../../src/view/trace-index.ts';
import { bundledRun, traceOf } from './trace-of.ts';

const { trace, result } = bundledRun('retry-until-acknowledged', (nodes) => {
  nodes['shop']['messages'] = 1_000;
});
const index = indexOf(trace);
const axis = runAxis(index, 'linear', result.endedAtUs, 784, 0);

describe('scrub bar', () => {
  it('one bar per 3 px in a long run, none higher than there is room', () => {
    const { bars, step } = scrubLayout({ index, axis, height: 30 });
    expect(step).toBeCloseTo(3, 1);
    expect(Math.max(...bars.map(({ height }) => height))).toBe(30);
    expect(bars.every(({ x, width }) => x >= 0 && x + width <= 784.01)).toBe(true);
  });

  it('wider bars in a short run', () => {
    const short = indexOf(traceOf([0, 1, 2, 3].map((us) => ({ us, kind: 'arrive', message: us + 1 }))));
    const { step, bars } = scrubLayout({
      index: short,
      axis: runAxis(short, 'linear', 3, 784, 0),
      height: 30,
    });
    expect(step).toBe(14);
    expect(bars).toHaveLength(4);
  });

  it('flags faults where they happened, without touching', () => {
    const { flags } = scrubLayout({ index, axis, height: 30 });
    expect(flags.length).toBeGreaterThan(5);
    expect(flags.every(({ row, x }) => Math.abs(axis.x(trace.timeUs[row]) - x) < 1e-6)).toBe(true);
    const again = flags.filter(({ kind }) => kind === 'again').map(({ x }) => x);
    again.forEach((x, i) => expect(i === 0 || x - again[i - 1] >= 14).toBe(true));
  });

  it('says the position in words', () => {
    const run = bundledRun('svix-24h-window');
    const said = positionWords(
      indexOf(run.trace),
      { row: 48, timeUs: run.trace.timeUs[48] },
      clockOf(run.result.endedAtUs),
    );
    expect(said).toBe('27:36:50.04, event 49 of 54: Ledger, 1 applied again');
    expect(positionWords(indexOf(run.trace), { row: -1, timeUs: 0 }, clockOf(1_000_000))).toBe(
      '0.00 s, before the first of 54 events',
    );
  });
});
