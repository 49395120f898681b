/** What each command does. Data goes to `out`, everything else to `err`; the answer is the exit code. */
import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { run as runPlan, type RunResult } from '../../sim/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { fieldPaths } from '../../sim/scenario/paths.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import { formatProblem } from '../../sim/scenario/problem.ts';
import { jsonSchemaOf } from '../../sim/scenario/json-schema.ts';
import { POLICIES } from '../../sim/scenario/terms.ts';
import { scenarioSchema, type Scenario } from '../../sim/scenario/schema.ts';
import { formatTrace } from '../../sim/trace/text.ts';
import { permalinkFragment } from '../state/permalink.ts';
import { EXIT, UsageError } from './failure.ts';
import { LIBRARY } from './bundled.ts';
import { count, loadScenario, readInput, readOverrides } from './load.ts';
import type { Paint } from './paint.ts';
import { runRecord, type Asked } from './record.ts';
import { commandLine, compareReport, runReport } from './report.ts';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Where the line of progress goes; null where nobody looks. */
  readonly progress: ((text: string) => void) | null;
  readonly paint: Paint;
}

export interface RunFlags {
  readonly seed?: string;
  readonly policy?: string;
  readonly set: readonly string[];
  readonly override: readonly string[];
  readonly json?: boolean;
  readonly trace?: string;
  readonly app: string;
}

/** `run SCENARIO` */
export async function run(name: string, flags: RunFlags, terminal: Terminal): Promise<number> {
  const scenario = loadScenario(name, flags);
  const overrides = readOverrides(flags.override, scenario);
  const plan = planOf(scenario);
  const seed = checkedSeed(flags.seed ?? scenario.seed);
  const asClaimed = flags.policy !== undefined || flags.set.length > 0;
  const result = runPlan(plan, { seed, overrides, trace: flags.trace !== undefined, asClaimed });
  const asked: Asked = {
    scenario,
    seed,
    overrides,
    command: commandLine(name, { seed, policy: flags.policy, set: flags.set, overrides }),
    link: `${flags.app}${await permalinkFragment({ scenario, seed, overrides, digest: result.digests.outcome })}`,
  };
  if (flags.trace !== undefined) writeTrace(flags.trace, result, formatTraceOf(plan, result), terminal);
  if (flags.json === true) terminal.out(`${JSON.stringify(runRecord(asked, plan, result), null, 2)}\n`);
  else terminal.out(runReport(asked, result, terminal.paint));
  return result.verdict.asExpected ? EXIT.asExpected : EXIT.otherwise;
}

function formatTraceOf(plan: Parameters<typeof formatTrace>[1], result: RunResult): string {
  return result.trace === null ? '' : formatTrace(result.trace, plan);
}

function writeTrace(file: string, result: RunResult, text: string, terminal: Terminal): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(
      `--trace ${file}: cannot be written (${error instanceof Error && 'code' in error ? String(error.code) : String(error)}).`,
    );
  }
  terminal.err(`${count(result.metrics.rows, 'row')} written to ${file}\n`);
}

export function checkedSeed(seed: string): string {
  if (seed.length <= 200) return seed;
  throw new UsageError(`--seed: found ${seed.length} characters, expected at most 200.`);
}

/** `compare SCENARIO`: the three policies in the same weather. */
export function compare(
  name: string,
  flags: { readonly seed?: string; readonly set: readonly string[]; readonly json?: boolean },
  terminal: Terminal,
): number {
  const scenario = loadScenario(name, { set: flags.set });
  const seed = checkedSeed(flags.seed ?? scenario.seed);
  const runs = POLICIES.map((policy) => {
    const under: Scenario = { ...scenario, policy };
    const plan = planOf(under);
    return { policy, under, plan, result: runPlan(plan, { seed, asClaimed: true }) };
  });
  if (flags.json === true) {
    const records = runs.map(({ policy, under, plan, result }) => {
      const command = commandLine(name, { seed, policy, set: flags.set, overrides: {} });
      return runRecord({ scenario: under, seed, overrides: {}, command, link: '' }, plan, result);
    });
    terminal.out(
      `${JSON.stringify(
        records.map(({ link: _link, ...record }) => record),
        null,
        2,
      )}\n`,
    );
  } else {
    terminal.out(compareReport(scenario, seed, runs, terminal.paint));
  }
  return runs.every(({ result }) => result.verdict.asExpected) ? EXIT.asExpected : EXIT.otherwise;
}

/** `validate FILE…` */
export function validate(names: readonly string[], terminal: Terminal): number {
  let bad = 0;
  for (const name of names) {
    const problems = problemsOf(name);
    if (problems.length === 0) {
      terminal.out(`${name}: ok\n`);
    } else {
      bad++;
      terminal.out(
        `${name}: ${count(problems.length, 'problem')}\n${problems.map((problem) => `  ${problem}\n`).join('')}`,
      );
    }
  }
  return bad === 0 ? EXIT.asExpected : EXIT.usage;
}

function problemsOf(name: string): readonly string[] {
  try {
    const parsed = parseScenario(readInput(name));
    return parsed.ok ? [] : parsed.problems.map(formatProblem);
  } catch (error) {
    if (error instanceof UsageError) return [error.message];
    throw error;
  }
}

/** `scenarios` */
export function scenarios(flags: { readonly json?: boolean }, terminal: Terminal): number {
  const listed = LIBRARY.map(({ id, title, question, tags }) => ({ id, title, question, tags }));
  if (flags.json === true) {
    terminal.out(`${JSON.stringify(listed, null, 2)}\n`);
  } else {
    const width = Math.max(...listed.map(({ id }) => id.length));
    for (const { id, title, question } of listed)
      terminal.out(
        `${terminal.paint.bold(id.padEnd(width))}  ${title}\n${' '.repeat(width + 2)}${terminal.paint.faint(question)}\n`,
      );
  }
  return EXIT.asExpected;
}

/** `schema`: the JSON Schema, or every field path. */
export function schema(
  flags: { readonly paths?: boolean; readonly json?: boolean },
  terminal: Terminal,
): number {
  if (flags.paths !== true) {
    terminal.out(`${JSON.stringify(jsonSchemaOf(scenarioSchema, toJsonSchema), null, 2)}\n`);
  } else if (flags.json === true) {
    terminal.out(`${JSON.stringify(fieldPaths(), null, 2)}\n`);
  } else {
    for (const { path, doc, unit, allowed, default: fallback } of fieldPaths()) {
      terminal.out(
        `${terminal.paint.bold(path)}\n    ${doc}\n    ${unit === '' ? '' : `${unit}; `}${allowed}; ${fallback === '' ? 'required' : `default ${fallback}`}\n`,
      );
    }
  }
  return EXIT.asExpected;
}
