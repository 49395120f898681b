// The bundled scenarios: each reads without problems, shows what its `expect` and its lesson say, names its sources,
// and keeps its hash and digest. `UPDATE=1` rewrites scenarios.json: commit that only when the change is wanted.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../sim/core/duration.ts';
import { ordinalOf } from '../../sim/core/packet-name.ts';
import { FACT } from '../../sim/core/fact.ts';
import { run, type RunResult } from '../../sim/run.ts';
import { scenarioHash } from '../../sim/scenario/canonical.ts';
import { parseScenario, parseScenarioText } from '../../sim/scenario/parse.ts';
import { setField } from '../../sim/scenario/paths.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { FACTS, type Fact } from './scenario-facts.ts';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const SCENARIOS = path.resolve(HERE, '../../scenarios');
const GOLDEN = path.join(HERE, 'scenarios.json');
const UPDATE = process.env['UPDATE'] === '1';

/** First tags: the groups of the gallery. A real system must name a source for what it says. */
const GROUPS = ['basics', 'network', 'crash', 'schedule', 'real system'];

type Input = Record<string, unknown>;

const order = readJson(path.join(SCENARIOS, 'order.json')) as string[];

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function readInput(id: string): Input {
  return readJson(path.join(SCENARIOS, `${id}.json`)) as Input;
}

/** The bundled scenario with some fields set, as `--set` and `--policy` do. */
function load(id: string, set: Fact['set'] = {}): Scenario {
  const input = readInput(id);
  for (const [field, value] of Object.entries(set)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(setField(input, field, text), field).toBeNull();
  }
  const parsed = parseScenario(input);
  if (!parsed.ok) throw new Error(`${id}: ${JSON.stringify(parsed.problems)}`);
  return parsed.scenario;
}

function runScenario(scenario: Scenario): RunResult & { trace: Trace } {
  const result = run(planOf(scenario), { seed: scenario.seed, trace: true });
  if (result.trace === null) throw new Error('asked for a trace, got none');
  return { ...result, trace: result.trace };
}

/** `1: [1, 8]`: message 1 was applied at its attempts 1 and 8. Only messages that were applied are listed. */
function effectsByMessage({ trace }: { trace: Trace }): Record<number, number[]> {
  const found: Record<number, number[]> = {};
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kind[row] === FACT.effect)
      (found[trace.message[row]] ??= []).push(ordinalOf(trace.packet[row]));
  }
  return found;
}

/** `m1/8: '27h36m50s'`: when each attempt left. */
function sendTimes({ trace }: { trace: Trace }): Record<string, string> {
  const found: Record<string, string> = {};
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kind[row] !== FACT.send) continue;
    found[`m${trace.message[row]}/${ordinalOf(trace.packet[row])}`] = formatDuration(trace.timeUs[row]);
  }
  return found;
}

/** What the golden file keeps of a run. */
function summary(scenario: Scenario): Record<string, unknown> {
  const { ended, digests, metrics } = runScenario(scenario);
  const { messages, attempts, packets, deliveries, suppressed, effects, once, lost, duplicated, open } =
    metrics;
  const { confirmed, refused, inDoubt, gaveUp, dedupPeak, events } = metrics;
  return {
    hash: scenarioHash(scenario),
    outcome: digests.outcome,
    ended,
    metrics: {
      ...{ messages, attempts, packets, deliveries, suppressed, effects, once, lost, duplicated, open },
      ...{ confirmed, refused, inDoubt, gaveUp, dedupPeak, events },
    },
  };
}

describe('bundled scenarios', () => {
  it('order.json lists every file once', () => {
    const files = readdirSync(SCENARIOS).filter((file) => file.endsWith('.json') && file !== 'order.json');
    expect([...order].sort()).toEqual(files.map((file) => file.slice(0, -'.json'.length)).sort());
    expect(new Set(order).size).toBe(order.length);
  });

  it('every scenario has facts that its lesson names, and no fact is about another scenario', () => {
    expect(Object.keys(FACTS).sort()).toEqual([...order].sort());
  });

  it('the example of the README runs as it expects', () => {
    const example = /```json\n([\s\S]*?)```/.exec(readFileSync(path.join(SCENARIOS, 'README.md'), 'utf8'));
    const parsed = parseScenarioText(example?.[1] ?? '');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(runScenario(parsed.scenario)).toMatchObject({
      verdict: { asExpected: true },
      unusedOverrides: [],
    });
  });

  it('groups follow one another in the gallery', () => {
    const groups = order.map((id) => load(id).tags[0]);
    expect(groups.filter((group, index) => group !== groups[index - 1])).toEqual(GROUPS);
  });
});

describe.each(order)('%s', (id) => {
  it('reads without problems, under its own name', () => {
    const parsed = parseScenario(readInput(id));
    expect(parsed).toMatchObject({ ok: true, scenario: { id } });
  });

  it('shows what it expects, and every fault it names comes up', () => {
    const scenario = load(id);
    const { verdict, ended, unusedOverrides } = runScenario(scenario);
    expect(ended).toBe('done');
    expect(unusedOverrides).toEqual([]);
    expect(Object.fromEntries(verdict.clauses.map(({ clause, result }) => [clause, result]))).toEqual(
      scenario.expect,
    );
    expect(verdict.asExpected).toBe(true);
  });

  it.each(FACTS[id] ?? [])('its lesson says “$says”, and so it is', (fact) => {
    expect(load(id).lesson).toContain(fact.says);
    const scenario = load(id, fact.set);
    const result = runScenario(scenario);
    if (fact.metrics !== undefined) expect(result.metrics).toMatchObject(fact.metrics);
    if (fact.effects !== undefined) expect(effectsByMessage(result)).toEqual(fact.effects);
    if (fact.sent !== undefined) expect(sendTimes(result)).toMatchObject(fact.sent);
  });

  it('its words keep the rules of a lesson', () => {
    const { title, question, lesson } = load(id);
    expect(title.length).toBeGreaterThan(0);
    expect(title.length).toBeLessThanOrEqual(60);
    expect(question.endsWith('?')).toBe(true);
    const paragraphs = lesson.split('\n\n');
    expect(paragraphs.length).toBeGreaterThanOrEqual(2);
    expect(paragraphs.length).toBeLessThanOrEqual(4);
    expect(lesson).toMatch(/\bLook (at|for)\b|\blook (at|for)\b/);
    expect(lesson).toMatch(/\b(Change|Choose|set) /);
    for (const text of [title, question, lesson]) {
      expect(text).not.toMatch(/!|exactly.once delivery/i);
      for (const sentence of sentences(text)) expect(wordCount(sentence), sentence).toBeLessThanOrEqual(20);
    }
    const kinds = new Set(
      new MarkdownIt()
        .parse(lesson, {})
        .flatMap((token) => [token, ...(token.children ?? [])])
        .map(({ type }) => type),
    );
    const allowed = [
      'paragraph_open',
      'paragraph_close',
      'inline',
      'text',
      'softbreak',
      'code_inline',
      'em_open',
      'em_close',
      'link_open',
      'link_close',
    ];
    expect([...kinds].filter((kind) => !allowed.includes(kind))).toEqual([]);
  });

  it('says where its parameters come from', () => {
    const input = readInput(id);
    const { sources, tags } = load(id);
    expect(sources.length).toBeGreaterThan(0);
    for (const { claim, from } of sources) expect([claim, from]).not.toContain('');
    if (tags[0] !== 'schedule' && tags[0] !== 'real system') return;
    // A picture of a real system rests on something seen and says what it assumed; each number of the file is in a claim.
    const kinds = sources.map(({ evidence }) => evidence);
    expect(kinds).toEqual(expect.arrayContaining(['seen', 'assumed']));
    const claims = sources
      .map(({ claim }) => claim.replace(/(?<=\d )(day|hour|minute)s?\b/g, (unit) => unit[0]))
      .join('\n');
    const unclaimed = quantities([input['nodes'], input['links']]).filter(
      (quantity) => !new RegExp(`(?<!\\d)${quantity}`).test(claims),
    );
    expect(unclaimed).toEqual([]);
  });

  it('keeps its hash, its digest and its counts', () => {
    const found = summary(load(id));
    if (UPDATE) {
      const kept = existsSync(GOLDEN) ? (readJson(GOLDEN) as Record<string, unknown>) : {};
      const merged = Object.fromEntries(
        order.flatMap((each) => (each === id ? [[each, found]] : each in kept ? [[each, kept[each]]] : [])),
      );
      writeFileSync(GOLDEN, `${JSON.stringify(merged, null, 2)}\n`);
    }
    expect(found).toEqual((readJson(GOLDEN) as Record<string, unknown>)[id]);
  });
});

/** Every duration and percentage in a part of a file, as prose writes it: "24h30m" → "24 h 30 m". */
function quantities(part: unknown): string[] {
  if (typeof part === 'object' && part !== null) return Object.values(part).flatMap(quantities);
  if (typeof part !== 'string' || part === '0s' || !/^\d/.test(part)) return [];
  return [part.replace(/(\d)(?=[a-z%])/g, '$1 ').replace(/([a-z])(?=\d)/g, '$1 ')];
}

/** Sentences of a text; a colon does not end one, and code counts as it is read. */
function sentences(text: string): string[] {
  return text
    .split('\n\n')
    .flatMap((paragraph) => paragraph.split(/(?<=[.?])\s+(?=[\p{Lu}*`\d])/u))
    .filter((sentence) => sentence.trim() !== '');
}

/** Words as they are spoken: "27 h 35 m 5 s", "25 %" and a piece of code are one each. */
function wordCount(sentence: string): number {
  return sentence
    .replace(/`[^`]*`/g, 'code')
    .replace(/±?\d+(?:\.\d+)?(?: (?:d|h|m|s|ms|%)\b| %)(?: \d+ (?:h|m|s)\b)*/g, 'duration')
    .split(/\s+/)
    .filter((word) => /[\p{L}\d]/u.test(word)).length;
}
