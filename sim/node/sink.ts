/** The sink: where the business effect lands. */
import type { Context } from '../engine/context.ts';

/** Runs the effect of the message in `slot`; whether the sink's state changed. A repeated set changes nothing. */
export function applyEffect(ctx: Context, slot: number): boolean {
  const { messages } = ctx.world;
  const changes = !ctx.plan.sinkSets || messages.applied[slot] === 0;
  messages.applied[slot] = 1;
  return changes;
}
