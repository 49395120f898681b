/** Two worlds side by side, with the one column of the sender, and the ladder, as a report for people. */
import { PLACE } from '../../sim/core/fact.ts';
import { formatDuration } from '../../sim/core/duration.ts';
import { allSchedules, alphabetWords, boundsWords, counted } from '../../sim/explore/sentence.ts';
import type { Twins, World } from '../../sim/explore/twins.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { ladderBoundsWords, ladderRows, percentWords } from '../view/twins/knowledge-words.ts';
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
  if (answer.kind === 'gave up' || shown === null)
    return [
      paint.bold('Gave up'),
      ...wrapped(
        `This run has no twin with one or two other fates. Of all schedules within the bounds, only ${counted(answer.kind === 'gave up' ? answer.schedules : 0, 'was', 'were')} looked at, and no two are twins. More are with --states.`,
        2,
      ),
    ];
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
    ...senderLines(twins),
    '',
    ...worldLines(twins, paint),
    '',
    ...wrapped(decisionWords(twins), 2),
    '',
    paint.bold('Again'),
    ...shownLines('this run', shown.here, twins.here),
    ...shownLines('its twin', shown.there, twins.there),
  ];
}

function senderLines({ here, senderColumn }: Twins): string[] {
  const trace = traceOf(here);
  const rows = Array.from({ length: trace.rowCount }, (_, row) => row).filter(
    (row) => trace.place[row] === PLACE.sender,
  );
  return senderColumn.map((_, line) => rowLine(trace, rows[line]));
}

/** "  1.2s  1 timed out". */
function rowLine(trace: Trace, row: number): string {
  return `  ${formatDuration(trace.timeUs[row]).padStart(12)}  ${rowWords(trace, row)}`;
}

function worldLines(twins: Twins, paint: Paint): string[] {
  const { message, here, there, firstDifference, flipped, sendAgain, stop } = twins;
  const { row } = firstDifference;
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
    ...sideBySide('', paint.bold('this run'), paint.bold('its twin'), 8),
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

function ladderLines({ ladder, bounds }: TwinTold, paint: Paint): string[] {
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
