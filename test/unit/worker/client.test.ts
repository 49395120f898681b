// The engine's client: exactly three outcomes, a next way when one is barred, and nothing left hanging.
import * as Comlink from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunResult } from '../../../sim/run.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { EngineClient, type EngineHost, type EngineWay } from '../../../src/worker/client.ts';
import { pageWay } from '../../../src/worker/page-host.ts';
import { GREETING, type EngineApi, type RunRequest } from '../../../src/worker/protocol.ts';
import { runSlices } from '../../../src/worker/run-slices.ts';
import { workerWay, type WorkerLike } from '../../../src/worker/worker-host.ts';

function request(messages = 2): RunRequest {
  const parsed = parseScenario({
    format: 1,
    nodes: {
      shop: { kind: 'producer', messages, arrivals: { kind: 'fixed', every: '1ms' } },
      api: { kind: 'consumer' },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': {}, 'api>shop': {} },
  });
  if (!parsed.ok) throw new Error('the fixture must parse');
  return { plan: planOf(parsed.scenario), seed: '1', overrides: {}, trace: false, asClaimed: true };
}

function resultOf(asked: RunRequest): RunResult {
  const slice = runSlices(asked).next();
  if (!slice.done) throw new Error('the fixture must fit into one slice');
  return slice.value;
}

const RESULT = resultOf(request());

/** A host whose runs are settled by hand. */
class FakeHost implements EngineHost {
  readonly where = 'worker';
  stopped = 0;
  readonly runs: {
    resolve: (result: RunResult) => void;
    reject: (error: Error) => void;
    tell: (n: number) => void;
  }[] = [];

  run(_: RunRequest, onProgress: (n: number) => void): Promise<RunResult> {
    return new Promise((resolve, reject) => this.runs.push({ resolve, reject, tell: onProgress }));
  }
  stop(): void {
    this.stopped += 1;
  }
}

function wayTo(hosts: FakeHost[]): EngineWay {
  return {
    name: 'fake',
    start: async () => {
      const host = new FakeHost();
      hosts.push(host);
      return host;
    },
  };
}

const barred = (name: string): EngineWay => ({
  name,
  start: () => Promise.reject(new Error(`${name} is barred`)),
});
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('client: the three outcomes', () => {
  it('a result', async () => {
    const hosts: FakeHost[] = [];
    const client = new EngineClient([wayTo(hosts)]);
    const told: number[] = [];
    const outcome = client.run(request(), (events) => told.push(events));
    await tick();
    hosts[0].runs[0].tell(50_000);
    hosts[0].runs[0].resolve(RESULT);

    expect(await outcome).toEqual({ kind: 'result', result: RESULT });
    expect(told).toEqual([50_000]);
  });

  it('an error, after which the next run has a host of its own', async () => {
    const hosts: FakeHost[] = [];
    const client = new EngineClient([wayTo(hosts)]);
    const outcome = client.run(request(), () => undefined);
    await tick();
    hosts[0].runs[0].reject(new Error('assertion: 3 is not 4'));

    expect(await outcome).toEqual({ kind: 'error', message: 'assertion: 3 is not 4' });
    expect(hosts[0].stopped).toBe(1);
    const next = client.run(request(), () => undefined);
    await tick();
    hosts[1].runs[0].resolve(RESULT);
    expect((await next).kind).toBe('result');
  });

  it('superseded by a newer run: its host is stopped, and its late progress is not heard', async () => {
    const hosts: FakeHost[] = [];
    const client = new EngineClient([wayTo(hosts)]);
    const told: number[] = [];
    const first = client.run(request(), (events) => told.push(events));
    await tick();
    const second = client.run(request(), () => undefined);
    hosts[0].runs[0].tell(1);
    await tick();
    hosts[1].runs[0].resolve(RESULT);

    expect((await first).kind).toBe('superseded');
    expect((await second).kind).toBe('result');
    expect(hosts[0].stopped).toBe(1);
    expect(told).toEqual([]);
  });

  it('superseded by a cancel, also while the host is still starting', async () => {
    const hosts: FakeHost[] = [];
    const client = new EngineClient([wayTo(hosts)]);
    const outcome = client.run(request(), () => undefined);
    client.cancel();
    expect((await outcome).kind).toBe('superseded');
  });

  it('runs one after another share one host', async () => {
    const hosts: FakeHost[] = [];
    const client = new EngineClient([wayTo(hosts)]);
    for (const _ of [1, 2, 3]) {
      const outcome = client.run(request(), () => undefined);
      await tick();
      hosts[0].runs.at(-1)?.resolve(RESULT);
      expect((await outcome).kind).toBe('result');
    }
    expect(hosts).toHaveLength(1);
  });
});

describe('client: where a worker may not start', () => {
  it('the next way is taken, and where it runs is told', async () => {
    const where: string[] = [];
    const client = new EngineClient([barred('a worker'), pageWay(async () => runSlices)], (place) =>
      where.push(place),
    );
    const outcome = await client.run(request(), () => undefined);

    expect(outcome.kind === 'result' && outcome.result.metrics.messages).toBe(2);
    expect(where).toEqual(['page']);
  });

  it('when every way is barred the run is an error that names them all', async () => {
    const client = new EngineClient([barred('a worker'), barred('this page')]);
    expect(await client.run(request(), () => undefined)).toEqual({
      kind: 'error',
      message:
        'The simulator could not start here (a worker: a worker is barred; this page: this page is barred).',
    });
  });

  it('and the next run tries every way again: a server that was gone may be back', async () => {
    let isGone = true;
    const way: EngineWay = {
      name: 'a worker',
      start: async () => {
        if (isGone) throw new Error('gone');
        return pageWay(async () => runSlices).start();
      },
    };
    const client = new EngineClient([way]);
    expect((await client.run(request(), () => undefined)).kind).toBe('error');
    isGone = false;
    expect((await client.run(request(), () => undefined)).kind).toBe('result');
  });

  it('on the page a long run breathes, tells its progress, and can be cancelled', async () => {
    const told: number[] = [];
    const client = new EngineClient([pageWay(async () => runSlices)]);
    const outcome = client.run(request(200_000), (events) => {
      told.push(events);
      if (told.length === 2) client.cancel();
    });
    expect((await outcome).kind).toBe('superseded');
    await tick();
    expect(told).toHaveLength(2);
  });
});

describe('worker host: over comlink', () => {
  /** A thread of its own in all but name: a message channel with the engine's API at its other end. */
  function channelWorker(api: EngineApi): { worker: WorkerLike; close: () => void } {
    const { port1, port2 } = new MessageChannel();
    Comlink.expose(api, port1);
    const close = (): void => {
      port1.close();
      port2.close();
    };
    return { worker: Object.assign(port2, { terminate: close }), close };
  }

  it('greets, runs, tells its progress, and an error in the engine arrives as an error', async () => {
    const { worker, close } = channelWorker({
      hello: () => GREETING,
      run(asked, onProgress) {
        onProgress(50_000);
        if (asked.seed === 'bad') throw new Error('assertion: 3 is not 4');
        return resultOf(asked);
      },
    });
    const told: number[] = [];
    const host = await workerWay('a worker', () => ({ worker })).start();
    const result = await host.run(request(), (events) => told.push(events));

    expect(result.digests).toEqual(RESULT.digests);
    await vi.waitFor(() => expect(told).toEqual([50_000])); // by a port of its own, so maybe after the result
    await expect(host.run({ ...request(), seed: 'bad' }, () => undefined)).rejects.toThrow('3 is not 4');
    close();
  });

  it('a worker that answers as another program is not taken', async () => {
    const { worker, close } = channelWorker({ hello: () => 'something else', run: resultOf });
    await expect(workerWay('a worker', () => ({ worker })).start()).rejects.toThrow('another program');
    close();
  });
});

describe('worker host: a worker that breaks is an error, never a hang', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A worker that never answers; its events are fired by hand. */
  class SilentWorker extends EventTarget {
    terminated = false;
    postMessage(): void {
      // heard, and ignored
    }
    terminate(): void {
      this.terminated = true;
    }
  }

  it('a blocked blob fires an `error` event and throws nothing: the handshake fails at once', async () => {
    const worker = new SilentWorker();
    const start = workerWay('a worker', () => ({ worker: worker as unknown as WorkerLike })).start();
    worker.dispatchEvent(new Event('error'));
    await expect(start).rejects.toThrow('the worker was blocked or could not be loaded');
    expect(worker.terminated).toBe(true);
  });

  it('a worker that says nothing at all: the handshake has a deadline', async () => {
    const worker = new SilentWorker();
    const release = vi.fn();
    const start = workerWay('a worker', () => ({ worker: worker as unknown as WorkerLike, release })).start();
    const failed = expect(start).rejects.toThrow('it did not answer in time');
    await vi.advanceTimersByTimeAsync(60_000);
    await failed;
    expect(release).toHaveBeenCalledOnce();
  });

  it('a constructor that throws bars the way', async () => {
    const way = workerWay('a worker', () => {
      throw new Error('SecurityError');
    });
    await expect(way.start()).rejects.toThrow('SecurityError');
  });
});
