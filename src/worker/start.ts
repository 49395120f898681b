/**
 * The ways to start the engine in a browser, best first. The engine is one classic script: a worker of its own, a
 * worker from a blob that imports it (an opaque origin may not start the first), or a `<script>` on this page.
 * None of them needs a CORS header, so any static host will do. To cancel a run ends its worker, so the page keeps the
 * script's text where it may: a next worker can then start when the server has gone.
 */
import engineUrl from './worker.ts?worker&url';
import { EngineClient, type EngineHost } from './client.ts';
import { pageWay, type RunSlices } from './page-host.ts';
import type { runSlices } from './run-slices.ts';
import { workerWay } from './worker-host.ts';

declare global {
  // Set by the engine's script when it runs on a page (worker.ts).
  var deliveryLabRunSlices: typeof runSlices | undefined;
}

/** A host may demand that addresses of scripts are vouched for ("trusted types"); this one is the build's own. */
interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

declare global {
  var trustedTypes:
    | { createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy }
    | undefined;
}

/** The development server serves the engine as a module; a build makes it a classic script. */
const WORKER_TYPE = import.meta.env.DEV ? 'module' : 'classic';

export interface StartedEngine {
  readonly engine: EngineClient;
  /** Keeps a copy of the engine's script, so that a worker can start again after the server has gone. */
  keepScript(): Promise<void>;
}

export function startEngine(onStart: (where: EngineHost['where']) => void): StartedEngine {
  const url = new URL(engineUrl, document.baseURI).href;
  const policy = globalThis.trustedTypes?.createPolicy('delivery-lab', { createScriptURL: (asked) => asked });
  const vouched: Vouch = (asked) => policy?.createScriptURL(asked) ?? asked;
  const byAddress = () => ({ worker: new Worker(vouched(url), { type: WORKER_TYPE }) });
  let kept: string | null = null;
  const engine = new EngineClient(
    [
      workerWay('a worker', () => (kept === null ? byAddress() : blobWorker(kept, vouched))),
      workerWay('a worker by its address', byAddress), // where a policy forbids blobs, and so the copy
      workerWay('a worker from a blob', () => blobWorker(importing(url), vouched)),
      pageWay(() => engineOnPage(vouched(url))),
    ],
    onStart,
  );
  return {
    engine,
    keepScript: async () => {
      kept = await (await fetch(url)).text();
    },
  };
}

type Vouch = (url: string) => string;

/** A script that imports another; a worker needs a policy of its own to vouch for its address. */
function importing(url: string): string {
  return `
    const policy = globalThis.trustedTypes?.createPolicy('delivery-lab', { createScriptURL: (asked) => asked });
    const url = ${JSON.stringify(url)};
    importScripts(policy === undefined ? url : policy.createScriptURL(url));`;
}

function blobWorker(script: string, vouched: Vouch) {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return { worker: new Worker(vouched(url)), release: () => URL.revokeObjectURL(url) };
}

async function engineOnPage(url: string): Promise<RunSlices> {
  if (globalThis.deliveryLabRunSlices === undefined) await loadScript(url);
  if (globalThis.deliveryLabRunSlices === undefined) throw new Error('its script did not run');
  return globalThis.deliveryLabRunSlices;
}

function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    if (import.meta.env.DEV) script.type = 'module';
    script.src = url;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error('its script could not be loaded')));
    document.head.append(script);
  });
}
