// The schedule against the window: exact arithmetic on real schedules, and what the chart says of it.
import { describe, expect, it } from 'vitest';
import { HOUR_US, SECOND_US } from '../../../sim/core/units.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf, type Plan } from '../../../sim/scenario/plan.ts';
import { attemptOffsets } from '../../../src/view/attempt-offsets.ts';
import { windowChart } from '../../../src/view/window-chart-layout.ts';

const SVIX = ['5s', '5m', '30m', '2h', '5h', '10h', '10h'];

function plan(shop: Record<string, unknown>, dedup: Record<string, unknown> = { window: '24h' }): Plan {
  const parsed = parseScenario({
    format: 1,
    nodes: {
      shop: { kind: 'producer', ackTimeout: '15s', ...shop },
      api: { kind: 'consumer', dedup },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': {}, 'api>shop': {} },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return planOf(parsed.scenario);
}

function chartOf(shop: Record<string, unknown>, dedup?: Record<string, unknown>) {
  const { sender, store } = plan(shop, dedup);
  return windowChart({ schedule: attemptOffsets(sender), store, width: 400, zeroWidth: 32, padEnd: 12 });
}

describe('attempt offsets', () => {
  it('Svix, waits from detection: attempt 8 leaves 27 h 35 m 5 s + 7 × 15 s after the first', () => {
    const { attempts, goesOn } = attemptOffsets(plan({ retry: { kind: 'custom', delays: SVIX } }).sender);
    expect(attempts).toHaveLength(8);
    expect(attempts[7].nominalUs).toBe(27 * HOUR_US + 36 * 60 * SECOND_US + 50 * SECOND_US);
    expect(goesOn).toBe(false);
  });

  it('waits from the send leave the ack timeout out', () => {
    const { attempts } = attemptOffsets(
      plan({ retry: { kind: 'custom', delays: SVIX, countFrom: 'send' } }).sender,
    );
    expect(attempts[7].nominalUs).toBe(27 * HOUR_US + 35 * 60 * SECOND_US + 5 * SECOND_US);
  });

  it('±20 %: from 0.8 to 1.2 times the waits, plus the same timeouts', () => {
    const { attempts } = attemptOffsets(
      plan({ retry: { kind: 'custom', delays: SVIX, jitter: '±20%' } }).sender,
    );
    const waits = 27 * 3_600 + 35 * 60 + 5;
    expect(attempts[7].earliestUs).toBe((0.8 * waits + 105) * SECOND_US);
    expect(attempts[7].latestUs).toBe((1.2 * waits + 105) * SECOND_US);
  });

  it('decorrelated: at the most three times the wait before, up to the cap', () => {
    const retry = {
      kind: 'exponential',
      delay: '1s',
      cap: '5s',
      jitter: 'decorrelated',
      maxAttempts: 4,
      countFrom: 'send',
    };
    const { attempts } = attemptOffsets(plan({ retry }).sender);
    expect(attempts.map(({ earliestUs }) => earliestUs / SECOND_US)).toEqual([0, 1, 2, 3]);
    expect(attempts.map(({ latestUs }) => latestUs / SECOND_US)).toEqual([0, 3, 8, 13]);
  });

  it('the horizon ends it, and no limit at all is endless', () => {
    const bounded = attemptOffsets(
      plan({ retry: { kind: 'fixed', delay: '10s', countFrom: 'send', horizon: '30s' } }).sender,
    );
    expect(bounded.attempts.map(({ nominalUs }) => nominalUs / SECOND_US)).toEqual([0, 10, 20, 30]);
    expect(bounded.isEndless).toBe(false);
    expect(attemptOffsets(plan({ retry: { kind: 'fixed', delay: '10s' } }).sender).isEndless).toBe(true);
  });

  it('a sender that never looks back makes one attempt', () => {
    const retry = { kind: 'fixed', delay: '10s' };
    expect(attemptOffsets(plan({ ackTimeout: 'none', retry }).sender).attempts).toHaveLength(1);
  });
});

describe('window chart', () => {
  it('names the first attempt that escapes, and by how much', () => {
    const chart = chartOf({ retry: { kind: 'custom', delays: SVIX } });
    expect(chart.firstEscape?.attempt).toBe(8);
    expect(chart.sentence).toBe('Attempt 8, 27 h 36 m 50 s: 3 h 36 m 50 s after the key expired.');
    expect(chart.points.map(({ escapes }) => escapes)).toEqual([...Array<string>(7).fill('no'), 'yes']);
  });

  it('an attempt at exactly the age of the window escapes: there the entry has expired', () => {
    const retry = { kind: 'custom', delays: ['24h'], countFrom: 'send' };
    expect(chartOf({ retry }).firstEscape?.attempt).toBe(2);
    expect(chartOf({ retry }, { window: 86_400_000_001 }).firstEscape).toBeNull();
  });

  it('with jitter an attempt may escape: it says between when and when', () => {
    const chart = chartOf({ retry: { kind: 'custom', delays: ['20h'], countFrom: 'send', jitter: '±50%' } });
    expect(chart.points[1].escapes).toBe('maybe');
    expect(chart.sentence).toBe(
      'Attempt 2 can escape: it comes between 10 h and 30 h; the key expires at 24 h.',
    );
  });

  it('anchored at the last delivery, only the wait between two attempts counts', () => {
    const retry = { kind: 'custom', delays: SVIX, countFrom: 'send' };
    expect(chartOf({ retry }, { window: '24h', anchor: 'last-seen' }).firstEscape).toBeNull();
    const chart = chartOf({ retry }, { window: '4h', anchor: 'last-seen' });
    expect(chart.sentence).toBe('Attempt 6, 5 h after attempt 5: 1 h after the key expired.');
  });

  it('a key held forever, and a single attempt, say so', () => {
    expect(chartOf({ retry: { kind: 'custom', delays: SVIX } }, {}).sentence).toContain('held forever');
    expect(chartOf({}).sentence).toContain('One attempt only');
  });

  it('a handler that checks no key: every retry takes effect', () => {
    const { sender } = plan({ retry: { kind: 'custom', delays: SVIX } });
    const chart = windowChart({
      schedule: attemptOffsets(sender),
      store: null,
      width: 400,
      zeroWidth: 32,
      padEnd: 12,
    });
    expect(chart.points.map(({ escapes }) => escapes)).toEqual(['no', ...Array<string>(7).fill('yes')]);
    expect(chart.windowX).toBeNull();
    expect(chart.sentence).toContain('checks no key');
  });

  it('an endless schedule is shown to a little beyond the first attempt that escapes', () => {
    const chart = chartOf({ retry: { kind: 'fixed', delay: '1h', countFrom: 'send' } });
    expect(chart.firstEscape?.attempt).toBe(25);
    expect(chart.points).toHaveLength(27);
    const labelled = chart.points.filter(({ isLabelled }) => isLabelled).map(({ x }) => x);
    expect(Math.min(...labelled.slice(1).map((x, index) => x - labelled[index]))).toBeGreaterThanOrEqual(11);
  });

  it('stands in order from left to right, inside its width', () => {
    const { points, windowX } = chartOf({ retry: { kind: 'custom', delays: SVIX, jitter: '±20%' } });
    const xs = points.map(({ x }) => x);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    for (const { xEarliest, x, xLatest } of points) {
      expect(xEarliest).toBeLessThanOrEqual(x);
      expect(x).toBeLessThanOrEqual(xLatest);
      expect(xLatest).toBeLessThanOrEqual(400 - 12);
    }
    expect(windowX).toBeLessThan(points[7].x);
  });
});
