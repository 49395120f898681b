/**
 * The name of a packet within its message and link, in one 32-bit integer: which request of that message it is
 * (the ordinal, counted by the network) and its copy path. An answer carries the ordinal and the copy number of the
 * request it answers, and then a copy number of its own.
 *
 *     31            12 11       6 5        0
 *     [   ordinal    ] [ request ] [ answer ]
 */

/** Largest ordinal a packet name can hold; also the most attempts a sender may be allowed. */
export const ORDINAL_MAX = 0xfffff;

/** Name of the `ordinal`-th request (1-based), original copy. */
export function packetName(ordinal: number): number {
  return ordinal << 12;
}

/** Name of the network's own copy of the request `name`. */
export function requestCopy(name: number): number {
  return name + 0x40;
}

/** Name of the network's own copy of the answer `name`. */
export function answerCopy(name: number): number {
  return name + 1;
}

export function ordinalOf(name: number): number {
  return name >>> 12;
}

export function requestCopyOf(name: number): number {
  return (name >>> 6) & 0x3f;
}

export function answerCopyOf(name: number): number {
  return name & 0x3f;
}

/** `2/c0` for a request, `2/c0` or `2/c0.1` for an answer: the readable form used in choice names and traces. */
export function formatPacketName(name: number): string {
  const answer = answerCopyOf(name);
  return `${ordinalOf(name)}/c${requestCopyOf(name)}${answer === 0 ? '' : `.${answer}`}`;
}
