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
  /** Whether it is the run that was asked about. */
  readonly isHere: boolean;
}

export type LadderAnswer =
  | { readonly kind: 'ladder'; readonly ladder: Ladder }
  /** More runs than `bounds.states`, or cancelled: who knows what can be told only of all of them. */
  | { readonly kind: 'gave up'; readonly limit: 'states' | 'cancelled'; readonly runs: number };

/** Runs between two signs of life. */
const SLICE = 500;

/** The ladder of the first message of a run. Yields how many runs were explored; gives up when `isCancelled`. */
export function* ladderSlices(
  plan: Plan,
  run: { readonly seed: string; readonly overrides: Choices },
  bounds: Bounds,
  isCancelled = () => false,
): Generator<number, LadderAnswer> {
  const one = planOf(boundScenario(plan.scenario, { ...bounds, messages: 1 }).scenario);
  const choices = { ...plan.scenario.faults, ...run.overrides };
  const weather = new ForkedNature(new SeededNature(run.seed, one.streams), one.streams, choices);
  let probability = 1;
  let isHere = true;
  const heard = (choice: Heard) => {
    probability *= choice.probability;
    if (typeof choice.chosen === 'boolean') isHere &&= choice.chosen === choice.drawn;
  };
  const schedules = new Schedules(
    one,
    { ...bounds, delays: 0 },
    { heard, weather, alphabet: MEDIANS, histories: true },
  );
  const explored: Explored[] = [];
  for (;;) {
    const { count, histories, ledger } = schedules;
    if (count % SLICE === 0) {
      yield count;
      if (isCancelled()) return { kind: 'gave up', limit: 'cancelled', runs: count };
    }
    probability = 1;
    isHere = true;
    if (!schedules.next()) return { kind: 'ladder', ladder: climb(explored) };
    if (count === bounds.states) return { kind: 'gave up', limit: 'states', runs: count };
    explored.push({
      sender: histories.sender.hex(),
      receiver: histories.receiver.hex(),
      isDelivered: ledger.counts[FACT.deliver] > 0,
      probability,
      isHere,
    });
  }
}

/** From the statement itself up to one that holds nowhere. */
function climb(explored: readonly Explored[]): Ladder {
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
