/**
 * The one door for everything nondeterministic. The model asks; it never knows who answers:
 *
 * - `SeededNature`   (seeded.ts)   draws: the same name, the same answer, whatever else happens;
 * - `ScriptedNature` (scripted.ts) replays named choices, and takes the plain one where none is named;
 * - `ForkedNature`   (forked.ts)   is another nature with a few named choices changed;
 * - an exploring nature enumerates: it answers each question in every way its bounds allow.
 */
import type { FateSource } from '../network/link.ts';

export interface Nature extends FateSource {
  /** Whether a chance of this probability, in this stream, may come out true: asked once, so that the rest need not be. */
  possible(stream: number, probability: number): boolean;
  /** A duration anywhere from `lowUs` to `highUs`, whole µs: a wait under jitter. */
  between(stream: number, message: number, packet: number, lowUs: number, highUs: number): number;
}
