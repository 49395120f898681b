import { describe, expect, it } from 'vitest';
import { BIN_KINDS } from '../../../src/view/layout/dense-bins.ts';
import {
  DENSE_ROWS,
  timelineLayout,
  type TimelineInput,
  type TimelineLayout,
} from '../../../src/view/layout/timeline-layout.ts';
import { cutAtPlayhead } from '../../../src/view/layout/playhead-cut.ts';
import { packetShape } from '../../../src/view/layout/packet-shape.ts';
import { indexOf, lastRowAt } from '../../../src/view/trace-index.ts';
import { bundledRun, tracedRuns, type TracedRun } from './trace-of.ts';

const WIDTH = 816;

function layoutOf({ trace, scenario, result }: TracedRun, more: Partial<TimelineInput> = {}): TimelineLayout {
  const untilUs = Math.max(result.endedAtUs, 1);
  return timelineLayout({
    index: indexOf(trace, result.ended !== 'done'),
    scenario,
    mode: 'elided',
    view: { fromUs: 0, untilUs },
    endUs: untilUs,
    width: WIDTH,
    height: 0,
    focusMessage: null,
    orientation: 'horizontal',
    ...more,
  });
}

const runs = tracedRuns();
const manyAttempts = bundledRun('retry-until-acknowledged', (nodes) => {
  nodes['shop']['messages'] = 2_000;
});

describe('timeline: the picture says what the metrics say', () => {
  it.each(runs.map((run) => [run.id, run] as const))('%s', (_, run) => {
    const { metrics } = run.result;
    const { marks, dense } = layoutOf(run);
    const count = <T>(list: readonly T[], wanted: (mark: T) => boolean) => list.filter(wanted).length;
    expect(dense).toBeNull();
    expect(marks.badges).toHaveLength(metrics.attempts);
    expect(marks.packets).toHaveLength(metrics.packets);
    expect(count(marks.packets, ({ end }) => end === 'cross')).toBe(
      metrics.requestsLost + metrics.answersLost + metrics.turnedAway,
    );
    expect(count(marks.packets, ({ isCopy }) => isCopy)).toBe(metrics.networkCopies);
    expect(count(marks.ticks, ({ kind }) => kind === 'timeout')).toBe(metrics.timeouts);
    expect(count(marks.beliefs, ({ belief }) => belief === 'confirmed')).toBe(metrics.confirmed);
    expect(count(marks.beliefs, ({ belief }) => belief === 'gave up')).toBe(metrics.gaveUp);
    expect(count(marks.beliefs, ({ belief }) => belief === 'refused')).toBe(metrics.refused);
    expect(count(marks.diamonds, ({ kind }) => kind === 'suppressed')).toBe(metrics.suppressed);
    expect(count(marks.effects, ({ kind }) => kind === 'applied' || kind === 'again')).toBe(metrics.effects);
    expect(count(marks.effects, ({ kind }) => kind === 'never')).toBe(metrics.lost);
    expect(marks.brackets).toHaveLength(metrics.duplicated);
  });
});

describe('timeline: nothing is drawn before it is played', () => {
  it.each(runs.map((run) => [run.id, run] as const))('%s', (_, run) => {
    const { trace } = run;
    const layout = layoutOf(run);
    for (let row = -1; row < trace.rowCount; row++) {
      const timeUs = row < 0 ? 0 : trace.timeUs[row];
      const drawn = cutAtPlayhead(layout, row, timeUs);
      const limit = drawn.playhead + 0.5;
      for (const { row: from, head, tail } of [...drawn.packets, ...drawn.lines]) {
        expect(from).toBeLessThanOrEqual(row);
        expect(Math.max(head.x, tail.x)).toBeLessThanOrEqual(limit);
      }
      for (const { rect } of drawn.blocks) expect(rect.x + rect.width).toBeLessThanOrEqual(limit + 6);
      for (const { at } of [...drawn.badges, ...drawn.diamonds, ...drawn.effects])
        expect(at.x).toBeLessThanOrEqual(limit);
      for (const { until } of drawn.bands) expect(until).toBeLessThanOrEqual(limit);
    }
  });

  it('between two rows, a packet in flight ends in a round head at the playhead', () => {
    const run = bundledRun('two-generals');
    const layout = layoutOf(run);
    const timeUs = 4_100_000; // attempt 2 is sent at 4 s and arrives at 4.2 s
    const drawn = cutAtPlayhead(layout, lastRowAt(run.trace, timeUs), timeUs);
    const flying = drawn.packets.filter(({ end }) => end === 'in flight');
    expect(flying).toHaveLength(1);
    expect(flying[0].head.x).toBeCloseTo(drawn.playhead, 6);
    expect(packetShape(flying[0]).round).not.toBeNull();
    expect(drawn.doubts.map(({ message }) => message)).toEqual([2]);
  });

  it('marks that are complete are handed on as they are', () => {
    const layout = layoutOf(runs[0]);
    const drawn = cutAtPlayhead(layout, runs[0].trace.rowCount - 1, runs[0].result.endedAtUs);
    drawn.packets.forEach((packet) => expect(layout.marks.packets).toContain(packet));
  });

  it('at one instant, marks appear row by row', () => {
    const run = bundledRun('retry-plus-dedup');
    const layout = layoutOf(run);
    const effect = layout.marks.effects[0];
    const timeUs = run.trace.timeUs[effect.row];
    expect(cutAtPlayhead(layout, effect.row - 1, timeUs).effects).toEqual([]);
    expect(cutAtPlayhead(layout, effect.row, timeUs).effects).toEqual([effect]);
  });
});

describe('timeline: lanes', () => {
  it('without a check or a mark in the handler there is no dedup store', () => {
    const lanes = (id: string) => layoutOf(bundledRun(id)).laneWords.map(({ words }) => words);
    expect(lanes('retry-until-acknowledged')).toEqual(['Sender', 'Network', 'Receiver', 'Ledger']);
    expect(lanes('retry-plus-dedup')).toEqual(['Sender', 'Network', 'Receiver', 'Dedup store', 'Ledger']);
  });

  it('the message in focus has the top sender row', () => {
    const run = bundledRun('retry-until-acknowledged');
    const layout = layoutOf(run, { focusMessage: 6 });
    const rows = layout.marks.badges.filter(({ message }) => message === 6).map(({ at }) => at.y);
    expect(new Set(rows)).toEqual(new Set([layout.lanes.senderRow(0)]));
  });

  it('a height that is given is kept to, down to where it can be read', () => {
    const run = bundledRun('two-generals');
    expect(layoutOf(run, { height: 620 }).height).toBeLessThanOrEqual(620);
    expect(layoutOf(run, { height: 240 }).height).toBeLessThanOrEqual(240);
  });

  it('waits in one sender row never overlap', () => {
    const { marks } = layoutOf(bundledRun('retry-until-acknowledged'));
    const waits = marks.lines.filter(({ kind }) => kind === 'wait');
    for (const a of waits) {
      for (const b of waits) {
        if (a.message === b.message || a.tail.y !== b.tail.y) continue;
        expect(a.head.x <= b.tail.x || b.head.x <= a.tail.x).toBe(true);
      }
    }
  });
});

describe('timeline: running down', () => {
  it('shows one message, and time grows downwards', () => {
    const run = bundledRun('svix-24h-window');
    const { marks, orientation } = layoutOf(run, { orientation: 'vertical', width: 390, focusMessage: 1 });
    expect(orientation).toBe('vertical');
    expect(marks.badges).toHaveLength(8);
    const places = marks.badges.map(({ at }) => at.y);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(marks.packets.every(({ head, tail }) => head.y >= tail.y)).toBe(true);
    expect(marks.packets.every(({ head }) => head.x >= 0 && head.x <= 390)).toBe(true);
  });
});

describe('timeline: too many rows to draw', () => {
  it('counts them by column instead, and loses none', () => {
    const { dense, marks } = layoutOf(manyAttempts);
    if (dense === null) throw new Error('expected counts');
    const total = Object.fromEntries(
      BIN_KINDS.map((kind) => [kind, dense.counts(kind).reduce((a, b) => a + b, 0)]),
    );
    const { metrics } = manyAttempts.result;
    expect(total).toMatchObject({
      sent: metrics.attempts,
      timeout: metrics.timeouts,
      lost: metrics.requestsLost + metrics.answersLost,
      arrived: metrics.deliveries,
      applied: metrics.once + metrics.duplicated,
      again: metrics.effects - metrics.once - metrics.duplicated,
      never: metrics.lost,
    });
    expect(marks.packets).toEqual([]);
  });

  it('draws the message in focus over the counts', () => {
    const { marks } = layoutOf(manyAttempts, { focusMessage: 6 });
    expect(new Set(marks.badges.map(({ message }) => message))).toEqual(new Set([6]));
  });

  it('draws marks again in a part that is small enough', () => {
    const { trace } = manyAttempts;
    const row = Math.floor(trace.rowCount / 2);
    const view = { fromUs: trace.timeUs[row], untilUs: trace.timeUs[row + DENSE_ROWS / 4] };
    const { dense, marks } = layoutOf(manyAttempts, { view });
    expect(dense).toBeNull();
    expect(marks.badges.length).toBeGreaterThan(10);
    expect(marks.badges.every(({ at }) => at.x > -40 && at.x < WIDTH + 40)).toBe(true);
  });
});
