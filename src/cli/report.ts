/** A run as a short report for people, and three runs side by side. */
import { formatDuration } from '../../sim/core/duration.ts';
import type { RunResult } from '../../sim/run.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import { patchLines } from '../../sim/scenario/policies.ts';
import type { Policy } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { showPatched } from '../state/patch-words.ts';
import { count, formatOverride } from './load.ts';
import type { Asked } from './record.ts';
import type { Paint } from './paint.ts';

const ENDED: Readonly<Record<RunResult['ended'], string>> = {
  done: 'nothing was left to do',
  events: 'the limit on events',
  time: 'the limit on simulated time',
  rows: 'the limit on facts',
  queue: 'the limit on waiting deliveries',
};

/** One run. */
export function runReport(asked: Asked, result: RunResult, paint: Paint): string {
  const { scenario } = asked;
  const { metrics: m, price } = result;
  const lines = [
    paint.bold(scenario.title || scenario.id),
    ...(scenario.question === '' ? [] : wrapped(scenario.question)),
    paint.faint(`${policyWords(scenario)}, seed ${asked.seed}, ${scenarioHash(scenario)}`),
    '',
    paint.bold('What really happened'),
    columns([
      [
        m.messages,
        `${m.messages === 1 ? 'message' : 'messages'}, ${count(m.attempts, 'attempt')}, ${m.deliveries} delivered`,
      ],
      [m.once, 'applied once'],
      [m.duplicated, paintIf(m.duplicated > 0, paint.fault, 'applied more than once')],
      [m.lost, paintIf(m.lost > 0, paint.fault, 'never applied')],
      ...(m.open > 0 ? [[m.open, `still open when the run ended (${ENDED[result.ended]})`] as const] : []),
      ...(m.suppressed > 0
        ? [
            [
              m.suppressed,
              `${m.suppressed === 1 ? 'duplicate' : 'duplicates'} suppressed by the dedup store`,
            ] as const,
          ]
        : []),
    ]),
    '',
    paint.bold('What the sender believes'),
    columns([
      [m.confirmed, 'confirmed'],
      [m.gaveUp, m.gaveUp > 0 ? 'gave up: it cannot know whether these were applied' : 'gave up'],
      ...(m.refused > 0 ? [[m.refused, 'refused: known not to be applied'] as const] : []),
      ...(m.inDoubt > 0 ? [[m.inDoubt, 'in doubt: sent, unanswered'] as const] : []),
      ...(m.falseDeadLettered > 0 ? [[m.falseDeadLettered, 'dead-lettered although applied'] as const] : []),
      ...(m.lateAnswers > 0 ? [[m.lateAnswers, 'answers came after it gave up'] as const] : []),
    ]),
    '',
    paint.bold('Verdict') + paint.faint(' (evidence: one run)'),
    ...result.verdict.clauses.flatMap((clause) => {
      const asExpected = clause.expected === 'either' || clause.expected === clause.result;
      const rows =
        clause.rows.length === 0 ? '' : ` Message ${clause.message}, rows ${clause.rows.join(', ')}.`;
      const mark =
        clause.result === 'violated' ? paint.fault(clause.result.padEnd(9)) : clause.result.padEnd(9);
      const note =
        clause.expected === 'either'
          ? ''
          : asExpected
            ? ' (as expected)'
            : paint.fault(` (expected ${clause.expected})`);
      return [`  ${clause.clause.padEnd(22)} ${mark}${note}`, ...wrapped(`${clause.why}${rows}`, 4)];
    }),
    '',
    paint.bold('Price'),
    `  ${price.packetsPerMessage.toFixed(2)} packets per message, at most ${price.dedupPeak} dedup ${price.dedupPeak === 1 ? 'entry' : 'entries'}`,
    price.certaintyMeanUs === null
      ? '  no message was ever confirmed'
      : `  certain after ${formatDuration(price.certaintyMeanUs)} on average, ${formatDuration(price.certaintyMaxUs ?? 0)} at worst`,
    '',
    `outcome ${result.digests.outcome}   trace ${result.digests.trace}   ${m.events} events to ${formatDuration(result.endedAtUs)}`,
    ...unusedLines(result, paint),
    `again   ${asked.command}`,
  ];
  return lines.join('\n') + '\n';
}

/** The policy that runs, and whose clauses are claimed. */
export function policyWords({ policy, claims }: Scenario): string {
  return `policy ${policy}${policy === 'custom' ? ` (claims ${claims})` : ''}`;
}

function unusedLines(result: RunResult, paint: Paint): string[] {
  return result.unusedOverrides.map((name) =>
    paint.fault(`unused  ${name}: no such choice came up in this run`),
  );
}

/** One policy's run, for a comparison. */
export interface ComparedRun {
  readonly policy: Policy;
  readonly result: RunResult;
}

/** Three policies in the same weather. */
export function compareReport(
  scenario: Scenario,
  seed: string,
  runs: readonly ComparedRun[],
  paint: Paint,
): string {
  const row = (label: string, cells: readonly string[]) =>
    `  ${label.padEnd(26)}${cells.map((cell) => cell.padStart(18)).join('')}`;
  const metric = (label: string, of: (result: RunResult) => string | number) =>
    row(
      label,
      runs.map(({ result }) => String(of(result))),
    );
  const lines = [
    paint.bold(`${scenario.title || scenario.id}: three policies, the same weather`),
    paint.faint(
      `seed ${seed}: a packet that exists under two policies is lost, delayed and copied alike under both`,
    ),
    '',
    row(
      '',
      runs.map(({ policy }) => policy),
    ),
    metric('messages', ({ metrics }) => metrics.messages),
    metric('applied once', ({ metrics }) => metrics.once),
    metric('applied more than once', ({ metrics }) => metrics.duplicated),
    metric('never applied', ({ metrics }) => metrics.lost),
    metric('open', ({ metrics }) => metrics.open),
    metric('confirmed', ({ metrics }) => metrics.confirmed),
    metric('gave up', ({ metrics }) => metrics.gaveUp),
    metric('in doubt', ({ metrics }) => metrics.inDoubt),
    metric('refused', ({ metrics }) => metrics.refused),
    metric('packets per message', ({ price }) => price.packetsPerMessage.toFixed(2)),
    metric('dedup entries at peak', ({ price }) => price.dedupPeak),
    metric('certain after (mean)', ({ price }) =>
      price.certaintyMeanUs === null ? 'never' : formatDuration(price.certaintyMeanUs),
    ),
    ...(runs[0]?.result.verdict.clauses ?? []).map(({ clause }, index) =>
      row(
        clause,
        runs.map(({ result }) => {
          const verdict = result.verdict.clauses[index];
          return `${verdict.result}${verdict.claimed ? ' *' : ''}`;
        }),
      ),
    ),
    metric('outcome', ({ digests }) => digests.outcome.slice(3)),
    paint.faint('  * claimed by the policy'),
    '',
    paint.bold('What each policy changes'),
    ...runs.flatMap(({ policy }) => [
      `  ${policy}`,
      ...patchLines(scenario, policy).map(({ path, before, after }) => {
        const [was, is] = [showPatched(before), showPatched(after)];
        return was === is
          ? `      ${path} = ${is} (as written)`
          : `    - ${path} = ${was}\n    + ${path} = ${is}`;
      }),
    ]),
  ];
  return lines.join('\n') + '\n';
}

/** The shell line that reruns a run. */
export function commandLine(
  name: string,
  options: {
    readonly seed: string;
    readonly policy?: string | undefined;
    readonly set: readonly string[];
    readonly overrides: Readonly<Record<string, boolean | number>>;
  },
): string {
  return [
    'delivery-lab run',
    quoted(name),
    `--seed ${quoted(options.seed)}`,
    ...(options.policy === undefined ? [] : [`--policy ${options.policy}`]),
    ...options.set.map((assignment) => `--set ${quoted(assignment)}`),
    ...Object.entries(options.overrides).map(
      ([choice, value]) => `--override ${quoted(formatOverride(choice, value))}`,
    ),
  ].join(' ');
}

function quoted(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function columns(rows: readonly (readonly [number, string])[]): string {
  const width = Math.max(...rows.map(([n]) => String(n).length));
  return rows.map(([n, words]) => `  ${String(n).padStart(width)} ${words}`).join('\n');
}

function paintIf(condition: boolean, paint: (text: string) => string, text: string): string {
  return condition ? paint(text) : text;
}

export function wrapped(text: string, indent = 0, width = 88): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(' '.repeat(indent) + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, ' '.repeat(indent) + line];
}
