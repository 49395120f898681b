/**
 * What crosses the boundary between the page and the engine: plain data, the same whether the engine runs in a
 * worker or, where a worker cannot start, on the page itself. The page has checked the scenario and made the plan
 * (it must, to show what is wrong at each field), so the engine's script carries no schema.
 */
import type { RunResult } from '../../sim/run.ts';
import type { Plan } from '../../sim/scenario/plan.ts';

/** Named choices to force; durations in µs. */
export type Overrides = Readonly<Record<string, boolean | number>>;

export interface RunRequest {
  readonly plan: Plan;
  readonly seed: string;
  readonly overrides: Overrides;
  /** Whether rows are kept. */
  readonly trace: boolean;
  /** Judge by what the policy claims, not by what the scenario expects: for a scenario that was changed. */
  readonly asClaimed: boolean;
}

/** Told while a run is under way. */
export type OnProgress = (eventsSoFar: number) => void;

/** What a worker offers. */
export interface EngineApi {
  hello(): string;
  run(request: RunRequest, onProgress: OnProgress): RunResult;
}

/** What `hello` answers: proof that the other side is this engine and is awake. */
export const GREETING = 'delivery-lab engine 1';
