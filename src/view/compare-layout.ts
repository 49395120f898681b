/**
 * Runs of one weather under each other: one time axis through all of them, and each lost packet once, with the runs
 * that lost it. A packet is the same in two runs when it has the same name; where it was sent at another time it has
 * the same fate, but may have met other conditions.
 */
import type { Scenario } from '../../sim/scenario/schema.ts';
import { ordinalOf } from '../../sim/core/packet-name.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { FACT, isPacket } from './facts.ts';
import { surveyGaps } from './gaps.ts';
import { instantsOf } from './layout/instants.ts';
import { messageStory, type MessageStory, type StoryTerms } from './layout/message-story.ts';
import { DENSE_ROWS, gutterFor } from './layout/timeline-layout.ts';
import { attemptName } from './row-words.ts';
import { timeAxis, type AxisMode, type TimeAxis } from './time-axis.ts';
import { indexOf } from './trace-index.ts';

export interface RunToCompare {
  readonly trace: Trace;
  /** As it ran, policy applied. */
  readonly scenario: Scenario;
  readonly endUs: number;
}

export interface LostPacket {
  readonly key: string;
  /** The attempt: "4.2". */
  readonly words: string;
  readonly way: 'request' | 'answer';
  /** Where its cross stands. */
  readonly x: number;
  /** Whether its words have room. */
  readonly isLabelled: boolean;
}

export interface CompareLayout {
  readonly axis: TimeAxis;
  readonly lost: readonly LostPacket[];
  /** Names of packets that were sent at another time in another run: "4.2", "ack for 4.2". */
  readonly moved: readonly string[];
  /** Too many events for the packets to be listed. */
  readonly isDense: boolean;
}

const LEAD_PX = 14;
const TAIL_PX = 20;
const GLYPH_PX = 6.2;

export function compareLayout(runs: readonly RunToCompare[], mode: AxisMode, width: number): CompareLayout {
  const told = runs.map(({ trace, scenario, endUs }) => {
    const terms: StoryTerms = { index: indexOf(trace), scenario, endUs };
    const isDense = trace.rowCount > DENSE_ROWS;
    return { terms, stories: isDense ? null : storiesOf(terms) };
  });
  const endUs = Math.max(1, ...runs.map((run) => run.endUs));
  const axis = timeAxis({
    mode,
    survey: surveyGaps(
      merged(
        told.map(({ terms, stories }) =>
          instantsOf(terms, 0, endUs, stories === null ? null : { stories, withKeys: true }),
        ),
      ),
      0,
      endUs,
    ),
    width,
    padStart: gutterFor(width) + LEAD_PX,
    padEnd: TAIL_PX,
    readableUs: Math.max(...told.map(({ terms }) => terms.index.flightUs)),
  });
  const isDense = told.some(({ stories }) => stories === null);
  return {
    axis,
    lost: isDense
      ? []
      : lostPackets(
          told.map(({ stories }) => stories ?? []),
          axis,
        ),
    moved: isDense ? [] : movedPackets(runs.map(({ trace }) => trace)),
    isDense,
  };
}

function storiesOf(terms: StoryTerms): readonly MessageStory[] {
  return Array.from({ length: terms.index.messageCount }, (_, index) => messageStory(terms, index + 1));
}

function merged(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort();
}

/** Each lost packet once for each instant at which it was lost. */
function lostPackets(runs: readonly (readonly MessageStory[])[], axis: TimeAxis): LostPacket[] {
  const found = new Map<string, Omit<LostPacket, 'isLabelled'>>();
  for (const { message, packets } of runs.flat()) {
    for (const { fate, kind, ordinal, until } of packets) {
      if (fate !== 'lost') continue;
      const words = attemptName(message, ordinal);
      const key = `${kind} ${words} ${until.us}`;
      found.set(key, { key, words, way: kind === 'request' ? 'request' : 'answer', x: axis.x(until.us) });
    }
  }
  const inOrder = [...found.values()].sort((a, b) => a.x - b.x);
  const taken = { request: -Infinity, answer: -Infinity };
  return inOrder.map((packet, index) => {
    const next = inOrder.slice(index + 1).find(({ way }) => way === packet.way);
    const until = packet.x + 10 + packet.words.length * GLYPH_PX;
    const isLabelled = packet.x - 8 >= taken[packet.way] && (next === undefined || next.x - 8 >= until);
    taken[packet.way] = isLabelled ? until : packet.x + 8;
    return { ...packet, isLabelled };
  });
}

/** Packets by their names, with every time at which a run sent them. */
function movedPackets(traces: readonly Trace[]): string[] {
  const sentAt = new Map<string, Set<number>>();
  for (const trace of traces) {
    for (let row = 0; row < trace.rowCount; row++) {
      const kind = trace.kind[row];
      if (!isPacket(kind) || kind === FACT.copy) continue;
      const attempt = attemptName(trace.message[row], ordinalOf(trace.packet[row]));
      const name = kind === FACT.send ? attempt : `${kind === FACT.nack ? 'nack' : 'ack'} for ${attempt}`;
      sentAt.set(name, (sentAt.get(name) ?? new Set()).add(trace.timeUs[row]));
    }
  }
  return [...sentAt].filter(([, times]) => times.size > 1).map(([name]) => name);
}
