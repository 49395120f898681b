/**
 * A link decides everything about a packet when it is sent: whether it is lost, whether there is a second copy, and
 * when each arrives. Fates (loss, copy, delay) belong to the packet's name; outages belong to the place and time.
 */
import type { Distribution } from '../core/distributions.ts';
import { stretchAt, stretchBeginningIn, type Stretch } from './conditions.ts';

export interface LinkTerms {
  readonly loss: number;
  readonly delay: Distribution;
  readonly fifo: boolean;
  readonly duplicate: number;
  readonly outages: readonly (Stretch & { readonly cutsInFlight: boolean })[];
}

/** What a link asks of nature. */
export interface FateSource {
  chance(stream: number, message: number, packet: number, probability: number): boolean;
  value(stream: number, message: number, packet: number, distribution: Distribution): number;
  /**
   * Both in one, for a source that has them together: whether the packet is lost (`LOST_BY_CHANCE`), else its delay.
   * Answers what `chance` and `value` would.
   */
  fate?(streams: FateStreams, message: number, packet: number, loss: number, delay: Distribution): number;
}

/** The streams of one kind of packet on one link. */
export interface FateStreams {
  readonly lost: number;
  readonly copied: number;
  readonly delay: number;
}

/** `delayOf` and `outageLoss` answer these for a packet that is lost; −1 less the number indexes LOSS_REASONS. */
export const LOST_BY_CHANCE = -1;
export const LOST_IN_OUTAGE = -2;
export const CUT_IN_FLIGHT = -3;

/**
 * How long the packet called `name` is under way, µs, or LOST_BY_CHANCE. The network's own copies are lost only when
 * told so: a packet that survived has copies that survive (theory 2.3).
 */
export function delayOf(
  link: LinkTerms,
  nature: FateSource,
  streams: FateStreams,
  message: number,
  name: number,
  isCopy: boolean,
): number {
  const loss = isCopy ? 0 : link.loss;
  if (nature.fate !== undefined) return nature.fate(streams, message, name, loss, link.delay);
  if (nature.chance(streams.lost, message, name, loss)) return LOST_BY_CHANCE;
  return nature.value(streams.delay, message, name, link.delay);
}

/** What the link's outages do to a packet sent at `nowUs` with the fate `delayUs`: that same fate, or another loss. */
export function outageLoss(link: LinkTerms, nowUs: number, delayUs: number): number {
  if (stretchAt(link.outages, nowUs) !== undefined) return LOST_IN_OUTAGE;
  if (delayUs < 0) return delayUs;
  return stretchBeginningIn(link.outages, nowUs, nowUs + delayUs, cuts) === undefined
    ? delayUs
    : CUT_IN_FLIGHT;
}

function cuts(outage: { readonly cutsInFlight: boolean }): boolean {
  return outage.cutsInFlight;
}
