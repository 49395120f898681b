/**
 * What is asked of the explorer, how far it has come and what it answered. Kept beside the session, since only the
 * Explore screen needs it; the question itself is the session's, for the address carries it.
 */
import { boundScenario, type BoundName } from '../../sim/explore/bounds.ts';
import type { Answer, Inquiry, Progress } from '../../sim/explore/explore.ts';
import { faultWords, questionName, strengthOf } from '../../sim/explore/sentence.ts';
import type { Witness } from '../../sim/explore/witness.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { Explorer } from '../worker/explorer.ts';
import { askedFromWords, askedWords, type Asked } from './asked.ts';
import { canonicalText } from './load-bundled.ts';
import { permalinkFragment } from './permalink.ts';
import { readAsked, type ReadAsked } from './read-asked.ts';
import { replayCommand } from './replay-command.ts';
import type { Session } from './session.svelte.ts';

/** A question that was explored, and what came of it. */
export interface Explored {
  readonly inquiry: Inquiry;
  /** Of the scenario within its bounds. */
  readonly plan: Plan;
  readonly answer: Answer;
  readonly progress: Progress;
  readonly tookMs: number;
  /** The bundled scenario it was, but for its policy; null where it was changed. */
  readonly bundledId: string | null;
}

/** An exploration under way. */
export interface UnderWay {
  readonly inquiry: Inquiry;
  readonly progress: Progress | null;
  readonly sinceMs: number;
  readonly nowMs: number;
  /** Told to answer with what it has. */
  readonly isFinishing: boolean;
}

/** Answers of "show me several": the first and up to five more. */
export const SEVERAL = 6;

export class Exploring {
  readonly #session: Session;
  readonly #explorer: Explorer;
  readonly #clock: () => number;
  #underWay: UnderWay | null = $state.raw(null);
  #explored: Explored | null = $state.raw(null);
  #failure: string | null = $state(null);

  readonly #scenario = $derived.by((): Scenario => {
    const { scenario, seed } = this.#session;
    return scenario.seed === seed ? scenario : { ...scenario, seed };
  });
  readonly #asked = $derived.by(() => askedFromWords(this.#session.asked));
  readonly #read = $derived.by(() => readAsked(this.#asked, this.#scenario));
  readonly #plan = $derived.by(() => planOf(boundScenario(this.#scenario, this.#read.bounds).scenario));

  constructor(session: Session, explorer: Explorer, clock: () => number = () => performance.now()) {
    this.#session = session;
    this.#explorer = explorer;
    this.#clock = clock;
  }

  /** The scenario that is set, with the seed that is set. */
  get scenario(): Scenario {
    return this.#scenario;
  }
  /** The question that is set, as typed. */
  get asked(): Asked {
    return this.#asked;
  }
  /** The same, checked. */
  get read(): ReadAsked {
    return this.#read;
  }
  /** The scenario within the bounds that are set. */
  get plan(): Plan {
    return this.#plan;
  }
  get canExplore(): boolean {
    return this.#session.problems.length === 0 && Object.keys(this.#read.problems).length === 0;
  }
  get underWay(): UnderWay | null {
    return this.#underWay;
  }
  /** The latest answer. */
  get explored(): Explored | null {
    return this.#explored;
  }
  /** What ended the latest exploration, when it was an error. */
  get failure(): string | null {
    return this.#failure;
  }

  /** What was changed since the answer: the scenario, or else the question; null when it is about what is set. */
  get changed(): 'scenario' | 'question' | null {
    const explored = this.#explored;
    if (explored === null) return null;
    if (canonicalText(explored.inquiry.scenario) !== canonicalText(this.#scenario)) return 'scenario';
    const inquiry = this.#inquiry(1);
    return inquiry !== null && askedText(explored.inquiry) === askedText(inquiry) ? null : 'question';
  }

  // ── asking ─────────────────────────────────────────────────────────────────────────────────────────────────────

  ask(change: Partial<Asked>): void {
    this.#session.ask(askedWords({ ...this.#asked, ...change }));
  }
  /** Sets a bound as typed. */
  bound(name: BoundName, text: string): void {
    this.ask({ bounds: { ...this.#asked.bounds, [name]: text } });
  }

  /** Explores what is set; `several` answers are wanted, the smallest first. */
  async explore(several = 1): Promise<void> {
    const inquiry = this.#inquiry(several);
    if (inquiry !== null && this.canExplore) await this.#explore(inquiry);
  }

  /** More answers to the question that was answered. */
  async showSeveral(): Promise<void> {
    const explored = this.#explored;
    if (explored !== null) await this.#explore({ ...explored.inquiry, several: SEVERAL });
  }

  /** The answered question once more, with another limit on states. */
  async goOn(states: number): Promise<void> {
    const explored = this.#explored;
    if (explored === null) return;
    const { inquiry } = explored;
    if (this.changed === null) this.bound('states', String(states));
    await this.#explore({ ...inquiry, bounds: { ...inquiry.bounds, states } });
  }

  /** The exploration answers with what it has. */
  finish(): void {
    if (this.#underWay === null) return;
    this.#underWay = { ...this.#underWay, isFinishing: true };
    this.#explorer.finish();
  }

  // ── what was found ─────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens it in the workbench; what is set now is kept, to come back to. */
  open(witness: Witness): void {
    const explored = this.#explored;
    if (explored === null) return;
    const { scenario, overrides, faults } = witness;
    const { question } = explored.inquiry;
    const happened = faults.map((name) => faultWords(name, overrides[name] ?? true)).join('; ');
    const strength = question.kind === 'sometimes' ? 'A witness of' : 'A counterexample to';
    this.#session.look(
      { input: { ...scenario }, seed: scenario.seed, overrides },
      `${strength} ${questionName(question)}, found by the explorer: ${happened === '' ? 'it needs no fault' : happened}.`,
    );
  }

  /** The address that opens it; `base` is any address of this app. */
  async linkTo({ scenario, overrides, digest }: Witness, base: string): Promise<string> {
    const fragment = await permalinkFragment({ scenario, seed: scenario.seed, overrides, digest });
    return `${base.replace(/[?#].*$/s, '')}${fragment}`;
  }

  /** The line that replays it on the command line. */
  commandFor(witness: Witness): string {
    return replayCommand(witness, this.#explored?.bundledId ?? null);
  }

  #inquiry(several: number): Inquiry | null {
    const { question, bounds, reductions } = this.#read;
    if (question === null) return null;
    return {
      scenario: this.#scenario,
      question,
      bounds,
      several,
      ...(bounds.anyDelay ? { reductions } : {}),
    };
  }

  async #explore(inquiry: Inquiry): Promise<void> {
    const sinceMs = this.#clock();
    const bundledId = this.#session.bundledButPolicyId;
    const underWay = (progress: Progress | null): UnderWay => ({
      inquiry,
      progress,
      sinceMs,
      nowMs: this.#clock(),
      isFinishing: this.#underWay?.isFinishing ?? false,
    });
    this.#underWay = null;
    this.#failure = null;
    this.#underWay = underWay(null);
    const outcome = await this.#explorer.explore(inquiry, (progress) => {
      this.#underWay = underWay(progress);
    });
    if (outcome.kind === 'superseded') return; // whoever superseded it has the word now
    this.#underWay = null;
    if (outcome.kind === 'error') {
      this.#failure = outcome.message;
      return;
    }
    this.#explored = {
      inquiry,
      plan: planOf(boundScenario(inquiry.scenario, inquiry.bounds).scenario),
      ...outcome.result,
      tookMs: this.#clock() - sinceMs,
      bundledId,
    };
  }
}

/** What makes two questions the same, however far the explorer was to go. */
function askedText({ question, bounds, reductions }: Inquiry): string {
  return JSON.stringify({ question, bounds: { ...bounds, states: 0 }, reductions });
}

/** How strong an answer is, in words that begin a line. */
export function strengthWords({ inquiry, answer }: Explored): string {
  const words = strengthOf(inquiry.question, answer);
  return words[0].toUpperCase() + words.slice(1);
}
