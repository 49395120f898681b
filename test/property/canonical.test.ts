// A run has an identity (DESIGN.md 3.11): the canonical form reads back to the same scenario, the hash does not care
// how the scenario is written or told, and does care about every field that can change a run.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../sim/core/duration.ts';
import { canonicalJson, runConfig, scenarioHash, withoutDefaults } from '../../sim/scenario/canonical.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import { run } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { parsed, scenarioInputs, scenarios, type Input } from './arbitrary-scenario.ts';
import { runs } from './checks.ts';

const SEED = 20_260_701;

/** A duration, wherever it stands: both spellings are the same number of microseconds. */
const DURATION_KEYS = [
  'every',
  'start',
  'mean',
  'sd',
  'median',
  'min',
  'max',
  'value',
  'ackTimeout',
  'delay',
  'cap',
  'horizon',
  'from',
  'for',
  'restartAfter',
  'window',
  'time',
  'processing',
  'check',
  'mark',
  'ack',
];

/** The same document with its keys in another order and its durations spelled otherwise. */
function rewritten(value: unknown, key = ''): unknown {
  if (Array.isArray(value))
    return value.map((item) => rewritten(item, key === 'delays' || key === 'values' ? 'value' : ''));
  if (typeof value === 'object' && value !== null) {
    if (key === 'after') return value; // its fields are probabilities, one of them called "start"
    const entries = Object.entries(value).reverse();
    return Object.fromEntries(entries.map(([name, item]) => [name, rewritten(item, name)]));
  }
  if (typeof value === 'number' && DURATION_KEYS.includes(key)) return ` ${formatDuration(value)} `;
  return value;
}

/** Every leaf of a scenario, as a path of keys. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, index]));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  return [path];
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

function withValue(scenario: Scenario, path: readonly (string | number)[], value: unknown): Scenario {
  const changed: unknown = structuredClone(scenario);
  const owner = at(changed, path.slice(0, -1)) as Record<string | number, unknown>;
  owner[path[path.length - 1]] = value;
  return changed as Scenario;
}

/** Sorted keys and no spaces, said independently of `canonicalJson`. */
function isSorted(json: string): boolean {
  let sorted = true;
  JSON.parse(json, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const keys = Object.keys(value).filter((key) => !/^\d+$/.test(key));
      if (keys.some((key, index) => index > 0 && !(keys[index - 1] < key))) sorted = false;
    }
    return value;
  });
  return sorted;
}

describe('canonical form', () => {
  it(`without its defaults a scenario reads back to itself, in the shortest form [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const short = withoutDefaults(scenario);
        const again = parsed(short);
        expect(again).toEqual(scenario);
        expect(canonicalJson(withoutDefaults(again))).toBe(canonicalJson(short));
        expect(scenarioHash(again)).toBe(scenarioHash(scenario));
      }),
      runs(SEED, 250),
    );
  });

  it(`is sorted JSON without spaces [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const json = canonicalJson(withoutDefaults(scenario));
        expect(JSON.stringify(JSON.parse(json))).toBe(json);
        expect(isSorted(json)).toBe(true);
      }),
      runs(SEED + 1, 100),
    );
    // Keys are sorted by UTF-16 code units, as RFC 8785 asks: neither by code point nor by alphabet.
    expect(canonicalJson({ '\u{1f600}': 1, '\ufb33': 2, ö: 3, b: 4, a: 5, '10': 6, '1': 7 })).toBe(
      '{"1":7,"10":6,"a":5,"b":4,"ö":3,"\u{1f600}":1,"\ufb33":2}',
    );
    expect(canonicalJson([1e21, 1e-7, 0.000001, -0, 'é\n"\\'])).toBe('[1e+21,1e-7,0.000001,0,"é\\n\\"\\\\"]');
  });

  it(`the hash does not depend on key order, spelling, defaults or story [seed ${SEED + 2}]`, () => {
    fc.assert(
      fc.property(
        scenarioInputs(),
        fc.string({ maxLength: 100 }),
        fc.string({ maxLength: 20 }),
        (input, words, seed) => {
          const scenario = parsed(input);
          const hash = scenarioHash(scenario);
          expect(scenarioHash(parsed(rewritten(input)))).toBe(hash);
          expect(scenarioHash(parsed(JSON.parse(JSON.stringify(scenario))))).toBe(hash); // every default written out
          const story: Input = {
            title: words,
            question: words,
            lesson: words,
            tags: ['x'],
            seed,
            id: 'other',
            expect: { 'no-loss': 'violated' },
            sources: [{ claim: words, evidence: 'seen', from: words }],
            claims: 'at-least-once',
          };
          expect(scenarioHash(parsed({ ...input, ...story }))).toBe(hash);
        },
      ),
      runs(SEED + 2, 150),
    );
  });

  it('steps without time are left out: scenarios keep the hash they had before steps could take any', () => {
    const golden = JSON.parse(
      readFileSync(fileURLToPath(new URL('../golden/scenarios.json', import.meta.url)), 'utf8'),
    ) as Record<string, { readonly hash: string }>;
    const scenario = (stepTimes: unknown): Scenario => {
      const input = JSON.parse(
        readFileSync(fileURLToPath(new URL('../../scenarios/two-generals.json', import.meta.url)), 'utf8'),
      ) as { nodes: Record<string, Input> };
      const [id] = Object.keys(input.nodes).filter((node) => input.nodes[node]['kind'] === 'consumer');
      if (stepTimes !== undefined) input.nodes[id]['stepTimes'] = stepTimes;
      return parsed(input);
    };
    const none = { kind: 'constant', value: 0 };
    for (const times of [undefined, {}, { check: 0 }, { check: '0s', mark: none, ack: none }])
      expect(scenarioHash(scenario(times))).toBe(golden['two-generals'].hash);
    const others = ['check', 'mark', 'ack'].map((step) => scenarioHash(scenario({ [step]: 1 })));
    expect(new Set([golden['two-generals'].hash, ...others]).size).toBe(4);
  });

  it(`every single field of nodes, links, faults and limits changes the hash [seed ${SEED + 3}]`, () => {
    let changed = 0;
    for (const scenario of fc.sample(scenarios(), { seed: SEED + 3, numRuns: 25 })) {
      const custom: Scenario = { ...scenario, policy: 'custom' };
      const hashes = new Set([scenarioHash(custom)]);
      const places = leaves(custom).filter(
        ([field, , leaf]) => ['nodes', 'links', 'limits'].includes(String(field)) && leaf !== 'kind',
      );
      for (const path of places) {
        const value = at(custom, path);
        const other =
          typeof value === 'number'
            ? value + 1
            : typeof value === 'boolean'
              ? !value
              : `${String(value)}-other`;
        hashes.add(scenarioHash(withValue(custom, path, other)));
        changed++;
      }
      hashes.add(scenarioHash({ ...custom, faults: { 'shop>api/request/m1/1/c0/lost': true } }));
      hashes.add(scenarioHash({ ...custom, faults: { 'shop>api/request/m1/1/c0/lost': false } }));
      expect(hashes.size).toBe(places.length + 3);
    }
    expect(changed).toBeGreaterThan(500);
  });

  it(`two scenarios with one hash run alike: a policy, and its patch written out [seed ${SEED + 4}]`, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const written: Scenario = { ...planOf(scenario).scenario, policy: 'custom' };
        expect(scenarioHash(written)).toBe(scenarioHash(scenario));
        const fromHashed = parsed({ format: 1, seed: scenario.seed, ...(runConfig(scenario) as Input) });
        for (const other of [written, fromHashed])
          expect(run(planOf(other)).digests).toEqual(run(planOf(scenario)).digests);
      }),
      runs(SEED + 4, 100),
    );
  });

  it('every bundled scenario reads back from its canonical form', () => {
    const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
    const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'order.json');
    expect(files.length).toBeGreaterThanOrEqual(13);
    for (const file of files) {
      const scenario = parsed(JSON.parse(readFileSync(folder + file, 'utf8')));
      expect(parsed(JSON.parse(canonicalJson(withoutDefaults(scenario)))), file).toEqual(scenario);
    }
  });
});
