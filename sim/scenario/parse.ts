/**
 * From anything to a complete scenario, or to every problem it has. The only validation there is: past this point
 * a scenario is taken at its word.
 */
import * as v from 'valibot';
import { checkChoice } from '../nature/choice.ts';
import { shorten, showValue, type Problem } from './problem.ts';
import { hopOf, type Hop } from './hop.ts';
import { scenarioSchema, type Scenario, type ScenarioDistribution } from './schema.ts';

export type ParseResult =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Longest scenario file that is read, in characters. */
export const LARGEST_SCENARIO = 2_000_000;

/** Reads JSON text. */
export function parseScenarioText(json: string): ParseResult {
  if (json.length > LARGEST_SCENARIO) {
    return failure({
      path: '',
      value: `${json.length} characters`,
      allowed: `at most ${LARGEST_SCENARIO} characters`,
    });
  }
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch (error) {
    return failure({
      path: '',
      value: showValue(json.slice(0, 60)),
      allowed: `JSON (${error instanceof Error ? error.message : 'not readable'})`,
    });
  }
  return parseScenario(input);
}

/** Reads a value; answers the complete scenario or all problems at once. */
export function parseScenario(input: unknown): ParseResult {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return failure({
      path: '',
      value: showValue(input),
      allowed: 'an object with "format", "nodes" and "links"',
    });
  }
  const result = v.safeParse(scenarioSchema, input);
  const unread = unreadNames(input);
  if (!result.success || unread.length > 0) {
    const issues = result.issues ?? [];
    return { ok: false, problems: [...issues.flatMap((issue) => problemsOf(issue, [])), ...unread] };
  }
  const problems = graphProblems(result.output);
  return problems.length === 0 ? { ok: true, scenario: result.output } : { ok: false, problems };
}

function failure(problem: Problem): ParseResult {
  return { ok: false, problems: [problem] };
}

// ── what valibot found, in our words ─────────────────────────────────────────────────────────────────────────────

type Issue = v.BaseIssue<unknown>;

/** Names that a record leaves out without a word, because they mean something to every JavaScript object. */
export const UNREAD_NAMES = ['__proto__', 'prototype', 'constructor'];

function unreadNames(input: object): Problem[] {
  return Object.entries(input).flatMap(([field, value]: [string, unknown]) =>
    ['nodes', 'links', 'faults'].includes(field) && typeof value === 'object' && value !== null
      ? UNREAD_NAMES.filter((name) => Object.hasOwn(value, name)).map((name) => ({
          path: `${field}.${name}`,
          value: showValue(name),
          allowed: 'another name',
        }))
      : [],
  );
}

function problemsOf(issue: Issue, outer: readonly string[]): Problem[] {
  const path = [...outer, ...(issue.path ?? []).map((item) => String(item.key))];
  const received = issue.path === undefined ? issue.input : issue.path[issue.path.length - 1].value;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return [
      { path: showPath(path), value: showValue(received), allowed: 'nothing: there is no such field here' },
    ];
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined') {
    return [{ path: showPath(path), value: '(missing)', allowed: 'this field to be given' }];
  }
  if (issue.type === 'variant') {
    return [
      {
        path: showPath(path),
        value: showValue(received),
        allowed:
          issue.expected === 'Object'
            ? 'an object'
            : `one of ${(issue.expected ?? '').replace(/[()]/g, '').replaceAll(' | ', ', ')}`,
      },
    ];
  }
  if (issue.type === 'strict_object' || issue.type === 'record') {
    return [{ path: showPath(path), value: showValue(received), allowed: 'an object' }];
  }
  if (issue.type === 'array')
    return [{ path: showPath(path), value: showValue(received), allowed: 'a list' }];
  if (issue.type === 'literal')
    return [
      { path: showPath(path), value: showValue(received), allowed: issue.expected ?? 'the fixed value' },
    ];
  return [{ path: showPath(path), value: showValue(received), allowed: issue.message }];
}

/** `nodes.api.dedup` is written `api.dedup`, `links.shop>api.loss` is `shop>api.loss`: paths start at ids. */
function showPath(path: readonly string[]): string {
  const from = (path[0] === 'nodes' || path[0] === 'links') && path.length > 1 ? 1 : 0;
  return path.slice(from).map(shorten).join('.');
}

// ── what only the whole can tell ─────────────────────────────────────────────────────────────────────────────────

/** Names that cannot be node ids because a field path could then mean two things. */
const RESERVED = Object.keys(scenarioSchema.entries);

function graphProblems(scenario: Scenario): Problem[] {
  const problems: Problem[] = [];
  const add = (path: string, value: unknown, allowed: string) =>
    problems.push({ path, value: showValue(value), allowed });

  const ids = Object.keys(scenario.nodes);
  for (const id of ids)
    if (RESERVED.includes(id)) add('nodes', id, `another node id: "${id}" is the name of a field`);
  const idsOf = (kind: string) => ids.filter((id) => scenario.nodes[id].kind === kind);
  for (const kind of ['producer', 'consumer', 'sink']) {
    const found = idsOf(kind);
    if (found.length !== 1) add('nodes', found, `exactly one ${kind} (format 1 runs one hop)`);
  }
  if (problems.length > 0) return problems;

  const [shop] = idsOf('producer');
  const [api] = idsOf('consumer');
  const [ledger] = idsOf('sink');
  const wanted = [`${shop}>${api}`, `${api}>${shop}`];
  for (const id of wanted)
    if (!(id in scenario.links)) add('links', Object.keys(scenario.links), `a link "${id}"`);
  for (const id of Object.keys(scenario.links))
    if (!wanted.includes(id))
      add(`links.${id}`, id, `only the links ${wanted.map((w) => `"${w}"`).join(' and ')}`);
  if (problems.length > 0) return problems;

  const hop = hopOf(scenario);
  if (hop.consumer.sink !== '' && hop.consumer.sink !== ledger)
    add(`${api}.sink`, hop.consumer.sink, `the id of a sink: "${ledger}"`);
  for (const [path, d] of distributionsOf(hop, wanted)) {
    if (d.kind === 'uniform' && d.max < d.min) add(`${path}.max`, d.max, `at least min (${d.min} us)`);
  }
  for (const [path, outages] of [
    [wanted[0], hop.requestLink.outages],
    [wanted[1], hop.answerLink.outages],
    [api, hop.consumer.outages],
  ] as const) {
    for (let i = 1; i < outages.length; i++) {
      const end = outages[i - 1].from + outages[i - 1].for;
      if (outages[i].from < end)
        add(
          `${path}.outages.${i}.from`,
          outages[i].from,
          `not before the outage before it ends (${end} us): list outages in order, apart`,
        );
    }
  }
  for (const [name, value] of Object.entries(scenario.faults)) {
    const allowed = checkChoice(name, value, shop, api);
    if (allowed !== null) add(`faults.${name}`, value, allowed);
  }
  return problems;
}

function distributionsOf(
  hop: Hop,
  [request, answer]: readonly string[],
): readonly (readonly [string, ScenarioDistribution])[] {
  return [
    [`${request}.delay`, hop.requestLink.delay],
    [`${answer}.delay`, hop.answerLink.delay],
    [`${hop.consumerId}.processing`, hop.consumer.processing],
    ...(['check', 'mark', 'ack'] as const).map(
      (step) => [`${hop.consumerId}.stepTimes.${step}`, hop.consumer.stepTimes[step]] as const,
    ),
  ];
}
