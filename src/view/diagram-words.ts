/** A diagram in words: its title, and one sentence that says what it shows up to the playhead. */
import type { Scenario } from '../../sim/scenario/schema.ts';
import { FACT } from './facts.ts';
import { COLUMN_PX } from './layout/dense-bins.ts';
import { timesWord } from './marks/belief.ts';
import { clockOf } from './time-words.ts';
import { countsUpTo, countUpTo, type TraceIndex } from './trace-index.ts';
import type { ViewWindow } from './view-window.ts';

interface Told {
  readonly index: TraceIndex;
  readonly scenario: Scenario;
  readonly untilRow: number;
  readonly view: ViewWindow;
  readonly endUs: number;
}

export interface DiagramWords {
  readonly title: string;
  readonly sentence: string;
  /** What bars mean where there are too many marks. */
  readonly dense: string;
}

export function diagramWords({ index, scenario, untilRow, view, endUs }: Told): DiagramWords {
  const clock = clockOf(endUs);
  const { byKind, applied, appliedAgain, requestsLost, answersLost } = countsUpTo(index, untilRow);
  const never = countUpTo(index.neverRows, untilRow);
  const parts = [
    count(byKind[FACT.arrive], 'message'),
    count(byKind[FACT.send], 'attempt'),
    `${count(requestsLost, 'request')} and ${count(answersLost, 'answer')} lost`,
    `${applied} applied`,
    ...(appliedAgain > 0 ? [`${appliedAgain} more than once`] : []),
    ...(never > 0 ? [`${never} ${timesWord(0)}`] : []),
  ];
  return {
    title: `Space-time diagram${scenario.title === '' ? '' : ` of “${scenario.title}”`}, ${clock.text(view.fromUs)} to ${clock.text(view.untilUs)}`,
    sentence: `So far: ${parts.join(', ')}. Arrow keys lead from mark to mark; the event list says the same in words.`,
    dense: `Too many events to draw one by one: bars count them, ${COLUMN_PX} px each. Zoom in to see packets.`,
  };
}

function count(many: number, word: string): string {
  return `${many} ${word}${many === 1 ? '' : 's'}`;
}
