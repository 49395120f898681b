/** A stretch of time and the gaps between its instants: what a time axis needs to know to cut idle time. */

export interface Gap {
  readonly fromUs: number;
  readonly untilUs: number;
}

export interface GapSurvey {
  readonly startUs: number;
  readonly endUs: number;
  /** The longest gaps between start, end and the instants in between, longest first. */
  readonly largest: readonly Gap[];
  /** A short one: the lower quartile of a sample. */
  readonly typicalUs: number;
}

/** More breaks than this do not fit on any screen. */
const MOST_GAPS = 240;
const SAMPLE = 2_000;

export const lengthOf = ({ fromUs, untilUs }: Gap): number => untilUs - fromUs;

/** `times` are in order; those outside start and end are passed over. */
export function surveyGaps(times: ArrayLike<number>, startUs: number, untilUs: number): GapSurvey {
  const endUs = Math.max(untilUs, startUs + 1);
  const largest: Gap[] = [];
  const sample: number[] = [];
  const every = Math.max(1, Math.floor(times.length / SAMPLE));
  let before = startUs;
  // Only a longer gap is among the largest. A bare number in this very loop, since most of all rows fail it.
  let floor = 0;
  for (let i = 0; i < times.length; i++) {
    const us = times[i];
    if (us <= before || us > endUs) continue;
    if (before > startUs && i % every === 0) sample.push(us - before);
    if (us - before > floor) floor = insert(largest, { fromUs: before, untilUs: us });
    before = us;
  }
  if (endUs - before > floor) insert(largest, { fromUs: before, untilUs: endUs });
  sample.sort((a, b) => a - b);
  const typicalUs = sample.length === 0 ? endUs - startUs : sample[sample.length >> 2];
  return { startUs, endUs, largest, typicalUs };
}

/** Puts a gap behind those that are as long; answers the length that the next one must exceed. */
function insert(largest: Gap[], gap: Gap): number {
  let at = largest.length;
  while (at > 0 && lengthOf(largest[at - 1]) < lengthOf(gap)) at--;
  largest.splice(at, 0, gap);
  if (largest.length > MOST_GAPS) largest.pop();
  return largest.length < MOST_GAPS ? 0 : lengthOf(largest[MOST_GAPS - 1]);
}
