/**
 * The knowledge ladder: which nested statements hold at the end of a run, among the explored runs, in the sense of
 * Halpern and Moses (theory 4.2): somebody knows what is true in every run that looks the same to them.
 */
import { sample, type Distribution } from '../core/distributions.ts';
import { FACT } from '../core/fact.ts';
import type { Alphabet, Heard } from '../nature/exploring.ts';
import { ForkedNature } from '../nature/forked.ts';
import type { Choices } from '../nature/scripted.ts';
import { SeededNature } from '../nature/seeded.ts';
import { planOf, type Plan } from '../scenario/plan.ts';
import { boundScenario, type Bounds } from './bounds.ts';
import { Schedules } from './schedules.ts';

/** One rung: "the receiver knows that the message arrived", "the sender knows that the receiver knows it", … */
export interface Rung {
  /** Who knows, from the outermost: `['sender', 'receiver']` is "the sender knows that the receiver knows". */
  readonly knowers: readonly ('sender' | 'receiver')[];
  /** Among how many of the explored runs it holds. */
  readonly runs: number;
  /** The probability of those runs under the scenario's loss, as far as they were explored (`Ladder.mass`). */
  readonly probability: number;
  /** Whether it holds in the run that was asked about; null where that run is not among the explored ones. */
  readonly holdsHere: boolean | null;
}

export interface Ladder {
  /** The message it is about: the first. */
  readonly message: number;
  /** Explored runs, all complete: one message, every packet lost or not within the bounds, durations at their median. */
  readonly runs: number;
  /** The probability of all explored runs together: 1 where every run that can have a fault of these kinds was explored. */
  readonly mass: number;
  /** From the lowest: the statement itself ("it was delivered", no knower), then one knower more each, up to one that holds nowhere. */
  readonly rungs: readonly Rung[];
}

const MOST_RUNGS = 9;

/** Durations say nothing here: all are at their median. */
const MEDIANS: Alphabet = {
  shortest: (delay) => sample(delay, 0.5),
  delays: (_message, _isRequest, delay) => [sample(delay, 0.5)],
  steps: (time: Distribution) => [sample(time, 0.5)],
  waits: (lowUs, highUs) => [Math.round((lowUs + highUs) / 2)],
  eitherOrder: false,
};

interface Explored {
  readonly sender: string;
  readonly receiver: string;
  readonly isDelivered: boolean;
  readonly probability: number;
  readonly isHere: boolean;
}

/** The ladder of the first message of a run. */
export function ladderOf(
  plan: Plan,
  run: { readonly seed: string; readonly overrides: Choices },
  bounds: Bounds,
): Ladder {
  const one = planOf(boundScenario(plan.scenario, { ...bounds, messages: 1 }).scenario);
  const explored = exploredRuns(one, { ...run.overrides }, plan, run.seed, { ...bounds, delays: 0 });
  const total = (holds: readonly boolean[]) =>
    explored.reduce((sum, { probability }, i) => sum + (holds[i] ? probability : 0), 0);
  const here = explored.findIndex(({ isHere }) => isHere);

  let holds = explored.map(({ isDelivered }) => isDelivered);
  let knowers: ('sender' | 'receiver')[] = [];
  const rungs: Rung[] = [];
  for (;;) {
    const runs = holds.filter(Boolean).length;
    rungs.push({ knowers, runs, probability: total(holds), holdsHere: here < 0 ? null : holds[here] });
    if (runs === 0 || rungs.length === MOST_RUNGS) break;
    const knower = knowers[0] === 'receiver' ? 'sender' : 'receiver';
    holds = known(explored, knower, holds);
    knowers = [knower, ...knowers];
  }
  return { message: 1, runs: explored.length, mass: total(explored.map(() => true)), rungs };
}

/** Where somebody knows it: it holds in every run that looks the same to them. */
function known(
  explored: readonly Explored[],
  knower: 'sender' | 'receiver',
  holds: readonly boolean[],
): boolean[] {
  const doubted = new Set(explored.filter((_, i) => !holds[i]).map((run) => run[knower]));
  return explored.map((run) => !doubted.has(run[knower]));
}

function exploredRuns(
  one: Plan,
  overrides: Choices,
  asked: Plan,
  seed: string,
  bounds: Bounds,
): readonly Explored[] {
  const choices = { ...asked.scenario.faults, ...overrides };
  const weather = new ForkedNature(new SeededNature(seed, one.streams), one.streams, choices);
  let probability = 1;
  let isHere = true;
  const heard = (choice: Heard) => {
    probability *= choice.probability;
    if (typeof choice.chosen === 'boolean') isHere &&= choice.chosen === choice.drawn;
  };
  const schedules = new Schedules(one, bounds, { heard, weather, alphabet: MEDIANS, histories: true });
  const explored: Explored[] = [];
  for (;;) {
    probability = 1;
    isHere = true;
    if (!schedules.next()) return explored;
    explored.push({
      sender: schedules.histories.sender.hex(),
      receiver: schedules.histories.receiver.hex(),
      isDelivered: schedules.ledger.counts[FACT.deliver] > 0,
      probability,
      isHere,
    });
  }
}
