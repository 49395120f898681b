/**
 * What crosses the boundary between the page and the explorer: every schedule within bounds, the twin of a run, the
 * knowledge ladder. The explorer is a script of its own (explorer-worker.ts), loaded only by the screens that ask.
 */
import type { Bounds } from '../../sim/explore/bounds.ts';
import type { Answer, Inquiry, Progress } from '../../sim/explore/explore.ts';
import type { LadderAnswer } from '../../sim/explore/ladder.ts';
import type { TwinAnswer, TwinProgress } from '../../sim/explore/twins.ts';
import type { Plan } from '../../sim/scenario/plan.ts';
import type { Host, Outcome } from './client.ts';
import type { Overrides } from './protocol.ts';

/** A run, and how far to look around it. */
export interface AskedRun {
  readonly plan: Plan;
  readonly seed: string;
  readonly overrides: Overrides;
  readonly bounds: Bounds;
}

/** An answer, and how far the exploration had come. */
export interface Explored {
  readonly answer: Answer;
  readonly progress: Progress;
}

export type OnExplored = (progress: Progress) => void;
/** Told while twins are looked for. */
export type OnLookedAt = (progress: TwinProgress) => void;
/** Told while a ladder is built: how many runs were explored. */
export type OnRuns = (runs: number) => void;

/** What an explorer's worker offers. */
export interface ExplorerApi {
  hello(): string;
  explore(inquiry: Inquiry, onProgress: OnExplored): Promise<Explored>;
  twin(asked: AskedRun, onProgress: OnLookedAt): Promise<TwinAnswer>;
  ladder(asked: AskedRun, onProgress: OnRuns): Promise<LadderAnswer>;
  /** The exploration under way answers with what it has. */
  finish(): void;
}

/** A place where an explorer works. */
export interface ExplorerHost extends Host {
  explore(inquiry: Inquiry, onProgress: OnExplored): Promise<Explored>;
  twin(asked: AskedRun, onProgress: OnLookedAt): Promise<TwinAnswer>;
  ladder(asked: AskedRun, onProgress: OnRuns): Promise<LadderAnswer>;
  finish(): void;
}

/** What a screen needs of an explorer. One question at a time: a newer one supersedes it. */
export interface Explorer {
  explore(inquiry: Inquiry, onProgress: OnExplored): Promise<Outcome<Explored>>;
  twin(asked: AskedRun, onProgress: OnLookedAt): Promise<Outcome<TwinAnswer>>;
  ladder(asked: AskedRun, onProgress: OnRuns): Promise<Outcome<LadderAnswer>>;
  /** The exploration under way answers with what it has: found so far, or *gave up*. */
  finish(): void;
  /** Ends what is under way at once; its outcome is *superseded*. */
  cancel(): void;
}

/** What `hello` answers: proof that the other side is this explorer and is awake. */
export const EXPLORER_GREETING = 'delivery-lab explorer 1';
