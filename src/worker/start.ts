/** The engine that runs scenarios, started wherever it may (ways.ts). */
import engineUrl from './worker.ts?worker&url';
import { EngineClient, type Host } from './client.ts';
import { pageWay } from './page-host.ts';
import type { runSlices } from './run-slices.ts';
import { waysTo } from './ways.ts';
import { workerWay } from './worker-host.ts';

declare global {
  // Set by the engine's script when it runs on a page (worker.ts).
  var deliveryLabRunSlices: typeof runSlices | undefined;
}

export interface StartedEngine {
  readonly engine: EngineClient;
  /** Keeps a copy of the engine's script, so that a worker can start again after the server has gone. */
  keepScript(): Promise<void>;
}

export function startEngine(onStart: (where: Host['where']) => void): StartedEngine {
  const { ways, keepScript } = waysTo({
    url: engineUrl,
    worker: workerWay,
    page: (load) =>
      pageWay(async () => {
        if (globalThis.deliveryLabRunSlices === undefined) await load();
        if (globalThis.deliveryLabRunSlices === undefined) throw new Error('its script did not run');
        return globalThis.deliveryLabRunSlices;
      }),
  });
  return { engine: new EngineClient(ways, onStart), keepScript };
}
