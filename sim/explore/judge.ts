/** Which of the schedules a search found are shown: those that replay in the engine, and tell something new. */
import { planOf, type Plan } from '../scenario/plan.ts';
import { boundScenario } from './bounds.ts';
import type { Inquiry } from './explore.ts';
import { compareFound, type Found } from './search.ts';
import { witnessOf, type Witness } from './witness.ts';

export class Judge {
  /** The smallest first. */
  readonly witnesses: Witness[] = [];
  private readonly inquiry: Inquiry;
  private readonly plan: Plan;

  constructor(inquiry: Inquiry) {
    this.inquiry = inquiry;
    this.plan = planOf(boundScenario(inquiry.scenario, inquiry.bounds).scenario);
  }

  /** Whether there are as many as were wanted. */
  get hasEnough(): boolean {
    return this.witnesses.length >= (this.inquiry.several ?? 1);
  }

  /** Judges what was found since the last time, none of it smaller than what was judged before. */
  judge(found: readonly Found[]): void {
    for (const one of [...found].sort(compareFound)) {
      if (this.hasEnough) return;
      const witness = witnessOf(this.inquiry, this.plan, one);
      if (witness !== null && this.isNews(witness)) this.witnesses.push(witness);
    }
  }

  /** A run in which more goes wrong than in one that is shown already says nothing new. */
  private isNews({ faults }: Witness): boolean {
    return !this.witnesses.some((shown) => shown.faults.every((fault) => faults.includes(fault)));
  }
}
