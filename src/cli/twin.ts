/** `twin SCENARIO`: another run in which the sender saw exactly the same and the truth is different, and the ladder. */
import { boundScenario, type Bounds } from '../../sim/explore/bounds.ts';
import { ladderSlices, type LadderAnswer } from '../../sim/explore/ladder.ts';
import { counted, countWords } from '../../sim/explore/sentence.ts';
import {
  twinSlices,
  type TwinAnswer,
  type TwinProgress,
  type Twins,
  type World,
} from '../../sim/explore/twins.ts';
import { ENGINE_VERSION } from '../../sim/run.ts';
import { hopOf } from '../../sim/scenario/hop.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { permalinkFragment } from '../state/permalink.ts';
import { readBounds, type BoundFlags } from './bounds-flags.ts';
import { checkedSeed, type Terminal } from './commands.ts';
import { EXIT, UsageError } from './failure.ts';
import { loadScenario, readOverrides } from './load.ts';
import { commandLine } from './report.ts';
import { twinRecord } from './twin-record.ts';
import { twinReport } from './twin-report.ts';
import { aTurn, Watch } from './watch.ts';

export interface TwinFlags extends BoundFlags {
  readonly seed?: string;
  readonly policy?: string;
  readonly set: readonly string[];
  readonly override: readonly string[];
  readonly json?: boolean;
  readonly app: string;
}

/** One of the two worlds: the line that replays it to the same digest, and the address that opens it. */
export interface Shown {
  readonly command: string;
  readonly link: string;
}

export interface TwinTold {
  readonly scenario: Scenario;
  /** Of the run that was asked about, and of the scenario within the bounds. */
  readonly plan: Plan;
  readonly boundedPlan: Plan;
  readonly bounds: Bounds;
  readonly engine: number;
  readonly notes: readonly string[];
  readonly seed: string;
  readonly overrides: Readonly<Record<string, boolean | number>>;
  readonly answer: TwinAnswer;
  /** The two worlds, where there are two. */
  readonly shown: { readonly here: Shown; readonly there: Shown } | null;
  readonly ladder: LadderAnswer;
}

export async function twin(name: string, flags: TwinFlags, terminal: Terminal): Promise<number> {
  const scenario = loadScenario(name, flags);
  const overrides = readOverrides(flags.override, scenario);
  const seed = checkedSeed(flags.seed ?? scenario.seed);
  const { bounds, notes } = readBounds(flags, scenario);
  const plan = planOf(scenario);
  checkLength(plan);
  const { answer, ladder } = await search(plan, { seed, overrides }, bounds, terminal);
  const told: TwinTold = {
    scenario,
    plan,
    boundedPlan: planOf(boundScenario(scenario, bounds).scenario),
    bounds,
    engine: ENGINE_VERSION,
    notes,
    seed,
    overrides,
    answer,
    shown: answer.kind === 'twins' ? await showWorlds(name, flags, scenario, answer) : null,
    ladder,
  };
  if (flags.json === true) terminal.out(`${JSON.stringify(twinRecord(told), null, 2)}\n`);
  else terminal.out(twinReport(told, terminal.paint));
  return { none: EXIT.asExpected, twins: EXIT.otherwise, 'gave up': EXIT.gaveUp }[answer.kind];
}

/** A run that is compared with others has to be kept, and each of its latest packets gives it another fate to run. */
const MOST_MESSAGES = 100_000;

function checkLength({ scenario, sender }: Plan): void {
  if (sender.messages <= MOST_MESSAGES) return;
  const { producerId } = hopOf(scenario);
  throw new UsageError(
    `${producerId}.messages is ${countWords(sender.messages)}: a twin is looked for in runs of at most ${countWords(MOST_MESSAGES)} messages. Fewer: --set ${producerId}.messages=100`,
  );
}

/** The twin, then the ladder; a Ctrl-C ends both where they are. */
async function search(
  plan: Plan,
  asked: Pick<TwinTold, 'seed' | 'overrides'>,
  bounds: Bounds,
  terminal: Terminal,
): Promise<Pick<TwinTold, 'answer' | 'ladder'>> {
  const watch = new Watch(terminal.progress).listen();
  const isCancelled = () => watch.isCancelled;
  try {
    const answer = await driven(watch, twinSlices(plan, asked, bounds, isCancelled), progressWords);
    const ladder = await driven(
      watch,
      ladderSlices(plan, asked, bounds, isCancelled),
      (runs) => `ladder: ${counted(runs, 'run', 'runs')}`,
    );
    return { answer, ladder };
  } finally {
    watch.close();
  }
}

/** Goes through the slices to the result; in between the progress is shown and a Ctrl-C heard. */
async function driven<Told, Result>(
  watch: Watch,
  slices: Generator<Told, Result>,
  words: (told: Told) => string,
): Promise<Result> {
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    watch.tell(() => words(slice.value));
    await aTurn();
  }
}

function progressWords({ fates, schedules }: TwinProgress): string {
  return schedules > 0
    ? `twin: ${counted(schedules, 'schedule', 'schedules')}`
    : `twin: ${counted(fates, 'other fate of this run', 'other fates of this run')}`;
}

/** Twins of this very run replay with what was asked; others are runs of the scenario within the bounds. */
async function showWorlds(
  name: string,
  flags: TwinFlags,
  scenario: Scenario,
  { twins, bounds }: { readonly twins: Twins; readonly bounds: Bounds },
): Promise<{ readonly here: Shown; readonly there: Shown }> {
  const bounded = boundScenario(scenario, bounds);
  const ran = twins.isOfThisRun ? scenario : bounded.scenario;
  const edits = twins.isOfThisRun ? [] : bounded.edits.map(({ path, value }) => `${path}=${value}`);
  const { seed } = twins;
  const show = async ({ overrides, result }: World): Promise<Shown> => {
    const content = { scenario: ran, seed, overrides, digest: result.digests.outcome };
    return {
      command: commandLine(name, { seed, policy: flags.policy, set: [...flags.set, ...edits], overrides }),
      link: `${flags.app}${await permalinkFragment(content)}`,
    };
  };
  return { here: await show(twins.here), there: await show(twins.there) };
}
