/**
 * The sender end: attempts, ack timeouts, retries, and what the sender comes to believe. It knows only what it has
 * sent and what has answered.
 */
import { ordinalOf, packetName } from '../core/packet-name.ts';
import { release, schedule, type Context } from '../engine/context.ts';
import { EVENT } from '../engine/event.ts';
import { FACT, PLACE } from '../core/fact.ts';
import { WORK } from '../engine/world.ts';
import { STREAM } from '../nature/choice.ts';
import { longestWaitUs, shortestWaitUs } from '../policy/retry.ts';
import { MEANS, onAck, onNack, STATUS, whenExhausted } from '../protocol/retry-until-answered.ts';
import { sendRequest } from './transmit.ts';

/** Makes the next attempt. */
export function sendAttempt(ctx: Context, slot: number, cause: number): void {
  const { messages, nowUs } = ctx.world;
  const { ackTimeoutUs, retry } = ctx.plan.sender;
  const attempt = ++messages.attempts[slot];
  const packet = packetName(++messages.ordinal[slot]);
  messages.outstanding[slot]++;
  if (attempt === 1) {
    messages.firstSentUs[slot] = nowUs;
    messages.lastWaitUs[slot] = retry.delayUs;
  }
  const row = ctx.listener.tell(FACT.send, messages.id[slot], PLACE.sender, 0, packet, cause);
  sendRequest(ctx, slot, packet, row);
  if (ackTimeoutUs === Infinity) {
    messages.timedOutThrough[slot] = attempt - 1; // no timer tells attempts apart: only the latest is waited for
    messages.refusedBits[slot] = 0;
  } else {
    schedule(ctx, ackTimeoutUs, EVENT.timeout, slot, packet, row);
    messages.holds[slot]++;
  }
  if (retry.countFromSend) scheduleRetry(ctx, slot, row);
  if (messages.holds[slot] === 0) leave(ctx, slot);
}

/** No answer in time: unknown. */
export function onTimeout(ctx: Context, slot: number, packet: number, cause: number): void {
  const { messages } = ctx.world;
  if (messages.status[slot] === STATUS.trying) {
    const refused = (messages.refusedBits[slot] & 1) === 1;
    messages.timedOutThrough[slot] = ordinalOf(packet);
    messages.refusedBits[slot] >>>= 1;
    if (!refused) {
      const row = ctx.listener.tell(FACT.timeout, messages.id[slot], PLACE.sender, 0, packet, cause);
      onFailure(ctx, slot, packet, row);
    }
  }
  release(ctx, slot, 1);
}

/** The wait before the next attempt is over. */
export function onRetry(ctx: Context, slot: number, cause: number): void {
  const { messages } = ctx.world;
  messages.retryPending[slot] = 0;
  if (messages.status[slot] === STATUS.trying) sendAttempt(ctx, slot, cause);
  release(ctx, slot, 1);
}

/** An ack arrives. */
export function onAnswer(ctx: Context, slot: number, packet: number, cause: number): void {
  const { messages } = ctx.world;
  const abandoned = !ctx.plan.sender.acceptLate && ordinalOf(packet) <= messages.timedOutThrough[slot];
  const means = onAck(messages.status[slot], abandoned);
  if (means === MEANS.accept) {
    messages.status[slot] = STATUS.confirmed;
    ctx.listener.tell(FACT.confirm, messages.id[slot], PLACE.sender, 0, packet, cause);
  } else {
    ctx.listener.tell(
      means === MEANS.late ? FACT.late : FACT.stale,
      messages.id[slot],
      PLACE.sender,
      0,
      packet,
      cause,
    );
  }
  release(ctx, slot, WORK);
}

/** A nack arrives: this attempt was not applied. */
export function onRefusal(ctx: Context, slot: number, packet: number, cause: number): void {
  const { messages } = ctx.world;
  const index = ordinalOf(packet) - messages.timedOutThrough[slot] - 1;
  const known = index < 0 || index >= 32 || ((messages.refusedBits[slot] >>> index) & 1) === 1;
  const means = onNack(messages.status[slot], known);
  if (means === MEANS.accept) {
    messages.refusedBits[slot] |= 1 << index;
    messages.refusals[slot]++;
    const row = ctx.listener.tell(FACT.reject, messages.id[slot], PLACE.sender, 0, packet, cause);
    onFailure(ctx, slot, packet, row);
  } else {
    ctx.listener.tell(
      means === MEANS.late ? FACT.late : FACT.stale,
      messages.id[slot],
      PLACE.sender,
      1,
      packet,
      cause,
    );
  }
  release(ctx, slot, WORK);
}

/** An attempt is over without an ack: schedule the next one, or settle when none is left. */
function onFailure(ctx: Context, slot: number, packet: number, cause: number): void {
  const { messages } = ctx.world;
  messages.outstanding[slot]--;
  if (!ctx.plan.sender.retry.countFromSend && ordinalOf(packet) === messages.attempts[slot])
    scheduleRetry(ctx, slot, cause);
  if (messages.retryPending[slot] === 0 && messages.outstanding[slot] === 0)
    settleExhausted(ctx, slot, packet, cause);
}

/** Schedules the next attempt, unless attempts or horizon are used up. */
function scheduleRetry(ctx: Context, slot: number, cause: number): void {
  const { messages, nowUs } = ctx.world;
  const { retry } = ctx.plan.sender;
  const attempt = messages.attempts[slot];
  if (attempt >= retry.maxAttempts) return;
  const waitUs = waitAfter(ctx, slot, attempt);
  if (nowUs + waitUs - messages.firstSentUs[slot] > retry.horizonUs) return;
  messages.lastWaitUs[slot] = waitUs;
  messages.retryPending[slot] = 1;
  messages.holds[slot]++;
  schedule(ctx, waitUs, EVENT.retry, slot, packetName(attempt + 1), cause);
}

function waitAfter(ctx: Context, slot: number, attempt: number): number {
  const { messages } = ctx.world;
  const { retry } = ctx.plan.sender;
  const shortest = shortestWaitUs(retry, attempt);
  if (retry.jitter === 'none') return shortest;
  const longest = longestWaitUs(retry, attempt, messages.lastWaitUs[slot]);
  const drawn = ctx.nature.between(STREAM.wait, messages.id[slot], packetName(attempt), shortest, longest);
  return retry.jitter === 'decorrelated' ? Math.min(drawn, retry.capUs) : drawn;
}

function settleExhausted(ctx: Context, slot: number, packet: number, cause: number): void {
  const { messages } = ctx.world;
  const message = messages.id[slot];
  const status = whenExhausted(messages.attempts[slot], messages.refusals[slot]);
  messages.status[slot] = status;
  const row = ctx.listener.tell(
    status === STATUS.refused ? FACT.refuse : FACT.giveUp,
    message,
    PLACE.sender,
    0,
    packet,
    cause,
  );
  if (ctx.plan.sender.deadLetter) ctx.listener.tell(FACT.deadLetter, message, PLACE.sender, 0, packet, row);
}

/** Nothing holds the message any more, not even a packet: a sender that never looks back is done with it. */
function leave(ctx: Context, slot: number): void {
  ctx.world.messages.holds[slot]++;
  release(ctx, slot, 1);
}
