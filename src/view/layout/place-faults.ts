/** The faults under the ledger: brackets over effects that came again, and words for what was never applied. */
import { timesWord } from '../marks/belief.ts';
import { EFFECT_PX } from './place-message.ts';
import { wordsPx, type Frame } from './frame.ts';
import { MOST_FAULT_ROWS } from './lanes.ts';
import type { BracketMark, LabelMark, LabelPlace } from './marks.ts';
import type { MessageStory } from './message-story.ts';
import { packRows, type Interval, type Packing } from './packing.ts';

interface Fault {
  readonly story: MessageStory;
  readonly kind: 'again' | 'never';
  readonly extent: Interval;
}

export interface Faults {
  readonly faults: readonly Fault[];
  readonly packing: Packing;
}

const AGAIN_FONT_PX = 13;

function faultWords(message: number, effects: number): string {
  return effects === 0 ? `${message} never applied` : `${message} applied ${timesWord(effects)}`;
}

/** Seats the faults of the drawn messages in rows; `t` and the ends of the drawing along the axis are all it needs. */
export function seatFaults(
  t: (us: number) => number,
  from: number,
  until: number,
  stories: readonly MessageStory[],
  focus: number | null,
): Faults {
  const faults: Fault[] = [];
  for (const story of stories) {
    const applied = story.effects.filter(({ count }) => count > 0);
    if (applied.length > 1) {
      const [start, end] = [t(applied[0].us), t(applied[applied.length - 1].us)];
      const words = wordsPx(faultWords(story.message, applied.length), AGAIN_FONT_PX) + 16;
      const label = labelSpan(start, end, words, from, until);
      faults.push({
        story,
        kind: 'again',
        extent: { from: Math.min(start, label.from) - 6, until: Math.max(end, label.until) + 6 },
      });
    }
    if (story.never !== null) {
      const half = wordsPx(faultWords(story.message, 0)) / 2 + 6;
      const middle = neverMiddle(t(story.never.us), half, from, until);
      faults.push({ story, kind: 'never', extent: { from: middle - half, until: middle + half } });
    }
  }
  const first = faults.findIndex(({ story }) => story.message === focus);
  return {
    faults,
    packing: packRows(
      faults.map(({ extent }) => extent),
      MOST_FAULT_ROWS,
      first,
    ),
  };
}

/** Where the words of a bracket go: on it, if it is wide enough; else after it; else before it. */
function labelSpan(
  start: number,
  end: number,
  words: number,
  from: number,
  until: number,
): Interval & { readonly place: 'on' | 'after' | 'before' } {
  if (end - start > words + 24)
    return { place: 'on', from: (start + end - words) / 2, until: (start + end + words) / 2 };
  const isAfter = end + words + 4 <= until || start - words - 4 < from;
  return isAfter
    ? { place: 'after', from: end + 4, until: end + 4 + words }
    : { place: 'before', from: start - 4 - words, until: start - 4 };
}

function neverMiddle(at: number, half: number, from: number, until: number): number {
  return Math.max(from + half, Math.min(until - half, at));
}

export function placeFaults(
  frame: Frame,
  { faults, packing }: Faults,
): { brackets: BracketMark[]; labels: LabelMark[] } {
  const brackets: BracketMark[] = [];
  const labels: LabelMark[] = [];
  faults.forEach(({ story, kind }, i) => {
    const row = packing.rows[i];
    if (kind === 'again') brackets.push(bracket(frame, story, row));
    else if (row >= 0 && story.never !== null)
      labels.push(neverLabel(frame, story.message, story.never.row, frame.t(story.never.us), row));
  });
  return { brackets, labels };
}

function bracket(frame: Frame, story: MessageStory, row: number): BracketMark {
  const { lanes, t, isVertical } = frame;
  const applied = story.effects.filter(({ count }) => count > 0);
  const level = lanes.faultRow(Math.max(0, row));
  const edge = lanes.ledger + EFFECT_PX / 2 + 2;
  const start = t(applied[0].us);
  const reaches = applied.slice(1).map((effect, i) => {
    const end = t(effect.us);
    const teeth = applied.slice(1, i + 2).map(({ us }) => t(us));
    const path = isVertical
      ? `M${edge} ${start}H${level}V${end}H${edge + 7}`
      : `M${start} ${edge}V${level}H${end}${teeth.map((at) => `M${at} ${level}V${edge}`).join('')}`;
    const count = i + 2;
    const words = isVertical ? `applied ${timesWord(count)}` : faultWords(story.message, count);
    return {
      row: effect.row,
      path,
      words: row < 0 ? '' : words,
      label: againLabel(frame, start, end, level, words),
    };
  });
  return { message: story.message, row: reaches[0].row, reaches };
}

function againLabel(frame: Frame, start: number, end: number, level: number, words: string): LabelPlace {
  if (frame.isVertical) return { at: frame.point(end + 32, frame.lanes.end - 8), anchor: 'end' };
  const span = labelSpan(start, end, wordsPx(words, AGAIN_FONT_PX) + 16, frame.from, frame.until);
  if (span.place === 'on') return { at: { x: (start + end) / 2, y: level + 4.5 }, anchor: 'middle' };
  return span.place === 'after'
    ? { at: { x: span.from + 6, y: level + 4.5 }, anchor: 'start' }
    : { at: { x: span.until - 6, y: level + 4.5 }, anchor: 'end' };
}

function neverLabel(frame: Frame, message: number, row: number, at: number, level: number): LabelMark {
  const base = { kind: 'lost', message, row, from: at } as const;
  if (frame.isVertical)
    return { ...base, words: 'never applied', at: frame.point(at + 28, frame.lanes.end - 8), anchor: 'end' };
  const words = faultWords(message, 0);
  const middle = neverMiddle(at, wordsPx(words) / 2, frame.from, frame.until);
  return { ...base, words, at: frame.point(middle, frame.lanes.faultRow(level) + 2), anchor: 'middle' };
}
