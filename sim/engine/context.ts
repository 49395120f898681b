/** What a node may touch while it handles an event: its world, its plan, nature, and the one it tells facts to. */
import type { StepGroup } from '../dedup/steps.ts';
import type { Nature } from '../nature/nature.ts';
import type { Plan } from '../scenario/plan.ts';
import type { Listener } from '../core/fact.ts';
import { RANK } from './event.ts';
import { WORK, type Message, type World } from './world.ts';

export interface Context {
  readonly plan: Plan;
  readonly groups: readonly StepGroup[];
  readonly world: World;
  readonly nature: Nature;
  readonly listener: Listener;
}

/** Puts an event on the list, `inUs` µs from now. */
export function schedule(
  ctx: Context,
  inUs: number,
  kind: number,
  subject: number,
  packet: number,
  cause: number,
): void {
  ctx.world.queue.push(inUs, RANK[kind], kind, subject, packet, cause);
}

/** `schedule` for a timer that always runs equally long; answers its slot, by which it can be cancelled. */
export function scheduleTimer(
  ctx: Context,
  inUs: number,
  kind: number,
  subject: number,
  packet: number,
  cause: number,
): number {
  return ctx.world.queue.pushTimer(inUs, RANK[kind], kind, subject, packet, cause);
}

/** Something that referred to a message is over: `amount` is WORK for a packet or a delivery, 1 for a timer. */
export function release(ctx: Context, message: Message, amount: number): void {
  const holds = (message.holds -= amount);
  if (holds >= WORK) return;
  if (message.concluded === 0 && (message.status !== 0 || holds === 0)) {
    message.concluded = 1;
    ctx.listener.conclude(message.id);
  }
  if (holds === 0) ctx.world.messages.remove(message);
}
