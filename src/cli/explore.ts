/** `explore SCENARIO`: every schedule of faults within bounds, question by question. */
import { availableParallelism } from 'node:os';
import { ENGINE_VERSION } from '../../sim/run.ts';
import { boundScenario, type Bounds } from '../../sim/explore/bounds.ts';
import type { Answer, Inquiry } from '../../sim/explore/explore.ts';
import type { Question } from '../../sim/explore/question.ts';
import { questionName } from '../../sim/explore/sentence.ts';
import type { Witness } from '../../sim/explore/witness.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { permalinkFragment } from '../state/permalink.ts';
import { readBounds, readQuestions, readReductions, wholeNumber, type BoundFlags } from './bounds-flags.ts';
import type { Terminal } from './commands.ts';
import { exploreRecord } from './explore-record.ts';
import { exploreReport } from './explore-report.ts';
import { EXIT } from './failure.ts';
import { loadScenario } from './load.ts';
import { commandLine } from './report.ts';
import { Searcher } from './search.ts';
import { Watch } from './watch.ts';

export interface ExploreFlags extends BoundFlags {
  readonly policy?: string;
  readonly set: readonly string[];
  readonly ask?: string;
  readonly several?: string;
  readonly reduction: readonly string[];
  readonly workers?: string;
  readonly json?: boolean;
  readonly app: string;
}

/** An answer that can be opened and replayed. */
export interface ShownWitness extends Witness {
  readonly seed: string;
  /** The line that replays it to the same digest, and the address that opens it. */
  readonly command: string;
  readonly link: string;
}

export interface Answered {
  readonly question: Question;
  readonly answer: Answer;
  /** Faults of the schedules looked at last. */
  readonly depth: number;
  readonly witnesses: readonly ShownWitness[];
}

/** What was asked, and everything that was answered. */
export interface Explored {
  readonly scenario: Scenario;
  /** Of the scenario within its bounds. */
  readonly plan: Plan;
  readonly bounds: Bounds;
  readonly engine: number;
  readonly notes: readonly string[];
  readonly answered: readonly Answered[];
}

const MOST_WITNESSES = 20;

/** @param program the file that workers are started from */
export async function explore(
  name: string,
  flags: ExploreFlags,
  terminal: Terminal,
  program: URL,
): Promise<number> {
  const scenario = loadScenario(name, flags);
  const { bounds, notes } = readBounds(flags, scenario);
  const questions = readQuestions(flags.ask, scenario, bounds);
  const reductions = readReductions(flags.reduction, bounds);
  const several = wholeNumber('--several', flags.several ?? '1', { least: 1, most: MOST_WITNESSES });
  const workers = readWorkers(flags.workers);
  const watch = new Watch(terminal.progress).listen();
  const searcher = new Searcher(program, workers, watch);
  const answered: Answered[] = [];
  try {
    for (const question of questions) {
      const inquiry: Inquiry = { scenario, question, bounds, several, reductions };
      const found = await searcher.search(inquiry, questionName(question));
      const witnesses = found.answer.kind === 'found' ? found.answer.witnesses : [];
      const shown = await Promise.all(witnesses.map((witness) => showWitness(name, flags, witness)));
      answered.push({ question, ...found, witnesses: shown });
    }
  } finally {
    watch.close();
    await searcher.close();
  }
  const plan = planOf(boundScenario(scenario, bounds).scenario);
  const explored: Explored = { scenario, plan, bounds, engine: ENGINE_VERSION, notes, answered };
  if (flags.json === true) terminal.out(`${JSON.stringify(exploreRecord(explored), null, 2)}\n`);
  else terminal.out(exploreReport(explored, terminal.paint));
  return exitCodeOf(answered);
}

const MOST_WORKERS = 16;

/** As many as was asked for; else one for each core, up to four. */
function readWorkers(text: string | undefined): number {
  return text === undefined
    ? Math.min(4, availableParallelism())
    : wholeNumber('--workers', text, { least: 1, most: MOST_WORKERS });
}

async function showWitness(name: string, flags: ExploreFlags, witness: Witness): Promise<ShownWitness> {
  const { scenario, edits, overrides, digest } = witness;
  const { seed } = scenario;
  const set = [...flags.set, ...edits.map(({ path, value }) => `${path}=${value}`)];
  return {
    ...witness,
    seed,
    command: commandLine(name, { seed, policy: flags.policy, set, overrides }),
    link: `${flags.app}${await permalinkFragment({ scenario, seed, overrides, digest })}`,
  };
}

/** A counterexample anywhere is 1; where nothing was found but something was not looked at, 4. For *sometimes* a witness is what was hoped for. */
function exitCodeOf(answered: readonly Answered[]): number {
  const isBad = ({ question, answer }: Answered) =>
    answer.kind === (question.kind === 'sometimes' ? 'none' : 'found');
  if (answered.some(isBad)) return EXIT.otherwise;
  return answered.some(({ answer }) => answer.kind === 'gave up') ? EXIT.gaveUp : EXIT.asExpected;
}
