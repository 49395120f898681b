/** What scenarios are made of and judged by, by the names in their files. */

export const POLICIES = ['at-most-once', 'at-least-once', 'effectively-once'] as const;
export type Policy = (typeof POLICIES)[number];

export const CLAUSES = ['no-duplicate', 'no-false-confirmation', 'no-loss'] as const;
export type Clause = (typeof CLAUSES)[number];

export const STEPS = ['check', 'effect', 'mark', 'ack'] as const;
export type Step = (typeof STEPS)[number];

/** A handler: groups of steps, run in order; a group of several steps is atomic. */
export type Handler = readonly (readonly Step[])[];

/** The limits of a scenario that sets none: events, µs, rows, waiting deliveries. */
export const USUAL_LIMITS = {
  events: 10_000_000,
  time: 3650 * 86_400_000_000,
  rows: 20_000_000,
  queue: 1_000_000,
} as const;
