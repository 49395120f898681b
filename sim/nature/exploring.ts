/**
 * Nature by enumeration: each question is a choice from a finite alphabet, and a picker decides which letter comes up
 * in this schedule. Faults are counted against budgets; where a budget is used up there is nothing to choose.
 *
 * The first letter is always the plain one (no fault, the shortest duration), so that a picker that keeps answering 0
 * walks the run in which nothing goes wrong.
 */
import { sample, shortest, type Distribution } from '../core/distributions.ts';
import { STREAM } from './choice.ts';
import type { Nature } from './nature.ts';

/** Whoever decides. Asked only where there is more than one way. */
export interface Picker {
  /** A number from 0 up to, not including, `width`. */
  pick(width: number): number;
}

/** How many faults of each kind may still happen. Plain numbers that go down; a walker saves and restores them. */
export interface Budget {
  losses: number;
  copies: number;
  /** Packets that take longer than the shortest delay. */
  delays: number;
  crashes: number;
}

/** The finite alphabets of durations, whole µs: distinct, the plain one first. */
export interface Alphabet {
  /** The plain delay of a packet. */
  shortest(delay: Distribution): number;
  delays(message: number, isRequest: boolean, delay: Distribution): readonly number[];
  /** A handler's step. */
  steps(time: Distribution): readonly number[];
  /** A wait under jitter. */
  waits(lowUs: number, highUs: number): readonly number[];
  /** Whether events of one instant at different nodes come in either order: where a packet can take no time. */
  readonly eitherOrder: boolean;
}

/** One choice that came up. */
export interface Heard {
  readonly stream: number;
  readonly message: number;
  readonly packet: number;
  readonly chosen: boolean | number;
  /** What the scenario's own weather has here. */
  readonly drawn: boolean | number;
  /** How probable what was chosen is in the scenario; 1 for a duration. */
  readonly probability: number;
  /** Whether it is a fault: a loss, a copy, a crash, a slow packet. */
  readonly isFault: boolean;
}

export type Hearer = (heard: Heard) => void;

const KIND_OF_FAULT: readonly (keyof Budget | null)[] = Array.from(
  { length: STREAM.requestWaits },
  (_, stream) => {
    if ([STREAM.requestLost, STREAM.ackLost, STREAM.nackLost].includes(stream as never)) return 'losses';
    if ([STREAM.requestCopied, STREAM.ackCopied, STREAM.nackCopied].includes(stream as never))
      return 'copies';
    return stream >= STREAM.crash && stream < STREAM.crash + 5 ? 'crashes' : null;
  },
);

const DELAYS: readonly number[] = [STREAM.requestDelay, STREAM.ackDelay, STREAM.nackDelay];

export class ExploringNature implements Nature {
  /** What may still go wrong. */
  readonly left: Budget;
  /** Faults that have happened since this was last set to 0. */
  faults = 0;

  private readonly picker: Picker;
  private readonly alphabet: Alphabet;
  private readonly weatherOf: () => Nature;
  private known: Nature | null = null;
  private readonly heard: Hearer | null;

  constructor(
    budget: Budget,
    alphabet: Alphabet,
    picker: Picker,
    weatherOf: () => Nature,
    heard: Hearer | null = null,
  ) {
    this.left = { ...budget };
    this.alphabet = alphabet;
    this.picker = picker;
    this.weatherOf = weatherOf;
    this.heard = heard;
  }

  /** The scenario's own weather: when new work arrives is not a fault, its seed says. Made when it is first asked. */
  private get weather(): Nature {
    return (this.known ??= this.weatherOf());
  }

  /** Asked once for a whole run, whose budgets come and go: everything may happen that has a letter. */
  possible(stream: number): boolean {
    return !isOrder(stream) || this.alphabet.eitherOrder;
  }

  chance(stream: number, message: number, packet: number, probability: number): boolean {
    if (isOrder(stream)) return this.order(stream, message, packet);
    const kind = KIND_OF_FAULT[stream];
    const happens = kind !== null && this.left[kind] > 0 && this.picker.pick(2) === 1;
    if (happens) {
      this.left[kind]--;
      this.faults++;
    }
    if (this.heard !== null) {
      const drawn = this.weather.chance(stream, message, packet, probability);
      this.heard({
        stream,
        message,
        packet,
        chosen: happens,
        drawn,
        probability: happens ? probability : 1 - probability,
        isFault: happens,
      });
    }
    return happens;
  }

  value(stream: number, message: number, packet: number, distribution: Distribution): number {
    const { faults } = this;
    const chosenUs =
      stream === STREAM.gap
        ? this.weather.value(stream, message, packet, distribution)
        : DELAYS.includes(stream)
          ? this.delay(stream, message, distribution)
          : this.oneOf(this.alphabet.steps(distribution));
    if (this.heard !== null) {
      const drawn = this.weather.value(stream, message, packet, distribution);
      this.heard({
        stream,
        message,
        packet,
        chosen: chosenUs,
        drawn,
        probability: 1,
        isFault: this.faults > faults,
      });
    }
    return chosenUs;
  }

  between(stream: number, message: number, packet: number, lowUs: number, highUs: number): number {
    const chosenUs = this.oneOf(this.alphabet.waits(lowUs, highUs));
    if (this.heard !== null) {
      const drawn = this.weather.between(stream, message, packet, lowUs, highUs);
      this.heard({ stream, message, packet, chosen: chosenUs, drawn, probability: 1, isFault: false });
    }
    return chosenUs;
  }

  /** Either order of one instant is as plain as the other: not a fault, and not a chance. */
  private order(stream: number, message: number, packet: number): boolean {
    const chosen = this.picker.pick(2) === 1;
    if (this.heard !== null) {
      const drawn = this.weather.chance(stream, message, packet, 0);
      this.heard({ stream, message, packet, chosen, drawn, probability: 1, isFault: false });
    }
    return chosen;
  }

  private delay(stream: number, message: number, distribution: Distribution): number {
    if (this.left.delays === 0) return this.alphabet.shortest(distribution);
    const letters = this.alphabet.delays(message, stream === STREAM.requestDelay, distribution);
    if (letters.length === 1) return letters[0];
    const picked = this.picker.pick(letters.length);
    if (picked > 0) {
      this.left.delays--;
      this.faults++;
    }
    return letters[picked];
  }

  private oneOf(letters: readonly number[]): number {
    return letters.length === 1 ? letters[0] : letters[this.picker.pick(letters.length)];
  }
}

/** Whether a stream is about the order of events at one instant. */
function isOrder(stream: number): boolean {
  return stream >= STREAM.requestWaits;
}

/** The longest duration the explorer takes for one without a longest: what 99.9 % of all draws stay below. */
export const PRACTICALLY_LONGEST = 0.999;

/** The shortest and the longest duration of a distribution, µs; one where they are the same. */
export function extremes(distribution: Distribution, longestUs: number): readonly number[] {
  const low = shortest(distribution);
  const high = longestUs < Infinity ? longestUs : sample(distribution, PRACTICALLY_LONGEST);
  return high > low ? [low, high] : [low];
}
