/**
 * The page's side of the engine. A run has exactly three outcomes: result, error or superseded; every wait has a
 * deadline; stopping a run means stopping its host, so nothing is ever left hanging.
 */
import type { RunResult } from '../../sim/run.ts';
import type { OnProgress, RunRequest } from './protocol.ts';

/** Something that runs requests, one at a time: a worker, or the page itself. */
export interface EngineHost {
  readonly where: 'worker' | 'page';
  /** Rejects when the engine or the host breaks. */
  run(request: RunRequest, onProgress: OnProgress): Promise<RunResult>;
  /** Ends the host and whatever it runs; it is not used again. */
  stop(): void;
}

/** One way to get a host; rejects when this way is barred here. */
export interface EngineWay {
  readonly name: string;
  start(): Promise<EngineHost>;
}

export type RunOutcome =
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'superseded' };

/** What the session needs of an engine. */
export interface Engine {
  run(request: RunRequest, onProgress: OnProgress): Promise<RunOutcome>;
  /** Ends the current run; its outcome is *superseded*. */
  cancel(): void;
}

interface CurrentRun {
  host: EngineHost | null;
  readonly supersede: () => void;
}

export class EngineClient implements Engine {
  readonly #ways: readonly EngineWay[];
  readonly #onStart: (where: EngineHost['where']) => void;
  /** Ways before this one are known to be barred. */
  #wayIndex = 0;
  readonly #barred: string[] = [];
  #host: Promise<EngineHost> | null = null;
  #current: CurrentRun | null = null;

  /** `ways` are tried in order; `onStart` hears where the engine found a place. */
  constructor(ways: readonly EngineWay[], onStart: (where: EngineHost['where']) => void = () => undefined) {
    this.#ways = ways;
    this.#onStart = onStart;
  }

  async run(request: RunRequest, onProgress: OnProgress): Promise<RunOutcome> {
    this.cancel();
    let supersede = (): void => undefined;
    const superseded = new Promise<RunOutcome>((resolve) => {
      supersede = () => resolve({ kind: 'superseded' });
    });
    const current: CurrentRun = { host: null, supersede };
    this.#current = current;
    const outcome = await Promise.race([superseded, this.#runOnHost(request, onProgress, current)]);
    if (this.#current === current) this.#current = null;
    return outcome;
  }

  cancel(): void {
    const current = this.#current;
    if (current === null) return;
    this.#current = null;
    current.supersede();
    if (current.host !== null) this.#drop(current.host);
  }

  async #runOnHost(request: RunRequest, onProgress: OnProgress, current: CurrentRun): Promise<RunOutcome> {
    let host: EngineHost;
    try {
      host = await this.#startedHost();
    } catch (error) {
      return { kind: 'error', message: messageOf(error) };
    }
    if (this.#current !== current) return { kind: 'superseded' };
    current.host = host;
    const tell: OnProgress = (eventsSoFar) => {
      if (this.#current === current) onProgress(eventsSoFar);
    };
    try {
      return { kind: 'result', result: await host.run(request, tell) };
    } catch (error) {
      this.#drop(host); // after an error nothing is known about its state
      return { kind: 'error', message: messageOf(error) };
    } finally {
      current.host = null;
    }
  }

  #drop(host: EngineHost): void {
    host.stop();
    this.#host = null;
  }

  #startedHost(): Promise<EngineHost> {
    this.#host ??= this.#start().catch((error: unknown) => {
      this.#host = null;
      throw error;
    });
    return this.#host;
  }

  async #start(): Promise<EngineHost> {
    while (this.#wayIndex < this.#ways.length) {
      const way = this.#ways[this.#wayIndex];
      try {
        const host = await way.start();
        this.#onStart(host.where);
        return host;
      } catch (error) {
        this.#barred.push(`${way.name}: ${messageOf(error)}`);
        this.#wayIndex += 1;
      }
    }
    const why = this.#barred.splice(0).join('; ');
    this.#wayIndex = 0; // whoever tries again may find the server back
    throw new Error(`The simulator could not start here (${why}).`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
