/**
 * What a field becomes when a person picks another kind for it: the fields the new kind needs, carried over from
 * the old one where they mean the same.
 */
import type { Distribution } from '../../../sim/core/distributions.ts';
import type { Jitter, Producer, Retry } from '../../../sim/scenario/schema.ts';

/** A choice in a list: the word of the format, and how it reads. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

const option = (value: string, label = value): Option => ({ value, label });

export const RETRY_KINDS: readonly (Option & { readonly value: Retry['kind'] })[] = [
  { value: 'none', label: 'no retry' },
  { value: 'fixed', label: 'fixed wait' },
  { value: 'linear', label: 'linear' },
  { value: 'exponential', label: 'exponential' },
  { value: 'custom', label: 'listed waits' },
];

export const JITTER_KINDS: readonly (Option & { readonly value: Jitter['kind'] })[] = [
  { value: 'none', label: 'none' },
  { value: 'proportional', label: '± share' },
  { value: 'equal', label: 'equal (half to whole)' },
  { value: 'full', label: 'full (0 to whole)' },
  { value: 'decorrelated', label: 'decorrelated' },
  { value: 'additive', label: 'additive' },
];

export const ARRIVAL_KINDS: readonly (Option & { readonly value: Producer['arrivals']['kind'] })[] = [
  { value: 'fixed', label: 'evenly' },
  { value: 'poisson', label: 'at random (Poisson)' },
  { value: 'burst', label: 'in bursts' },
];

export const DISTRIBUTION_KINDS: readonly (Option & { readonly value: Distribution['kind'] })[] = [
  { value: 'constant', label: 'always' },
  { value: 'uniform', label: 'uniform' },
  { value: 'exponential', label: 'exponential' },
  { value: 'normal', label: 'normal' },
  { value: 'lognormal', label: 'lognormal' },
  { value: 'pareto', label: 'Pareto' },
  { value: 'empirical', label: 'listed values' },
];

export const HANDLERS: readonly Option[] = [
  option('effect → ack'),
  option('ack → effect'),
  option('[check effect mark] → ack'),
  option('check → effect → mark → ack'),
  option('check → mark → effect → ack'),
  option('[check mark] → effect → ack'),
  option('[check mark] → effect'),
  option('[check effect mark ack]'),
];

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function pick(from: Fields, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
  );
}

export function retryOfKind(kind: string, current: unknown): Fields {
  if (kind === 'none') return { kind };
  const from = fieldsOf(current);
  const common = pick(from, ['countFrom', 'jitter', 'maxAttempts', 'horizon']);
  const delays: readonly unknown[] = Array.isArray(from['delays']) ? from['delays'] : [];
  const delay = from['delay'] ?? delays[0] ?? '1s';
  // A schedule without an end is seldom meant: the first pick has one.
  const end = from['kind'] === 'none' ? { maxAttempts: 5 } : {};
  if (kind === 'custom') return { kind, delays: delays.length > 0 ? delays : ['1s', '5s', '30s'], ...common };
  return { kind, delay, ...(kind === 'fixed' ? {} : pick(from, ['cap'])), ...end, ...common };
}

export function jitterOfKind(kind: string): Fields | string {
  if (kind === 'proportional') return { kind, spread: 0.2 };
  return kind === 'additive' ? { kind, max: '1s' } : kind;
}

export function arrivalsOfKind(kind: string, current: unknown): Fields {
  const from = fieldsOf(current);
  const spacing = from['every'] ?? from['mean'] ?? '1s';
  const start = pick(from, ['start']);
  if (kind === 'poisson') return { kind, mean: spacing, ...start };
  return kind === 'burst' ? { kind, size: 3, every: spacing, ...start } : { kind, every: spacing, ...start };
}

/** The kind of a distribution as written: a bare duration stands for the constant one. */
export function distributionKind(value: unknown): string {
  const kind = fieldsOf(value)['kind'];
  return typeof kind === 'string' ? kind : 'constant';
}

/** The duration that says most about a distribution: its value, mean, median or least. */
export function typicalOf(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number') return value;
  const from = fieldsOf(value);
  const values: readonly unknown[] = Array.isArray(from['values']) ? from['values'] : [];
  return from['value'] ?? from['mean'] ?? from['median'] ?? from['min'] ?? values[0] ?? '40ms';
}

export function distributionOfKind(kind: string, current: unknown): Fields | string | number {
  const typical = typicalOf(current);
  switch (kind) {
    case 'uniform':
      return { kind, min: typical, max: fieldsOf(current)['max'] ?? typical };
    case 'exponential':
      return { kind, mean: typical };
    case 'normal':
      return { kind, mean: typical, sd: '10ms' };
    case 'lognormal':
      return { kind, median: typical, sigma: 0.5 };
    case 'pareto':
      return { kind, min: typical, alpha: 2 };
    case 'empirical':
      return { kind, values: [typical] };
    default:
      return typeof typical === 'string' || typeof typical === 'number' ? typical : '40ms';
  }
}
