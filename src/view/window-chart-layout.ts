/**
 * Retry attempts against the dedup window, on one log axis of time after the key was first written: which attempts
 * meet the key, and which is the first that can come too late.
 */
import { scaleLog } from 'd3';
import type { StorePlan } from '../../sim/scenario/plan.ts';
import type { AttemptOffset, AttemptSchedule } from './attempt-offsets.ts';
import { exactDuration } from './exact-words.ts';
import { durationWords } from './time-words.ts';

export interface AttemptPoint {
  readonly attempt: number;
  readonly x: number;
  /** Where jitter may put it; both equal to x without jitter. */
  readonly xEarliest: number;
  readonly xLatest: number;
  /** Whether it comes after its key has expired: for certain, only with some jitter, or not. */
  readonly escapes: 'yes' | 'maybe' | 'no';
  /** Whether its number has room. */
  readonly isLabelled: boolean;
}

export interface WindowChart {
  readonly points: readonly AttemptPoint[];
  /** Right end of the window bar; null when the key never expires. */
  readonly windowX: number | null;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** The first attempt that can escape. */
  readonly firstEscape: AttemptPoint | null;
  /** What the chart shows, as one sentence. */
  readonly sentence: string;
}

interface Input {
  readonly schedule: AttemptSchedule;
  /** Null: the handler checks no key, so that every attempt takes effect. */
  readonly store: Pick<StorePlan, 'windowUs' | 'slides'> | null;
  readonly width: number;
  /** Room for attempt 1, which stands at 0 and so before the log axis. */
  readonly zeroWidth: number;
  readonly padEnd: number;
}

const LABEL_PX = 11;
const TICK_PX = 44;
const MOST_POINTS = 40;
const POINTS_LEAST = 10;
const POINTS_BEYOND = 2;

const ROUND_US = [
  ...[1, 10, 100].flatMap((n) => [n, n * 1_000]),
  ...[1, 10].map((n) => n * 1_000_000),
  ...[1, 10].map((n) => n * 60_000_000),
  ...[1, 10].map((n) => n * 3_600_000_000),
  ...[2, 10, 30, 100, 300, 1_000, 3_000].map((n) => n * 86_400_000_000),
].sort((a, b) => a - b);

export function windowChart({ schedule, store, width, zeroWidth, padEnd }: Input): WindowChart {
  const attempts = worthShowing(schedule.attempts, store);
  const times = attempts
    .slice(1)
    .flatMap(({ earliestUs, nominalUs, latestUs }) => [earliestUs, nominalUs, latestUs]);
  const windowUs = store?.windowUs ?? Infinity;
  const positive = [...times, windowUs].filter((us) => us > 0 && Number.isFinite(us));
  const least = Math.min(...positive, 1_000_000) / 1.5;
  const most = Math.max(...positive, least * 100) * 1.3;
  const scale = scaleLog([least, most], [zeroWidth, width - padEnd]).clamp(true);
  const toX = (us: number): number => (us <= 0 ? zeroWidth / 2 : scale(us));

  const firstIndex = attempts.findIndex((_, index) => escapeOf(attempts, index, store) !== 'no');
  const namedX = firstIndex < 0 ? Infinity : toX(attempts[firstIndex].nominalUs);
  let labelEnd = -Infinity;
  const points = attempts.map((offset, index): AttemptPoint => {
    const x = toX(offset.nominalUs);
    const hasRoom = x - labelEnd >= LABEL_PX && Math.abs(x - namedX) >= LABEL_PX;
    const isLabelled = hasRoom || index === firstIndex;
    if (isLabelled) labelEnd = x;
    return {
      attempt: offset.attempt,
      x,
      xEarliest: toX(offset.earliestUs),
      xLatest: toX(offset.latestUs),
      escapes: escapeOf(attempts, index, store),
      isLabelled,
    };
  });
  return {
    points,
    windowX: Number.isFinite(windowUs) ? toX(windowUs) : null,
    ticks: ticksBetween(least, most, toX),
    firstEscape: firstIndex < 0 ? null : points[firstIndex],
    sentence: sentenceOf(
      { attempts, goesOn: schedule.goesOn || attempts.length < schedule.attempts.length },
      firstIndex,
      points[firstIndex]?.escapes ?? 'no',
      store,
    ),
  };
}

/** All attempts, but of a long schedule only some beyond the first that escapes for certain. */
function worthShowing(attempts: readonly AttemptOffset[], store: Input['store']): readonly AttemptOffset[] {
  const firstLost = attempts.findIndex((_, index) => escapeOf(attempts, index, store) === 'yes');
  const most = firstLost < 0 ? MOST_POINTS : Math.max(firstLost + 1 + POINTS_BEYOND, POINTS_LEAST);
  return attempts.slice(0, most);
}

/** How long after the instant the window counts from an attempt comes, at the least and at the most. */
function ageOf(
  attempts: readonly AttemptOffset[],
  index: number,
  slides: boolean,
): { least: number; most: number; usual: number } {
  const at = attempts[index];
  if (!slides || index === 0) return { least: at.earliestUs, most: at.latestUs, usual: at.nominalUs };
  const before = attempts[index - 1];
  return {
    least: at.earliestUs - before.earliestUs,
    most: at.latestUs - before.latestUs,
    usual: at.nominalUs - before.nominalUs,
  };
}

/** At exactly the age of its window an entry has expired. */
function escapeOf(
  attempts: readonly AttemptOffset[],
  index: number,
  store: Input['store'],
): AttemptPoint['escapes'] {
  if (index === 0) return 'no';
  if (store === null) return 'yes';
  const { windowUs, slides } = store;
  const { least, most } = ageOf(attempts, index, slides);
  if (least >= windowUs) return 'yes';
  return most >= windowUs ? 'maybe' : 'no';
}

function sentenceOf(
  { attempts, goesOn }: Pick<AttemptSchedule, 'attempts' | 'goesOn'>,
  index: number,
  escapes: AttemptPoint['escapes'],
  store: Input['store'],
): string {
  if (attempts.length === 1) return 'One attempt only: nothing comes that a window could suppress.';
  if (store === null)
    return 'The handler checks no key: from attempt 2 on, each that is delivered takes effect again.';
  const { windowUs, slides } = store;
  if (!Number.isFinite(windowUs)) return 'The key is held forever: no attempt can come too late.';
  if (index < 0) {
    const last = attempts[attempts.length - 1];
    const how = slides
      ? 'Each attempt comes before its key expires'
      : `Every attempt listed comes inside the window, the last at ${exactDuration(last.latestUs)}`;
    return goesOn ? `${how}; more attempts follow.` : `${how}.`;
  }
  const { least, most, usual } = ageOf(attempts, index, slides);
  const name = `Attempt ${attempts[index].attempt}`;
  const after = slides ? ` after attempt ${attempts[index - 1].attempt}` : '';
  if (escapes === 'maybe') {
    return `${name} can escape: it comes between ${exactDuration(least)} and ${exactDuration(most)}${after}; the key expires at ${exactDuration(windowUs)}.`;
  }
  const late = usual - windowUs;
  const past =
    late === 0
      ? 'at the very instant at which the key expires'
      : `${exactDuration(late)} after the key expired`;
  return `${name}, ${exactDuration(usual)}${after}: ${past}.`;
}

function ticksBetween(least: number, most: number, toX: (us: number) => number): WindowChart['ticks'] {
  const ticks: { x: number; label: string }[] = [];
  for (const us of ROUND_US) {
    if (us < least || us > most) continue;
    const x = toX(us);
    const before = ticks.at(-1);
    if (before === undefined || x - before.x >= TICK_PX) ticks.push({ x, label: durationWords(us) });
  }
  return ticks;
}
