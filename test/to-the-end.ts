/** Searches in slices, for tests that want the answer at once. */
import { ladderSlices, type LadderAnswer } from '../sim/explore/ladder.ts';
import { twinSlices, type TwinAnswer } from '../sim/explore/twins.ts';

/** What a search in slices answers. */
function toTheEnd<Answer>(slices: Generator<unknown, Answer>): Answer {
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
  }
}

export function twinOf(...asked: Parameters<typeof twinSlices>): TwinAnswer {
  return toTheEnd(twinSlices(...asked));
}

export function ladderOf(...asked: Parameters<typeof ladderSlices>): LadderAnswer {
  return toTheEnd(ladderSlices(...asked));
}
