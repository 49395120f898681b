/**
 * The space-time diagram as plain numbers: trace and scenario in, marks out. It draws the whole of what is in view;
 * playhead-cut.ts then takes away what has not been played, so that nothing moves while time passes.
 */
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { firstRowAt } from '../../../sim/trace/columns.ts';
import { surveyGaps, type GapSurvey } from '../gaps.ts';
import { attemptName } from '../row-words.ts';
import { surveyRows } from '../run-axis.ts';
import { timeAxis, type AxisMode, type TimeAxis } from '../time-axis.ts';
import { messagesBetween, type TraceIndex } from '../trace-index.ts';
import { denseBins, type DenseBins } from './dense-bins.ts';
import { frameOf, type Frame } from './frame.ts';
import { instantsOf, instantsOfStories } from './instants.ts';
import { laneWords, usesStore } from './lane-words.ts';
import { lanesFor, MOST_SENDER_ROWS, MOST_STORE_ROWS, type Lanes, type Orientation } from './lanes.ts';
import type { Lane, Marks } from './marks.ts';
import { messageStory, type MessageStory, type StoryTerms } from './message-story.ts';
import { packRows } from './packing.ts';
import { placeBands } from './place-bands.ts';
import { placeFaults, seatFaults } from './place-faults.ts';
import { badgeWidth, emptyDrawing, placeMessage } from './place-message.ts';

export interface TimelineInput {
  readonly index: TraceIndex;
  /** As it ran, policy applied. */
  readonly scenario: Scenario;
  readonly mode: AxisMode;
  readonly view: { readonly fromUs: number; readonly untilUs: number };
  /** When the run ended, µs. */
  readonly endUs: number;
  /** Px. */
  readonly width: number;
  /** Px; 0 for as much as it takes. */
  readonly height: number;
  readonly focusMessage: number | null;
  readonly orientation: Orientation;
  /** An axis shared with other diagrams; it begins at GUTTER_PX. */
  readonly axis?: TimeAxis | undefined;
  /** Whether the axis is written above; a shared one is written once. */
  readonly hasAxis?: boolean;
}

export interface TimelineLayout {
  readonly orientation: Orientation;
  readonly width: number;
  readonly height: number;
  readonly axis: TimeAxis;
  readonly lanes: Lanes;
  readonly frame: Frame;
  readonly laneWords: readonly Lane[];
  readonly marks: Marks;
  /** Counts to draw instead of marks, or null. */
  readonly dense: DenseBins | null;
}

/** Room for lane names left of the plot, and for times left of a vertical one. */
export const GUTTER_PX = 104;
export const NARROW_GUTTER_PX = 76;
export const TIMES_PX = 44;
/** More rows than this in view are counted, not drawn: for each px, since marks must not cover each other, and in all. */
export const DENSE_ROWS_PER_PX = 0.36;
export const DENSE_ROWS = 700;
const MOST_MESSAGES = 240;
const MOST_DETAIL_ROWS = 2_000;
const READABLE_FLIGHT_PX = 8;
const LEAD_PX = 14;
const TAIL_PX = 34;

export function timelineLayout(input: TimelineInput): TimelineLayout {
  const { index, scenario, focusMessage, orientation, width } = input;
  const terms: StoryTerms = { index, scenario, endUs: input.endUs };
  const isVertical = orientation === 'vertical';
  const { messages, isDense } = messagesToDraw(input);
  const stories = messages.map((message) => messageStory(terms, message));

  const length = isVertical ? verticalLength(input, stories) : width;
  const gutter = isVertical ? 0 : gutterFor(width);
  const axis = input.axis ?? axisFor(input, terms, length, gutter, isDense ? null : stories);
  const start = isVertical ? TIMES_PX : input.hasAxis === false ? 4 : axis.breaks.length > 0 ? 46 : 30;
  const t = (us: number) => axis.x(us);
  const plotFrom = isVertical ? 0 : gutter;

  const focus = stories.findIndex(({ message }) => message === focusMessage);
  const senders = packRows(
    stories.map((story) => senderSpan(story, t)),
    isVertical ? 1 : MOST_SENDER_ROWS,
    focus,
  );
  const keyed = stories.filter(({ keys }) => keys.length > 0);
  const keys = packRows(
    keyed.map((story) => ({
      from: t(story.keys[0].fromUs) - 8,
      until: t(story.keys[story.keys.length - 1].untilUs) + 6,
    })),
    isVertical ? 1 : MOST_STORE_ROWS,
    keyed.findIndex(({ message }) => message === focusMessage),
  );
  const faults = seatFaults(t, plotFrom, length - 4, stories, focusMessage);
  const lanes = lanesFor({
    orientation,
    room: isVertical ? width : input.height,
    senderRows: Math.max(senders.rowCount, isDense ? 2 : 1),
    storeRows: usesStore(scenario) ? Math.max(keys.rowCount, isDense ? 2 : 1) : null,
    faultRows: faults.packing.rowCount,
    start,
  });

  const frame = frameOf(axis, lanes, plotFrom, length);
  const drawing = emptyDrawing();
  const labelled =
    stories[focus]?.message ??
    stories.find(({ timeouts }) => timeouts.length > 0)?.message ??
    stories[0]?.message;
  stories.forEach((story, i) => {
    const key = keyed.indexOf(story);
    placeMessage(
      frame,
      story,
      {
        senderRow: senders.rows[i],
        storeRow: key < 0 ? -1 : keys.rows[key],
        isLabelled: story.message === labelled,
      },
      drawing,
    );
  });
  const { brackets, labels } = placeFaults(frame, faults);
  const hidden = { senders: senders.overflow, keys: keys.overflow };
  return {
    orientation,
    width,
    height: isVertical ? length : lanes.end,
    axis,
    lanes,
    frame,
    laneWords: lanesInWords(frame, scenario, hidden, width),
    marks: inView(frame, {
      ...drawing,
      effects: [
        ...raised(frame, drawing.effects),
        ...openSquares(frame, stories, index.trace.rowCount - 1, input.endUs),
      ],
      labels: [...drawing.labels, ...labels],
      brackets,
      bands: placeBands(frame, index, scenario, input.endUs),
    }),
    dense: isDense ? denseBins(index, axis, gutter, length) : null,
  };
}

/** The messages that are drawn mark by mark; of a view with too many rows only the one in focus, over the counts. */
function messagesToDraw({ index, view, width, focusMessage, orientation }: TimelineInput): {
  readonly messages: readonly number[];
  readonly isDense: boolean;
} {
  const { trace, start, messageCount } = index;
  if (orientation === 'vertical')
    return { messages: messageCount === 0 ? [] : [focusMessage ?? 1], isDense: false };
  const rows = firstRowAt(trace, view.untilUs + 1) - firstRowAt(trace, view.fromUs);
  const mostRows = Math.min(DENSE_ROWS, (width - gutterFor(width)) * DENSE_ROWS_PER_PX);
  const found = rows > mostRows ? [] : messagesBetween(index, view.fromUs, view.untilUs);
  if (rows <= mostRows && found.length <= MOST_MESSAGES) return { messages: found, isDense: false };
  const isDetailed =
    focusMessage !== null &&
    focusMessage <= messageCount &&
    start[focusMessage + 1] - start[focusMessage] <= MOST_DETAIL_ROWS;
  return { messages: isDetailed ? [focusMessage] : [], isDense: true };
}

export function gutterFor(width: number): number {
  return width < 520 ? NARROW_GUTTER_PX : GUTTER_PX;
}

/** Ends of keys are given room, unless packets could then no longer be read. */
function axisFor(
  input: TimelineInput,
  terms: StoryTerms,
  length: number,
  gutter: number,
  stories: readonly MessageStory[] | null,
): TimeAxis {
  const { view, mode, index, orientation } = input;
  const isVertical = orientation === 'vertical';
  const survey = (withKeys: boolean): GapSurvey => {
    if (stories === null) return surveyRows(index, view);
    const instants = isVertical ? instantsOfStories : instantsOf;
    const times = instants(terms, view.fromUs, view.untilUs, { stories, withKeys });
    return surveyGaps(times, view.fromUs, view.untilUs);
  };
  const make = (withKeys: boolean): TimeAxis =>
    timeAxis({
      mode,
      survey: survey(withKeys),
      width: length,
      padStart: isVertical ? 24 : gutter + LEAD_PX,
      padEnd: isVertical ? 40 : TAIL_PX,
      readableUs: index.flightUs,
      labelRoom: isVertical ? 22 : 0,
    });
  const axis = make(true);
  if (stories === null || axis.scale * index.flightUs >= READABLE_FLIGHT_PX) return axis;
  const plain = make(false);
  return plain.scale > 1.5 * axis.scale ? plain : axis;
}

/** Down the page there is room: as long as its instants need. */
function verticalLength({ height }: TimelineInput, stories: readonly MessageStory[]): number {
  if (height > 0) return height;
  const instants = stories.reduce(
    (sum, story) => sum + 3 * story.attempts.length + story.timeouts.length + story.effects.length,
    0,
  );
  return Math.max(448, Math.min(2_400, 120 + instants * 26));
}

function senderSpan(
  { attempts, settled, lastUs }: MessageStory,
  t: (us: number) => number,
): { from: number; until: number } {
  if (attempts.length === 0) return { from: 0, until: 0 };
  const first = t(attempts[0].us);
  const width = badgeWidth(attemptName(attempts[0].ordinal, attempts[attempts.length - 1].ordinal)) / 2;
  const waits = attempts.some(({ wait }) => wait !== null);
  const until = waits
    ? t(settled?.us ?? lastUs) + (settled?.belief === 'gave up' ? 26 : 14)
    : t(attempts[attempts.length - 1].us) + width;
  return { from: first - width - 3, until: Math.max(until, t(attempts[attempts.length - 1].us) + width + 3) };
}

function lanesInWords(
  frame: Frame,
  scenario: Scenario,
  hidden: { senders: number; keys: number },
  width: number,
): Lane[] {
  const { lanes, isVertical, point } = frame;
  const words = laneWords(scenario);
  const line = (across: number) => ({
    tail: point(isVertical ? 0 : frame.from, across),
    head: point(frame.until, across),
  });
  const at = (across: number) => (isVertical ? { x: across, y: 0 } : { x: width < 520 ? 8 : 16, y: across });
  const more = (count: number, what: string, note: string) => (count > 0 ? `+${count} more ${what}` : note);
  const senderMiddle = isVertical ? lanes.sender : (lanes.senderRow(0) + lanes.sender) / 2 - 18;
  const store = lanes.storeRow;
  return [
    {
      words: words.sender.name,
      note: more(hidden.senders, 'waits', words.sender.note),
      at: at(senderMiddle),
      line: line(lanes.sender),
    },
    {
      words: words.network.name,
      note: words.network.note,
      at: at((lanes.sender + lanes.receiver) / 2 - 8),
      line: null,
    },
    {
      words: words.receiver.name,
      note: words.receiver.note,
      at: at(lanes.receiver - 5),
      line: line(lanes.receiver),
    },
    ...(store === null
      ? []
      : [
          {
            words: words.store.name,
            note: more(hidden.keys, 'keys', words.store.note),
            at: at(isVertical ? store(0) : (lanes.separators[0] + lanes.separators[1]) / 2 - 5),
            line: null,
          },
        ]),
    { words: words.ledger.name, note: words.ledger.note, at: at(lanes.ledger - 4), line: line(lanes.ledger) },
  ];
}

/** An effect that would be covered, or cover the one before, is drawn a step above the lane. */
function raised(frame: Frame, effects: Marks['effects']): Marks['effects'] {
  if (frame.isVertical) return effects;
  const inOrder = [...effects].sort((a, b) => a.at.x - b.at.x || a.row - b.row);
  let onLane = -Infinity;
  let above = -Infinity;
  return inOrder.map((effect, i) => {
    const next = inOrder[i + 1];
    const [from, until] = [effect.at.x - effect.width / 2, effect.at.x + effect.width / 2 + 0.5];
    const isCovered = next?.kind === 'again' && next.at.x - next.width / 2 < until;
    if (effect.kind === 'applied' && (isCovered || from < onLane) && from >= above) {
      above = until;
      return { ...effect, at: { x: effect.at.x, y: effect.at.y - 22 } };
    }
    onLane = until;
    return effect;
  });
}

/** Messages still under way at the end of a run that a limit ended: one dashed square, with how many. */
function openSquares(
  frame: Frame,
  stories: readonly MessageStory[],
  row: number,
  endUs: number,
): Marks['effects'] {
  const open = stories.filter(({ isOpen }) => isOpen);
  if (open.length === 0) return [];
  const words = open.length === 1 ? String(open[0].message) : `${open.length} open`;
  const at = frame.point(frame.t(endUs) + (frame.isVertical ? 12 : 6), frame.lanes.ledger);
  return [{ kind: 'open', message: open.length === 1 ? open[0].message : 0, row, at, width: 18, words }];
}

/** Without what lies wholly outside the drawing. */
function inView(frame: Frame, marks: Marks): Marks {
  const along = ({ x, y }: { x: number; y: number }) => (frame.isVertical ? y : x);
  const [from, until] = [frame.from - 30, frame.until + 30];
  const stands = (at: { x: number; y: number }) => along(at) >= from && along(at) <= until;
  const spans = (mark: { from: number; until: number }) => mark.until >= from && mark.from <= until;
  return {
    ...marks,
    packets: marks.packets.filter(spans),
    badges: marks.badges.filter(({ at }) => stands(at)),
    lines: marks.lines.filter(spans),
    ticks: marks.ticks.filter(({ tail }) => stands(tail)),
    beliefs: marks.beliefs.filter(({ at }) => stands(at)),
    blocks: marks.blocks.filter(spans),
    diamonds: marks.diamonds.filter(({ at }) => stands(at)),
    effects: marks.effects.filter(({ at }) => stands(at)),
    labels: marks.labels.filter(({ at }) => stands(at)),
    bands: marks.bands.filter(spans),
  };
}
