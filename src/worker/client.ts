/**
 * The page's side of the engine. Whatever is asked has exactly three outcomes: result, error or superseded; every wait
 * has a deadline; stopping means stopping the host, so nothing is ever left hanging.
 */
import type { RunResult } from '../../sim/run.ts';
import type { OnProgress, RunRequest } from './protocol.ts';

/** A place where the engine works, on one thing at a time: a worker, or the page itself. */
export interface Host {
  readonly where: 'worker' | 'page';
  /** Ends the host and whatever it does; it is not used again. */
  stop(): void;
}

/** One way to get a host; rejects when this way is barred here. */
export interface Way<Place extends Host> {
  readonly name: string;
  start(): Promise<Place>;
}

/** A host that runs scenarios. */
export interface EngineHost extends Host {
  /** Rejects when the engine or the host breaks. */
  run(request: RunRequest, onProgress: OnProgress): Promise<RunResult>;
}

export type EngineWay = Way<EngineHost>;

export type Outcome<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'superseded' };

export type RunOutcome = Outcome<RunResult>;

/** What the session needs of an engine. */
export interface Engine {
  run(request: RunRequest, onProgress: OnProgress): Promise<RunOutcome>;
  /** Ends the current run; its outcome is *superseded*. */
  cancel(): void;
}

export class EngineClient implements Engine {
  readonly #hosts: HostClient<EngineHost>;

  /** `ways` are tried in order; `onStart` hears where the engine found a place. */
  constructor(ways: readonly EngineWay[], onStart?: (where: Host['where']) => void) {
    this.#hosts = new HostClient(ways, onStart);
  }

  run(request: RunRequest, onProgress: OnProgress): Promise<RunOutcome> {
    return this.#hosts.run((host, isCurrent) =>
      host.run(request, (eventsSoFar) => {
        if (isCurrent()) onProgress(eventsSoFar);
      }),
    );
  }

  cancel(): void {
    this.#hosts.cancel();
  }
}

interface Current<Place> {
  host: Place | null;
  readonly supersede: () => void;
}

/** Finds a host, keeps it while it works, and replaces it when it breaks or is stopped. */
export class HostClient<Place extends Host> {
  readonly #ways: readonly Way<Place>[];
  readonly #onStart: (where: Host['where']) => void;
  /** Ways before this one are known to be barred. */
  #wayIndex = 0;
  readonly #barred: string[] = [];
  #host: Promise<Place> | null = null;
  #current: Current<Place> | null = null;

  constructor(ways: readonly Way<Place>[], onStart: (where: Host['where']) => void = () => undefined) {
    this.#ways = ways;
    this.#onStart = onStart;
  }

  /** Supersedes what is under way. `isCurrent`: whether anybody still waits for this piece of work. */
  async run<Result>(
    work: (host: Place, isCurrent: () => boolean) => Promise<Result>,
  ): Promise<Outcome<Result>> {
    this.cancel();
    let supersede = (): void => undefined;
    const superseded = new Promise<Outcome<Result>>((resolve) => {
      supersede = () => resolve({ kind: 'superseded' });
    });
    const current: Current<Place> = { host: null, supersede };
    this.#current = current;
    const outcome = await Promise.race([superseded, this.#runOnHost(work, current)]);
    if (this.#current === current) this.#current = null;
    return outcome;
  }

  /** Ends what is under way; its outcome is *superseded*. */
  cancel(): void {
    const current = this.#current;
    if (current === null) return;
    this.#current = null;
    current.supersede();
    if (current.host !== null) this.#drop(current.host);
  }

  /** The host at work, for a word in between. */
  get busyHost(): Place | null {
    return this.#current?.host ?? null;
  }

  async #runOnHost<Result>(
    work: (host: Place, isCurrent: () => boolean) => Promise<Result>,
    current: Current<Place>,
  ): Promise<Outcome<Result>> {
    let host: Place;
    try {
      host = await this.#startedHost();
    } catch (error) {
      return { kind: 'error', message: messageOf(error) };
    }
    if (this.#current !== current) return { kind: 'superseded' };
    current.host = host;
    try {
      return { kind: 'result', result: await work(host, () => this.#current === current) };
    } catch (error) {
      this.#drop(host); // after an error nothing is known about its state
      return { kind: 'error', message: messageOf(error) };
    } finally {
      current.host = null;
    }
  }

  #drop(host: Place): void {
    host.stop();
    this.#host = null;
  }

  #startedHost(): Promise<Place> {
    this.#host ??= this.#start().catch((error: unknown) => {
      this.#host = null;
      throw error;
    });
    return this.#host;
  }

  async #start(): Promise<Place> {
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
