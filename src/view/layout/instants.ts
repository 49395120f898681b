/**
 * The instants that matter on a time axis: every row, and what no row tells: where a lost packet is drawn, when a key
 * expires, when an outage begins and ends.
 */
import { firstRowAt } from '../../../sim/trace/columns.ts';
import { hopOf } from '../../../sim/scenario/hop.ts';
import type { MessageStory, StoryTerms } from './message-story.ts';

/** Which instants beside the rows: an axis with many waits has no room for the ends of keys. */
export interface Untold {
  readonly stories: readonly MessageStory[];
  readonly withKeys: boolean;
}

/** Instants between two times, in order. `untold`: of the messages that are drawn; null when too many are. */
export function instantsOf(
  terms: StoryTerms,
  fromUs: number,
  untilUs: number,
  untold: Untold | null,
): Float64Array {
  const { trace } = terms.index;
  const rows = trace.timeUs.subarray(firstRowAt(trace, fromUs), firstRowAt(trace, untilUs + 1));
  if (untold === null) return rows;
  return sorted([...rows, ...beside(terms, untold)], fromUs, untilUs);
}

/** The instants of a few messages alone. */
export function instantsOfStories(
  terms: StoryTerms,
  fromUs: number,
  untilUs: number,
  untold: Untold,
): Float64Array {
  const { trace, rows, start } = terms.index;
  const told = untold.stories.flatMap(({ message }) =>
    Array.from(rows.subarray(start[message], start[message + 1]), (row) => trace.timeUs[row]),
  );
  return sorted([...told, ...beside(terms, untold)], fromUs, untilUs);
}

function beside({ scenario }: StoryTerms, { stories, withKeys }: Untold): number[] {
  const hop = hopOf(scenario);
  const outages = [hop.requestLink.outages, hop.answerLink.outages, hop.consumer.outages].flat();
  return [
    ...outages.flatMap((outage) => [outage.from, outage.from + outage.for]),
    ...stories.flatMap(({ packets, keys }) => [
      ...packets.filter(({ fate }) => fate === 'lost').map(({ until }) => until.us),
      ...(withKeys ? keys.map(({ untilUs }) => untilUs) : []),
    ]),
  ];
}

function sorted(instants: readonly number[], fromUs: number, untilUs: number): Float64Array {
  return Float64Array.from(instants.filter((us) => us >= fromUs && us <= untilUs)).sort();
}
