// A thousand mutated scenario files: each gives problems that a person can act on, or a run that ends within its
// limits and keeps its books. Nothing throws, hangs, or reaches into an object's prototype.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenario, parseScenarioText, type ParseResult } from '../../sim/scenario/parse.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import { run } from '../../sim/run.ts';
import type { Problem } from '../../sim/scenario/problem.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { Input } from './arbitrary-scenario.ts';
import { runs } from './checks.ts';

const SEED = 20_260_601;

const FOLDER = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const bundled: Input[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json') && file !== 'order.json')
  .map((file) => JSON.parse(readFileSync(FOLDER + file, 'utf8')) as Input);

// ── mutations ────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a slip, a bad converter or an attacker may put in place of a value. JSON text, so that 1e999 is possible. */
const STRANGE: readonly string[] = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1',
    '2',
    '0.5',
    '1.5',
    '-1e9',
    '1e15',
    '1e21',
    '1e999',
    '-1e999',
  ],
  ...['9007199254740991', '9007199254740993', '5e-324', '4294967296', '2147483648'],
  ...[
    '""',
    '" "',
    '"0"',
    '"1"',
    '"-5s"',
    '"5"',
    '"5 parsecs"',
    '"1s1s"',
    '"1e3s"',
    '"NaN"',
    '"3650d"',
    '"3651d"',
  ],
  ...[
    '"1us"',
    '"0s"',
    '"forever"',
    '"none"',
    '"unlimited"',
    '"20%"',
    '"±20%"',
    '"200%"',
    '"±"',
    '"１２s"',
    '"5\\u0000s"',
  ],
  ...['"\\ud800"', '"👩‍👩‍👧"', '"\\u202egnol"', '"__proto__"', '"constructor"', '"toString"', '"shop"', '"api"'],
  ...[
    '[]',
    '{}',
    '[[]]',
    '[null]',
    '[{}]',
    '[1,2,3]',
    '["effect"]',
    '["ack","ack"]',
    '[["check","effect","mark"],"ack"]',
  ],
  ...[
    '{"kind":"fixed"}',
    '{"kind":"exponential","delay":1,"factor":1}',
    '{"kind":"custom","delays":[]}',
    '{"kind":5}',
  ],
  ...[
    '{"kind":"uniform","min":5,"max":1}',
    '{"kind":"pareto","min":"10d","alpha":0.1}',
    '{"kind":"empirical","values":[]}',
  ],
  ...[
    '{"kind":"normal","mean":"10d","sd":"3650d"}',
    '{"kind":"lognormal","median":"1d","sigma":10}',
    '{"kind":"poisson","mean":1}',
  ],
  ...[
    '{"kind":"burst","size":10000000}',
    '{"kind":"sink"}',
    '{"kind":"producer"}',
    '{"kind":"consumer"}',
    '{"length":3}',
  ],
  ...[
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"toString":1,"valueOf":2}',
  ],
  JSON.stringify('x'.repeat(5_000)),
  `${'['.repeat(2_000)}1${']'.repeat(2_000)}`,
  `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
];

const STRANGE_KEYS = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '',
    ' ',
    'kind',
    'nodes',
    'x'.repeat(300),
  ],
  ...['0', '-1', 'shop>api', 'a>b', 'api.dedup', 'ключ', '\u0000', 'then', 'length', 'polluted'],
];

/** One change at one place; places are counted through the whole document. */
interface Mutation {
  readonly how: 'replace' | 'delete' | 'rename' | 'add' | 'repeat' | 'wrap' | 'vary';
  readonly where: number;
  readonly with: string;
  readonly key: string;
}

const HOW: readonly Mutation['how'][] = [
  ...(['replace', 'replace', 'delete', 'rename', 'add', 'repeat', 'wrap'] as const),
  ...(['vary', 'vary', 'vary', 'vary'] as const),
];

/** Values that are often allowed where a value of the same type stood. */
const PLAUSIBLE: Readonly<Record<string, readonly string[] | undefined>> = {
  string: [
    '"0s"',
    '"1us"',
    '"70ms"',
    '"3650d"',
    '"none"',
    '"unlimited"',
    '"fixed"',
    '"refuse"',
    '"lru"',
    '"custom"',
  ],
  number: ['0', '1', '2', '40', '1000', '0.5'],
  boolean: ['true', 'false'],
  object: [
    '{}',
    '[]',
    '"full"',
    '{"kind":"fixed","delay":"1s"}',
    '{"kind":"exponential","mean":"1s"}',
    '["effect"]',
  ],
};

const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    how: fc.constantFrom(...HOW),
    where: fc.nat({ max: 10_000 }),
    with: fc.constantFrom(...STRANGE),
    key: fc.constantFrom(...STRANGE_KEYS),
  }),
  { minLength: 1, maxLength: 2 },
);

/** A place that holds a value: an object or a list, and the key in it. */
interface Place {
  readonly owner: unknown[] | Input;
  readonly key: string | number;
}

function placesOf(value: unknown): Place[] {
  if (Array.isArray(value)) return value.flatMap((item, key) => [{ owner: value, key }, ...placesOf(item)]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [{ owner: value as Input, key }, ...placesOf(item)]);
}

/** The mutated document as JSON text. A marker stands for the strange value, which JavaScript might not hold. */
function mutated(original: Input, changes: readonly Mutation[]): string {
  const document = structuredClone(original);
  const markers = new Map<string, string>();
  changes.forEach((change, index) => {
    // Half of the changes hit what a run depends on, not the story.
    const places = placesOf(
      change.where % 2 === 0 ? { nodes: document['nodes'], links: document['links'] } : document,
    );
    if (places.length === 0) return;
    const { owner, key } = places[change.where % places.length];
    const at = owner as Record<string | number, unknown>;
    const marker = `@@${index}@@`;
    markers.set(marker, change.with);
    const { [key]: value } = at;
    if (change.how === 'vary') {
      const values = PLAUSIBLE[typeof value] ?? STRANGE;
      markers.set(marker, values[change.where % values.length]);
    }
    if (change.how === 'replace' || change.how === 'vary') at[key] = marker;
    else if (change.how === 'add' && !Array.isArray(owner)) define(at, change.key, marker);
    else if (change.how === 'delete' && !Array.isArray(owner)) delete at[key];
    else if (change.how === 'delete' && Array.isArray(owner)) owner.splice(Number(key), 1);
    else if (change.how === 'rename' && !Array.isArray(owner)) {
      delete at[key];
      define(at, change.key, value);
    } else if (change.how === 'repeat' && Array.isArray(owner)) owner.push(...(owner as unknown[]), value);
    else at[key] = [value];
  });
  let text = JSON.stringify(document);
  for (const [marker, json] of markers) text = text.replaceAll(JSON.stringify(marker), () => json);
  return text;
}

/** Also a key such as `__proto__`, which an assignment would not make. */
function define(owner: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true });
}

// ── what must hold ───────────────────────────────────────────────────────────────────────────────────────────────

/** Words of the machinery that a person who writes a scenario must never read. */
const INTERNAL =
  /valibot|strict_object|Invalid (type|key)|undefined|\bObject\b|\[object|NEVER|function|=>|\.ts\b|at \w+ \(/;

function checkProblems(problems: readonly Problem[]): void {
  expect(problems.length).toBeGreaterThan(0);
  for (const { path, value, allowed } of problems) {
    expect(typeof path).toBe('string');
    expect(value, path).not.toBe('');
    expect(value.length, path).toBeLessThanOrEqual(80);
    expect(allowed, path).not.toBe('');
    expect(allowed, path).not.toMatch(INTERNAL);
  }
}

/** The scenario with limits that keep a test short, whatever its own are. */
function bounded(scenario: Scenario): Scenario {
  const { events, rows } = scenario.limits;
  return {
    ...scenario,
    limits: { ...scenario.limits, events: Math.min(events, 20_000), rows: Math.min(rows, 200_000) },
  };
}

function checkRun(scenario: Scenario): void {
  const plan = planOf(bounded(scenario));
  const { metrics, verdict, ended } = run(plan);
  const { messages, once, lost, duplicated, open, confirmed, refused, inDoubt, gaveUp } = metrics;
  expect(once + lost + duplicated + open).toBe(messages);
  expect(confirmed + refused + inDoubt + gaveUp).toBe(messages);
  expect(metrics.events).toBeLessThanOrEqual(plan.limits.events);
  expect(verdict.clauses).toHaveLength(3);
  expect(['done', 'events', 'time', 'rows', 'queue']).toContain(ended);
}

/** Whether it could be run. */
function check(result: ParseResult): boolean {
  if (result.ok) checkRun(result.scenario);
  else checkProblems(result.problems);
  expect(({} as Input)['polluted']).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
  return result.ok;
}

describe('mutated scenario files', () => {
  it(`give problems or a correct run, never a crash or a hang [seed ${SEED}]`, () => {
    let ran = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...bundled), mutations, (original, changes) => {
        if (check(parseScenarioText(mutated(original, changes)))) ran++;
        else refused++;
      }),
      runs(SEED, 1_000),
    );
    // Both sides must be tested: most mutations are refused, some are harmless.
    expect(ran).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(400);
  });

  it(`also when only the faults are mutated [seed ${SEED + 1}]`, () => {
    const hop = {
      format: 1,
      nodes: {
        shop: { kind: 'producer', messages: 3, retry: { kind: 'fixed', delay: '1s', maxAttempts: 3 } },
        api: { kind: 'consumer', handler: ['check', 'effect', 'mark', 'ack'] },
        ledger: { kind: 'sink' },
      },
      links: { 'shop>api': {}, 'api>shop': {} },
    };
    const part = fc.constantFrom(
      'shop',
      'api',
      'shop>api',
      'api>shop',
      'request',
      'ack',
      'nack',
      'handler',
      'retry',
      'arrival',
      'm1',
      'm2',
      'm0',
      'm01',
      '1',
      '2',
      '0',
      'c0',
      'c1',
      'c0.1',
      'c0.0',
      'c100',
      'lost',
      'copied',
      'delay',
      'effect',
      'crash',
      'processing',
      'wait',
      'gap',
      '',
      '*',
      '.*',
    );
    const valid = fc.constantFrom(
      ...[
        'shop>api/request/m1/1/c0/lost',
        'shop>api/request/m2/1/c0/copied',
        'shop>api/request/m2/1/c1/delay',
      ],
      ...['api>shop/ack/m1/1/c0/lost', 'api>shop/ack/m1/1/c0.1/delay', 'api>shop/nack/m3/1/c1/copied'],
      ...[
        'api/handler/m1/1/c0/effect/crash',
        'api/handler/m2/1/c0/effect/processing',
        'api/handler/m2/1/c0/mark/processing',
        'api/handler/m2/1/c0/start/crash',
        'api/handler/m1/1/c0/effect/waits',
      ],
      ...['shop>api/request/m1/2/c0/waits', 'api/restart/1/waits'],
      ...['shop/retry/m1/1/wait', 'shop/arrival/m2/gap'],
    );
    const name = fc.oneof(
      { weight: 2, arbitrary: valid },
      {
        weight: 2,
        arbitrary: fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/')),
      },
      { weight: 1, arbitrary: fc.constantFrom(...STRANGE_KEYS) },
      {
        weight: 1,
        arbitrary: fc.tuple(valid, fc.string({ maxLength: 3 })).map(([text, tail]) => text + tail),
      },
    );
    const value = fc.constantFrom('true', '"40ms"', '5', ...STRANGE);
    const isYesNo = (text: string) => /(lost|copied|crash|waits)$/.test(text);
    const fault = fc.oneof(
      { weight: 3, arbitrary: valid.map((text) => [text, isYesNo(text) ? 'true' : '"2s"'] as const) },
      { weight: 2, arbitrary: fc.tuple(name, value) },
    );
    let ran = 0;
    fc.assert(
      fc.property(fc.array(fault, { minLength: 1, maxLength: 3 }), (faults) => {
        const entries = faults.map(([key, json]) => `${JSON.stringify(key)}:${json}`);
        const text = JSON.stringify({ ...hop, faults: '@@' }).replace('"@@"', () => `{${entries.join(',')}}`);
        if (check(parseScenarioText(text))) ran++;
      }),
      runs(SEED + 1, 1_000),
    );
    expect(ran).toBeGreaterThan(200);
  });

  it(`anything at all that is not a scenario is a list of problems [seed ${SEED + 2}]`, () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything({ withNullPrototype: true })), (value) => {
        expect(check(parseScenario(value))).toBe(false);
      }),
      runs(SEED + 2, 500),
    );
  });

  it(`text that is not JSON is one problem [seed ${SEED + 3}]`, () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(check(parseScenarioText(`{${text}`))).toBe(false);
      }),
      runs(SEED + 3, 200),
    );
    const large = parseScenarioText(' '.repeat(2_000_001));
    expect(large.ok).toBe(false);
    // As deep as a file may be: JSON.parse follows it, so must we.
    for (const depth of [10_000, 900_000]) {
      const deep = '['.repeat(depth) + ']'.repeat(depth);
      expect(check(parseScenarioText(deep))).toBe(false);
      expect(
        check(
          parseScenarioText(`{"format":1,"nodes":{"shop":${deep}},"links":${deep},"x":${deep.slice(0, 10)}}`),
        ),
      ).toBe(false);
    }
  });
});
