/**
 * Twins: two runs in which the sender saw exactly the same things and the truth is different. What it does next must
 * be the same in both, so in one of them it is wrong: Two Generals, as a computed fact (theory 4.3).
 */
import type { Choices } from '../nature/scripted.ts';
import type { RunResult } from '../run.ts';
import type { Plan } from '../scenario/plan.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Bounds } from './bounds.ts';

/** One of the two worlds, as a run that can be replayed. */
export interface World {
  /** Seed and overrides of the run. */
  readonly seed: string;
  readonly overrides: Choices;
  readonly result: RunResult;
  /** Effects of the message in question, and the sender's belief about it (a number of STATUS). */
  readonly effects: number;
  readonly belief: number;
}

/** How often the message will have been applied, in the world on screen and in its twin, if the sender now … */
export interface Decision {
  readonly here: number;
  readonly there: number;
}

export interface Twins {
  readonly scenario: Scenario;
  readonly plan: Plan;
  /** The message whose truth differs. */
  readonly message: number;
  readonly here: World;
  readonly there: World;
  /** The sender's column of both, line by line: the same text. */
  readonly senderColumn: readonly string[];
  /** First row in which the two traces differ, and when, µs. */
  readonly firstDifference: {
    readonly row: number;
    readonly hereUs: number;
    readonly thereUs: number;
  };
  /** Choices by name that differ between the two. */
  readonly flipped: readonly string[];
  readonly sendAgain: Decision;
  readonly stop: Decision;
}

export type TwinAnswer =
  | { readonly kind: 'twins'; readonly twins: Twins; readonly lookedAt: number }
  /** No two schedules within the bounds are twins: what the sender sees decides what is true. */
  | { readonly kind: 'none'; readonly schedules: number; readonly bounds: Bounds }
  | { readonly kind: 'gave up'; readonly schedules: number };
