/**
 * Retry schedules: how long to wait before the next attempt. Pure functions of the schedule, the attempt that
 * failed and, for decorrelated jitter, the wait before.
 *
 * Jitter kinds are those of "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015) and of the systems in
 * DESIGN.md; each is uniform on one interval, so one draw decides it.
 */

/** What a schedule says; times in µs, Infinity for "no limit". */
export interface Schedule {
  readonly kind: 'none' | 'fixed' | 'linear' | 'exponential' | 'custom';
  readonly delayUs: number;
  readonly factor: number;
  readonly capUs: number;
  readonly delaysUs: readonly number[];
  readonly jitter: 'none' | 'proportional' | 'equal' | 'full' | 'decorrelated' | 'additive';
  readonly jitterSize: number;
}

/** Longest wait, µs: ten years. A growing schedule stops growing here. */
const LONGEST_WAIT_US = 315_360_000_000_000;

/** Wait after attempt `attempt` (1-based) failed, before jitter, µs. */
export function nominalWaitUs(schedule: Schedule, attempt: number): number {
  switch (schedule.kind) {
    case 'none':
    case 'fixed':
      return schedule.delayUs;
    case 'linear':
      return Math.min(schedule.delayUs * attempt, schedule.capUs, LONGEST_WAIT_US);
    case 'exponential': {
      const limit = Math.min(schedule.capUs, LONGEST_WAIT_US);
      if (schedule.delayUs === 0) return 0;
      return Math.min(Math.round(schedule.delayUs * power(schedule.factor, attempt - 1)), limit);
    }
    case 'custom':
      return schedule.delaysUs[Math.min(attempt, schedule.delaysUs.length) - 1];
  }
}

/** `base` ≥ 1 to a whole power, by squaring: a message can be at its millionth attempt. Infinity when too large. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2), square *= square)
    if (rest % 2 === 1) result *= square;
  return result;
}

/** Shortest wait after `attempt` failed, µs, given the wait before (`previousUs`; the base delay at first). */
export function shortestWaitUs(schedule: Schedule, attempt: number): number {
  const nominal = nominalWaitUs(schedule, attempt);
  switch (schedule.jitter) {
    case 'none':
    case 'additive':
      return nominal;
    case 'proportional':
      return Math.round(nominal * (1 - schedule.jitterSize));
    case 'equal':
      return Math.round(nominal / 2);
    case 'full':
      return 0;
    case 'decorrelated':
      return Math.min(schedule.delayUs, schedule.capUs);
  }
}

/**
 * Longest wait, µs, before the cap of decorrelated jitter is applied:
 * sleep = min(cap, uniform(base, 3 × last sleep)).
 */
export function longestWaitUs(schedule: Schedule, attempt: number, previousUs: number): number {
  const nominal = nominalWaitUs(schedule, attempt);
  switch (schedule.jitter) {
    case 'none':
    case 'equal':
    case 'full':
      return nominal;
    case 'additive':
      return nominal + schedule.jitterSize;
    case 'proportional':
      return Math.round(nominal * (1 + schedule.jitterSize));
    case 'decorrelated':
      return Math.max(schedule.delayUs, Math.min(3 * previousUs, LONGEST_WAIT_US));
  }
}
