/**
 * Reading a scenario's fields by path, and writing values the way people write them. The counterpart of `setField`
 * (sim/scenario/paths.ts): what one shows, the other reads back.
 */
import { formatDuration } from '../../sim/core/duration.ts';
import { readPercent } from '../../sim/scenario/field.ts';
import type { RawScenario } from './library.ts';

/** How a field is written. */
export type FieldKind = 'duration' | 'share' | 'fraction' | 'number' | 'word';

/** The value at `path` (`api.dedup.window`, `shop>api.loss`, `policy`), or undefined. */
export function valueAt(scenario: RawScenario, path: string): unknown {
  for (const group of ['links', 'nodes']) {
    const members = scenario[group];
    if (!isRecord(members)) continue;
    const id = Object.keys(members).find((name) => path === name || path.startsWith(`${name}.`));
    if (id !== undefined)
      return descend(members[id], path === id ? [] : path.slice(id.length + 1).split('.'));
  }
  return descend(scenario, path.split('.'));
}

function descend(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
}

/** A value as its field shows it. Text stays as the person wrote it. */
export function showField(value: unknown, kind: FieldKind): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (kind === 'duration') return formatDuration(value);
    if (kind === 'share' || kind === 'fraction') return `${Number((value * 100).toPrecision(12))}%`;
    return String(value);
  }
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** What a person typed, as the JSON text that `setField` takes: a bare "40" is no duration, but it is a number. */
export function readField(text: string, kind: FieldKind): string {
  const trimmed = text.trim();
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(trimmed);
  if (isNumber && kind !== 'duration' && kind !== 'word') return String(Number(trimmed));
  const percent = kind === 'fraction' ? readPercent(trimmed) : undefined; // a field that takes a plain number only
  if (percent !== undefined) return String(percent);
  return JSON.stringify(kind === 'number' ? trimmed.replaceAll(',', '') : trimmed);
}

/** "5s, 5m 30m" → ["5s","5m","30m"] as JSON text. */
export function readDurations(text: string): string {
  return JSON.stringify(text.split(/[\s,;]+/).filter((part) => part !== ''));
}

export function showDurations(value: unknown): string {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return Array.isArray(value)
    ? items.map((item) => showField(item, 'duration')).join(', ')
    : showField(value, 'duration');
}

// ── handlers ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** `[["check","effect","mark"],["ack"]]` → "[check effect mark] → ack". */
export function showHandler(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === 'string' ? value : '';
  const groups: readonly unknown[] = value;
  return groups
    .map((group) => {
      const steps: readonly unknown[] = Array.isArray(group) ? group : [group];
      return steps.length === 1 ? String(steps[0]) : `[${steps.join(' ')}]`;
    })
    .join(' → ');
}

/** "[check effect mark] → ack" as JSON text; what is no list of steps goes through as text, for parse to refuse. */
export function readHandler(text: string): string {
  const groups = text
    .split(/→|->|>|,/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const wellFormed = groups.every((group) => /^\[[\sa-z+]*\]$|^[a-z]+$/.test(group));
  if (groups.length === 0 || !wellFormed) return JSON.stringify(text);
  return JSON.stringify(
    groups.map((group) =>
      group.startsWith('[')
        ? group
            .slice(1, -1)
            .split(/[\s+]+/)
            .filter((step) => step !== '')
        : group,
    ),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
