/**
 * The ways to start one of the app's scripts that hold the engine, best first. Each is one classic script: a worker of
 * its own, a worker from a blob that imports it (an opaque origin may not start the first), or a `<script>` on this
 * page. None of them needs a CORS header, so any static host will do. To cancel work ends its worker, so the page keeps
 * the script's text where it may: a next worker can then start when the server has gone.
 */
import type { Host, Way } from './client.ts';
import type { WorkerLike } from './worker-host.ts';

/** A host may demand that addresses of scripts are vouched for ("trusted types"); these are the build's own. */
interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

declare global {
  var trustedTypes:
    | { createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy }
    | undefined;
}

/** The development server serves a script as a module; a build makes it a classic one. */
const WORKER_TYPE = import.meta.env.DEV ? 'module' : 'classic';

/** Made once: a policy's name may be taken only once on a page. */
const POLICY = globalThis.trustedTypes?.createPolicy('delivery-lab', { createScriptURL: (asked) => asked });

interface Script<Place extends Host> {
  /** Its address, as the build gives it. */
  readonly url: string;
  worker(name: string, make: () => { worker: WorkerLike; release?: () => void }): Way<Place>;
  /** `load` runs the script on this page. */
  page(load: () => Promise<void>): Way<Place>;
}

export interface ScriptWays<Place extends Host> {
  readonly ways: readonly Way<Place>[];
  /** Keeps a copy of the script, so that a worker can start again after the server has gone. */
  keepScript(): Promise<void>;
}

export function waysTo<Place extends Host>(script: Script<Place>): ScriptWays<Place> {
  const url = new URL(script.url, document.baseURI).href;
  const byAddress = () => ({ worker: new Worker(vouched(url), { type: WORKER_TYPE }) });
  let kept: string | null = null;
  return {
    ways: [
      script.worker('a worker', () => (kept === null ? byAddress() : blobWorker(kept))),
      script.worker('a worker by its address', byAddress), // where a policy forbids blobs, and so the copy
      script.worker('a worker from a blob', () => blobWorker(importing(url))),
      script.page(() => loadScript(vouched(url))),
    ],
    keepScript: async () => {
      kept = await (await fetch(url)).text();
    },
  };
}

function vouched(url: string): string {
  return POLICY?.createScriptURL(url) ?? url;
}

/** A script that imports another; a worker needs a policy of its own to vouch for its address. */
function importing(url: string): string {
  return `
    const policy = globalThis.trustedTypes?.createPolicy('delivery-lab', { createScriptURL: (asked) => asked });
    const url = ${JSON.stringify(url)};
    importScripts(policy === undefined ? url : policy.createScriptURL(url));`;
}

function blobWorker(script: string) {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return { worker: new Worker(vouched(url)), release: () => URL.revokeObjectURL(url) };
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
