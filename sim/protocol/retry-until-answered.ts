/**
 * Retry until answered, the sender's side: what an answer or a timeout means to a message in a given state. Pure
 * decisions on small numbers; node/sender.ts carries them out.
 */

/** Where the sender stands with a message. */
export const STATUS = { trying: 0, confirmed: 1, refused: 2, gaveUp: 3 } as const;

/** What an answer means. */
export const MEANS = {
  /** Accept it. */
  accept: 0,
  /** It came after the sender gave up. */
  late: 1,
  /** It can change nothing: already settled, already answered, or its attempt was abandoned. */
  stale: 2,
} as const;

/** What an ack for an attempt means; `abandoned`: its timeout has passed and late replies are ignored. */
export function onAck(status: number, abandoned: boolean): number {
  if (status === STATUS.trying) return abandoned ? MEANS.stale : MEANS.accept;
  return status === STATUS.confirmed ? MEANS.stale : MEANS.late;
}

/** What a nack means; `known`: this attempt has timed out or been refused before. */
export function onNack(status: number, known: boolean): number {
  if (status === STATUS.trying) return known ? MEANS.stale : MEANS.accept;
  return status === STATUS.confirmed ? MEANS.stale : MEANS.late;
}

/** What the sender believes when nothing is outstanding and no retry is left: refused only if every attempt was. */
export function whenExhausted(attempts: number, refusals: number): number {
  return refusals === attempts ? STATUS.refused : STATUS.gaveUp;
}
