/** The sink: where the business effect lands. */
import type { Context } from '../engine/context.ts';
import type { Message } from '../engine/world.ts';

/** Runs the effect of a message; whether the sink's state changed. A repeated set changes nothing. */
export function applyEffect(ctx: Context, message: Message): boolean {
  const changes = !ctx.plan.sinkSets || message.applied === 0;
  message.applied = 1;
  return changes;
}
