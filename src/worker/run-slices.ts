/**
 * A run in slices, for whoever drives it: the worker without a pause, the page with a breath between two slices.
 * It is the only place of the app that calls the engine.
 */
import { startRun, type RunResult } from '../../sim/run.ts';
import type { RunRequest } from './protocol.ts';

/** Events of one slice: about 16 ms on a slow machine, so that a page between two slices stays alive. */
const SLICE_EVENTS = 50_000;

/** Yields the events so far after each unfinished slice; returns the result. */
export function* runSlices({ plan, ...options }: RunRequest): Generator<number, RunResult> {
  const run = startRun(plan, options);
  while (!run.advance(SLICE_EVENTS)) yield run.eventsSoFar;
  return run.result();
}
