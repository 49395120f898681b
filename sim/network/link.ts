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
}

/** The streams of one kind of packet on one link. */
export interface FateStreams {
  readonly lost: number;
  readonly copied: number;
  readonly delay: number;
}

/** `arrivalOf` answers a time ≥ 0, or one of these. Their negatives less one index LOSS_REASONS. */
export const LOST_BY_CHANCE = -1;
export const LOST_IN_OUTAGE = -2;
export const CUT_IN_FLIGHT = -3;

/**
 * When the packet called `name`, sent at `nowUs`, arrives, or why it does not. The network's own copies are lost
 * only when told so: a packet that survived has copies that survive (theory 2.3).
 */
export function arrivalOf(
  link: LinkTerms,
  nature: FateSource,
  streams: FateStreams,
  message: number,
  name: number,
  isCopy: boolean,
  nowUs: number,
): number {
  const lost = nature.chance(streams.lost, message, name, isCopy ? 0 : link.loss);
  if (link.outages.length > 0 && stretchAt(link.outages, nowUs) !== undefined) return LOST_IN_OUTAGE;
  if (lost) return LOST_BY_CHANCE;
  const arrivalUs = nowUs + nature.value(streams.delay, message, name, link.delay);
  if (link.outages.length > 0 && stretchBeginningIn(link.outages, nowUs, arrivalUs, cuts) !== undefined)
    return CUT_IN_FLIGHT;
  return arrivalUs;
}

function cuts(outage: { readonly cutsInFlight: boolean }): boolean {
  return outage.cutsInFlight;
}
