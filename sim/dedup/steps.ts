/**
 * The commit order of handler steps: what each atomic group holds, worked out once. Inside a group the check reads
 * the state before it, so the order in which a group's steps are written does not matter (theory 3.1).
 */

/** One atomic group: the steps it holds, each at most once. */
export interface StepGroup {
  readonly check: boolean;
  readonly effect: boolean;
  readonly mark: boolean;
  readonly ack: boolean;
}

type StepWord = 'check' | 'effect' | 'mark' | 'ack';

export function groupsOf(handler: readonly (readonly StepWord[])[]): StepGroup[] {
  return handler.map((steps) => ({
    check: steps.includes('check'),
    effect: steps.includes('effect'),
    mark: steps.includes('mark'),
    ack: steps.includes('ack'),
  }));
}
