/**
 * A run's identity: the scenario with every field equal to its default left out, as canonical JSON (RFC 8785:
 * sorted keys, ECMAScript numbers, durations in whole microseconds), and its hash over what can change a run.
 */
import * as v from 'valibot';
import { hashText } from '../core/hash64.ts';
import { applyPolicy } from './policies.ts';
import { runFields, scenarioSchema, type Scenario } from './schema.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** RFC 8785 for the values a scenario can hold. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const keys = Object.keys(value).sort(); // by UTF-16 code unit, as RFC 8785 asks
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The scenario without the fields that say nothing new; parses back to the same scenario. */
export function withoutDefaults(scenario: Scenario): Json {
  return strip(scenarioSchema, scenario as unknown as Json);
}

/** Only the fields that can change a run, as the policy's patch leaves them, without defaults. */
export function runConfig(scenario: Scenario): Json {
  const { nodes, links, faults, limits } = applyPolicy(scenario);
  return strip(v.strictObject(runFields), { nodes, links, faults, limits } as unknown as Json);
}

/** `s1:` and 16 hex digits: the same for all scenarios that run alike, whatever their story. */
export function scenarioHash(scenario: Scenario): string {
  return `s1:${hashText(canonicalJson(runConfig(scenario)))}`;
}

// ── walking schema and value together ────────────────────────────────────────────────────────────────────────────

/** The parts of a valibot schema that this walk reads. */
interface Shape {
  readonly type: string;
  readonly pipe?: readonly Shape[];
  readonly wrapped?: Shape;
  readonly default?: unknown;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly options?: readonly Shape[];
  readonly item?: Shape;
  readonly value?: Shape;
  readonly literal?: unknown;
}

/** The schema that does the work inside a pipe: its last schema that has a structure. */
export function core(shape: Shape): Shape {
  if (shape.pipe === undefined) return shape;
  const structured = shape.pipe.filter(
    (part) => part !== shape && (part.entries ?? part.options ?? part.item ?? part.value) !== undefined,
  );
  const inner = structured[structured.length - 1];
  return inner === undefined || inner === shape
    ? ({ ...shape, pipe: undefined } as unknown as Shape)
    : core(inner);
}

function strip(schema: unknown, value: Json): Json {
  const shape = core(schema as Shape);
  if (shape.type === 'strict_object' && isRecord(value)) {
    const kept: Record<string, Json> = {};
    for (const [key, entry] of Object.entries(shape.entries ?? {})) {
      if (value[key] === undefined) continue;
      const inner = strip(entry.wrapped ?? entry, value[key]);
      if (entry.wrapped !== undefined && canonicalJson(inner) === canonicalJson(defaultOf(entry))) continue;
      kept[key] = inner;
    }
    return kept;
  }
  if (shape.type === 'variant' && isRecord(value)) {
    const option = shape.options?.find(
      (candidate) => core(candidate).entries?.['kind']?.literal === value['kind'],
    );
    return option === undefined ? value : strip(option, value);
  }
  if (shape.type === 'record' && isRecord(value) && shape.value !== undefined) {
    const inner = shape.value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, strip(inner, item)]));
  }
  if (shape.type === 'array' && isList(value) && shape.item !== undefined) {
    const item = shape.item;
    return value.map((element) => strip(item, element));
  }
  return value;
}

/** A field's default, in the stripped form that `strip` gives to values. */
function defaultOf(optional: Shape): Json {
  const parsed = v.parse(optional as unknown as v.GenericSchema<unknown, Json>, undefined);
  return strip(optional.wrapped, parsed);
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value);
}
