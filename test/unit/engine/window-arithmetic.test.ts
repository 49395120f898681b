// Retries against a dedup window, exactly. Every ack is lost, so every attempt is made; which of them find the window
// closed is worked out here by adding up waits, and must be what the engine applies. No sum is taken from the engine.
import { describe, expect, it } from 'vitest';
import { FACT } from '../../../sim/core/fact.ts';
import { ordinalOf } from '../../../sim/core/packet-name.ts';
import { run } from '../../../sim/run.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';

const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

interface Case {
  /** Waits between attempts, s. */
  readonly waitsS: readonly number[];
  readonly timeoutUs: number;
  readonly countFrom: 'send' | 'detection';
  readonly anchor: 'first-seen' | 'last-seen';
  readonly windowUs: number;
  /** One way. */
  readonly delayUs: number;
  readonly processingUs?: number;
}

/** When each attempt leaves, µs after the first. */
function sendTimes({ waitsS, timeoutUs, countFrom }: Case): number[] {
  const times = [0];
  for (const wait of waitsS)
    times.push(times[times.length - 1] + wait * SECOND + (countFrom === 'send' ? 0 : timeoutUs));
  return times;
}

/** The attempts that must be applied: those that find no entry, or one whose window has closed. */
function appliedByArithmetic(given: Case): number[] {
  const applied: number[] = [];
  let anchorUs = -Infinity;
  sendTimes(given).forEach((sentUs, index) => {
    const arrivesUs = sentUs + given.delayUs;
    if (arrivesUs - anchorUs >= given.windowUs) {
      applied.push(index + 1);
      anchorUs = arrivesUs + (given.processingUs ?? 0); // the mark is written with the effect, at the group's end
    } else if (given.anchor === 'last-seen') anchorUs = arrivesUs;
  });
  return applied;
}

/** The attempts that the engine applied. */
function appliedByEngine({
  waitsS,
  timeoutUs,
  countFrom,
  anchor,
  windowUs,
  delayUs,
  processingUs = 0,
}: Case): number[] {
  const parsed = parseScenario({
    format: 1,
    policy: 'effectively-once',
    nodes: {
      shop: {
        kind: 'producer',
        ackTimeout: timeoutUs,
        lateReplies: 'ignore',
        retry: { kind: 'custom', delays: waitsS.map((s) => s * SECOND), countFrom },
      },
      api: { kind: 'consumer', processing: processingUs, dedup: { window: windowUs, anchor } },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': { delay: delayUs }, 'api>shop': { loss: 1 } },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { trace, metrics } = run(planOf(parsed.scenario), { trace: true });
  if (trace === null) throw new Error('asked for a trace');
  const applied: number[] = [];
  const sent: number[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kind[row] === FACT.effect) applied.push(ordinalOf(trace.packet[row]));
    if (trace.kind[row] === FACT.send) sent.push(trace.timeUs[row]);
  }
  expect(sent).toEqual(sendTimes({ waitsS, timeoutUs, countFrom, anchor, windowUs, delayUs }));
  expect(metrics.attempts).toBe(waitsS.length + 1);
  expect(metrics.suppressed).toBe(waitsS.length + 1 - applied.length);
  return applied;
}

const SVIX = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];
const STANDARD_WEBHOOKS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

const svix = { waitsS: SVIX, timeoutUs: 15 * SECOND, windowUs: DAY };

describe("Svix's schedule against a window of 24 h, all acks lost", () => {
  // From send: attempts at 0, 5 s, 305 s, 2105 s, 9305 s, 27305 s, 63305 s, 99305 s. 86400 s fall before the last.
  // From detection, 15 s more each: the last at 99410 s. First seen: the eighth is applied again. Last seen: it
  // comes 36000 or 36015 s after the seventh, which met the entry: suppressed.
  const table = [
    ['first-seen', 'send', [1, 8]],
    ['first-seen', 'detection', [1, 8]],
    ['last-seen', 'send', [1]],
    ['last-seen', 'detection', [1]],
  ] as const;

  for (const [anchor, countFrom, expected] of table)
    for (const delayUs of [0, 1, 40_000, 3 * SECOND, 20 * SECOND])
      it(`${anchor}, waits from ${countFrom}, ${delayUs} us each way: effects at attempts ${expected.join(', ')}`, () => {
        const given: Case = { ...svix, anchor, countFrom, delayUs };
        expect(appliedByArithmetic(given)).toEqual(expected);
        expect(appliedByEngine(given)).toEqual(expected);
      });

  it('the whole table of windows, from one that forgets at once to one that outlasts the schedule', () => {
    const counts = new Set<number>();
    for (const anchor of ['first-seen', 'last-seen'] as const)
      for (const countFrom of ['send', 'detection'] as const)
        for (const windowS of [
          0, 1, 5, 20, 60, 300, 305, 600, 1_800, 3_600, 7_200, 18_000, 36_000, 36_015, 63_300, 86_400, 99_305,
          99_410, 100_000,
        ]) {
          const given: Case = { ...svix, anchor, countFrom, delayUs: 40_000, windowUs: windowS * SECOND };
          const expected = appliedByArithmetic(given);
          counts.add(expected.length);
          expect(appliedByEngine(given), JSON.stringify(given)).toEqual(expected);
        }
    // The table must not be all alike.
    expect([...counts].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('at the very edge of the window', () => {
  // Constant delay: the age of the entry when an attempt arrives is the difference of two send times.
  for (const countFrom of ['send', 'detection'] as const) {
    const given = { waitsS: SVIX, timeoutUs: 15 * SECOND, countFrom, delayUs: 40_000 };
    const lastUs = (99_305 + (countFrom === 'send' ? 0 : 7 * 15)) * SECOND;
    const lastGapUs = (36_000 + (countFrom === 'send' ? 0 : 15)) * SECOND;

    it(`first seen, waits from ${countFrom}: the last attempt lands at exactly the window's age: expired; 1 us more: suppressed`, () => {
      const edge = { ...given, anchor: 'first-seen' } as const;
      expect(appliedByEngine({ ...edge, windowUs: lastUs })).toEqual([1, 8]);
      expect(appliedByEngine({ ...edge, windowUs: lastUs + 1 })).toEqual([1]);
    });

    it(`last seen, waits from ${countFrom}: what counts is the gap to the attempt before`, () => {
      const edge = { ...given, anchor: 'last-seen' } as const;
      expect(appliedByEngine({ ...edge, windowUs: lastGapUs + 1 })).toEqual([1]);
      // Both gaps of 10 h are then exactly the window.
      expect(appliedByEngine({ ...edge, windowUs: lastGapUs })).toEqual([1, 7, 8]);
    });
  }

  it('the window counts from the mark: processing time comes off the age ("subtract the processing time if marked at the end of processing")', () => {
    const given: Case = {
      waitsS: [10],
      timeoutUs: SECOND,
      countFrom: 'send',
      anchor: 'first-seen',
      delayUs: 40_000,
      processingUs: 2 * SECOND,
      windowUs: 8 * SECOND,
    };
    expect(appliedByArithmetic(given)).toEqual([1, 2]);
    expect(appliedByEngine(given)).toEqual([1, 2]);
    expect(appliedByEngine({ ...given, windowUs: 8 * SECOND + 1 })).toEqual([1]);
  });
});

describe('Standard Webhooks: five minutes of memory against a schedule of 75 h', () => {
  const given = {
    waitsS: STANDARD_WEBHOOKS,
    countFrom: 'detection',
    delayUs: 40_000,
    windowUs: 300 * SECOND,
  } as const;

  it.each([15, 30])('with a timeout of %i s: only attempt 2 is covered, nine effects', (timeoutS) => {
    const expected = [1, 3, 4, 5, 6, 7, 8, 9, 10];
    for (const anchor of ['first-seen', 'last-seen'] as const) {
      const edge: Case = { ...given, anchor, timeoutUs: timeoutS * SECOND };
      expect(appliedByArithmetic(edge)).toEqual(expected);
      expect(appliedByEngine(edge)).toEqual(expected);
    }
  });

  it('waits from send: attempt 3 comes 305 s after the first and 300 s after the second: both anchors have just forgotten', () => {
    for (const [anchor, windowS, suppressed] of [
      ['first-seen', 305, false],
      ['first-seen', 306, true],
      ['last-seen', 300, false],
      ['last-seen', 301, true],
    ] as const) {
      const applied = appliedByEngine({
        ...given,
        anchor,
        countFrom: 'send',
        timeoutUs: 15 * SECOND,
        windowUs: windowS * SECOND,
      });
      expect(applied.includes(3), `${anchor} ${windowS} s`).toBe(!suppressed);
    }
  });
});

describe('how many retries fall inside a dedup window', () => {
  // "Fixed window anchored at the first arrival; sender retries because acks are lost; no jitter." Waits from send.
  const WINDOWS_S = [120, 300, 600, 3_600, 86_400];
  const seconds = (count: number, wait: (index: number) => number) =>
    Array.from({ length: count }, (_, index) => wait(index));
  const schedules: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ['svix', SVIX, [1, 1, 2, 3, 6]],
    ['standard-webhooks', STANDARD_WEBHOOKS, [1, 1, 2, 3, 6]],
    ['outpost', seconds(10, (n) => 30 * 2 ** n), [2, 3, 4, 6, 10]],
    ['letmepost (product site)', [30, 120, 600, 1_800, 7_200, 21_600], [1, 2, 2, 4, 6]],
    ['recuro', [60, 1_800, 10_800], [1, 1, 1, 2, 3]],
    ['the 7-attempt schedule, as gaps', [60, 300, 1_800, 7_200, 43_200, 86_400], [1, 1, 2, 3, 5]],
    ['slack', [0, 60, 300], [2, 2, 3, 3, 3]],
    ['square old (first six)', [60, 120, 240, 480, 960, 1_920], [1, 2, 3, 5, 6]],
  ];

  it.each(schedules)('%s', (_, waitsS, expected) => {
    const inside = WINDOWS_S.map((windowS) => {
      const given: Case = {
        waitsS,
        timeoutUs: 15 * SECOND,
        countFrom: 'send',
        anchor: 'first-seen',
        delayUs: 40_000,
        windowUs: windowS * SECOND,
      };
      // Retries before the first that escapes.
      const escaping = appliedByEngine(given)[1] ?? waitsS.length + 2;
      return escaping - 2;
    });
    expect(inside).toEqual(expected);
  });
});
