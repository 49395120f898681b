/**
 * The ways to start the engine in a browser, best first. The engine is one classic script: a worker of its own, a
 * worker from a blob that imports it (an opaque origin may not start the first), or a `<script>` on this page.
 * None of them needs a CORS header, so any static host will do.
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

export function startEngine(onStart: (where: EngineHost['where']) => void): EngineClient {
  const url = new URL(engineUrl, document.baseURI).href;
  const policy = globalThis.trustedTypes?.createPolicy('delivery-lab', { createScriptURL: (asked) => asked });
  const vouched: Vouch = (asked) => policy?.createScriptURL(asked) ?? asked;
  return new EngineClient(
    [
      workerWay('a worker', () => ({ worker: new Worker(vouched(url), { type: WORKER_TYPE }) })),
      workerWay('a worker from a blob', () => blobWorker(url, vouched)),
      pageWay(() => engineOnPage(vouched(url))),
    ],
    onStart,
  );
}

/** What the blob does with its `url`: a worker has a policy of its own. */
const IMPORT_URL = `
const policy = globalThis.trustedTypes?.createPolicy('delivery-lab', { createScriptURL: (asked) => asked });
importScripts(policy === undefined ? url : policy.createScriptURL(url));
`;

type Vouch = (url: string) => string;

function blobWorker(url: string, vouched: Vouch) {
  const source = new Blob([`const url = ${JSON.stringify(url)};${IMPORT_URL}`], { type: 'text/javascript' });
  const blobUrl = URL.createObjectURL(source);
  return { worker: new Worker(vouched(blobUrl)), release: () => URL.revokeObjectURL(blobUrl) };
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
