/**
 * Running drafts, one at a time, and what is known of a run that is under way: since when it is slow, how far it has
 * come, and what went wrong.
 */
import type { RunResult } from '../../sim/run.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { preparation } from '../view/prepare.ts';
import type { Engine } from '../worker/client.ts';
import { nextTask } from '../worker/next-task.ts';
import type { Draft } from './draft.ts';

/** A run and what it was a run of. */
export interface ShownRun {
  readonly draft: Draft;
  /** As it ran: `plan.scenario` has its policy applied. */
  readonly plan: Plan;
  /** Identity of the scenario as written. */
  readonly hash: string;
  readonly result: RunResult;
  /** Null when the run was too large to be drawn. */
  readonly trace: Trace | null;
}

export interface RunAs {
  /** The draft that the run is a run of, where a policy was laid over it for a comparison. */
  readonly filedAs: Draft;
  /** Judge by what the policy claims, not by what the scenario expects: for a scenario that was changed. */
  readonly asClaimed: boolean;
}

/** Scenarios of more messages run without a trace: counters and verdict, no picture. */
export const MOST_DRAWN_MESSAGES = 100_000;

/** A run that takes longer shows its progress. */
const SLOW_MS = 300;

export class Runner {
  readonly #engine: Engine;
  #isSlow = $state(false);
  #eventsSoFar = $state(0);
  #failure: string | null = $state(null);
  #slowTimer: ReturnType<typeof setTimeout> | undefined;
  /** Counts runs and cancels: a run of an earlier turn is superseded. */
  #turn = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Whether a run has been under way for so long that its progress is worth showing. */
  get isSlow(): boolean {
    return this.#isSlow;
  }
  get eventsSoFar(): number {
    return this.#eventsSoFar;
  }
  /** What ended the last run, when it was an error. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Null when there is no result: superseded, or an error that is shown. */
  async run(draft: Draft, { filedAs, asClaimed }: RunAs): Promise<ShownRun | null> {
    const parsed = parseScenario(draft.input);
    if (!parsed.ok) return null; // never asked for: an invalid draft is not run
    const turn = this.#begin();
    const plan = planOf(parsed.scenario);
    const trace = plan.sender.messages <= MOST_DRAWN_MESSAGES;
    const { seed, overrides } = draft;
    const outcome = await this.#engine.run({ plan, seed, overrides, trace, asClaimed }, (eventsSoFar) => {
      this.#eventsSoFar = eventsSoFar;
    });
    if (outcome.kind === 'result') await prepare(outcome.result);
    if (outcome.kind === 'superseded' || turn !== this.#turn) return null; // whoever superseded it has the word now
    this.#end();
    this.#failure = outcome.kind === 'error' ? outcome.message : null;
    if (outcome.kind === 'error') return null;
    const { result } = outcome;
    return { draft: filedAs, plan, hash: scenarioHash(parsed.scenario), result, trace: result.trace };
  }

  cancel(): void {
    this.#turn++;
    this.#engine.cancel();
    this.#end();
  }

  #begin(): number {
    this.#eventsSoFar = 0;
    clearTimeout(this.#slowTimer);
    this.#slowTimer = setTimeout(() => {
      this.#isSlow = true;
    }, SLOW_MS);
    return ++this.#turn;
  }

  #end(): void {
    clearTimeout(this.#slowTimer);
    this.#isSlow = false;
  }
}

async function prepare({ trace, endedAtUs, ended }: RunResult): Promise<void> {
  if (trace === null) return;
  for (const _ of preparation(trace, endedAtUs, ended !== 'done')) await nextTask();
}
