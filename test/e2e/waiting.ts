// Waiting for something to become true in a page, the same in each browser: no test guesses how long a thing takes.
import type { Engine } from './browsers.ts';

const DEADLINE_MS = 10_000;
const POLL_MS = 25;

type Condition<Args extends readonly unknown[], Result> = (...args: Args) => Result | Promise<Result>;

/** Waits until `condition` holds in the page, and answers what it gave. Self-contained, as for `evaluate`. */
export function until<Args extends readonly unknown[], Result>(
  engine: Engine,
  condition: Condition<Args, Result>,
  ...args: Args
): Promise<Result> {
  return engine.evaluate<[], Result>(waitingText(condition, args));
}

/** The same in the page's first frame. */
export function untilInFrame<Args extends readonly unknown[], Result>(
  engine: Engine,
  condition: Condition<Args, Result>,
  ...args: Args
): Promise<Result> {
  return engine.evaluateInFrame<[], Result>(waitingText(condition, args));
}

function waitingText<Args extends readonly unknown[]>(
  condition: Condition<Args, unknown>,
  args: Args,
): string {
  return `(async () => {
    const deadline = Date.now() + ${DEADLINE_MS};
    for (;;) {
      const value = await (${String(condition)})(...${JSON.stringify(args)});
      if (value) return value;
      if (Date.now() > deadline) throw new Error('never came true: ' + ${JSON.stringify(String(condition))});
      await new Promise((resolve) => setTimeout(resolve, ${POLL_MS}));
    }
  })()`;
}
