/** An exploration from the question to the answer, in slices, alone or as the one that leads several shares. */
import { planOf, type Plan } from '../scenario/plan.ts';
import type { Scenario } from '../scenario/schema.ts';
import { ALL_REDUCTIONS, type Reductions } from './any-order.ts';
import { boundScenario, type Bounds } from './bounds.ts';
import { Judge } from './judge.ts';
import type { Question } from './question.ts';
import { countSchedules } from './count-schedules.ts';
import { FAULT_COST, Search, type Counts } from './search.ts';
import type { Witness } from './witness.ts';

export interface Inquiry {
  readonly scenario: Scenario;
  readonly question: Question;
  readonly bounds: Bounds;
  /** How many answers are wanted before it stops; 1 when left out. */
  readonly several?: number;
  readonly reductions?: Reductions;
}

export interface Progress extends Counts {
  /** Faults of the schedules now looked at: everything with fewer is done. */
  readonly depth: number;
  readonly found: number;
}

/** What an exploration answers with: one of three strengths, which never look alike. */
export type Answer =
  /** Every schedule within the bounds was looked at, and none answers the question. */
  | { readonly kind: 'none'; readonly evidence: Evidence }
  /**
   * These do, the smallest first, none with all the faults of another. `isAll`: there are no others within the bounds
   * that could be shown.
   */
  | {
      readonly kind: 'found';
      readonly evidence: Evidence;
      readonly witnesses: readonly Witness[];
      readonly isAll: boolean;
    }
  /**
   * It stopped before it was through; `limit` says at what. Latencies: it was through, and orders answer the question,
   * but for none of those that were tried were latencies found that make it happen; others may have some.
   */
  | {
      readonly kind: 'gave up';
      readonly evidence: Evidence;
      readonly limit: 'states' | 'cancelled' | 'latencies';
    };

export interface Evidence {
  readonly states: number;
  readonly transitions: number;
  /** Complete schedules that were told apart; null unless all of them were looked at. */
  readonly schedules: number | null;
  /** Everything that became of the messages at an end that was looked at, such as `A1 G0`, in order. */
  readonly outcomes: readonly string[];
}

/** States expanded between two looks at the clock of limits. */
const SLICE = 64;

export class Exploration {
  readonly inquiry: Inquiry;
  readonly plan: Plan;
  private readonly search: Search;
  private depth = 0;
  private gaveUp: 'states' | 'cancelled' | null = null;
  private readonly judge: Judge;
  private judged = 0;

  constructor(inquiry: Inquiry) {
    this.inquiry = inquiry;
    this.plan = planOf(boundScenario(inquiry.scenario, inquiry.bounds).scenario);
    this.judge = new Judge(inquiry);
    this.search = new Search(
      this.plan,
      inquiry.bounds,
      inquiry.question,
      inquiry.reductions ?? ALL_REDUCTIONS,
    );
  }

  /** Looks at up to `states` more situations; true when there is an answer. */
  advance(states: number): boolean {
    const { search, inquiry } = this;
    for (let left = states; left > 0 && !this.isDone; left -= SLICE) {
      const cost = search.nextCost;
      if (cost === Infinity) return true;
      this.depth = Math.floor(cost / FAULT_COST);
      const isCostDone = search.expand(cost, Math.min(left, SLICE));
      const isFull = search.counts.states >= inquiry.bounds.states;
      if (isCostDone || isFull) this.judgeFound();
      if (isFull) this.gaveUp ??= 'states';
    }
    return this.isDone;
  }

  private get isDone(): boolean {
    return this.gaveUp !== null || this.judge.hasEnough;
  }

  /** Stops it where it stands. */
  cancel(): void {
    this.judgeFound();
    this.gaveUp ??= 'cancelled';
  }

  get progress(): Progress {
    return { ...this.search.counts, depth: this.depth, found: this.judge.witnesses.length };
  }

  answer(): Answer {
    const { search, judge, gaveUp } = this;
    const found = search.found.length;
    const { outcomes } = search;
    return answerFrom({ ...search.counts, ...search.graph(), outcomes, found, gaveUp }, judge);
  }

  private judgeFound(): void {
    this.judge.judge(this.search.found.slice(this.judged));
    this.judged = this.search.found.length;
  }
}

/** What was searched in the end, by one or by several shares together. */
export interface Searched {
  readonly states: number;
  readonly transitions: number;
  /** See `Search.graph`. */
  readonly edges: Float64Array;
  readonly ends: readonly number[];
  readonly outcomes: Iterable<string>;
  /** Situations that answer the question, whether or not there is a run that shows it. */
  readonly found: number;
  readonly gaveUp: 'states' | 'cancelled' | null;
}

/** The answer of a search that is over. */
export function answerFrom(searched: Searched, { witnesses, hasEnough }: Judge): Answer {
  const { states, transitions, edges, ends, outcomes, found, gaveUp } = searched;
  const isExhausted = found === 0 && gaveUp === null;
  const evidence: Evidence = {
    states,
    transitions,
    schedules: isExhausted ? countSchedules(edges, ends) : null,
    outcomes: [...outcomes].sort(),
  };
  if (witnesses.length > 0)
    return { kind: 'found', evidence, witnesses, isAll: gaveUp === null && !hasEnough };
  if (gaveUp !== null) return { kind: 'gave up', evidence, limit: gaveUp };
  if (found > 0) return { kind: 'gave up', evidence, limit: 'latencies' };
  return { kind: 'none', evidence };
}

/** Explores to the end. */
export function explore(inquiry: Inquiry): Answer {
  const exploration = new Exploration(inquiry);
  while (!exploration.advance(100_000));
  return exploration.answer();
}
