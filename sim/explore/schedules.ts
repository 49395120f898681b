/**
 * Every schedule within bounds, one by one, each a complete run of its own: nothing is merged, so that histories stay
 * apart. For twins, for the ladder, and as the yardstick that the merging search is held against.
 */
import type { Plan } from '../scenario/plan.ts';
import { NO_REDUCTIONS } from './any-order.ts';
import type { Bounds } from './bounds.ts';
import { Histories } from './histories.ts';
import type { Ledger } from './ledger.ts';
import { Walker, type WalkerOptions } from './walker.ts';

export class Schedules {
  /** What each node has seen in the latest schedule; empty where not asked for. */
  readonly histories = new Histories();
  /** Schedules run so far. */
  count = 0;

  private readonly walker: Walker;
  private isFirst = true;

  constructor(
    plan: Plan,
    bounds: Bounds,
    options: Pick<WalkerOptions, 'heard' | 'weather' | 'alphabet'> & { readonly histories?: boolean } = {},
  ) {
    const { losses, copies, delays, crashes } = bounds;
    const { histories, ...others } = options;
    this.walker = new Walker(plan, {
      budget: { losses, copies, delays, crashes },
      anyDelay: false,
      reductions: NO_REDUCTIONS,
      keepsTimes: false,
      ...others,
      ...(histories === true ? { also: this.histories } : {}),
    });
  }

  /** Runs the next schedule to its end; false when there is none left. */
  next(): boolean {
    const { walker } = this;
    if (this.isFirst) walker.path.clear();
    else if (!walker.path.next()) return false;
    this.isFirst = false;
    this.histories.clear();
    walker.start();
    walker.finish();
    this.count++;
    return true;
  }

  /** What became of the messages in the latest schedule. */
  get ledger(): Ledger {
    return this.walker.ledger;
  }

  /** The picks of the latest schedule. */
  get picks(): readonly number[] {
    return [...this.walker.path.picks];
  }
}
