/**
 * The one door for everything nondeterministic. The model asks; it never knows who answers:
 *
 * - `SeededNature`   (seeded.ts)   draws: the same name, the same answer, whatever else happens;
 * - `ScriptedNature` (scripted.ts) replays named choices, and takes the plain one where none is named;
 * - `ForkedNature`   (forked.ts)   is another nature with a few named choices changed;
 * - an exploring nature enumerates: it answers each question in every way its bounds allow.
 */
import type { Distribution } from '../core/distributions.ts';
import type { FateSource } from '../network/link.ts';

export interface Nature {
  /** Whether a chance of this probability, in this stream, may come out true: asked once, so that the rest need not be. */
  possible(stream: number, probability: number): boolean;
  /** Whether something happens that has this probability: a loss, a copy, a crash. */
  chance(stream: number, message: number, packet: number, probability: number): boolean;
  /** A duration from a distribution, whole µs: a delay, a processing time, a gap. */
  value(stream: number, message: number, packet: number, distribution: Distribution): number;
  /** A duration anywhere from `lowUs` to `highUs`, whole µs: a wait under jitter. */
  between(stream: number, message: number, packet: number, lowUs: number, highUs: number): number;
  /** Loss and delay of a packet in one, for a nature that has them together: what `chance` and `value` would answer. */
  fate?: NonNullable<FateSource['fate']>;
}
