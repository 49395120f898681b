/** Two worlds side by side, with the one column of the sender, and the ladder, as a report for people. */
import { PLACE } from '../../sim/core/fact.ts';
import { formatDuration } from '../../sim/core/duration.ts';
import { allSchedules, alphabetWords, boundsWords, counted } from '../../sim/explore/sentence.ts';
import type { TwinAnswer, Twins, World } from '../../sim/explore/twins.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import {
  ladderBoundsWords,
  ladderGaveUpWords,
  ladderRows,
  percentWords,
} from '../view/twins/knowledge-words.ts';
import { appliedWords, decisionWords, flippedWords, isWanted } from '../view/twins/twins-words.ts';
import { rowWords } from '../view/row-words.ts';
import type { Paint } from './paint.ts';
import { policyWords, wrapped } from './report.ts';
import { BELIEFS } from './twin-record.ts';
import type { Shown, TwinTold } from './twin.ts';

export function twinReport(told: TwinTold, paint: Paint): string {
  const { scenario, boundedPlan, bounds, notes, seed, answer } = told;
  const lines = [
    paint.bold(`${scenario.title || scenario.id}: two worlds`),
    paint.faint(`${policyWords(scenario)}, seed ${seed}, ${scenarioHash(scenario)}`),
    '',
    ...answerLines(told, paint),
    ...(answer.kind === 'twins' && answer.twins.isOfThisRun
      ? []
      : [
          '',
          paint.bold('Within these bounds'),
          ...wrapped(boundsWords(bounds), 2),
          ...alphabetWords(boundedPlan, bounds).flatMap((words) => wrapped(words, 2)),
        ]),
    ...notes.flatMap((note) => wrapped(note, 2)),
    '',
    ...ladderLines(told, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function answerLines({ answer, shown }: TwinTold, paint: Paint): string[] {
  if (answer.kind === 'none')
    return [
      paint.bold('No twins: none within these bounds'),
      ...wrapped(
        `${allSchedules(answer.schedules)} looked at: wherever the sender saw the same, the truth was the same.`,
        2,
      ),
    ];
  if (answer.kind === 'gave up') return [paint.bold('Gave up'), ...wrapped(gaveUpWords(answer), 2)];
  if (shown === null) throw new Error('twins without their links');
  const { twins } = answer;
  return [
    paint.bold('Twins: the sender saw the same, and the truth is different'),
    ...wrapped(
      twins.isOfThisRun
        ? `The nearest twin of this run, after ${counted(answer.lookedAt, 'run', 'runs')}.`
        : 'This run has no twin, but these two within the bounds are twins.',
      2,
    ),
    '',
    `${paint.bold('What the sender saw, the same in both')}${paint.faint(' (1 is message 1, 1.2 its second attempt)')}`,
    ...senderLines(twins, paint),
    '',
    ...worldLines(twins, paint),
    '',
    ...wrapped(decisionWords(twins), 2),
    '',
    paint.bold('Again'),
    ...shownLines(namesOf(twins).here, shown.here, twins.here),
    ...shownLines(namesOf(twins).there, shown.there, twins.there),
  ];
}

function gaveUpWords({ limit, schedules }: Extract<TwinAnswer, { kind: 'gave up' }>): string {
  if (schedules === 0)
    return 'Cancelled while other fates of this run were still tried: nothing can be said yet.';
  const looked = `This run has no twin with one or two other fates. Of all schedules within the bounds, only ${counted(schedules, 'was', 'were')} looked at, and no two are twins.`;
  return limit === 'states' ? `${looked} More are with --states.` : `${looked} Then it was cancelled.`;
}

function namesOf({ isOfThisRun }: Twins): { readonly here: string; readonly there: string } {
  return isOfThisRun
    ? { here: 'this run', there: 'its twin' }
    : { here: 'one world', there: 'the other world' };
}

/** Lines that are printed whole: of a longer column only those about the message in question. */
const MOST_LINES = 60;

function senderLines({ here, message }: Twins, paint: Paint): string[] {
  const trace = traceOf(here);
  const rows = Array.from({ length: trace.rowCount }, (_, row) => row).filter(
    (row) => trace.place[row] === PLACE.sender,
  );
  if (rows.length <= MOST_LINES) return rows.map((row) => rowLine(trace, row));
  const about = rows.filter((row) => trace.message[row] === message);
  const others = counted(rows.length - about.length, 'line', 'lines');
  return [
    ...about.map((row) => rowLine(trace, row)),
    `  ${paint.faint(`and ${others} about other messages, the same in both`)}`,
  ];
}

/** "  1.2s  1 timed out". */
function rowLine(trace: Trace, row: number): string {
  return `  ${formatDuration(trace.timeUs[row]).padStart(12)}  ${rowWords(trace, row)}`;
}

function worldLines(twins: Twins, paint: Paint): string[] {
  const { message, here, there, firstDifference, flipped, sendAgain, stop } = twins;
  const { row } = firstDifference;
  const names = namesOf(twins);
  const effects = (count: number) => `${appliedWords(count)}${isWanted(count) ? '' : ' (wrong)'}`;
  const both = (label: string, of: (world: World) => string): string[] =>
    sideBySide(label, of(here), of(there));
  const rowIn = (world: World): string => {
    const trace = traceOf(world);
    return row < trace.rowCount
      ? `row ${row} at ${formatDuration(trace.timeUs[row])}: ${rowWords(trace, row)}`
      : 'nothing more happens';
  };
  return [
    ...sideBySide('', paint.bold(names.here), paint.bold(names.there), names.here.length),
    ...both('what differs', (world) => flippedWords(flipped, traceOf(world), world.overrides)),
    ...both('first difference', rowIn),
    ...both(`message ${message}`, (world) => `${BELIEFS[world.belief]}, ${appliedWords(world.effects)}`),
    ...sideBySide('if it sends again', effects(sendAgain.here), effects(sendAgain.there)),
    ...sideBySide('if it stops', effects(stop.here), effects(stop.there)),
  ];
}

const LABEL_WIDTH = 19;
const WORLD_WIDTH = 36;

/** Two texts beside each other, as many lines as they take. `wide`: letters a text has on the screen, if not all. */
function sideBySide(label: string, left: string, right: string, wide?: number): string[] {
  if (wide !== undefined)
    return [`  ${label.padEnd(LABEL_WIDTH)}${left}${' '.repeat(WORLD_WIDTH + 2 - wide)}${right}`];
  const [a, b] = [wrapped(left, 0, WORLD_WIDTH), wrapped(right, 0, WORLD_WIDTH)];
  return Array.from({ length: Math.max(a.length, b.length) }, (_, line) =>
    `  ${(line === 0 ? label : '').padEnd(LABEL_WIDTH)}${(a[line] ?? '').padEnd(WORLD_WIDTH + 2)}${b[line] ?? ''}`.trimEnd(),
  );
}

function shownLines(label: string, { command, link }: Shown, { result }: World): string[] {
  return [`  ${label}  ${result.digests.outcome}`, `    again   ${command}`, `    open    ${link}`];
}

function ladderLines({ ladder: answer, bounds }: TwinTold, paint: Paint): string[] {
  if (answer.kind === 'gave up')
    return [
      paint.bold('The ladder of knowledge about message 1'),
      ...wrapped(
        answer.limit === 'states'
          ? `${ladderGaveUpWords(answer)} Ask for fewer with --attempts, --losses, --copies or --crashes, or for more with --states.`
          : ladderGaveUpWords(answer),
        2,
      ),
    ];
  const { ladder } = answer;
  const { rows, ending } = ladderRows(ladder);
  const width = Math.max(...rows.map(({ words }) => words.length));
  const hasHere = rows.some(({ holdsHere }) => holdsHere !== null);
  const line = (words: string, runs: string, probability: string, here: string): string =>
    `  ${words.padEnd(width)}  ${runs.padStart(6)}  ${probability.padStart(11)}${hasHere ? `  ${here}` : ''}`.trimEnd();
  return [
    paint.bold(
      `The ladder of knowledge about message ${ladder.message}, among ${counted(ladder.runs, 'explored run', 'explored runs')}`,
    ),
    ...wrapped(
      `${ladderBoundsWords(bounds)}; together ${percentWords(ladder.mass)} of what can happen under the scenario's own probabilities.`,
      2,
    ),
    line('', 'runs', 'probability', 'this run'),
    ...rows.map(({ words, runs, probability, holdsHere }) =>
      line(words, String(runs), percentWords(probability), holdsHere === true ? 'yes' : 'no'),
    ),
    ...wrapped(ending, 2),
  ];
}

function traceOf({ result }: World): Trace {
  if (result.trace === null) throw new Error('a world without its trace');
  return result.trace;
}
