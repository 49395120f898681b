import { describe, expect, it } from 'vitest';
import { surveyGaps } from '../../../src/view/gaps.ts';
import { isLarge, preparation } from '../../../src/view/prepare.ts';
import { surveyRows, wholeRun } from '../../../src/view/run-axis.ts';
import { indexOf } from '../../../src/view/trace-index.ts';
import { bundledRun } from './trace-of.ts';

const { trace, result } = bundledRun('retry-until-acknowledged', (nodes) => {
  nodes['shop']['messages'] = 3_000;
});

describe('preparation of a run', () => {
  it('a large one takes several steps, and leaves what the views look for', () => {
    expect(isLarge(trace)).toBe(true);
    const steps = [...preparation(trace, result.endedAtUs, false)].length;
    expect(steps).toBeGreaterThan(2);
    const index = indexOf(trace, false);
    const whole = wholeRun(index, result.endedAtUs);
    expect(surveyRows(index, whole)).toBe(surveyRows(index, whole));
    expect(surveyRows(index, whole)).toEqual(surveyGaps(trace.timeUs, whole.fromUs, whole.untilUs));
  });

  it('a small one appears at once', () => {
    const small = bundledRun('svix-24h-window');
    expect([...preparation(small.trace, small.result.endedAtUs, false)]).toEqual([]);
  });

  it('a part of the run has the gaps of that part', () => {
    const index = indexOf(trace, false);
    const [fromUs, untilUs] = [trace.timeUs[900], trace.timeUs[1_200]];
    const times = trace.timeUs.filter((us) => us >= fromUs && us <= untilUs);
    expect(surveyRows(index, { fromUs, untilUs })).toEqual(surveyGaps(times, fromUs, untilUs));
  });
});
