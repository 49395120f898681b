/**
 * The one place of shared state: what is set, what ran, and where in the run the person is. Everything that can be
 * worked out is derived; everything else changes only through the verbs below.
 */
import { formatProblem, type Problem } from '../../sim/scenario/problem.ts';
import { hopOf, type Hop } from '../../sim/scenario/hop.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { patchLines, type PatchLine } from '../../sim/scenario/policies.ts';
import { POLICIES } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { firstRowAt, type Trace } from '../../sim/trace/columns.ts';
import type { Engine } from '../worker/client.ts';
import type { AskedWords } from './asked.ts';
import * as drafts from './draft.ts';
import type { Draft, History, PolicyChoice } from './draft.ts';
import { showField, valueAt, type FieldKind } from './fields.ts';
import type { BundledScenario, RawScenario } from './library.ts';
import { canonicalText, loadBundled, type Bundled } from './load-bundled.ts';
import type { LinkPosition, LinkScreen, PermalinkState } from './permalink.ts';
import { endOf, linkPosition, positionAt } from './position.ts';
import { Runner, type ShownRun } from './runner.svelte.ts';
import type { Position } from '../view/playback.ts';

export type { ShownRun };

export type Screen = 'scenarios' | 'workbench' | 'compare' | 'explore' | 'two-generals';
export type AxisMode = 'elided' | 'linear';

/** Something to tell above the screen until it is dismissed. */
export interface Notice {
  readonly id: 'link' | 'digest' | 'page' | 'cancelled';
  readonly text: string;
}

/** A run that another screen found, looked at in the workbench; what was set before is kept to come back to. */
export interface Visit {
  readonly draft: Draft;
  readonly from: Draft;
  readonly backTo: Screen;
  /** What the run is. */
  readonly text: string;
}

/** Typing settles for this long before a run starts. */
const DEBOUNCE_MS = 150;

const NOTHING_ASKED: AskedWords = { ask: '' };

interface Options {
  readonly engine: Engine;
  readonly library: readonly BundledScenario[];
  /** Milliseconds that only go forward, to tell typing from a new edit. */
  readonly clock?: () => number;
}

export class Session {
  readonly library: readonly BundledScenario[];
  readonly #runner: Runner;
  readonly #clock: () => number;

  #screen: Screen = $state('workbench');
  #history: History;
  /** What "reset" goes back to. */
  #opened: Draft;
  /** The last draft that parsed, as a complete scenario. */
  #scenario: Scenario;
  #current: ShownRun | null = $state.raw(null);
  #original: ShownRun | null = $state.raw(null);
  #showsOriginal = $state(false);
  #compared: readonly ShownRun[] = $state.raw([]);

  #notices: readonly Notice[] = $state.raw([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isTouched = $state(false);

  #playhead: Position = $state.raw({ row: -1, timeUs: 0 });
  #focusRow: number | null = $state(null);
  #focusMessage: number | null = $state(null);
  #axisMode: AxisMode = $state('elided');
  /** Where a link wants to be once its run is here, and the digest it promised. */
  #wanted: { readonly at: LinkPosition | null; readonly digest: string; readonly draft: Draft } | null = null;

  /** The bundled scenario that was opened last. */
  #bundled: Bundled | null = $state.raw(null);
  #openings = 0;

  #asked: AskedWords = $state.raw(NOTHING_ASKED);
  #visit: Visit | null = $state.raw(null);

  readonly #parsed = $derived.by(() => parseScenario(this.#history.present.input));
  readonly #hop = $derived.by(() => hopOf(this.#scenario));
  readonly #patch = $derived.by((): readonly PatchLine[] =>
    this.policy === 'custom' ? [] : patchLines(this.#scenario, this.policy),
  );

  /** Throws when `first` is not a valid scenario: there must always be one to show. */
  constructor(first: RawScenario, { engine, library, clock = () => performance.now() }: Options) {
    const parsed = parseScenario(first);
    if (!parsed.ok)
      throw new Error(`The first scenario is not valid: ${parsed.problems.map(formatProblem).join('; ')}`);
    this.library = library;
    this.#runner = new Runner(engine);
    this.#clock = clock;
    const draft: Draft = { input: first, seed: parsed.scenario.seed, overrides: {} };
    this.#opened = $state.raw(draft);
    this.#history = $state.raw(drafts.historyOf(draft));
    this.#scenario = $state.raw(parsed.scenario);
  }

  // ── what is set ────────────────────────────────────────────────────────────────────────────────────────────────

  get screen(): Screen {
    return this.#screen;
  }
  get draft(): Draft {
    return this.#history.present;
  }
  /** The last valid scenario, as written: complete, without its policy's patch. */
  get scenario(): Scenario {
    return this.#scenario;
  }
  get hop(): Hop {
    return this.#hop;
  }
  get seed(): string {
    return this.draft.seed;
  }
  get policy(): PolicyChoice {
    return this.#scenario.policy;
  }
  /** Fields that the policy sets over the scenario's own. */
  get patch(): readonly PatchLine[] {
    return this.#patch;
  }
  get problems(): readonly Problem[] {
    return this.#parsed.ok ? [] : this.#parsed.problems;
  }
  get canUndo(): boolean {
    return this.#history.past.length > 0;
  }
  get canRedo(): boolean {
    return this.#history.future.length > 0;
  }
  /** Whether the person chose or changed anything, beside what the address opened. */
  get isTouched(): boolean {
    return this.#isTouched;
  }
  /** Whether anything differs from what was opened. */
  get isEdited(): boolean {
    const { input, seed } = this.#opened;
    return this.draft.input !== input || this.draft.seed !== seed || drafts.isForked(this.draft);
  }

  /** The bundled scenario that is set, when nothing of it was changed. */
  get bundledId(): string | null {
    return this.#bundled !== null && this.draft.input === this.#bundled.input
      ? this.#bundled.scenario.id
      : null;
  }

  /** The bundled scenario that is set, when nothing of it was changed but the policy. */
  get bundledButPolicyId(): string | null {
    const bundled = this.#bundled;
    if (bundled === null) return null;
    const same = canonicalText({ ...this.#scenario, policy: bundled.scenario.policy }) === bundled.text;
    return same ? bundled.scenario.id : null;
  }

  /** What is asked of the explorer, as an address says it. */
  get asked(): AskedWords {
    return this.#asked;
  }
  /** The run that is looked at for another screen, until anything of it is changed. */
  get visit(): Visit | null {
    return this.#visit?.draft === this.draft ? this.#visit : null;
  }

  problemAt(path: string): Problem | undefined {
    return this.problems.find((problem) => problem.path === path);
  }

  /** The value of a field as written, or else its default. */
  valueAt(path: string): unknown {
    const written = valueAt(this.draft.input, path);
    return written === undefined ? valueAt(this.#scenario, path) : written;
  }

  fieldText(path: string, kind: FieldKind): string {
    return showField(this.valueAt(path), kind);
  }

  // ── what ran ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** The run on screen: the last good one. */
  get shown(): ShownRun | null {
    return this.#showsOriginal ? this.#original : this.#current;
  }
  /** Whether the run on screen is not of what is set now. */
  get isStale(): boolean {
    return this.#current !== null && this.#current.draft !== this.draft;
  }
  get showsOriginal(): boolean {
    return this.#showsOriginal;
  }
  /** The three policies in the same weather, in the order of POLICIES; empty until they ran. */
  get compared(): readonly ShownRun[] {
    return this.#compared;
  }
  get isSlow(): boolean {
    return this.#runner.isSlow;
  }
  get eventsSoFar(): number {
    return this.#runner.eventsSoFar;
  }
  get failure(): string | null {
    return this.#runner.failure;
  }
  get notices(): readonly Notice[] {
    return this.#notices;
  }

  // ── where in the run ───────────────────────────────────────────────────────────────────────────────────────────

  get playhead(): Position {
    return this.#playhead;
  }
  get focusRow(): number | null {
    return this.#focusRow;
  }
  get focusMessage(): number | null {
    return this.#focusMessage;
  }
  get axisMode(): AxisMode {
    return this.#axisMode;
  }
  /** The playhead as a link says it. */
  get linkPosition(): LinkPosition {
    const trace = this.shown?.trace ?? null;
    return trace === null ? [0, 0] : linkPosition(trace, this.#playhead);
  }

  seek(position: Position): void {
    this.#playhead = position;
  }
  focusOnRow(row: number | null): void {
    this.#focusRow = row;
  }
  focusOnMessage(message: number | null): void {
    this.#focusMessage = message;
  }
  setAxisMode(mode: AxisMode): void {
    this.#axisMode = mode;
  }

  // ── opening ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens a bundled scenario because the person chose it. */
  async choose(id: string): Promise<void> {
    const problem = await this.openBundled(id);
    if (problem === null) this.#isTouched = true;
    else this.tell({ id: 'link', text: problem });
  }

  /** Opens a bundled scenario; answers what is wrong, or null. */
  async openBundled(id: string, seed?: string): Promise<string | null> {
    const opening = ++this.#openings;
    const found = this.library.find((scenario) => scenario.id === id);
    if (found === undefined) {
      const known = this.library.map((scenario) => scenario.id).join(', ');
      return `There is no scenario “${id}”. Those there are: ${known}.`;
    }
    const bundled = await loadBundled(found);
    if (typeof bundled === 'string' || opening !== this.#openings)
      return typeof bundled === 'string' ? bundled : null;
    this.#bundled = bundled;
    this.#open(
      { input: bundled.input, seed: seed ?? bundled.scenario.seed, overrides: {} },
      bundled.scenario,
    );
    return null;
  }

  /** Opens what a link says; answers what is wrong with it, or null. */
  async openLink(link: PermalinkState): Promise<string | null> {
    const opening = ++this.#openings;
    const parsed = parseScenario(link.scenario);
    if (!parsed.ok)
      return `This link holds a scenario that cannot be run. ${parsed.problems.map(formatProblem).join('. ')}.`;
    const found = this.library.find(({ id }) => id === parsed.scenario.id);
    const bundled = found === undefined ? null : await loadBundled(found);
    if (opening !== this.#openings) return null;
    this.#bundled = bundled === null || typeof bundled === 'string' ? null : bundled;
    const input = this.#bundledInput(parsed.scenario) ?? { ...parsed.scenario };
    const draft: Draft = { input, seed: link.seed, overrides: link.overrides };
    this.#wanted = { at: link.at, digest: link.digest, draft };
    this.#open(draft, parsed.scenario);
    if (link.asked !== undefined) this.openQuestion(link.asked);
    else this.openScreen(link.screen);
    return null;
  }

  /** The bundled scenario, where this one says the very same: so a change that is taken back is no change. */
  #bundledInput(scenario: Scenario): RawScenario | undefined {
    const bundled = this.#bundled;
    return bundled !== null && bundled.text === canonicalText(scenario) ? bundled.input : undefined;
  }

  #open(draft: Draft, scenario: Scenario): void {
    this.#opened = draft;
    this.#history = drafts.historyOf(draft);
    this.#scenario = scenario;
    this.#current = null;
    this.#original = null;
    this.#showsOriginal = false;
    this.#compared = [];
    this.#asked = NOTHING_ASKED;
    this.#focusRow = null;
    this.#focusMessage = null;
    this.#notices = this.#notices.filter(({ id }) => id === 'page');
    this.#refreshIn(0);
  }

  /** Opens the Explore screen with a question that an address asks. */
  openQuestion(asked: AskedWords): void {
    this.#asked = asked;
    this.#screen = 'explore';
  }

  /** The screen that an address names, or the one that is shown. */
  openScreen(screen: LinkScreen | undefined): void {
    if (screen !== undefined) this.#screen = screen;
  }

  go(screen: Screen): void {
    const { visit } = this;
    if (visit?.backTo === screen) this.#show(visit.from);
    this.#screen = screen;
    if (screen === 'explore' || screen === 'two-generals') this.#isTouched = true;
    if (screen === 'workbench' && this.isStale) this.#refreshIn(0);
    if (screen === 'compare' && !this.#isComparedFresh()) this.#refreshIn(0);
  }

  tell(notice: Notice): void {
    this.#notices = [...this.#notices.filter(({ id }) => id !== notice.id), notice];
  }
  dismiss(id: Notice['id']): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
  }

  // ── changing ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Sets a field; `json` is the JSON text of its new value. */
  edit(path: string, json: string): void {
    this.#change(drafts.withField(this.draft, path, json), path, DEBOUNCE_MS);
  }
  setPolicy(policy: PolicyChoice): void {
    this.#change(drafts.withPolicy(this.draft, policy), 'policy', 0);
  }
  setSeed(seed: string): void {
    this.#change({ ...this.draft, seed }, 'seed', DEBOUNCE_MS);
  }
  /** Another seed, and with it another weather. */
  newWeather(seed: string): void {
    this.#change({ ...this.draft, seed }, '', 0);
  }
  /** Forces one choice of nature: the run forks from the original. */
  fork(name: string, value: boolean | number): void {
    this.#change(drafts.withOverride(this.draft, name, value), '', 0);
  }
  dropFork(name: string): void {
    this.#change(drafts.withoutOverride(this.draft, name), '', 0);
  }
  dropForks(): void {
    this.#change(drafts.withoutOverrides(this.draft), '', 0);
  }
  ask(asked: AskedWords): void {
    this.#isTouched = true;
    this.#asked = asked;
  }
  /** Opens a run that this screen found in the workbench; going back to this screen brings back what is set now. */
  look(draft: Draft, text: string): void {
    const { draft: from, screen: backTo } = this;
    this.#show(draft);
    this.#visit = { draft: this.draft, from, backTo, text };
    this.#screen = 'workbench';
  }
  /** A step of its own that can be undone, shown from the end like what is opened. */
  #show(draft: Draft): void {
    this.#change(draft, '', 0);
    this.#current = null;
    this.#original = null;
    this.#focusRow = null;
    this.#focusMessage = null;
  }
  /** Back to what was opened. */
  reset(): void {
    this.#change(this.#opened, '', 0);
  }
  undo(): void {
    this.#setHistory(drafts.undone(this.#history), 0);
  }
  redo(): void {
    this.#setHistory(drafts.redone(this.#history), 0);
  }

  #change(draft: Draft, topic: string, delayMs: number): void {
    if (draft === this.draft) return;
    const parsed = parseScenario(draft.input);
    const bundled = parsed.ok ? this.#bundledInput(parsed.scenario) : undefined;
    const settled = bundled === undefined || bundled === draft.input ? draft : { ...draft, input: bundled };
    this.#setHistory(drafts.advance(this.#history, settled, topic, this.#clock()), delayMs);
  }

  #setHistory(history: History, delayMs: number): void {
    if (history === this.#history) return;
    this.#isTouched = true;
    this.#history = history;
    this.#showsOriginal = false;
    if (this.#parsed.ok) this.#scenario = this.#parsed.scenario;
    this.#refreshIn(delayMs);
  }

  // ── running ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs what is set now, for instance after an error. */
  rerun(): void {
    this.#refreshIn(0);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#runner.cancel();
    this.tell({ id: 'cancelled', text: 'The run was cancelled. Change anything, or run it again.' });
  }

  /** Shows the run without the forked choices. */
  async showOriginal(): Promise<void> {
    if (!drafts.isForked(this.draft)) return;
    this.#original ??= await this.#run(drafts.withoutOverrides(this.draft));
    if (this.#original !== null) this.#showsOriginal = true;
  }
  showFork(): void {
    this.#showsOriginal = false;
  }

  #refreshIn(delayMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#parsed.ok) return;
    this.dismiss('cancelled');
    this.#timer = setTimeout(() => void this.#refresh(), delayMs);
  }

  async #refresh(): Promise<void> {
    const { draft } = this;
    if (this.#current?.draft !== draft) {
      const opened = this.#opened;
      const run = await this.#run(draft);
      if (run === null || this.#opened !== opened) return; // or a run of what is no longer open would be shown
      this.#adopt(run);
    }
    if (this.#screen === 'compare' && !this.#isComparedFresh()) await this.#runPolicies(draft);
  }

  async #runPolicies(draft: Draft): Promise<void> {
    const opened = this.#opened;
    const runs: ShownRun[] = [];
    for (const policy of POLICIES) {
      const run = await this.#run(drafts.withPolicy(draft, policy), draft);
      if (run === null || this.#opened !== opened) return;
      runs.push(run);
    }
    this.#compared = runs;
  }

  #isComparedFresh(): boolean {
    return this.#compared[0]?.draft === this.draft;
  }

  #run(draft: Draft, filedAs = draft): Promise<ShownRun | null> {
    return this.#runner.run(draft, { filedAs, asClaimed: draft.input !== this.#bundled?.input });
  }

  #adopt(run: ShownRun): void {
    const before = this.#current;
    this.#original = this.#originalOf(run, before);
    this.#current = run;
    this.#focusRow = null;
    if (run.trace !== null) this.#playhead = this.#playheadIn(run.trace, run.result.endedAtUs, before);
    if (before === null)
      this.#focusMessage = run.result.verdict.clauses.find(({ message }) => message > 0)?.message ?? null;
    if ((this.#focusMessage ?? 0) > run.result.metrics.messages) this.#focusMessage = null;
    this.#honourLink(run);
  }

  /** At the end, as a page opens; a playhead that was moved keeps its time in the next run. */
  #playheadIn(trace: Trace, endedAtUs: number, before: ShownRun | null): Position {
    const end = endOf(trace, endedAtUs);
    const { timeUs } = this.#playhead;
    const wasAtEnd =
      before === null ||
      before.trace === null ||
      timeUs >= endOf(before.trace, before.result.endedAtUs).timeUs;
    return wasAtEnd || timeUs >= end.timeUs ? end : { timeUs, row: firstRowAt(trace, timeUs + 1) - 1 };
  }

  /** The run from which a fork departs, if it is at hand. */
  #originalOf(run: ShownRun, before: ShownRun | null): ShownRun | null {
    if (!drafts.isForked(run.draft)) return null;
    const candidates = [before, this.#original];
    return (
      candidates.find(
        (candidate) =>
          candidate !== null &&
          !drafts.isForked(candidate.draft) &&
          candidate.draft.input === run.draft.input &&
          candidate.draft.seed === run.draft.seed,
      ) ?? null
    );
  }

  /** Goes where the link wanted to be, and says so when the run is not the one it showed. */
  #honourLink(run: ShownRun): void {
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted === null || wanted.draft !== run.draft) return;
    const digest = run.result.digests.outcome;
    if (wanted.digest !== digest) {
      this.tell({
        id: 'digest',
        text: `This link showed the outcome ${wanted.digest}; here the same run gives ${digest}. One of the two is from another version of the simulator.`,
      });
    }
    if (wanted.at === null || run.trace === null) return;
    const [timeUs, nth] = wanted.at;
    this.#playhead = positionAt(run.trace, [
      Math.min(timeUs, endOf(run.trace, run.result.endedAtUs).timeUs),
      nth,
    ]);
  }
}
