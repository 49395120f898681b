/** What a person at the terminal can do while something long is under way: see how far it is, and stop it. */
import { counted, countWords } from '../../sim/explore/sentence.ts';

/** How far an exploration is. */
export interface HowFar {
  readonly states: number;
  readonly ends: number;
  /** Faults of the schedules now looked at. */
  readonly depth: number;
}

const SHOWN_EVERY_MS = 200;
const RATE_OVER_MS = 2_000;
const CLEAR_LINE = '\r\u001b[K';

export class Watch {
  /** Whether somebody has pressed Ctrl-C since `listen`. A second Ctrl-C ends the program as ever. */
  isCancelled = false;

  private readonly write: ((text: string) => void) | null;
  private readonly onSignal = () => {
    this.isCancelled = true;
  };
  private shownAtMs = 0;
  /** Earlier counts of the same search, for the rate of late. */
  private marks: { readonly atMs: number; readonly states: number }[] = [];

  /** @param write where progress goes; null for nobody who looks */
  constructor(write: ((text: string) => void) | null) {
    this.write = write;
  }

  /** From now on Ctrl-C asks to stop; `isCancelled` has to be looked at, and others given their turn. */
  listen(): this {
    process.once('SIGINT', this.onSignal);
    return this;
  }

  /** Tells how far a search is. */
  show(what: string, { states, ends, depth }: HowFar): void {
    this.tell((nowMs) => {
      if (states < (this.marks.at(-1)?.states ?? 0)) this.marks = []; // the next search
      this.marks = [...this.marks.filter(({ atMs }) => nowMs - atMs < RATE_OVER_MS), { atMs: nowMs, states }];
      const [first] = this.marks;
      const seconds = (nowMs - first.atMs) / 1000;
      const rate =
        seconds > 0 ? `, ${countWords(Math.round((states - first.states) / seconds))} a second` : '';
      return `${what}: ${counted(states, 'state', 'states')}, ${counted(ends, 'end', 'ends')}, at ${counted(depth, 'fault', 'faults')}${rate}`;
    });
  }

  /** Writes the line of progress, not more often than a person can read. */
  tell(line: (nowMs: number) => string): void {
    const nowMs = performance.now();
    if (this.write === null || nowMs - this.shownAtMs < SHOWN_EVERY_MS) return;
    this.shownAtMs = nowMs;
    this.write(`${CLEAR_LINE}${line(nowMs)}`);
  }

  /** Takes the line of progress away. */
  close(): void {
    process.removeListener('SIGINT', this.onSignal);
    if (this.shownAtMs > 0) this.write?.(CLEAR_LINE);
  }
}

/** Lets timers, signals and messages have their turn. */
export function aTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
