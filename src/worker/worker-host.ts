/**
 * A worker as an engine host: comlink, a handshake at the start, and a watch that notices when it breaks or falls
 * silent (a blocked worker does not throw, it fires an `error` event, and a pending comlink call never settles).
 */
import * as Comlink from 'comlink';
import type { EngineHost, EngineWay, Host, Way } from './client.ts';
import { GREETING, type EngineApi } from './protocol.ts';

/** How long a worker may take to load and greet. */
const START_MS = 8_000;
/** How long it may be silent at work, in seconds; it tells its progress 10 or 20 times a second. */
const SILENCE_S = 20;

/** A `Worker`, or what stands for one in a test. */
export type WorkerLike = Comlink.Endpoint & { terminate(): void };

export type MakeWorker = () => { worker: WorkerLike; release?: () => void };

/** Makes a call and waits for it, unless the worker breaks or falls silent; the call says `heard` when it hears from it. */
export type Guard = <Result>(call: (heard: () => void) => Promise<Result>) => Promise<Result>;

/** A way to a worker that runs scenarios; `release` is called when it has started or failed. */
export function workerWay(name: string, make: MakeWorker): EngineWay {
  return wayToWorker<EngineApi, EngineHost>(name, make, GREETING, (api, guard, stop) => ({
    where: 'worker',
    run: (request, onProgress) =>
      guard((heard) => {
        const told = Comlink.proxy((eventsSoFar: number) => {
          heard();
          onProgress(eventsSoFar);
        });
        return api.run(request, told);
      }),
    stop,
  }));
}

/** A way to a worker of any API: it must greet with `greeting`, and `hostOf` makes the host. */
export function wayToWorker<Api extends { hello(): string }, Place extends Host>(
  name: string,
  make: MakeWorker,
  greeting: string,
  hostOf: (api: Comlink.Remote<Api>, guard: Guard, stop: () => void) => Place,
): Way<Place> {
  return {
    name,
    async start() {
      const { worker, release } = make();
      try {
        const broken = whenBroken(worker);
        const api = Comlink.wrap<Api>(worker);
        await greet(Comlink.wrap<{ hello(): string }>(worker).hello(), greeting, broken);
        return hostOf(api, guardOf(broken), () => worker.terminate());
      } catch (error) {
        worker.terminate();
        throw error;
      } finally {
        release?.();
      }
    },
  };
}

async function greet(said: Promise<string>, greeting: string, broken: Promise<never>): Promise<void> {
  const deadline = alarm(START_MS, 'it did not answer in time');
  try {
    if ((await Promise.race([said, broken, deadline.rung])) !== greeting)
      throw new Error('it answered as another program');
  } finally {
    deadline.disarm();
  }
}

function guardOf(broken: Promise<never>): Guard {
  return async (call) => {
    const silence = watch(SILENCE_S);
    try {
      return await Promise.race([call(silence.reset), broken, silence.rung]);
    } finally {
      silence.disarm();
    }
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
