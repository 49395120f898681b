/** A question as typed, checked: what to explore, or what is wrong at which field. */
import { DURATION_FORM } from '../../sim/core/duration.ts';
import { reductionsWithout, type Reductions } from '../../sim/explore/any-order.ts';
import { BOUNDS, boundsOf, type BoundName, type Bounds } from '../../sim/explore/bounds.ts';
import { needsDurations, parseQuestion, type Question } from '../../sim/explore/question.ts';
import { claimedPolicy, POLICY_CLAIMS } from '../../sim/scenario/policies.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { ASKED_BOUNDS, type Asked } from './asked.ts';

export interface ReadAsked {
  /** Null when it cannot be read. */
  readonly question: Question | null;
  /** Where a bound cannot be read, its usual value stands in for it. */
  readonly bounds: Bounds;
  readonly reductions: Reductions;
  /** What each field expects that is not as it should be. */
  readonly problems: Readonly<Partial<Record<'ask' | BoundName, string>>>;
  /** What the scenario itself keeps smaller than was asked. */
  readonly notes: Readonly<Partial<Record<BoundName, string>>>;
}

export function readAsked(asked: Asked, scenario: Scenario): ReadAsked {
  const problems: Partial<Record<'ask' | BoundName, string>> = {};
  const numbers: Partial<Record<BoundName, number>> = {};
  for (const name of ASKED_BOUNDS) {
    const text = asked.bounds[name]?.trim().replaceAll(',', '');
    if (text === undefined) continue;
    const { least, most } = BOUNDS[name];
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) numbers[name] = value;
    else problems[name] = `Expected a whole number from ${least} to ${most.toLocaleString('en')}.`;
  }
  const question = readQuestion(asked.ask, scenario);
  if (typeof question === 'string') problems.ask = question;
  else if (asked.anyDelay && needsDurations(question))
    problems.ask = 'In any order there are no durations. Ask this with the scenario’s own delays.';
  const bounds = boundsOf(scenario, { ...numbers, anyDelay: asked.anyDelay });
  return {
    question: typeof question === 'string' ? null : question,
    bounds,
    reductions: reductionsWithout(asked.without),
    problems,
    notes: {
      ...noteOf('messages', numbers, bounds, 'The scenario has'),
      ...noteOf('attempts', numbers, bounds, 'Its sender makes'),
    },
  };
}

function noteOf(
  name: BoundName,
  numbers: Partial<Record<BoundName, number>>,
  bounds: Bounds,
  says: string,
): Partial<Record<BoundName, string>> {
  return (numbers[name] ?? 0) > bounds[name]
    ? { [name]: `${says} ${bounds[name]}: no more are explored.` }
    : {};
}

/** The question, or what was expected. */
function readQuestion(text: string, scenario: Scenario): Question | string {
  if (text === '') return { kind: 'clause', clause: POLICY_CLAIMS[claimedPolicy(scenario)][0] };
  const question = parseQuestion(text);
  if (question.kind !== 'misread') return question;
  return question.expected === 'duration' ? `Expected ${DURATION_FORM}.` : 'Choose one of these questions.';
}
