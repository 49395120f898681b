/** The options that say how far an exploration goes, and what it asks. */
import { DURATION_FORM } from '../../sim/core/duration.ts';
import { FACT_KINDS } from '../../sim/core/fact.ts';
import {
  REDUCTION_FIELDS,
  reductionsWithout,
  type ReductionName,
  type Reductions,
} from '../../sim/explore/any-order.ts';
import { BOUND_NAMES, BOUNDS, boundsOf, type BoundName, type Bounds } from '../../sim/explore/bounds.ts';
import { needsDurations, parseQuestion, type Question } from '../../sim/explore/question.ts';
import { claimedPolicy, POLICY_CLAIMS } from '../../sim/scenario/policies.ts';
import { CLAUSES } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { UsageError } from './failure.ts';

/** Each bound as it was typed. */
export type BoundFlags = Readonly<Partial<Record<BoundName, string>>> & { readonly anyDelay?: boolean };

/** The bounds, and a line for each that the scenario itself keeps smaller than was asked. */
export function readBounds(
  flags: BoundFlags,
  scenario: Scenario,
): { readonly bounds: Bounds; readonly notes: readonly string[] } {
  if (flags.anyDelay === true && flags.delays !== undefined)
    throw new UsageError('--delays: has no meaning with --any-delay, where every packet may be slow.');
  const asked: Partial<Record<BoundName, number>> = {};
  for (const name of BOUND_NAMES) {
    const text = flags[name];
    if (text !== undefined) asked[name] = wholeNumber(`--${name}`, text, BOUNDS[name]);
  }
  const bounds = boundsOf(scenario, { ...asked, anyDelay: flags.anyDelay === true });
  const notes = (['messages', 'attempts'] as const)
    .filter((name) => (asked[name] ?? 0) > bounds[name])
    .map(
      (name) =>
        `--${name} ${asked[name]}: the scenario has ${bounds[name]}${name === 'messages' ? '' : ' for each message'}, and no more are explored.`,
    );
  return { bounds, notes };
}

/** A whole number from a range, or an error that says what is allowed. */
export function wholeNumber(
  option: string,
  text: string,
  range: { readonly least: number; readonly most: number },
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.least && value <= range.most) return value;
  throw new UsageError(
    `${option}: found ${text}, expected a whole number from ${range.least} to ${range.most}.`,
  );
}

/** What is asked: what `--ask` says, or every clause that the policy claims. */
export function readQuestions(
  asked: string | undefined,
  scenario: Scenario,
  bounds: Bounds,
): readonly Question[] {
  if (asked !== undefined) {
    const question = readQuestion(asked);
    if (bounds.anyDelay && needsDurations(question))
      throw new UsageError(`--ask ${asked}: not with --any-delay, where nothing has a duration.`);
    return [question];
  }
  return POLICY_CLAIMS[claimedPolicy(scenario)].map((clause) => ({ kind: 'clause', clause }));
}

function readQuestion(text: string): Question {
  const question = parseQuestion(text);
  if (question.kind !== 'misread') return question;
  const { found } = question;
  switch (question.expected) {
    case 'fact':
      throw new UsageError(`--ask sometimes: found ${found}, expected one of ${FACT_KINDS.join(', ')}.`);
    case 'duration':
      throw new UsageError(`--ask settles: found ${found}, expected ${DURATION_FORM}.`);
    case 'question':
      throw new UsageError(
        `--ask: found ${found}, expected ${CLAUSES.join(', ')}, sometimes:FACT (such as sometimes:late) or settles:DURATION (such as settles:30s).`,
      );
  }
}

export const REDUCTION_NAMES = Object.keys(REDUCTION_FIELDS);

/** All reductions but those that were turned off. */
export function readReductions(off: readonly string[], bounds: Bounds): Reductions {
  if (off.length > 0 && !bounds.anyDelay)
    throw new UsageError(
      `--no-reduction ${off[0]}: only with --any-delay. Under the scenario's own delays nothing is reduced.`,
    );
  return reductionsWithout(off.map(checkedReduction));
}

function checkedReduction(name: string): ReductionName {
  if (isReduction(name)) return name;
  throw new UsageError(`--no-reduction: found ${name}, expected one of ${REDUCTION_NAMES.join(', ')}.`);
}

function isReduction(name: string): name is ReductionName {
  return Object.hasOwn(REDUCTION_FIELDS, name);
}
