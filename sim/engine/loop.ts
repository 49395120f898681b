/** The loop: pops the next event, moves the clock, hands the event to its node; stops when nothing is left or a limit is met. */
import type { Nature } from '../nature/nature.ts';
import { onArrival, startArrivals } from '../node/producer.ts';
import { onRequest, onRestart, onStep } from '../node/receiver.ts';
import { onAnswer, onRefusal, onRetry, onTimeout } from '../node/sender.ts';
import type { Ended } from '../observe/result.ts';
import type { Plan } from '../scenario/plan.ts';
import { contextOf, release, type Context } from './context.ts';
import { EVENT } from './event.ts';
import { waits } from './instant.ts';
import type { Listener } from '../core/fact.ts';
import { WORK, type World } from './world.ts';

/** A listener that also counts its rows, so that they can be limited. */
export interface CountingListener extends Listener {
  readonly rowCount: number;
}

export class Loop {
  readonly world: World;
  /** What ended the run; `null` while it goes on. */
  ended: Ended | null = null;
  /** Events popped. */
  events = 0;

  private readonly ctx: Context;
  private readonly listener: CountingListener;

  /** @param world an empty world, or one that was decoded: then the run goes on from there */
  constructor(plan: Plan, world: World, nature: Nature, listener: CountingListener) {
    this.world = world;
    this.listener = listener;
    listener.follow(world.clock, world.messages);
    world.queue.untilUs = plan.limits.time;
    this.ctx = contextOf(plan, world, nature, listener);
    this.begin();
  }

  /** Goes on as if nothing had ended or been counted: the world was put into another situation, or emptied. */
  resume(): void {
    this.ended = null;
    this.events = 0;
    this.begin();
  }

  /** Handles up to `count` more events; true when the run has ended. */
  advance(count: number): boolean {
    const { world, listener, ctx } = this;
    const { queue } = world;
    const { limits } = ctx.plan;
    const { rows: mostRows, queue: longestQueue } = limits;
    const { waiting } = world.receiver;
    const until = Math.min(this.events + count, limits.events);
    while (this.ended === null && this.events < until) {
      const slot = queue.pop();
      if (slot < 0) {
        this.ended = queue.size === 0 ? 'done' : 'time';
        if (this.ended === 'time') world.clock.nowUs = limits.time;
        break;
      }
      if (ctx.mayWait && waits(ctx, slot)) continue;
      this.events++;
      this.handle(slot);
      if (listener.rowCount >= mostRows && queue.size > 0) this.ended = 'rows';
      else if (waiting.size > longestQueue) this.ended = 'queue';
    }
    if (this.ended === null && queue.size === 0) this.ended = 'done';
    if (this.ended === null && this.events >= limits.events) this.ended = 'events';
    return this.ended !== null;
  }

  /** Handles a pending event now, out of its turn; the caller takes it off the list. For an exploration of every order. */
  take(slot: number): void {
    this.events++;
    this.handle(slot);
  }

  /** A request is gone, as one that waits is when the process dies; the caller takes it off the list. For an exploration of every order. */
  lose(slot: number): void {
    const { ctx } = this;
    release(ctx, ctx.messages.at(ctx.queue.subject(slot)), WORK);
  }

  private begin(): void {
    if (!this.world.started) startArrivals(this.ctx);
    this.world.started = true;
  }

  private handle(slot: number): void {
    const { ctx } = this;
    const { queue, messages, jobs } = ctx;
    const subject = queue.subject(slot);
    const packet = queue.packet(slot);
    const cause = queue.cause(slot);
    switch (queue.kind(slot)) {
      case EVENT.answer:
        return onAnswer(ctx, messages.at(subject), packet, cause);
      case EVENT.nack:
        return onRefusal(ctx, messages.at(subject), packet, cause);
      case EVENT.request:
      case EVENT.heldRequest:
        return onRequest(ctx, messages.at(subject), packet, cause);
      case EVENT.step:
      case EVENT.heldStep:
        return onStep(ctx, jobs.at(subject));
      case EVENT.restart:
      case EVENT.heldRestart:
        return onRestart(ctx, cause);
      case EVENT.timeout:
        return onTimeout(ctx, messages.at(subject), packet, cause);
      case EVENT.retry:
        return onRetry(ctx, messages.at(subject), cause);
      default:
        return onArrival(ctx, subject);
    }
  }
}
