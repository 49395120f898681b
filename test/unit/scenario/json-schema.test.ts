// The published JSON Schema says what the parser says: an editor that checks against it accepts what runs, and
// refuses and explains what does not.
import { toJsonSchema } from '@valibot/to-json-schema';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { jsonSchemaOf } from '../../../sim/scenario/json-schema.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { scenarioSchema } from '../../../sim/scenario/schema.ts';

const schema = jsonSchemaOf(scenarioSchema, toJsonSchema);
const accepts = new Ajv({ strict: false }).compile(schema);
const folder = new URL('../../../scenarios/', import.meta.url);
const bundled = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'order.json');

interface Tree {
  [key: string]: Tree;
}

/** A bundled scenario with one field set; `path` of keys. */
function changed(path: readonly string[], value: unknown): unknown {
  const input = JSON.parse(readFileSync(new URL('retry-plus-dedup.json', folder), 'utf8')) as Tree;
  const parent = path.slice(0, -1).reduce((at, key) => (at[key] ??= {}), input);
  parent[path.at(-1) ?? ''] = value as Tree;
  return input;
}

const producer = Object.entries(
  (changed(['seed'], '1') as { nodes: Record<string, { kind: string }> }).nodes,
).find(([, { kind }]) => kind === 'producer')?.[0];
const link = Object.keys((changed(['seed'], '1') as { links: object }).links)[0];

describe('JSON Schema', () => {
  it.each(bundled)('accepts %s', (name) => {
    accepts(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
    expect(accepts.errors ?? []).toEqual([]);
  });

  it.each([
    [['format'], 2],
    [['unknown'], true],
    [['policy'], 'best-effort'],
    [['expect', 'no-loss'], 'maybe'],
    [['nodes', String(producer), 'messages'], -1],
    [['nodes', String(producer), 'messages'], 'many'],
    [['nodes', String(producer), 'ackTimeout'], true],
    [['nodes', String(producer), 'arrivals'], { kind: 'poisson' }],
    [['nodes', String(producer), 'retry'], { kind: 'fixed', delay: '1s', jitter: { kind: 'sideways' } }],
    [['links', link, 'loss'], 1.5],
    [['links', link, 'order'], 'sorted'],
    [['links', link, 'delay'], { kind: 'normal', mean: '1s' }],
    [['links', link, 'delay'], []],
  ] as const)('refuses %j = %j, as the parser does', (path, value) => {
    const input = changed(path, value);
    expect(parseScenario(input).ok).toBe(false);
    expect(accepts(input)).toBe(false);
  });

  it.each([
    [['links', link, 'delay'], '30ms'],
    [['links', link, 'delay'], 30_000],
    [['links', link, 'delay'], { kind: 'pareto', min: '1ms', alpha: 2 }],
    [['links', link, 'loss'], '12.5%'],
    [['nodes', String(producer), 'retry'], { kind: 'fixed', delay: '1s', jitter: '±20%' }],
    [
      ['nodes', String(producer), 'retry'],
      { kind: 'fixed', delay: '1s', jitter: { kind: 'additive', max: '1s' } },
    ],
  ] as const)('accepts %j = %j, as the parser does', (path, value) => {
    const input = changed(path, value);
    expect(parseScenario(input).ok).toBe(true);
    accepts(input);
    expect(accepts.errors ?? []).toEqual([]);
  });

  it('says at every field what it means and what is allowed', () => {
    const silent = fieldsWithout(schema, '').filter((path) => !/\.(kind|format)$/.test(path));
    expect(silent).toEqual([]);
  });
});

/** Paths of fields that hold a value, not fields, and have no description. */
function fieldsWithout(at: unknown, path: string): string[] {
  if (typeof at !== 'object' || at === null) return [];
  return Object.entries(at).flatMap(([key, value]: [string, unknown]) => {
    if (key !== 'properties' || typeof value !== 'object' || value === null)
      return fieldsWithout(value, path);
    return Object.entries(value).flatMap(([name, field]: [string, unknown]) => {
      const isGroup = /"(properties|items)":|"additionalProperties":\{/.test(JSON.stringify(field));
      const isTold = typeof field === 'object' && field !== null && 'description' in field;
      return [...(isGroup || isTold ? [] : [`${path}.${name}`]), ...fieldsWithout(field, `${path}.${name}`)];
    });
  });
}
