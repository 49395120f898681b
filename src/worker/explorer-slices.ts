/** An exploration in slices, for whoever drives it: a worker or the page, each with breaths of its own length. */
import { Exploration, type Inquiry, type Progress } from '../../sim/explore/explore.ts';
import { ladderSlices } from '../../sim/explore/ladder.ts';
import { twinSlices } from '../../sim/explore/twins.ts';
import type { AskedRun, Explored, ExplorerHost } from './explorer.ts';
import { nextTask } from './next-task.ts';

/** Situations of one slice: a few milliseconds on a slow machine. */
const SLICE_STATES = 64;
/** Progress is told about 10 times a second. */
const PROGRESS_MS = 100;

/** Yields how far it is after each unfinished slice; returns the answer. */
export function* exploreSlices(inquiry: Inquiry, isFinishing: () => boolean): Generator<Progress, Explored> {
  const exploration = new Exploration(inquiry);
  while (!exploration.advance(SLICE_STATES)) {
    if (isFinishing()) exploration.cancel();
    yield exploration.progress;
  }
  return { answer: exploration.answer(), progress: exploration.progress };
}

/** The explorer's work in this very place. It breathes every `breathMs`, so that a message or a click can be heard. */
export function explorerHere(breathMs: number): Omit<ExplorerHost, 'where'> {
  let finishing = false;
  let stopped = false;
  /** Goes through the slices to the result, and tells now and then how far it is. */
  async function drive<Told, Result>(
    slices: Generator<Told, Result>,
    onProgress: (told: Told) => void,
  ): Promise<Result> {
    let breathedAt = performance.now();
    let toldAt = breathedAt;
    for (;;) {
      const slice = slices.next();
      if (slice.done) return slice.value;
      const now = performance.now();
      if (now - toldAt >= PROGRESS_MS) {
        toldAt = now;
        onProgress(slice.value);
      }
      if (now - breathedAt < breathMs) continue;
      await nextTask();
      if (stopped) throw new Error('stopped');
      breathedAt = performance.now();
    }
  }
  return {
    explore: (inquiry, onProgress) => {
      finishing = false;
      return drive(
        exploreSlices(inquiry, () => finishing),
        onProgress,
      );
    },
    twin: ({ plan, seed, overrides, bounds }: AskedRun, onProgress) =>
      drive(twinSlices(plan, { seed, overrides }, bounds), onProgress),
    ladder: ({ plan, seed, overrides, bounds }: AskedRun, onProgress) =>
      drive(ladderSlices(plan, { seed, overrides }, bounds), onProgress),
    finish: () => {
      finishing = true;
    },
    stop: () => {
      stopped = true;
    },
  };
}
