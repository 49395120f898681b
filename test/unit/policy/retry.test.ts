// Retry schedules: tables of real systems, and the interval that each kind of jitter draws from.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../sim/core/duration.ts';
import { longestWaitUs, nominalWaitUs, shortestWaitUs, type Schedule } from '../../../sim/policy/retry.ts';
import { runs } from '../../property/checks.ts';

const SEED = 20_261_301;

const NONE: Schedule = {
  kind: 'fixed',
  delayUs: 0,
  factor: 1,
  capUs: Infinity,
  delaysUs: [],
  jitter: 'none',
  jitterSize: 0,
};

function us(...texts: readonly string[]): number[] {
  return texts.map((text) => parseDuration(text)!);
}

const custom = (...delays: readonly string[]): Schedule => ({
  ...NONE,
  kind: 'custom',
  delayUs: us(delays[0])[0],
  delaysUs: us(...delays),
});
const exponential = (delay: string, factor: number, cap = 'none'): Schedule => ({
  ...NONE,
  kind: 'exponential',
  delayUs: us(delay)[0],
  factor,
  capUs: cap === 'none' ? Infinity : us(cap)[0],
});

function waits(schedule: Schedule, count: number): number[] {
  return Array.from({ length: count }, (_, index) => nominalWaitUs(schedule, index + 1));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('nominal waits', () => {
  it('Svix: 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 10 h; together 27 h 35 m 5 s', () => {
    const svix = custom('5s', '5m', '30m', '2h', '5h', '10h', '10h');
    expect(waits(svix, 7)).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map((s) => s * 1_000_000));
    expect(sum(waits(svix, 7))).toBe(us('27h35m5s')[0]);
  });

  it('Standard Webhooks: nine waits, together 75 h 35 m 5 s', () => {
    const standard = custom('5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h');
    expect(sum(waits(standard, 9))).toBe(us('75h35m5s')[0]);
  });

  it('a list that is used up repeats its last wait', () => {
    expect(waits(custom('1s', '3s'), 4)).toEqual(us('1s', '3s', '3s', '3s'));
  });

  it('Temporal: 1 s doubling to a cap of 100 s', () => {
    expect(waits(exponential('1s', 2, '100s'), 10)).toEqual(
      us('1s', '2s', '4s', '8s', '16s', '32s', '1m4s', '100s', '100s', '100s'),
    );
  });

  it('Kafka producer: 100 ms doubling to a cap of 1 s', () => {
    expect(waits(exponential('100ms', 2, '1s'), 6)).toEqual(
      us('100ms', '200ms', '400ms', '800ms', '1s', '1s'),
    );
  });

  it('Hookdeck Outpost: 30 s × 2^n ten times, together 8 h 31 m 30 s', () => {
    expect(sum(waits(exponential('30s', 2), 10))).toBe(us('8h31m30s')[0]);
  });

  it('Square, the old schedule: six doublings from 1 m, then 1 h, 72 times', () => {
    const square = waits(exponential('1m', 2, '1h'), 78);
    expect(square.slice(0, 7)).toEqual(us('1m', '2m', '4m', '8m', '16m', '32m', '1h'));
    expect(sum(square)).toBe(us('73h3m')[0]);
  });

  it('linear grows by its delay up to its cap; fixed does not grow', () => {
    expect(waits({ ...NONE, kind: 'linear', delayUs: 10, capUs: 35 }, 5)).toEqual([10, 20, 30, 35, 35]);
    expect(waits({ ...NONE, kind: 'fixed', delayUs: 10 }, 3)).toEqual([10, 10, 10]);
  });

  it('a factor that is no whole number is rounded to the microsecond at the end, not on the way', () => {
    // 1.5^k × 3 us: 3, 4.5, 6.75, 10.125, 15.1875
    expect(waits(exponential('3us', 1.5), 5)).toEqual([3, 5, 7, 10, 15]);
  });

  it('stops growing at ten years, and a wait of zero stays zero', () => {
    const tenYearsUs = 3_650 * 86_400_000_000;
    expect(nominalWaitUs(exponential('1us', 100), 1_048_575)).toBe(tenYearsUs);
    expect(nominalWaitUs({ ...NONE, kind: 'linear', delayUs: tenYearsUs }, 5)).toBe(tenYearsUs);
    expect(nominalWaitUs(exponential('0s', 100), 1_048_575)).toBe(0);
    expect(nominalWaitUs(exponential('7us', 1), 1_048_575)).toBe(7);
  });

  it('costs no more for the millionth attempt than for the first', () => {
    // A loop of a million steps for each of these would take hours; a test that hangs is a test that fails.
    const slow = exponential('1us', 1.000_001);
    let total = 0;
    for (let attempt = 1_000_000; attempt < 1_048_575; attempt++) total += nominalWaitUs(slow, attempt);
    expect(total).toBeGreaterThan(0);
  });

  it(`exponential waits are delay × factor^(n−1), within rounding, and never fall [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 100, max: 500 }).map((n) => n / 100),
        fc.integer({ min: 1, max: 40 }),
        (delayUs, factor, attempt) => {
          const schedule: Schedule = { ...NONE, kind: 'exponential', delayUs, factor };
          const exact = Math.min(delayUs * factor ** (attempt - 1), 315_360_000_000_000);
          const wait = nominalWaitUs(schedule, attempt);
          expect(Math.abs(wait - exact)).toBeLessThanOrEqual(0.5 + exact * 1e-12);
          expect(nominalWaitUs(schedule, attempt + 1)).toBeGreaterThanOrEqual(wait);
        },
      ),
      runs(SEED, 1_000),
    );
  });
});

describe('jitter', () => {
  const base: Schedule = { ...exponential('10s', 2, '60s') };
  const bounds = (schedule: Schedule, attempt: number, previousUs = 0) => [
    shortestWaitUs(schedule, attempt),
    longestWaitUs(schedule, attempt, previousUs),
  ];

  it('none: exactly the wait', () => {
    expect(bounds(base, 2)).toEqual(us('20s', '20s'));
  });

  it('proportional: ± a share of the wait', () => {
    expect(bounds({ ...base, jitter: 'proportional', jitterSize: 0.2 }, 2)).toEqual(us('16s', '24s'));
    expect(bounds({ ...base, jitter: 'proportional', jitterSize: 1 }, 2)).toEqual(us('0s', '40s'));
  });

  it('equal: half the wait to all of it', () => {
    expect(bounds({ ...base, jitter: 'equal' }, 2)).toEqual(us('10s', '20s'));
  });

  it('full: nothing to all of it', () => {
    expect(bounds({ ...base, jitter: 'full' }, 3)).toEqual(us('0s', '40s'));
  });

  it('additive: the wait and up to so much more', () => {
    expect(bounds({ ...base, jitter: 'additive', jitterSize: us('3s')[0] }, 1)).toEqual(us('10s', '13s'));
  });

  it('decorrelated: from the base to three times the wait before; the cap cuts what was drawn', () => {
    const decorrelated: Schedule = { ...base, jitter: 'decorrelated' };
    expect(bounds(decorrelated, 1, us('10s')[0])).toEqual(us('10s', '30s'));
    expect(bounds(decorrelated, 5, us('25s')[0])).toEqual(us('10s', '75s'));
  });

  it('decorrelated: the base is the first delay of every kind, and no wait before means the base', () => {
    const listed: Schedule = { ...custom('5s', '5m'), jitter: 'decorrelated' };
    expect(bounds(listed, 2, us('5s')[0])).toEqual(us('5s', '15s'));
    expect(bounds(listed, 2, 0)).toEqual(us('5s', '5s'));
  });

  it('decorrelated: a cap below the base is the only wait', () => {
    const low: Schedule = { ...exponential('10s', 2, '4s'), jitter: 'decorrelated' };
    expect(shortestWaitUs(low, 1)).toBe(us('4s')[0]);
  });

  it(`shortest is never above longest, and never below zero [seed ${SEED + 1}]`, () => {
    const schedules: fc.Arbitrary<Schedule> = fc.record({
      kind: fc.constantFrom('fixed', 'linear', 'exponential', 'custom'),
      delayUs: fc.nat({ max: 10_000_000 }),
      factor: fc.integer({ min: 1, max: 5 }),
      capUs: fc.constantFrom(Infinity, 0, 1, 5_000_000),
      delaysUs: fc.array(fc.nat({ max: 10_000_000 }), { minLength: 1, maxLength: 4 }),
      jitter: fc.constantFrom('none', 'proportional', 'equal', 'full', 'decorrelated', 'additive'),
      jitterSize: fc.constantFrom(0, 0.3, 1),
    });
    fc.assert(
      fc.property(
        schedules,
        fc.integer({ min: 1, max: 60 }),
        fc.nat({ max: 50_000_000 }),
        (schedule, attempt, previousUs) => {
          const [shortest, longest] = bounds(schedule, attempt, previousUs);
          expect(shortest).toBeGreaterThanOrEqual(0);
          expect(longest).toBeGreaterThanOrEqual(shortest);
          if (schedule.jitter !== 'additive' && schedule.jitter !== 'proportional')
            expect(Number.isSafeInteger(shortest)).toBe(true);
        },
      ),
      runs(SEED + 1, 1_000),
    );
  });
});
