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
  const delayUs = delayOf(link, ctx.nature, streams, message.id, packet, false);
  if (!carry(ctx, link, kind, message, packet, cause, delayUs)) return;
  if (kind === EVENT.request ? ctx.mayCopyRequests : ctx.mayCopyAnswers)
    copy(ctx, link, streams, kind, message, packet, cause);
}

/** The network's own copy. It is lost only when told so: a packet that survived has copies that survive (theory 2.3). */
function copy(
  ctx: Context,
  link: LinkTerms,
  streams: FateStreams,
  kind: number,
  message: Message,
  packet: number,
  cause: number,
): void {
  const { nature, listener } = ctx;
  if (!nature.chance(streams.copied, message.id, packet, link.duplicate)) return;
  const isRequest = kind === EVENT.request;
  const name = isRequest ? requestCopy(packet) : answerCopy(packet);
  const row = listener.tell(
    FACT.copy,
    message,
    isRequest ? PLACE.requestLink : PLACE.answerLink,
    0,
    name,
    cause,
  );
  const delayUs = delayOf(link, nature, streams, message.id, name, true);
  carry(ctx, link, kind, message, name, row, delayUs);
}

/** Carries one packet whose own fate is `delayUs` (or a loss); false when it is lost. */
function carry(
  ctx: Context,
  link: LinkTerms,
  kind: number,
  message: Message,
  packet: number,
  cause: number,
  fateUs: number,
): boolean {
  const way = kind === EVENT.request ? 0 : 1;
  let delayUs = link.outages.length > 0 ? outageLoss(link, ctx.clock.nowUs, fateUs) : fateUs;
  if (delayUs < 0) {
    const place = way === 0 ? PLACE.requestLink : PLACE.answerLink;
    ctx.listener.tell(FACT.lost, message, place, -delayUs - 1, packet, cause);
    return false;
  }
  if (link.fifo) {
    const { clock, lastArrivalUs } = ctx;
    const arrivalUs = Math.max(clock.nowUs + delayUs, lastArrivalUs[way]);
    lastArrivalUs[way] = arrivalUs;
    delayUs = arrivalUs - clock.nowUs;
  }
  schedule(ctx, delayUs, kind, message.slot, packet, cause);
  message.holds += WORK;
  return true;
}
