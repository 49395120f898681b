/** An exploration as a report for people. */
import type { Bounds } from '../../sim/explore/bounds.ts';
import { alphabetWords, answerWords, boundsWords, counted } from '../../sim/explore/sentence.ts';
import { faultWords, ordersIn, orderWords, outcomesOfMessages } from '../../sim/explore/sentence.ts';
import { outcomeWords, questionName, questionWords, strengthOf } from '../../sim/explore/sentence.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import type { Answered, Explored, ShownWitness } from './explore.ts';
import type { Paint } from './paint.ts';
import { policyWords, wrapped } from './report.ts';

export function exploreReport(explored: Explored, paint: Paint): string {
  const { scenario, plan, bounds, notes, answered } = explored;
  const lines = [
    paint.bold(`${scenario.title || scenario.id}: every schedule within bounds`),
    paint.faint(`${policyWords(scenario)}, ${scenarioHash(scenario)}`),
    '',
    paint.bold('Within these bounds'),
    ...wrapped(boundsWords(bounds), 2),
    ...notes.flatMap((note) => wrapped(note, 2)),
    ...alphabetWords(plan, bounds).flatMap((words) => wrapped(words, 2)),
    ...answered.flatMap((one) => ['', ...answerLines(one, bounds, paint)]),
    ...outcomeLines(answered, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function answerLines(
  { question, answer, depth, witnesses }: Answered,
  bounds: Bounds,
  paint: Paint,
): string[] {
  const strength = strengthOf(question, answer);
  const isGood = answer.kind === (question.kind === 'sometimes' ? 'found' : 'none');
  return [
    `${paint.bold(questionName(question))}  ${isGood ? strength : paint.fault(strength)}`,
    ...wrapped(questionWords(question), 2),
    ...wrapped(answerWords(question, answer, { bounds, depth }), 2),
    ...witnesses.flatMap((witness, index) => [
      '',
      ...witnessLines(witness, `${capital(strength)}${witnesses.length > 1 ? ` ${index + 1}` : ''}`, paint),
    ]),
  ];
}

function witnessLines(witness: ShownWitness, label: string, paint: Paint): string[] {
  const { faults, overrides, why, rows, digest, command, link } = witness;
  const size = `${faults.length === 0 ? 'no fault' : counted(faults.length, 'fault', 'faults')}, ${counted(rows, 'row', 'rows')}`;
  return [
    `  ${paint.bold(label)} (${size})`,
    ...faults.flatMap((name) => wrapped(`- ${faultWords(name, overrides[name] ?? '')}`, 4)),
    ...ordersIn(overrides).flatMap((name) => wrapped(`- ${orderWords(name)}`, 4)),
    ...(why === '' ? [] : wrapped(why, 4)),
    `    outcome ${digest}`,
    `    again   ${command}`,
    `    open    ${link}`,
  ];
}

/** What became of messages, in all schedules where some answer looked at all of them. */
function outcomeLines(answered: readonly Answered[], paint: Paint): string[] {
  const whole = answered.find(({ answer }) => answer.kind === 'none');
  const seen = whole === undefined ? answered : [whole];
  const outcomes = outcomesOfMessages(seen.flatMap(({ answer }) => answer.evidence.outcomes));
  if (outcomes.length === 0) return [];
  return [
    '',
    paint.bold(
      whole === undefined
        ? 'What became of a message, as far as was looked'
        : 'All that can become of a message',
    ),
    ...outcomes.map((outcome) => `  ${outcome}  ${outcomeWords(outcome)}`),
  ];
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
