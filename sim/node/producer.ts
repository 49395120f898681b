/** The producer: new work arrives, one message at a time, and is handed to the sender end. */
import { schedule, type Context } from '../engine/context.ts';
import { EVENT } from '../engine/event.ts';
import { FACT, PLACE } from '../core/fact.ts';
import { STREAM } from '../nature/choice.ts';
import { sendAttempt } from './sender.ts';

/** Schedules the first arrival of a run. */
export function startArrivals(ctx: Context): void {
  const { messages, firstArrivalUs, gapFirst } = ctx.plan.sender;
  if (messages === 0) return;
  schedule(ctx, firstArrivalUs + (gapFirst ? gapBefore(ctx, 1) : 0), EVENT.arrival, 1, 0, -1);
}

/** Message `message` arrives. */
export function onArrival(ctx: Context, message: number): void {
  const { sender } = ctx.plan;
  const slot = ctx.world.messages.add(message);
  const row = ctx.listener.tell(FACT.arrive, message, PLACE.sender, 0, 0, -1);
  sendAttempt(ctx, slot, row);
  if (message < sender.messages) {
    const gapUs = message % sender.burst === 0 ? gapBefore(ctx, message + 1) : 0;
    schedule(ctx, gapUs, EVENT.arrival, message + 1, 0, -1);
  }
}

function gapBefore(ctx: Context, message: number): number {
  return ctx.nature.value(STREAM.gap, message, 0, ctx.plan.sender.gap);
}
