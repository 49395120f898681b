/**
 * The search for the twin of one run, and for its ladder of knowledge: asked once for each run, and kept, so that a
 * screen that is opened again shows at once what is known.
 */
import { boundsOf, type Bounds } from '../../sim/explore/bounds.ts';
import type { LadderAnswer } from '../../sim/explore/ladder.ts';
import type { TwinAnswer, TwinProgress } from '../../sim/explore/twins.ts';
import type { Explorer } from '../worker/explorer.ts';
import type { ShownRun } from './runner.svelte.ts';

/** What the search needs of an explorer. */
export type TwinSource = Pick<Explorer, 'twin' | 'ladder' | 'cancel'>;

export type TwinState =
  | { readonly kind: 'searching'; readonly progress: TwinProgress }
  | { readonly kind: 'answered'; readonly answer: TwinAnswer }
  /** By the person. */
  | { readonly kind: 'cancelled'; readonly progress: TwinProgress }
  | { readonly kind: 'failed'; readonly message: string };

interface Known {
  readonly answer: TwinAnswer;
  readonly ladder: LadderAnswer | null;
}

const TOO_LARGE = 'This run has too many messages: a twin is looked for only where all events can be kept.';

const known = new WeakMap<ShownRun, Known>();

/** Every schedule in which any packet of a message of a few attempts is lost: few enough to look at all. */
const LADDER_ATTEMPTS = 4;
/** More different pairs of schedules than a person would wait for. */
const MOST_SCHEDULES = 200_000;

const NOTHING_YET: TwinProgress = { fates: 0, schedules: 0 };

export class TwinSearch {
  readonly #source: TwinSource;
  readonly #run: ShownRun;
  readonly bounds: Bounds;
  readonly ladderBounds: Bounds;
  #state: TwinState = $state.raw({ kind: 'searching', progress: NOTHING_YET });
  #ladder: LadderAnswer | null = $state.raw(null);
  #isLeft = false;

  constructor(source: TwinSource, run: ShownRun) {
    this.#source = source;
    this.#run = run;
    const { scenario } = run.plan;
    this.bounds = boundsOf(scenario, { states: MOST_SCHEDULES });
    this.ladderBounds = boundsOf(scenario, {
      messages: 1,
      attempts: LADDER_ATTEMPTS,
      losses: 2 * LADDER_ATTEMPTS,
      copies: 0,
      delays: 0,
      crashes: 0,
      states: MOST_SCHEDULES,
    });
  }

  get state(): TwinState {
    return this.#state;
  }
  /** Null until it is there, or when it could not be made. */
  get ladder(): LadderAnswer | null {
    return this.#ladder;
  }

  /** Asks, or asks again after a cancel or an error. */
  async start(): Promise<void> {
    const found = known.get(this.#run);
    if (found !== undefined) {
      this.#ladder = found.ladder;
      this.#state = { kind: 'answered', answer: found.answer };
      return;
    }
    if (this.#run.trace === null) {
      this.#state = { kind: 'failed', message: TOO_LARGE };
      return;
    }
    this.#state = { kind: 'searching', progress: NOTHING_YET };
    const { plan, draft } = this.#run;
    const asked = { plan, seed: draft.seed, overrides: draft.overrides };
    // First the ladder, which is there in a moment.
    const ladder = await this.#source.ladder({ ...asked, bounds: this.ladderBounds }, () => undefined);
    if (this.#isOver) return;
    this.#ladder = ladder.kind === 'result' ? ladder.result : null;
    const twins = await this.#source.twin({ ...asked, bounds: this.bounds }, (progress) => {
      if (!this.#isOver) this.#state = { kind: 'searching', progress };
    });
    if (this.#isOver || twins.kind === 'superseded') return;
    if (twins.kind === 'error') {
      this.#state = { kind: 'failed', message: twins.message };
      return;
    }
    known.set(this.#run, { answer: twins.result, ladder: this.#ladder });
    this.#state = { kind: 'answered', answer: twins.result };
  }

  /** Stops the search; what it had looked at is told. */
  cancel(): void {
    if (this.#state.kind !== 'searching') return;
    this.#state = { kind: 'cancelled', progress: this.#state.progress };
    this.#source.cancel();
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#isLeft = true;
    if (this.#state.kind === 'searching') this.#source.cancel();
  }

  get #isOver(): boolean {
    return this.#isLeft || this.#state.kind === 'cancelled';
  }
}
