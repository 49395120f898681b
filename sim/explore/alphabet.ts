/** The finite alphabets of an exploration: which durations a packet, a step or a wait can take. */
import type { Distribution } from '../core/distributions.ts';
import { longest } from '../core/distributions.ts';
import { EVENT } from '../engine/event.ts';
import { dueUs } from '../engine/pending.ts';
import type { World } from '../engine/world.ts';
import { extremes, type Alphabet } from '../nature/exploring.ts';
import type { Plan } from '../scenario/plan.ts';

/**
 * The scenario's own durations: a packet takes the shortest or the longest delay, or arrives just after the sender's
 * next timer, or just as the dedup entry that is held for it expires, where its link can be that slow; steps and
 * waits take the shortest or the longest time.
 */
export class ScenarioAlphabet implements Alphabet {
  private readonly plan: Plan;
  private readonly world: () => World;
  private readonly known = new Map<Distribution, readonly number[]>();

  /** @param world the world as it is when a duration is asked for */
  constructor(plan: Plan, world: () => World) {
    this.plan = plan;
    this.world = world;
  }

  get eitherOrder(): boolean {
    const { request, answer } = this.plan;
    return this.shortest(request.delay) === 0 || this.shortest(answer.delay) === 0;
  }

  shortest(delay: Distribution): number {
    return this.steps(delay)[0];
  }

  delays(message: number, isRequest: boolean, delay: Distribution): readonly number[] {
    const ends = this.steps(delay);
    if (ends.length === 1) return ends;
    const [low, high] = ends;
    const letters = [low];
    const timerUs = this.nextTimerUs(message, isRequest) + 1;
    const expiryUs = isRequest ? this.expiryUs(message) : Infinity;
    for (const us of [Math.min(timerUs, expiryUs), Math.max(timerUs, expiryUs)])
      if (us > letters[letters.length - 1] && us < high) letters.push(us);
    letters.push(high);
    return letters;
  }

  steps(time: Distribution): readonly number[] {
    let letters = this.known.get(time);
    if (letters === undefined) {
      letters = extremes(time, longest(time));
      this.known.set(time, letters);
    }
    return letters;
  }

  waits(lowUs: number, highUs: number): readonly number[] {
    return highUs > lowUs ? [lowUs, highUs] : [lowUs];
  }

  /** From now to the sender's next timer for this message, µs; Infinity for none. A request's own has yet to be set. */
  private nextTimerUs(message: number, isRequest: boolean): number {
    const { queue, messages, clock } = this.world();
    const slot = messages.slotOf(message);
    const pendingUs = dueUs(queue, EVENT.timeout, EVENT.retry, slot) - clock.nowUs;
    return isRequest ? Math.min(pendingUs, this.plan.sender.ackTimeoutUs) : pendingUs;
  }

  /** From now until the entry held for this message expires, µs; Infinity for none. */
  private expiryUs(message: number): number {
    const { store, clock } = this.world();
    const expiryUs = store.anchorUs(message) + this.plan.store.windowUs - clock.nowUs;
    return Number.isNaN(expiryUs) ? Infinity : expiryUs;
  }
}
