/** From what a person typed (an id, a path or `-`, and `--set`s) to a scenario, or to an error they can act on. */
import { readFileSync } from 'node:fs';
import { DURATION_FORM, formatDuration, parseDuration } from '../../sim/core/duration.ts';
import { checkChoice } from '../../sim/nature/choice.ts';
import { hopOf } from '../../sim/scenario/hop.ts';
import { LARGEST_SCENARIO, parseScenario } from '../../sim/scenario/parse.ts';
import { setField } from '../../sim/scenario/paths.ts';
import { formatProblem } from '../../sim/scenario/problem.ts';
import { POLICIES } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { LIBRARY } from './bundled.ts';
import { UsageError } from './failure.ts';

/** The options that change a scenario before it runs. */
export interface Changes {
  readonly policy?: string;
  readonly set?: readonly string[];
}

/** Reads, changes and checks a scenario. */
export function loadScenario(name: string, changes: Changes): Scenario {
  const input = readInput(name);
  for (const assignment of changes.set ?? []) setOne(input, assignment);
  if (changes.policy !== undefined) input['policy'] = checkedPolicy(changes.policy);
  const parsed = parseScenario(input);
  if (!parsed.ok)
    throw new UsageError(
      [
        `${label(name)} has ${count(parsed.problems.length, 'problem')}:`,
        ...parsed.problems.map(formatProblem),
      ].join('\n  '),
    );
  return parsed.scenario;
}

/** The JSON behind an id, a path or `-` (standard input), as a copy that may be changed. */
export function readInput(name: string): Record<string, unknown> {
  const bundled = LIBRARY.find(({ id }) => id === name);
  const input: unknown = bundled === undefined ? readJson(name) : structuredClone(bundled.input);
  if (!isRecord(input))
    throw new UsageError(
      `${label(name)} does not hold a scenario: expected a JSON object with "format", "nodes" and "links".`,
    );
  return input;
}

function readJson(name: string): unknown {
  const text = readText(name);
  if (text.length > LARGEST_SCENARIO)
    throw new UsageError(
      `${label(name)} is ${text.length} characters long: at most ${LARGEST_SCENARIO} are read.`,
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `${label(name)} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function readText(name: string): string {
  try {
    return readFileSync(name === '-' ? 0 : name, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' && !/[./\\]/.test(name)) {
      throw new UsageError(
        `There is no scenario "${name}". The bundled ones are: ${LIBRARY.map(({ id }) => id).join(', ')}.`,
      );
    }
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : code === 'EACCES'
            ? 'it may not be read'
            : String(code ?? error);
    throw new UsageError(`${label(name)} cannot be read: ${why}.`);
  }
}

function label(name: string): string {
  return name === '-' ? 'Standard input' : name;
}

function setOne(input: Record<string, unknown>, assignment: string): void {
  const equals = assignment.indexOf('=');
  if (equals < 1)
    throw new UsageError(`--set ${assignment}: expected path=value, such as --set api.dedup.window=24h`);
  const problem = setField(input, assignment.slice(0, equals), assignment.slice(equals + 1));
  if (problem !== null)
    throw new UsageError(
      `--set ${problem.path}: expected ${problem.allowed}. "delivery-lab schema --paths" lists every field.`,
    );
}

function checkedPolicy(policy: string): string {
  if (policy === 'custom' || POLICIES.some((known) => known === policy)) return policy;
  throw new UsageError(`--policy ${policy}: expected one of ${POLICIES.join(', ')}, custom.`);
}

/** `--override name=value …` as choices; durations in µs. */
export function readOverrides(
  assignments: readonly string[],
  scenario: Scenario,
): Record<string, boolean | number> {
  const { producerId, consumerId } = hopOf(scenario);
  return Object.fromEntries(
    assignments.map((assignment): [string, boolean | number] => {
      const equals = assignment.lastIndexOf('=');
      if (equals < 1)
        throw new UsageError(
          `--override ${assignment}: expected name=value, such as --override "${producerId}>${consumerId}/request/m1/1/c0/lost=true"`,
        );
      const name = assignment.slice(0, equals);
      const text = assignment.slice(equals + 1);
      const value = text === 'true' ? true : text === 'false' ? false : parseDuration(text);
      const allowed =
        checkChoice(name, value ?? true, producerId, consumerId) ??
        (value === null ? `true, false or ${DURATION_FORM}` : null);
      if (value === null || allowed !== null)
        throw new UsageError(`--override ${name}: found ${text}, expected ${allowed}.`);
      return [name, value];
    }),
  );
}

/** A choice as `--override` takes it. */
export function formatOverride(name: string, value: boolean | number): string {
  return `${name}=${typeof value === 'number' ? formatDuration(value) : value}`;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
