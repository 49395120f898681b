/**
 * Field paths: every field a scenario has, with unit, range and default, read from the schema; and setting one by
 * its path, as `--set api.dedup.window=24h` and the parameter panel do.
 */
import { canonicalJson } from './canonical.ts';
import type { FieldInfo } from './field.ts';
import { UNREAD_NAMES } from './parse.ts';
import { scenarioSchema } from './schema.ts';

/** One line of the field reference. */
export interface FieldPath {
  /** With node and link ids of the examples: `shop`, `api`, `ledger`, `shop>api`. `[kind]` marks a variant. */
  readonly path: string;
  readonly doc: string;
  readonly unit: string;
  readonly allowed: string;
  /** JSON of the default; '' when the field must be given. */
  readonly default: string;
}

interface Shape {
  readonly type: string;
  readonly pipe?: readonly (Shape & {
    readonly metadata?: { readonly info?: FieldInfo; readonly shorthand?: FieldInfo };
  })[];
  readonly wrapped?: Shape;
  readonly default?: unknown;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly options?: readonly Shape[];
  readonly item?: Shape;
  readonly value?: Shape;
  readonly literal?: unknown;
}

/** Every field path of the format, in reading order. */
export function fieldPaths(): FieldPath[] {
  const found: FieldPath[] = [];
  walk(scenarioSchema as unknown as Shape, '', undefined, found);
  return found;
}

const EXAMPLE_ID: Readonly<Record<string, string>> = { producer: 'shop', consumer: 'api', sink: 'ledger' };

function walk(shape: Shape, path: string, fallback: unknown, found: FieldPath[]): void {
  if (shape.wrapped !== undefined) {
    walk(shape.wrapped, path, shape.default, found);
    return;
  }
  const metadata = shape.pipe?.map((part) => part.metadata).find((m) => m !== undefined);
  const shown = fallback === undefined ? '' : canonicalJson(fallback as never);
  if (metadata?.info !== undefined) {
    found.push({
      path,
      doc: metadata.info.doc,
      unit: metadata.info.unit,
      allowed: metadata.info.allowed,
      default: shown,
    });
    return;
  }
  if (metadata?.shorthand !== undefined) {
    const { doc, unit, allowed } = metadata.shorthand;
    found.push({ path, doc, unit, allowed, default: shown });
  }
  const inner =
    shape.pipe?.find(
      (part) => part !== shape && (part.entries ?? part.options ?? part.item ?? part.value) !== undefined,
    ) ?? shape;
  if (inner.entries !== undefined) {
    for (const [key, entry] of Object.entries(inner.entries))
      if (entry.literal === undefined) walk(entry, path === '' ? key : `${path}.${key}`, undefined, found);
  } else if (inner.options !== undefined) {
    for (const option of inner.options) {
      const kind = String(option.entries?.['kind']?.literal);
      if (path === 'nodes') walk(option, EXAMPLE_ID[kind] ?? kind, undefined, found);
      else walk(option, `${path}[${kind}]`, undefined, found);
    }
    if (path !== 'nodes' && metadata?.shorthand === undefined) {
      const kinds = inner.options.map((option) => `"${String(option.entries?.['kind']?.literal)}"`);
      found.push({
        path: `${path}.kind`,
        doc: 'Which of these it is.',
        unit: '',
        allowed: `one of ${kinds.join(', ')}`,
        default: fallback === undefined ? '' : canonicalJson((fallback as { kind: string }).kind),
      });
    }
  } else if (inner.value !== undefined) {
    walk(
      inner.value,
      path === 'links' ? 'shop>api' : path === 'nodes' ? 'nodes' : `${path}.<name>`,
      undefined,
      found,
    );
  } else if (inner.item !== undefined) {
    walk(inner.item, `${path}.<n>`, undefined, found);
  }
}

/** Why a field could not be set. */
export interface SetProblem {
  readonly path: string;
  readonly allowed: string;
}

/**
 * Sets `path` in a scenario as a person wrote it (before parsing), in place. `text` is read as JSON where it is
 * JSON, else as text. Answers a problem when there is no such place; whether the value is allowed is parse's matter.
 */
export function setField(input: Record<string, unknown>, path: string, text: string): SetProblem | null {
  const nodes = asRecord(input['nodes']) ?? {};
  const links = asRecord(input['links']) ?? {};
  const rootOf = (from: Record<string, unknown>) =>
    Object.keys(from).find((id) => path === id || path.startsWith(`${id}.`));
  const link = rootOf(links);
  const node = rootOf(nodes);
  const keys = link !== undefined ? [link, ...tail(path, link)] : path.split('.');
  let parent: Record<string, unknown> = link !== undefined ? links : node !== undefined ? nodes : input;
  if (link === undefined && node === undefined && !Object.hasOwn(scenarioSchema.entries, keys[0])) {
    return {
      path,
      allowed: `a path that starts with one of ${[...Object.keys(nodes), ...Object.keys(links), 'seed', 'policy', 'limits', 'faults'].join(', ')}`,
    };
  }
  if (keys.length === 1 && (link ?? node) !== undefined)
    return { path, allowed: `a field of "${path}", such as "${path}.…"` };
  if (keys[0] === 'faults' && keys.length > 2) keys.splice(1, keys.length - 1, keys.slice(1).join('.'));
  if (keys.some((key) => UNREAD_NAMES.includes(key))) return { path, allowed: 'the name of a field' };
  for (const [index, key] of keys.entries()) {
    if (Array.isArray(parent) && !(/^(0|[1-9]\d{0,4})$/.test(key) && Number(key) <= parent.length)) {
      const place = keys.slice(0, index).join('.');
      return { path, allowed: `a place in the list "${place}": a number from 0 to ${parent.length}` };
    }
    if (index === keys.length - 1) {
      parent[key] = readValue(text);
    } else {
      const child = asRecord(parent[key]) ?? {};
      parent[key] = child;
      parent = child;
    }
  }
  return null;
}

function tail(path: string, root: string): string[] {
  return path === root ? [] : path.slice(root.length + 1).split('.');
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
