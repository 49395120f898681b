/**
 * The instants that matter on a time axis: every row, and what no row tells: where a lost packet is drawn, when a key
 * expires, when an outage begins and ends.
 */
import { firstRowAt } from '../../../sim/trace/columns.ts';
import { hopOf } from '../../../sim/scenario/parse.ts';
import type { MessageStory, StoryTerms } from './message-story.ts';

/** Instants between two times, in order. `stories`: the messages that are drawn; null when too many are. */
export function instantsOf(
  terms: StoryTerms,
  fromUs: number,
  untilUs: number,
  stories: readonly MessageStory[] | null,
): Float64Array {
  const { trace } = terms.index;
  const rows = trace.timeUs.subarray(firstRowAt(trace, fromUs), firstRowAt(trace, untilUs + 1));
  if (stories === null) return rows;
  return sorted([...rows, ...untold(terms, stories)], fromUs, untilUs);
}

/** The instants of a few messages alone. */
export function instantsOfStories(
  terms: StoryTerms,
  fromUs: number,
  untilUs: number,
  stories: readonly MessageStory[],
): Float64Array {
  const { trace, rows, start } = terms.index;
  const told = stories.flatMap(({ message }) =>
    Array.from(rows.subarray(start[message], start[message + 1]), (row) => trace.timeUs[row]),
  );
  return sorted([...told, ...untold(terms, stories)], fromUs, untilUs);
}

function untold({ scenario }: StoryTerms, stories: readonly MessageStory[]): number[] {
  const hop = hopOf(scenario);
  const outages = [hop.requestLink.outages, hop.answerLink.outages, hop.consumer.outages].flat();
  return [
    ...outages.flatMap((outage) => [outage.from, outage.from + outage.for]),
    ...stories.flatMap(({ packets, keys }) => [
      ...packets.filter(({ fate }) => fate === 'lost').map(({ until }) => until.us),
      ...keys.map(({ untilUs }) => untilUs),
    ]),
  ];
}

function sorted(instants: readonly number[], fromUs: number, untilUs: number): Float64Array {
  return Float64Array.from(instants.filter((us) => us >= fromUs && us <= untilUs)).sort();
}
