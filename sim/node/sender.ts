/**
 * The sender end: attempts, ack timeouts, retries, and what the sender comes to believe. It knows only what it has
 * sent and what has answered.
 */
import { ordinalOf, packetName } from '../core/packet-name.ts';
import { release, schedule, type Context } from '../engine/context.ts';
import { EVENT } from '../engine/event.ts';
import { FACT, PLACE } from '../core/fact.ts';
import { NO_TIMER, WORK, type Message } from '../engine/world.ts';
import { STREAM } from '../nature/choice.ts';
import { longestWaitUs, shortestWaitUs } from '../policy/retry.ts';
import { MEANS, onAck, onNack, STATUS, whenExhausted } from '../protocol/retry-until-answered.ts';
import { sendRequest } from './transmit.ts';

/** Makes the next attempt. */
export function sendAttempt(ctx: Context, message: Message, cause: number): void {
  const { nowUs } = ctx.clock;
  const { ackTimeoutUs, retry } = ctx.sending;
  const attempt = ++message.attempts;
  const packet = packetName(++message.ordinal);
  message.outstanding++;
  if (attempt === 1) {
    message.firstSentUs = nowUs;
    message.lastWaitUs = retry.delayUs;
  }
  const row = ctx.listener.tell(FACT.send, message, PLACE.sender, 0, packet, cause);
  sendRequest(ctx, message, packet, row);
  if (ackTimeoutUs === Infinity) {
    // No timer ever tells attempts apart: refusals of the latest 32 are known one by one.
    if (attempt > 32) {
      message.timedOutThrough++;
      message.refusedBits >>>= 1;
    }
  } else {
    message.timer = schedule(ctx, ackTimeoutUs, EVENT.timeout, message.slot, packet, row);
    message.holds++;
  }
  if (retry.countFromSend) scheduleRetry(ctx, message, row);
  if (message.holds === 0) leave(ctx, message);
}

/** No answer in time: unknown. */
export function onTimeout(ctx: Context, message: Message, packet: number, cause: number): void {
  if (ordinalOf(packet) === message.attempts) message.timer = NO_TIMER;
  if (message.status === STATUS.trying) {
    const refused = (message.refusedBits & 1) === 1;
    message.timedOutThrough = ordinalOf(packet);
    message.refusedBits >>>= 1;
    if (!refused) {
      const row = ctx.listener.tell(FACT.timeout, message, PLACE.sender, 0, packet, cause);
      onFailure(ctx, message, packet, row);
    }
  }
  release(ctx, message, 1);
}

/** The wait before the next attempt is over. */
export function onRetry(ctx: Context, message: Message, cause: number): void {
  message.retryPending = 0;
  if (message.status === STATUS.trying) sendAttempt(ctx, message, cause);
  release(ctx, message, 1);
}

/** An ack arrives. */
export function onAnswer(ctx: Context, message: Message, packet: number, cause: number): void {
  const { acceptLate, ackTimeoutUs } = ctx.sending;
  const abandoned = !acceptLate && ackTimeoutUs < Infinity && ordinalOf(packet) <= message.timedOutThrough;
  const means = onAck(message.status, abandoned);
  if (means === MEANS.accept) {
    message.status = STATUS.confirmed;
    cancelTimer(ctx, message);
    ctx.listener.tell(FACT.confirm, message, PLACE.sender, 0, packet, cause);
  } else {
    ctx.listener.tell(means === MEANS.late ? FACT.late : FACT.stale, message, PLACE.sender, 0, packet, cause);
  }
  release(ctx, message, WORK);
}

/** A nack arrives: this attempt was not applied. */
export function onRefusal(ctx: Context, message: Message, packet: number, cause: number): void {
  const index = ordinalOf(packet) - message.timedOutThrough - 1;
  const known = index < 0 || index >= 32 || ((message.refusedBits >>> index) & 1) === 1;
  const means = onNack(message.status, known);
  if (means === MEANS.accept) {
    message.refusedBits |= 1 << index;
    message.refusals++;
    const row = ctx.listener.tell(FACT.reject, message, PLACE.sender, 0, packet, cause);
    onFailure(ctx, message, packet, row);
  } else {
    ctx.listener.tell(means === MEANS.late ? FACT.late : FACT.stale, message, PLACE.sender, 1, packet, cause);
  }
  release(ctx, message, WORK);
}

/** An attempt is over without an ack: schedule the next one, or settle when none is left. */
function onFailure(ctx: Context, message: Message, packet: number, cause: number): void {
  message.outstanding--;
  if (!ctx.sending.retry.countFromSend && ordinalOf(packet) === message.attempts)
    scheduleRetry(ctx, message, cause);
  if (message.retryPending === 0 && message.outstanding === 0) settleExhausted(ctx, message, packet, cause);
}

/** Schedules the next attempt, unless attempts or horizon are used up. */
function scheduleRetry(ctx: Context, message: Message, cause: number): void {
  const { nowUs } = ctx.clock;
  const { retry } = ctx.sending;
  const attempt = message.attempts;
  if (attempt >= retry.maxAttempts) return;
  const waitUs = waitAfter(ctx, message, attempt);
  if (nowUs + waitUs - message.firstSentUs > retry.horizonUs) return;
  message.lastWaitUs = waitUs;
  message.retryPending = 1;
  message.holds++;
  schedule(ctx, waitUs, EVENT.retry, message.slot, packetName(attempt + 1), cause);
}

function waitAfter(ctx: Context, message: Message, attempt: number): number {
  const { retry } = ctx.sending;
  const shortest = shortestWaitUs(retry, attempt);
  if (retry.jitter === 'none') return shortest;
  const longest = longestWaitUs(retry, attempt, message.lastWaitUs);
  const drawn = ctx.nature.between(STREAM.wait, message.id, packetName(attempt), shortest, longest);
  return retry.jitter === 'decorrelated' ? Math.min(drawn, retry.capUs) : drawn;
}

function settleExhausted(ctx: Context, message: Message, packet: number, cause: number): void {
  const status = whenExhausted(message.attempts, message.refusals);
  message.status = status;
  cancelTimer(ctx, message);
  const row = ctx.listener.tell(
    status === STATUS.refused ? FACT.refuse : FACT.giveUp,
    message,
    PLACE.sender,
    0,
    packet,
    cause,
  );
  if (ctx.sending.deadLetter) ctx.listener.tell(FACT.deadLetter, message, PLACE.sender, 0, packet, row);
}

/** The sender is done with the message: its latest attempt is waited for no longer. */
function cancelTimer(ctx: Context, message: Message): void {
  if (message.timer === NO_TIMER) return;
  ctx.queue.cancelTimer(message.timer);
  message.timer = NO_TIMER;
  message.holds--;
}

/** Nothing holds the message any more, not even a packet: a sender that never looks back is done with it. */
function leave(ctx: Context, message: Message): void {
  message.holds++;
  release(ctx, message, 1);
}
