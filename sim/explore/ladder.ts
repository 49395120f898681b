/**
 * The knowledge ladder: which nested statements hold at the end of a run, among the explored runs, in the sense of
 * Halpern and Moses: somebody knows what is true in every run that looks the same to them.
 */

/** One rung: "the receiver knows that the message arrived", "the sender knows that the receiver knows it", … */
export interface Rung {
  /** Who knows, from the outermost: `['sender', 'receiver']` is "the sender knows that the receiver knows". */
  readonly knowers: readonly ('sender' | 'receiver')[];
  /** Among how many of the explored runs it holds. */
  readonly runs: number;
  /** The probability of those runs under the scenario's loss, as far as they were explored (`Ladder.mass`). */
  readonly probability: number;
  /** Whether it holds in the run that was asked about. */
  readonly holdsHere: boolean;
}

export interface Ladder {
  readonly message: number;
  /** Explored runs, all complete. */
  readonly runs: number;
  /** The probability of all explored runs together: 1 where every run of the scenario was explored. */
  readonly mass: number;
  /** From the lowest: the statement itself ("it was delivered", no knower), then one knower more each, up to one that holds nowhere. */
  readonly rungs: readonly Rung[];
}
