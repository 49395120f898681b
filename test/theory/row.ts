/**
 * A row of the validation suite: it must hold, and it must fail when the model is 2 % off in any one of its
 * parameters or p and q are swapped. The wrong model is the engine run with the wrong parameter, held against the
 * formula of the right one; nothing is compared with another run.
 *
 * A row fails when one of its statistics does. Those are the quantities it is about, and where a quantity feels a
 * parameter too little (or p and q alike, theory 6.2) a companion that pins this parameter: see tally.ts.
 */
import { describe, expect, it } from 'vitest';
import { judge, type Sample } from './lab.ts';

/** `FULL=1`: rows at full size, and also the wrong models that take more messages than `npm test` can afford. */
const FULL = process.env['FULL'] === '1';

/** How a row notices one wrong model. */
export interface Notice {
  /** The statistic that contradicts. */
  readonly by: string;
  /** Messages (or replicas) that suffice, about 6 standard errors; no more than the row itself is run with. */
  readonly takes: number;
}

/** How a row notices that one parameter is 2 % up. */
export interface TwoPercentUp<V> extends Notice {
  /** The wrong value, where it is not 1.02 times the right one: the next whole number. */
  readonly as?: V;
  /**
   * Noticed by a companion, whose closed form is this parameter and no other: what else is off neither helps nor
   * hides it. So `npm test` has one run with all of a row's companions off, each of which must contradict; with FULL=1
   * each is off alone.
   */
  readonly companion?: true;
}

/** A wrong model beyond those that are 2 % up. */
export interface WrongModel<P> extends Notice {
  readonly what: string;
  readonly off: Partial<P>;
  /** Tried with FULL=1 only: what a quantity can notice beside its companions. */
  readonly fullOnly?: true;
}

/** One row of the validation suite. The seed is `theory/<id>`, declared by that rule before the first run. */
export interface Row<P> {
  readonly id: string;
  readonly claim: string;
  readonly book: P;
  /** Messages or replicas: in `npm test`, and with FULL=1. */
  readonly size: { readonly small: number; readonly full: number };
  /** Runs the engine with these parameters. */
  readonly observe: (of: P, size: number, seed: string) => Readonly<Record<string, Sample>>;
  /** The closed forms at these parameters, by the same names. */
  readonly expected: (of: P) => Readonly<Record<string, number | readonly number[]>>;
  /** For every parameter: how the row notices that it is 2 % up, all gaps at once for a schedule. */
  readonly twoPercentUp: { readonly [K in keyof P]-?: TwoPercentUp<P[K]> };
  /** Where there are both p and q. */
  readonly swapped?: Notice;
  readonly wrong?: readonly WrongModel<P>[];
}

/** Tests that a row holds, and that it would notice each wrong model. */
export function testRow<P extends object>(row: Row<P>): void {
  const size = FULL ? row.size.full : row.size.small;
  const seed = `theory/${row.id}`;
  describe(`${row.id}: ${row.claim} (seed ${seed})`, () => {
    it(`holds within 4 standard errors, N = ${size}`, () => {
      const expected = row.expected(row.book);
      const samples = row.observe(row.book, size, seed);
      expect(Object.keys(samples)).not.toEqual([]);
      const failed = Object.entries(samples).flatMap(([name, sample]) => {
        const { within, z, of } = judge(sample, expected[name]);
        report(`${row.id} | ${name} | N=${of} | z=${z.toFixed(2)}`);
        return within ? [] : [`${name}: z = ${z.toFixed(2)}, N = ${of}, expected ${String(expected[name])}`];
      });
      expect(failed).toEqual([]);
      expect(Object.keys(samples).sort()).toEqual(Object.keys(expected).sort());
    });
    for (const { what, of, by, takes } of wrongModels(row)) {
      it(`fails with ${what}: ${by.join(', ')}; N = ${takes}`, () => {
        expect(takes).toBeLessThanOrEqual(size);
        const expected = row.expected(row.book);
        const samples = row.observe(of, takes, seed);
        for (const name of by) {
          const { within, z } = judge(samples[name], expected[name]);
          report(`${row.id} | wrong: ${what} | ${name} | N=${takes} | z=${z.toFixed(2)}`);
          expect(within, `${name}: z = ${z.toFixed(2)}`).toBe(false);
        }
      });
    }
  });
}

/** The model that a wrong one is run as, and the statistics that must each contradict. */
interface Wrong<P> {
  readonly what: string;
  readonly of: P;
  readonly by: readonly string[];
  readonly takes: number;
}

/** Each parameter 2 % up, p and q swapped where there are both, and what else the row lists. */
function wrongModels<P extends object>({ id, book, twoPercentUp, swapped, wrong = [] }: Row<P>): Wrong<P>[] {
  const models: Wrong<P>[] = [];
  const companions: { parameter: string; off: object; by: string; takes: number }[] = [];
  for (const parameter in twoPercentUp) {
    const { as, by, takes, companion } = twoPercentUp[parameter];
    const off = { [parameter]: as ?? scaled(book[parameter]) };
    if (companion === true && !FULL) companions.push({ parameter, off, by, takes });
    else {
      const what = as === undefined ? `${parameter} 2 % up` : `${parameter} ${String(as)}`;
      models.push({ what, of: { ...book, ...off }, by: [by], takes });
    }
  }
  if (companions.length > 0) {
    models.push({
      what: `${companions.map(({ parameter }) => parameter).join(', ')} 2 % up`,
      of: companions.reduce((of, { off }) => ({ ...of, ...off }), book),
      by: companions.map(({ by }) => by),
      takes: Math.max(...companions.map(({ takes }) => takes)),
    });
  }
  if ('p' in book && 'q' in book) {
    if (swapped === undefined) throw new Error(`${id}: who notices that p and q are swapped?`);
    const of = { ...book, p: book.q, q: book.p };
    models.push({ what: 'p and q swapped', of, by: [swapped.by], takes: swapped.takes });
  }
  for (const { what, off, by, takes, fullOnly } of wrong) {
    if (fullOnly !== true || FULL) models.push({ what, of: { ...book, ...off }, by: [by], takes });
  }
  return models;
}

function scaled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scaled);
  if (typeof value !== 'number' || value === 0) throw new Error(`cannot be 2 % up: ${String(value)}`);
  return value * 1.02;
}

/** `THEORY_REPORT=1` prints every z. */
function report(line: string): void {
  if (process.env['THEORY_REPORT'] === '1') console.log(line);
}
