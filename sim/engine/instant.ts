/**
 * Events of one instant at different nodes, in the other order. Left alone, ranks decide (event.ts): what the receiver
 * does at an instant comes before timers and new work of the sender, but for what those bring about. Nature may let an
 * event at the receiver wait; then the sender goes first for the rest of that instant. Each node keeps its own order.
 *
 * It matters only where a packet can take no time: otherwise the two orders lead to the same world.
 */
import { STREAM } from '../nature/choice.ts';
import { schedule, type Context } from './context.ts';
import { EVENT, RANK } from './event.ts';
import { JOB } from './world.ts';

/** Puts a popped event back, behind all that the sender has to do at this instant, if it waits; whether it does. */
export function waits(ctx: Context, slot: number): boolean {
  const { queue, receiver, clock } = ctx;
  const kind = queue.kind(slot);
  if (kind < EVENT.request || kind > EVENT.restart) return false;
  if (receiver.waitedUs !== clock.nowUs) {
    if (!queue.isDue(RANK[EVENT.timeout], RANK[EVENT.arrival]) || !isToldToWait(ctx, slot, kind))
      return false;
    receiver.waitedUs = clock.nowUs;
  }
  const held = kind + EVENT.heldRequest - EVENT.request;
  schedule(ctx, 0, held, queue.subject(slot), queue.packet(slot), queue.cause(slot));
  return true;
}

function isToldToWait(ctx: Context, slot: number, kind: number): boolean {
  const { queue, nature, receiver } = ctx;
  const subject = queue.subject(slot);
  if (kind === EVENT.restart) return nature.chance(STREAM.restartWaits, receiver.crashes, 0, 0);
  if (kind === EVENT.request)
    return nature.chance(STREAM.requestWaits, ctx.messages.at(subject).id, queue.packet(slot), 0);
  const { message, packet, state, group } = ctx.jobs.at(subject);
  if (state === JOB.dead) return false;
  const { check, effect, mark } = ctx.groups[group];
  const step = state === JOB.beginning ? 0 : check ? 1 : effect ? 2 : mark ? 3 : 4; // of CRASH_POINTS
  return nature.chance(STREAM.stepWaits + step, message.id, packet, 0);
}
