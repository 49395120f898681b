/**
 * A worker as an engine host: comlink, a handshake at the start, and a watch that notices when it breaks or falls
 * silent (a blocked worker does not throw, it fires an `error` event, and a pending comlink call never settles).
 */
import * as Comlink from 'comlink';
import type { EngineHost, EngineWay } from './client.ts';
import { GREETING, type EngineApi } from './protocol.ts';

/** How long a worker may take to load and greet. */
const START_MS = 8_000;
/** How long it may be silent in a run, in seconds; it tells its progress 20 times a second. */
const SILENCE_S = 20;

/** A `Worker`, or what stands for one in a test. */
export type WorkerLike = Comlink.Endpoint & { terminate(): void };

/** A way that makes a worker; `release` is called when it has started or failed. */
export function workerWay(name: string, make: () => { worker: WorkerLike; release?: () => void }): EngineWay {
  return {
    name,
    async start() {
      const { worker, release } = make();
      try {
        return await greet(worker);
      } catch (error) {
        worker.terminate();
        throw error;
      } finally {
        release?.();
      }
    },
  };
}

async function greet(worker: WorkerLike): Promise<EngineHost> {
  const broken = whenBroken(worker);
  const api = Comlink.wrap<EngineApi>(worker);
  const deadline = alarm(START_MS, 'it did not answer in time');
  try {
    const greeting = await Promise.race([api.hello(), broken, deadline.rung]);
    if (greeting !== GREETING) throw new Error('it answered as another program');
  } finally {
    deadline.disarm();
  }
  return {
    where: 'worker',
    async run(request, onProgress) {
      const silence = watch(SILENCE_S);
      const told = Comlink.proxy((eventsSoFar: number) => {
        silence.reset();
        onProgress(eventsSoFar);
      });
      try {
        return await Promise.race([api.run(request, told), broken, silence.rung]);
      } finally {
        silence.disarm();
      }
    },
    stop: () => worker.terminate(),
  };
}

/** Rejects when the worker reports an error; safe to leave unawaited. */
function whenBroken(worker: WorkerLike): Promise<never> {
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      const said = 'message' in event && typeof event.message === 'string' ? event.message : '';
      reject(new Error(said === '' ? 'the worker was blocked or could not be loaded' : said));
    });
    worker.addEventListener('messageerror', () => reject(new Error('the worker sent something unreadable')));
  });
  broken.catch(() => undefined); // heard through the races above; alone it must not count as unhandled
  return broken;
}

function alarm(ms: number, message: string) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  return { rung, disarm: () => clearTimeout(timer) };
}

/** Counts whole seconds without a reset, so that a laptop that slept does not count as silence. */
function watch(seconds: number) {
  let left = seconds;
  let timer: ReturnType<typeof setInterval> | undefined;
  const rung = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      left -= 1;
      if (left <= 0) reject(new Error(`the simulator was silent for ${seconds} s`));
    }, 1_000);
  });
  const reset = (): void => {
    left = seconds;
  };
  return { rung, reset, disarm: () => clearInterval(timer) };
}
