/**
 * The building blocks of the schema. A field knows its unit, what it allows, its meaning and its JSON Schema form,
 * so that checks, error messages, reference pages and the published JSON Schema all come from one place.
 */
import * as v from 'valibot';
import { DURATION_FORM, parseDuration } from '../core/duration.ts';

/** What a field says about itself. */
export interface FieldInfo {
  /** What the field means, one sentence. */
  readonly doc: string;
  /** Unit of its number, '' when it has none. */
  readonly unit: string;
  /** What is allowed, as it completes "expected …". */
  readonly allowed: string;
  /** JSON Schema of the input form. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Longest duration a scenario may hold: 10 years. The event key (time × 8 + rank) is safe to 35. */
export const LONGEST_US = 315_360_000_000_000;

/** A leaf: `read` turns an input into its value, or answers `undefined` when it is not allowed. */
export function leaf<T>(info: FieldInfo, read: (input: unknown) => T | undefined) {
  return v.pipe(
    v.unknown(),
    v.metadata({ info }), // before the transform: the JSON Schema is of the input, so it is read up to there
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const value = read(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: info.allowed });
      return NEVER;
    }),
  );
}

/** A duration ≥ `min` (µs); a whole number counts microseconds. */
export function duration(doc: string, options: { min?: number } = {}) {
  const min = options.min ?? 0;
  return leaf<number>(
    {
      doc,
      unit: 'duration',
      allowed: `${DURATION_FORM}${min > 0 ? ', greater than 0' : ''}, at most 3650d`,
      json: {
        anyOf: [
          { type: 'string', examples: ['40ms', '27h35m5s'] },
          { type: 'integer', minimum: min, description: 'microseconds' },
        ],
      },
    },
    (input) => readDuration(input, min),
  );
}

/** A duration or one word that stands for "without end" or "not at all". */
export function durationOr<W extends string>(word: W, doc: string, options: { min?: number } = {}) {
  const min = options.min ?? 0;
  return leaf<number | W>(
    {
      doc,
      unit: 'duration',
      allowed: `"${word}" or ${DURATION_FORM}${min > 0 ? ', greater than 0' : ''}, at most 3650d`,
      json: {
        anyOf: [
          { const: word },
          { type: 'string', examples: ['30s'] },
          { type: 'integer', minimum: min, description: 'microseconds' },
        ],
      },
    },
    (input) => (input === word ? word : readDuration(input, min)),
  );
}

/** µs meant by a duration text or a whole number of µs, `undefined` when it is neither or out of range. */
export function readDuration(input: unknown, min: number): number | undefined {
  const us =
    typeof input === 'string' ? parseDuration(input) : Number.isSafeInteger(input) ? Number(input) : null;
  return us !== null && us >= min && us <= LONGEST_US ? us : undefined;
}

/** A probability, 0 to 1, or a percentage such as "20%". */
export function probability(doc: string) {
  return leaf<number>(
    {
      doc,
      unit: 'probability',
      allowed: 'a probability from 0 to 1, or a percentage such as "20%"',
      json: {
        anyOf: [
          { type: 'number', minimum: 0, maximum: 1 },
          { type: 'string', pattern: '^[0-9.]+%$' },
        ],
      },
    },
    (input) => {
      const value = typeof input === 'string' ? readPercent(input) : input;
      return typeof value === 'number' && value >= 0 && value <= 1 ? value + 0 : undefined;
    },
  );
}

/** "20%" → 0.2, `undefined` when it is not a percentage. */
export function readPercent(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) / 100;
}

/** A whole number from `min` to `max`. */
export function integer(doc: string, options: { min: number; max: number; unit?: string }) {
  const { min, max } = options;
  return leaf<number>(
    {
      doc,
      unit: options.unit ?? '',
      allowed: `a whole number from ${grouped(min)} to ${grouped(max)}`,
      json: { type: 'integer', minimum: min, maximum: max },
    },
    (input) => (isWhole(input, min, max) ? input : undefined),
  );
}

/** A whole number from `min` to `max`, or one word that stands for "no limit". */
export function integerOr<W extends string>(
  word: W,
  doc: string,
  options: { min: number; max: number; unit?: string },
) {
  const { min, max } = options;
  return leaf<number | W>(
    {
      doc,
      unit: options.unit ?? '',
      allowed: `"${word}" or a whole number from ${grouped(min)} to ${grouped(max)}`,
      json: { anyOf: [{ const: word }, { type: 'integer', minimum: min, maximum: max }] },
    },
    (input) => (input === word ? word : isWhole(input, min, max) ? input : undefined),
  );
}

function isWhole(input: unknown, min: number, max: number): input is number {
  return typeof input === 'number' && Number.isSafeInteger(input) && input >= min && input <= max;
}

/** A number from `min` to `max`. */
export function real(doc: string, options: { min: number; max: number; unit?: string }) {
  const { min, max } = options;
  return leaf<number>(
    {
      doc,
      unit: options.unit ?? '',
      allowed: `a number from ${min} to ${grouped(max)}`,
      json: { type: 'number', minimum: min, maximum: max },
    },
    (input) => (typeof input === 'number' && input >= min && input <= max ? input : undefined),
  );
}

/** One of a few words. */
export function choice<const T extends readonly string[]>(doc: string, words: T) {
  return leaf<T[number]>(
    {
      doc,
      unit: '',
      allowed: `one of ${words.map((word) => `"${word}"`).join(', ')}`,
      json: { enum: words },
    },
    (input) => words.find((word) => word === input),
  );
}

export function flag(doc: string) {
  return leaf<boolean>({ doc, unit: '', allowed: 'true or false', json: { type: 'boolean' } }, (input) =>
    typeof input === 'boolean' ? input : undefined,
  );
}

/** Text of at most `max` characters. */
export function text(doc: string, max: number) {
  return leaf<string>(
    {
      doc,
      unit: '',
      allowed: `text of at most ${grouped(max)} characters`,
      json: { type: 'string', maxLength: max },
    },
    (input) => (typeof input === 'string' && input.length <= max ? input : undefined),
  );
}

/** 1000000 → "1,000,000": no locale, the same everywhere. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Text, or a whole number that stands for its digits: a seed. */
export function textOrNumber(doc: string, max: number) {
  return leaf<string>(
    {
      doc,
      unit: '',
      allowed: `text of at most ${grouped(max)} characters, or a whole number`,
      json: { anyOf: [{ type: 'string', maxLength: max }, { type: 'integer' }] },
    },
    (input) => {
      const value = Number.isSafeInteger(input) ? String(input) : input;
      return typeof value === 'string' && value.length <= max ? value : undefined;
    },
  );
}
