/**
 * Conditions: what holds at a place for a time. They are a function of place and time alone and never of traffic,
 * so two policies meet the same ones. Intervals are half open: a packet sent at the very end passes.
 */

/** A stretch of time: `fromUs` is in it, `untilUs` is not. */
export interface Stretch {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** The stretch that holds at `timeUs`, or `undefined`. `stretches` are in order and apart. */
export function stretchAt<T extends Stretch>(stretches: readonly T[], timeUs: number): T | undefined {
  const next = indexOfFirstEndingAfter(stretches, timeUs);
  return next < stretches.length && stretches[next].fromUs <= timeUs ? stretches[next] : undefined;
}

/** The first stretch that begins after `fromUs` and before `untilUs` and has `wanted`. */
export function stretchBeginningIn<T extends Stretch>(
  stretches: readonly T[],
  fromUs: number,
  untilUs: number,
  wanted: (stretch: T) => boolean,
): T | undefined {
  for (
    let i = indexOfFirstEndingAfter(stretches, fromUs);
    i < stretches.length && stretches[i].fromUs < untilUs;
    i++
  ) {
    if (stretches[i].fromUs > fromUs && wanted(stretches[i])) return stretches[i];
  }
  return undefined;
}

function indexOfFirstEndingAfter(stretches: readonly Stretch[], timeUs: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stretches[middle].untilUs <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
