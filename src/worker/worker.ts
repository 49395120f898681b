/**
 * The engine's own script. In a worker it answers comlink calls; loaded by a `<script>` tag, where no worker may
 * start, it hands the same slices to the page (see client.ts).
 */
import * as Comlink from 'comlink';
import type { RunResult } from '../../sim/run.ts';
import { traceBuffers } from '../../sim/trace/columns.ts';
import { GREETING, type EngineApi, type OnProgress, type RunRequest } from './protocol.ts';
import { runSlices } from './run-slices.ts';

/** Progress is told at most this often: 20 times a second. */
const PROGRESS_MS = 50;

function runToEnd(request: RunRequest, onProgress: OnProgress): RunResult {
  const slices = runSlices(request);
  let toldAt = performance.now();
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    if (performance.now() - toldAt < PROGRESS_MS) continue;
    toldAt = performance.now();
    onProgress(slice.value);
  }
}

const api: EngineApi = {
  hello: () => GREETING,
  run(request, onProgress) {
    const result = runToEnd(request, onProgress);
    return result.trace === null ? result : Comlink.transfer(result, traceBuffers(result.trace));
  },
};

if (typeof document === 'undefined') Comlink.expose(api);
else globalThis.deliveryLabRunSlices = runSlices;
