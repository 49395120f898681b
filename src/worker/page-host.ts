/**
 * The page itself as an engine host, for where no worker may start: the same slices, with a breath between two of
 * them so that the page can paint and a Cancel can be heard.
 */
import type { RunResult } from '../../sim/run.ts';
import type { EngineHost, EngineWay } from './client.ts';
import { nextTask } from './next-task.ts';
import type { RunRequest } from './protocol.ts';

export type RunSlices = (request: RunRequest) => Generator<number, RunResult>;

/** `load` brings the engine; `breathe` lets the page live for a moment. */
export function pageWay(load: () => Promise<RunSlices>, breathe: () => Promise<void> = nextTask): EngineWay {
  return {
    name: 'this page',
    async start() {
      return pageHost(await load(), breathe);
    },
  };
}

function pageHost(runSlices: RunSlices, breathe: () => Promise<void>): EngineHost {
  let stopped = false;
  return {
    where: 'page',
    async run(request, onProgress) {
      const slices = runSlices(request);
      for (;;) {
        if (stopped) throw new Error('stopped');
        const slice = slices.next();
        if (slice.done) return slice.value;
        onProgress(slice.value);
        await breathe();
      }
    },
    stop() {
      stopped = true;
    },
  };
}
