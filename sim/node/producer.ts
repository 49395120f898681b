/** The producer: new work arrives, one message at a time, and is handed to the sender end. */
import { schedule, type Context } from '../engine/context.ts';
import { EVENT } from '../engine/event.ts';
import { FACT, PLACE } from '../core/fact.ts';
import { STREAM } from '../nature/choice.ts';
import { sendAttempt } from './sender.ts';

/** Schedules the first arrival of a run. */
export function startArrivals(ctx: Context): void {
  const { messages, firstArrivalUs, gapFirst } = ctx.sending;
  if (messages === 0) return;
  schedule(ctx, firstArrivalUs + (gapFirst ? gapBefore(ctx, 1) : 0), EVENT.arrival, 1, 0, -1);
}

/** Message `id` arrives. */
export function onArrival(ctx: Context, id: number): void {
  const { sender } = ctx.plan;
  const message = ctx.messages.add(id);
  const row = ctx.listener.tell(FACT.arrive, message, PLACE.sender, 0, 0, -1);
  sendAttempt(ctx, message, row);
  if (id < sender.messages) {
    const gapUs = id % sender.burst === 0 ? gapBefore(ctx, id + 1) : 0;
    schedule(ctx, gapUs, EVENT.arrival, id + 1, 0, -1);
  }
}

function gapBefore(ctx: Context, id: number): number {
  return ctx.nature.value(STREAM.gap, id, 0, ctx.sending.gap);
}
