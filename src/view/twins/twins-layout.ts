/**
 * Two worlds drawn so that the sender's columns meet in the middle: one axis for both, the left world the mirror image
 * of the right one, and every line that the sender has seen at the same height in both. Worlds that stand one above the
 * other are drawn alike, without the mirror.
 */
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { PLACE } from '../facts.ts';
import { surveyGaps } from '../gaps.ts';
import { frameOf, type Frame } from '../layout/frame.ts';
import { instantsOfStories } from '../layout/instants.ts';
import { usesStore } from '../layout/lane-words.ts';
import type { Lanes } from '../layout/lanes.ts';
import type { Point, Rect } from '../layout/marks.ts';
import { messageStory, type MessageStory, type StoryTerms } from '../layout/message-story.ts';
import { emptyDrawing, placeMessage, type Drawing } from '../layout/place-message.ts';
import { rowWords } from '../row-words.ts';
import { timeAxis, type TimeAxis } from '../time-axis.ts';
import { clockOf, type Clock } from '../time-words.ts';
import { rowsOf, type TraceIndex } from '../trace-index.ts';

export interface WorldInput {
  readonly index: TraceIndex;
  /** When its run ended, µs. */
  readonly endUs: number;
  /** When it first differs from the other, µs; −1 where it had ended before. */
  readonly differsUs: number;
}

export interface TwinsInput {
  /** As both ran, policy applied. */
  readonly scenario: Scenario;
  readonly message: number;
  readonly here: WorldInput;
  readonly there: WorldInput;
  /** Of one world, px. */
  readonly width: number;
  /** One above the other, and so not mirrored. */
  readonly isStacked: boolean;
}

/** What the sender saw, in words, and where that stands. */
export interface SenderLine {
  readonly row: number;
  readonly time: string;
  readonly words: string;
  /** Middle of the line, px from the top. */
  readonly y: number;
  /** Where it happened: words that had no room there stand lower. */
  readonly atY: number;
}

export interface WorldLayout {
  readonly isMirrored: boolean;
  readonly lines: readonly SenderLine[];
  readonly drawing: Drawing;
  readonly sender: number;
  readonly receiver: number;
  readonly ledger: number;
  /** Null where the policy uses no dedup store. */
  readonly store: number | null;
  /** The stretch that the sender sees: its words and its lane. */
  readonly seen: { readonly from: number; readonly until: number };
  /** Where the words of the sender's lines begin, and how much room they have. */
  readonly words: { readonly from: number; readonly width: number };
  /** Beside each cross what was lost there, where it has room. */
  readonly lost: readonly (Point & { readonly row: number; readonly words: string })[];
  /** Where the first difference stands; null when this world has none to show. */
  readonly differenceY: number | null;
}

export interface TwinsLayout {
  readonly axis: TimeAxis;
  readonly width: number;
  readonly height: number;
  /** The sender's words stand under their times. */
  readonly isNarrow: boolean;
  readonly here: WorldLayout;
  readonly there: WorldLayout;
}

/** Room for a line of what the sender saw, beside its lane; where there is little, its words stand under its time. */
const WIDE = { wordsPx: 224, linePx: 20, fromWaitPx: 30, waitPx: 26, outerPx: 50, columnPx: 62 };
const NARROW = { wordsPx: 120, linePx: 34, fromWaitPx: 12, waitPx: 20, outerPx: 24, columnPx: 50 };
const NARROW_PX = 480;
/** Between the sender's lane and the edge of what it sees. */
const EDGE_PX = 18;
const TOP_PX = 26;
const BOTTOM_PX = 40;

export function twinsLayout(input: TwinsInput): TwinsLayout {
  const { scenario, message, width, isStacked } = input;
  const told = [input.here, input.there].map(({ index, endUs }) => {
    const terms: StoryTerms = { index, scenario, endUs };
    return { terms, story: messageStory(terms, message) };
  });
  const isNarrow = width < NARROW_PX;
  const sizes = isNarrow ? NARROW : WIDE;
  const length = lengthOf(told, message, sizes.linePx);
  const axis = axisOf(input, told, length);
  const lanes = lanesOf(width, usesStore(scenario), sizes);
  const frame = frameOf(axis, lanes, 0, length);
  const world = ({ index, endUs, differsUs }: WorldInput, story: MessageStory, isMirrored: boolean) => {
    const placed = emptyDrawing();
    placeMessage(frame, story, { senderRow: 0, storeRow: 0, isLabelled: false }, placed);
    const drawing = isMirrored ? mirrored(placed, width) : placed;
    const across = (x: number) => (isMirrored ? width - x : x);
    const edge = lanes.sender + EDGE_PX;
    return {
      isMirrored,
      lines: senderLines(frame, index, message, clockOf(endUs), sizes.linePx),
      drawing,
      sender: across(lanes.sender),
      receiver: across(lanes.receiver),
      ledger: across(lanes.ledger),
      store: lanes.storeRow === null ? null : across(lanes.storeRow(0)),
      seen: isMirrored ? { from: width - edge, until: width } : { from: 0, until: edge },
      words: { from: isMirrored ? width - lanes.start : isStacked ? 10 : 20, width: lanes.start - 20 },
      lost: lostWords(drawing),
      differenceY: differsUs < 0 ? null : frame.t(differsUs),
    } satisfies WorldLayout;
  };
  const here = world(input.here, told[0].story, !isStacked);
  const there = world(input.there, told[1].story, false);
  const lastLine = Math.max(...[...here.lines, ...there.lines].map(({ y }) => y), 0);
  return { axis, width, height: Math.max(length, lastLine + sizes.linePx), isNarrow, here, there };
}

/** From the words outwards: waits, sender, network, receiver, keys, ledger. */
function lanesOf(width: number, hasStore: boolean, sizes: typeof WIDE): Lanes {
  const start = sizes.wordsPx;
  const wait = start + sizes.fromWaitPx;
  const ledger = width - sizes.outerPx;
  const store = ledger - sizes.columnPx;
  return {
    orientation: 'vertical',
    start,
    senderRow: () => wait,
    sender: wait + sizes.waitPx,
    receiver: (hasStore ? store : ledger) - sizes.columnPx,
    ledger,
    storeRow: hasStore ? () => store : null,
    keyThickness: 19,
    separators: [],
    faultRow: () => ledger,
    end: width,
  };
}

const LOST_WORDS_PX = 12;

/** "request lost", "ack lost" under each cross, unless the one before stands there. */
function lostWords({ packets }: Drawing): WorldLayout['lost'] {
  const places: (Point & { row: number; words: string })[] = [];
  for (const { row, kind, head, end } of [...packets].sort((a, b) => a.head.y - b.head.y)) {
    const at = { x: head.x, y: head.y + 20 };
    const isFree = places.every(({ x, y }) => Math.abs(x - at.x) > 70 || Math.abs(y - at.y) > LOST_WORDS_PX);
    if (end === 'cross' && isFree) places.push({ ...at, row, words: `${kind} lost` });
  }
  return places;
}

interface Told {
  readonly terms: StoryTerms;
  readonly story: MessageStory;
}

/** Down the page there is room: as long as the instants and the sender's lines need. */
function lengthOf(told: readonly Told[], message: number, linePx: number): number {
  const needs = told.map(({ terms, story }) => {
    const lines = senderRows(terms.index, message).length;
    const instants = 2 * story.packets.length + story.timeouts.length + story.works.length;
    return TOP_PX + BOTTOM_PX + Math.max(lines * (linePx + 8), instants * 26);
  });
  return Math.max(276, Math.min(2_400, Math.max(...needs)));
}

/** From the first to the last thing that happens to the message in either world. */
function axisOf({ here, there, message }: TwinsInput, told: readonly Told[], length: number): TimeAxis {
  const times = told.flatMap(({ terms: { index } }) =>
    Array.from(rowsOf(index, message), (row) => index.trace.timeUs[row]),
  );
  times.push(...[here.differsUs, there.differsUs].filter((us) => us >= 0));
  const [fromUs, untilUs] = [Math.min(...times), Math.max(...times)];
  const instants = told.flatMap(({ terms, story }) => [
    ...instantsOfStories(terms, fromUs, untilUs, { stories: [story], withKeys: false }),
  ]);
  return timeAxis({
    mode: 'elided',
    survey: surveyGaps(Float64Array.from(instants).sort(), fromUs, untilUs),
    width: length,
    padStart: TOP_PX,
    padEnd: BOTTOM_PX,
    readableUs: Math.max(...told.map(({ terms }) => terms.index.flightUs)),
    labelRoom: WIDE.linePx,
  });
}

function senderRows({ trace, ...index }: TraceIndex, message: number): number[] {
  return [...rowsOf({ trace, ...index }, message)].filter((row) => trace.place[row] === PLACE.sender);
}

/** Each line at its instant, or as near below it as there is room. */
function senderLines(
  frame: Frame,
  index: TraceIndex,
  message: number,
  clock: Clock,
  linePx: number,
): SenderLine[] {
  let free = 0;
  return senderRows(index, message).map((row) => {
    const us = index.trace.timeUs[row];
    const atY = frame.t(us);
    const y = Math.max(free, atY);
    free = y + linePx;
    return { row, time: clock.text(us), words: rowWords(index.trace, row), y, atY };
  });
}

// ── the mirror image ─────────────────────────────────────────────────────────────────────────────────────────────

/** The same marks seen in a mirror that stands at the right edge: only where they are changes. */
export function mirrored(drawing: Drawing, width: number): Drawing {
  const point = ({ x, y }: Point): Point => ({ x: width - x, y });
  const rect = (box: Rect): Rect => ({ ...box, x: width - box.x - box.width });
  const ends = <T extends { readonly tail: Point; readonly head: Point }>(mark: T): T => ({
    ...mark,
    tail: point(mark.tail),
    head: point(mark.head),
  });
  const placed = <T extends { readonly at: Point }>(mark: T): T => ({ ...mark, at: point(mark.at) });
  return {
    packets: drawing.packets.map(ends),
    badges: drawing.badges.map(placed),
    lines: drawing.lines.map(ends),
    // Letters stand beside a tick's head, on its right.
    ticks: drawing.ticks.map((tick) => ({ ...tick, tail: point(tick.head), head: point(tick.tail) })),
    beliefs: drawing.beliefs.map(placed),
    blocks: drawing.blocks.map((block) => ({ ...block, rect: rect(block.rect) })),
    diamonds: drawing.diamonds.map(placed),
    effects: drawing.effects.map(placed),
    labels: drawing.labels.map((label) => ({
      ...placed(label),
      anchor: ({ start: 'end', middle: 'middle', end: 'start' } as const)[label.anchor],
    })),
    doubts: drawing.doubts.map((doubt) => ({ ...doubt, across: width - doubt.across })),
  };
}
