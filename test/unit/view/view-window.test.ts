import { describe, expect, it } from 'vitest';
import { timeAxis } from '../../../src/view/time-axis.ts';
import { following, panned, zoomed } from '../../../src/view/view-window.ts';
import { surveyGaps } from '../../../src/view/gaps.ts';

const axis = timeAxis({ mode: 'linear', survey: surveyGaps([], 0, 1_000_000), width: 1_000 });
const whole = { fromUs: 0, untilUs: 1_000_000 };
const half = { fromUs: 250_000, untilUs: 750_000 };

describe('what part of a run is drawn', () => {
  it('zooming in keeps the playhead where it stands', () => {
    expect(zoomed(axis, whole, 2, 200_000)).toEqual({ fromUs: 100_000, untilUs: 600_000 });
  });

  it('with the playhead out of sight, zooming keeps the middle', () => {
    expect(zoomed(axis, half, 2, 900_000)).toEqual({ fromUs: 375_000, untilUs: 625_000 });
  });

  it('zooming out as far as the run is the whole run', () => {
    expect(zoomed(axis, half, 0.5, 500_000)).toBeNull();
  });

  it('no window is shorter than can be drawn', () => {
    const tiny = { fromUs: 500_000, untilUs: 500_300 };
    expect(zoomed(axis, tiny, 2, 500_100)).toBe(tiny);
  });

  it('panning stops at both ends', () => {
    expect(panned(axis, half, 0.25)).toEqual({ fromUs: 375_000, untilUs: 875_000 });
    expect(panned(axis, half, 4)).toEqual({ fromUs: 500_000, untilUs: 1_000_000 });
    expect(panned(axis, half, -4)).toEqual({ fromUs: 0, untilUs: 500_000 });
  });

  it('turns pages to keep the playhead in sight', () => {
    expect(following(half, 600_000, whole)).toBe(half);
    for (const playhead of [0, 100_000, 760_000, 999_999]) {
      const view = following(half, playhead, whole);
      expect(view.fromUs).toBeLessThanOrEqual(playhead);
      expect(view.untilUs).toBeGreaterThanOrEqual(playhead);
      expect(view.untilUs - view.fromUs).toBeCloseTo(500_000, 3);
    }
  });

  it('elided time is panned over evenly', () => {
    const times = [0, 40_000, 18_000_000_000, 18_000_040_000];
    const cut = timeAxis({
      mode: 'elided',
      survey: surveyGaps(times, 0, times[3]),
      width: 400,
      readableUs: 40_000,
    });
    const view = zoomed(cut, { fromUs: 0, untilUs: times[3] }, 2, 0);
    if (view === null) throw new Error('expected a part');
    const moved = panned(cut, view, 0.5);
    if (moved === null) throw new Error('expected a part');
    expect(cut.x(moved.fromUs) - cut.x(view.fromUs)).toBeCloseTo(100, 3);
  });
});
