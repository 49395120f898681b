/** Putting a packet on a link: its fate is asked for here, told, and turned into the event of its arrival. */
import { answerCopy, requestCopy } from '../core/packet-name.ts';
import { schedule, type Context } from '../engine/context.ts';
import { EVENT } from '../engine/event.ts';
import { FACT, PLACE } from '../core/fact.ts';
import { WORK, type Message } from '../engine/world.ts';
import { STREAM } from '../nature/choice.ts';
import { delayOf, outageLoss, type FateStreams, type LinkTerms } from '../network/link.ts';

const REQUEST: FateStreams = {
  lost: STREAM.requestLost,
  copied: STREAM.requestCopied,
  delay: STREAM.requestDelay,
};
const ACK: FateStreams = { lost: STREAM.ackLost, copied: STREAM.ackCopied, delay: STREAM.ackDelay };
const NACK: FateStreams = { lost: STREAM.nackLost, copied: STREAM.nackCopied, delay: STREAM.nackDelay };

/** Sends a request; `cause` is the row that says so. */
export function sendRequest(ctx: Context, message: Message, packet: number, cause: number): void {
  put(ctx, ctx.plan.request, REQUEST, EVENT.request, message, packet, cause);
}

/** Sends an ack or a nack; `cause` is the row that says so. */
export function sendAnswer(
  ctx: Context,
  isAck: boolean,
  message: Message,
  packet: number,
  cause: number,
): void {
  put(ctx, ctx.plan.answer, isAck ? ACK : NACK, isAck ? EVENT.answer : EVENT.nack, message, packet, cause);
}

function put(
  ctx: Context,
  link: LinkTerms,
  streams: FateStreams,
  kind: number,
  message: Message,
  packet: number,
  cause: number,
): void {
  if (!carry(ctx, link, streams, kind, message, packet, cause, false)) return;
  if (!(kind === EVENT.request ? ctx.mayCopyRequests : ctx.mayCopyAnswers)) return;
  if (!ctx.nature.chance(streams.copied, message.id, packet, link.duplicate)) return;
  const copy = kind === EVENT.request ? requestCopy(packet) : answerCopy(packet);
  const place = kind === EVENT.request ? PLACE.requestLink : PLACE.answerLink;
  const row = ctx.listener.tell(FACT.copy, message.id, place, 0, copy, cause);
  carry(ctx, link, streams, kind, message, copy, row, true);
}

/** Carries one copy; false when it is lost. */
function carry(
  ctx: Context,
  link: LinkTerms,
  streams: FateStreams,
  kind: number,
  message: Message,
  packet: number,
  cause: number,
  isCopy: boolean,
): boolean {
  const { clock, nature, listener, lastArrivalUs } = ctx;
  const way = kind === EVENT.request ? 0 : 1;
  let delayUs = delayOf(link, nature, streams, message.id, packet, isCopy);
  if (link.outages.length > 0) delayUs = outageLoss(link, clock.nowUs, delayUs);
  if (delayUs < 0) {
    listener.tell(
      FACT.lost,
      message.id,
      way === 0 ? PLACE.requestLink : PLACE.answerLink,
      -delayUs - 1,
      packet,
      cause,
    );
    return false;
  }
  if (link.fifo) {
    const arrivalUs = Math.max(clock.nowUs + delayUs, lastArrivalUs[way]);
    lastArrivalUs[way] = arrivalUs;
    delayUs = arrivalUs - clock.nowUs;
  }
  schedule(ctx, delayUs, kind, message.slot, packet, cause);
  message.holds += WORK;
  return true;
}
