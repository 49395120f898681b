/**
 * What may be changed about one packet: its fates by the names nature gives them. Conditions (an outage, a receiver
 * that is down) belong to a place and a time, not to a packet, and are not offered here.
 */
import { FACT, LOSS_REASONS } from '../../sim/core/fact.ts';
import { answerCopyOf, ordinalOf, requestCopyOf } from '../../sim/core/packet-name.ts';
import { choiceName, STREAM, streamsOfHop } from '../../sim/nature/choice.ts';
import type { Trace } from '../../sim/trace/columns.ts';

export type PacketKind = 'request' | 'ack' | 'nack';

export interface PacketFate {
  /** The row that put the packet on its link. */
  readonly row: number;
  readonly kind: PacketKind;
  readonly message: number;
  readonly attempt: number;
  /** Whether it is a copy made by the network. */
  readonly isCopy: boolean;
  readonly sentUs: number;
  /** µs on the way; null when it never arrived. */
  readonly delayUs: number | null;
  readonly lostTo: (typeof LOSS_REASONS)[number] | null;
  readonly wasCopied: boolean;
  /** Names of the choices that make its fate. */
  readonly names: { readonly lost: string; readonly copied: string; readonly delay: string };
}

const STREAMS_OF: Readonly<Record<PacketKind, { lost: number; copied: number; delay: number }>> = {
  request: { lost: STREAM.requestLost, copied: STREAM.requestCopied, delay: STREAM.requestDelay },
  ack: { lost: STREAM.ackLost, copied: STREAM.ackCopied, delay: STREAM.ackDelay },
  nack: { lost: STREAM.nackLost, copied: STREAM.nackCopied, delay: STREAM.nackDelay },
};

/** The fate of the packet that `row` is about; null when it is about none. */
export function fateOf(trace: Trace, row: number, producerId: string, consumerId: string): PacketFate | null {
  const sent = sendingRow(trace, row);
  if (sent === null) return null;
  const kind = kindOf(trace, sent);
  const streams = streamsOfHop(producerId, consumerId);
  const message = trace.message[sent];
  const packet = trace.packet[sent];
  const name = (stream: number): string => choiceName(streams[stream], message, packet);
  const { lost, copied, delay } = STREAMS_OF[kind];
  const after = whatBecameOf(trace, sent);
  return {
    row: sent,
    kind,
    message,
    attempt: ordinalOf(packet),
    isCopy: kind === 'request' ? requestCopyOf(packet) > 0 : answerCopyOf(packet) > 0,
    sentUs: trace.timeUs[sent],
    ...after,
    names: { lost: name(lost), copied: name(copied), delay: name(delay) },
  };
}

/** The row that made the packet: from any later row of it, up the cause column. */
function sendingRow(trace: Trace, row: number): number | null {
  const carried: readonly number[] = [
    ...[FACT.lost, FACT.deliver, FACT.turnedAway, FACT.confirm, FACT.reject, FACT.late, FACT.stale],
  ];
  const makers: readonly number[] = [FACT.send, FACT.copy, FACT.answer, FACT.nack];
  let at = row;
  if (carried.includes(trace.kind[at])) at = trace.cause[at];
  return at >= 0 && makers.includes(trace.kind[at]) ? at : null;
}

function kindOf(trace: Trace, row: number): PacketKind {
  let at = row;
  while (trace.kind[at] === FACT.copy) at = trace.cause[at];
  if (trace.kind[at] === FACT.answer) return 'ack';
  return trace.kind[at] === FACT.nack ? 'nack' : 'request';
}

function whatBecameOf(trace: Trace, sent: number): Pick<PacketFate, 'delayUs' | 'lostTo' | 'wasCopied'> {
  const arrivals: readonly number[] = [
    ...[FACT.deliver, FACT.turnedAway, FACT.confirm, FACT.reject, FACT.late, FACT.stale],
  ];
  let delayUs: number | null = null;
  let lostTo: PacketFate['lostTo'] = null;
  let wasCopied = false;
  for (let row = sent + 1; row < trace.rowCount; row++) {
    if (trace.cause[row] !== sent) continue;
    const kind = trace.kind[row];
    if (kind === FACT.lost) lostTo = LOSS_REASONS[trace.detail[row]];
    else if (kind === FACT.copy) wasCopied = true;
    else if (arrivals.includes(kind)) delayUs ??= trace.timeUs[row] - trace.timeUs[sent];
  }
  return { delayUs, lostTo, wasCopied };
}
