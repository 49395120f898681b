/**
 * The time axis: where an instant stands, and what is written there. Elided, it cuts idle stretches that are much
 * longer than what happens in between, so that a retry after 5 hours and an ack after 40 ms are both readable.
 */
import { scaleLinear, tickStep } from 'd3';
import { lengthOf, type Gap, type GapSurvey } from './gaps.ts';
import { durationWords } from './time-words.ts';

export type AxisMode = 'elided' | 'linear';

export interface AxisInput {
  readonly mode: AxisMode;
  /** The stretch of time, and the gaps between the instants that matter in it. */
  readonly survey: GapSurvey;
  /** Length in px; start and end stand `padStart` and `padEnd` px inside it. */
  readonly width: number;
  readonly padStart?: number;
  readonly padEnd?: number;
  /** A length of time that should be readable, such as the way of one packet. Left out: a short gap. */
  readonly readableUs?: number;
  /** Least px between two labels' starts, beside their own width; larger on an axis that runs down. */
  readonly labelRoom?: number;
}

/** A cut: time between `fromUs` and `untilUs` in which nothing happens takes 16 px. */
export interface AxisBreak {
  /** Left edge of the 16 px. */
  readonly x: number;
  readonly width: number;
  readonly fromUs: number;
  readonly untilUs: number;
  /** Its length in words. */
  readonly label: string;
}

export interface AxisTick {
  readonly x: number;
  readonly us: number;
  /** '' where there is no room for one. */
  readonly label: string;
}

export interface TimeAxis {
  readonly width: number;
  readonly startUs: number;
  readonly endUs: number;
  x(us: number): number;
  us(x: number): number;
  readonly breaks: readonly AxisBreak[];
  readonly ticks: readonly AxisTick[];
  /** Px a µs takes between breaks. */
  readonly scale: number;
}

export const BREAK_PX = 16;
/** Below this the readable length is not readable, and cutting begins. */
const READABLE_PX = 20;
/** Only a stretch that would take more than this is worth a cut. */
const WORTH_PX = 28;
/** Cutting must make what is left at least this many times longer, or the axis stays whole … */
const WORTH_GAIN = 2.5;
/** … and where the readable length stays below this all the same, far longer. */
const BARELY_PX = 8;
const WORTH_GAIN_UNREAD = 20;
/** Room on either side of a break, so that marks do not run into it. */
const PAD_MOST_PX = 12;
const PAD_LEAST_PX = 3;
/** The room beside breaks gives way once they take more than this share of the axis … */
const BREAKS_SHARE = 0.55;
/** … and they never take more than this. */
const BREAKS_MOST_SHARE = 0.72;
const LABEL_PX = 6.2;

export function timeAxis(input: AxisInput): TimeAxis {
  const { mode, width, padStart = 0, padEnd = 0, labelRoom = 0 } = input;
  const { startUs, endUs } = input.survey;
  const length = Math.max(1, width - padStart - padEnd);
  const gaps = mode === 'linear' ? [] : cutsOf(input, length);
  const pad = Math.max(
    PAD_LEAST_PX,
    Math.min(PAD_MOST_PX, ((length * BREAKS_SHARE) / Math.max(1, gaps.length) - BREAK_PX) / 2),
  );
  const cutPx = BREAK_PX + 2 * pad;

  const cutUs = gaps.reduce((sum, gap) => sum + lengthOf(gap), 0);
  const keptUs = endUs - startUs - cutUs;
  // Where all instants of each cluster coincide, nothing is left to stretch: the breaks share the room.
  const scale = keptUs > 0 ? Math.max(0, length - gaps.length * cutPx) / keptUs : 0;
  const gapPx = scale > 0 ? cutPx : length / Math.max(1, gaps.length);

  const knotsUs = [startUs];
  const knotsX = [padStart];
  const breaks: AxisBreak[] = [];
  const push = (us: number, x: number) => {
    if (us <= knotsUs[knotsUs.length - 1]) return;
    knotsUs.push(us);
    knotsX.push(x);
  };
  let atUs = startUs;
  let x = padStart;
  for (const gap of gaps) {
    x += (gap.fromUs - atUs) * scale;
    push(gap.fromUs, x);
    breaks.push({
      ...gap,
      x: x + (gapPx - BREAK_PX) / 2,
      width: BREAK_PX,
      label: durationWords(lengthOf(gap)),
    });
    x += gapPx;
    push(gap.untilUs, x);
    atUs = gap.untilUs;
  }
  push(endUs, padStart + length);

  const toX = scaleLinear(knotsUs, knotsX);
  const ticks =
    gaps.length === 0
      ? plainTicks(startUs, endUs, length, toX, labelRoom)
      : stretchTicks(gaps, startUs, endUs, toX, labelRoom);
  return {
    width,
    startUs,
    endUs,
    x: (us) => toX(us),
    us: (at) => toX.invert(at),
    breaks: sayLengths(breaks),
    ticks,
    scale,
  };
}

/** Says how long each break is, the longest first: where words would touch, the shorter break says less, or nothing. */
function sayLengths(breaks: readonly AxisBreak[]): AxisBreak[] {
  const row = new LabelRow(0);
  const words = new Map<AxisBreak, string>();
  for (const cut of [...breaks].sort((a, b) => lengthOf(b) - lengthOf(a))) {
    const middle = cut.x + cut.width / 2;
    words.set(
      cut,
      [roughWords(lengthOf(cut)), durationWords(lengthOf(cut), 1)].find((label) => row.take(middle, label)) ??
        '',
    );
  }
  return breaks.map((cut) => ({ ...cut, label: words.get(cut) ?? '' }));
}

/** One unit, for the narrow column of an axis that runs down. */
function roundWords(us: number): string {
  if (us < HOUR) return us < MINUTE ? durationWords(us) : durationWords(us, 1);
  return `${Number((us / HOUR).toFixed(1))} h`;
}

/** Two figures are enough for the length of a break. */
function roughWords(us: number): string {
  return us < 60_000_000 ? durationWords(Number(us.toPrecision(2))) : durationWords(us);
}

// ── which gaps are cut ───────────────────────────────────────────────────────────────────────────────────────────

function cutsOf(input: AxisInput, length: number): Gap[] {
  const { startUs, endUs, largest, typicalUs } = input.survey;
  const maxCuts = Math.floor((length * BREAKS_MOST_SHARE) / (BREAK_PX + 2 * PAD_LEAST_PX));
  const readableUs = input.readableUs !== undefined && input.readableUs > 0 ? input.readableUs : typicalUs;
  let keptUs = endUs - startUs;
  let cuts = 0;
  const scaleNow = () => Math.max(1, length - cuts * cutCost(cuts, length)) / Math.max(1, keptUs);
  const isWorth = (gap: Gap) => lengthOf(gap) * scaleNow() > WORTH_PX;
  while (
    cuts < Math.min(maxCuts, largest.length) &&
    readableUs * scaleNow() < READABLE_PX &&
    isWorth(largest[cuts])
  ) {
    keptUs -= lengthOf(largest[cuts]);
    cuts++;
  }
  if (cuts === 0) return [];
  // Gaps about as long as the last one cut are treated like it, or equal waits would look different.
  const last = lengthOf(largest[cuts - 1]);
  while (
    cuts < Math.min(maxCuts, largest.length) &&
    lengthOf(largest[cuts]) > last * 0.6 &&
    isWorth(largest[cuts])
  ) {
    keptUs -= lengthOf(largest[cuts]);
    cuts++;
  }
  const gain = (scaleNow() * (endUs - startUs)) / length;
  if (gain < (readableUs * scaleNow() >= BARELY_PX ? WORTH_GAIN : WORTH_GAIN_UNREAD)) return [];
  return largest.slice(0, cuts).sort((a, b) => a.fromUs - b.fromUs);
}

function cutCost(cuts: number, length: number): number {
  const pad = ((length * BREAKS_SHARE) / Math.max(1, cuts) - BREAK_PX) / 2;
  return BREAK_PX + 2 * Math.max(PAD_LEAST_PX, Math.min(PAD_MOST_PX, pad));
}

// ── what is written ──────────────────────────────────────────────────────────────────────────────────────────────

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONG_STEPS = [1, 2, 5, 10, 20, 30]
  .map((n) => n * MINUTE)
  .concat(
    [1, 2, 3, 6, 12].map((n) => n * HOUR),
    [1, 2, 5, 10, 20, 50, 100].map((n) => n * DAY),
  );
const TICK_ROOM_PX = 44;

/** A round step of at least `leastUs`: 1-2-5 up to 30 s, then what clocks and calendars count by. */
function roundStep(leastUs: number): number {
  if (leastUs > 20 * SECOND) return LONG_STEPS.find((step) => step >= leastUs) ?? tickStep(0, leastUs * 4, 4);
  if (leastUs > 10 * SECOND) return 20 * SECOND;
  const step = tickStep(0, leastUs * 4, 4);
  return Math.max(1, Math.round(step >= leastUs ? step : tickStep(0, leastUs * 8, 4)));
}

function unitOf(stepUs: number): { readonly word: string; readonly us: number } {
  if (stepUs >= DAY) return { word: 'd', us: DAY };
  if (stepUs >= HOUR) return { word: 'h', us: HOUR };
  if (stepUs >= MINUTE) return { word: 'min', us: MINUTE };
  if (stepUs >= SECOND / 10) return { word: 's', us: SECOND };
  return stepUs >= 100 ? { word: 'ms', us: 1_000 } : { word: 'µs', us: 1 };
}

const figure = (us: number, unitUs: number): string => String(Number((us / unitUs).toFixed(3)));

/** One stretch: round instants, the unit once. */
function plainTicks(
  startUs: number,
  endUs: number,
  length: number,
  toX: (us: number) => number,
  room: number,
): AxisTick[] {
  const least = ((endUs - startUs) * Math.max(TICK_ROOM_PX, room)) / length;
  let step = roundStep(least);
  const widest = figure(Math.floor(endUs / step) * step, unitOf(step).us).length * LABEL_PX + 16;
  if ((widest * (endUs - startUs)) / length > step) step = roundStep(((endUs - startUs) * widest) / length);
  const unit = unitOf(step);
  const ticks: AxisTick[] = [];
  for (let us = Math.ceil(startUs / step) * step; us <= endUs; us += step) {
    ticks.push({
      us,
      x: toX(us),
      label: ticks.length === 0 ? `${figure(us, unit.us)} ${unit.word}` : figure(us, unit.us),
    });
  }
  return ticks;
}

/** Several stretches: the instant at which each begins, then steps counted from there ("+20 ms") where there is room. */
function stretchTicks(
  gaps: readonly Gap[],
  startUs: number,
  endUs: number,
  toX: (us: number) => number,
  room: number,
): AxisTick[] {
  const stretches = [startUs, ...gaps.map((gap) => gap.untilUs)].map((fromUs, i) => {
    const untilUs = Math.max(fromUs, i < gaps.length ? gaps[i].fromUs : endUs);
    return { fromUs, untilUs, lengthPx: toX(untilUs) - toX(fromUs) };
  });
  const ticks: AxisTick[] = [];
  const row = new LabelRow(room);
  const add = (us: number, words: string): boolean => {
    const x = toX(us);
    const hasRoom = row.take(x, words);
    ticks.push({ us, x, label: hasRoom ? words : '' });
    return hasRoom;
  };
  // Where things happen goes before where a single instant stands between two breaks.
  const isLong = ({ lengthPx }: { readonly lengthPx: number }) => lengthPx >= 1;
  for (const { fromUs } of stretches.filter(isLong))
    add(fromUs, room > 0 ? roundWords(fromUs) : durationWords(fromUs));
  for (const { fromUs } of stretches.filter((stretch) => !isLong(stretch)))
    add(fromUs, room > 0 ? '' : durationWords(fromUs));
  for (const { fromUs, untilUs, lengthPx } of stretches) {
    if (lengthPx < TICK_ROOM_PX) continue;
    const step = roundStep(((untilUs - fromUs) * Math.max(TICK_ROOM_PX, room)) / lengthPx);
    const unit = unitOf(step);
    let isFirst = true;
    for (let us = fromUs + step; us <= untilUs; us += step) {
      if (add(us, `+${figure(us - fromUs, unit.us)}${isFirst ? ` ${unit.word}` : ''}`)) isFirst = false;
    }
  }
  return ticks.sort((a, b) => a.us - b.us);
}

/** Labels in one row that must not touch: a later one gives way. */
class LabelRow {
  private readonly taken: { from: number; until: number }[] = [];
  private readonly room: number;

  /** `room`: what every label takes along the axis; 0: as much as its words. */
  constructor(room: number) {
    this.room = room;
  }

  take(x: number, words: string): boolean {
    if (words === '') return false;
    const half = (this.room > 0 ? this.room : words.length * LABEL_PX + 8) / 2;
    if (this.taken.some(({ from, until }) => x - half < until && x + half > from)) return false;
    this.taken.push({ from: x - half, until: x + half });
    return true;
  }
}
