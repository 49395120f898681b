/** What was picked on the way through a schedule, and the way on to the next one: an odometer of choices. */
import type { Picker } from '../nature/exploring.ts';

/** A picker that follows a path of picks, then takes the first way, and can be moved on to the next path. */
export class Path implements Picker {
  /** What was picked, and out of how many. */
  readonly picks: number[] = [];
  private readonly widths: number[] = [];
  private at = 0;

  pick(width: number): number {
    if (this.at === this.picks.length) {
      this.picks.push(0);
      this.widths.push(width);
    }
    this.widths[this.at] = width;
    return this.picks[this.at++];
  }

  /** How many picks were made since the path was last taken up. */
  get made(): number {
    return this.at;
  }

  /** A path to follow from the start. */
  follow(picks: ArrayLike<number>): void {
    this.picks.length = 0;
    this.widths.length = 0;
    for (let i = 0; i < picks.length; i++) {
      this.picks.push(picks[i]);
      this.widths.push(picks[i] + 1);
    }
    this.at = 0;
  }

  /** The next path in order: the last pick that can be raised is, and all after it are forgotten. False when none is left. */
  next(): boolean {
    while (
      this.picks.length > 0 &&
      this.picks[this.picks.length - 1] + 1 >= this.widths[this.picks.length - 1]
    ) {
      this.picks.pop();
      this.widths.pop();
    }
    this.at = 0;
    if (this.picks.length === 0) return false;
    this.picks[this.picks.length - 1]++;
    return true;
  }

  clear(): void {
    this.picks.length = 0;
    this.widths.length = 0;
    this.at = 0;
  }
}
