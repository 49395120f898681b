// Questions and settings of the explorer as people type them, in a command or on the page: read alike. What asks for
// what cannot happen in any order is refused: an exploration would answer "none", and mean nothing by it.
import { describe, expect, it } from 'vitest';
import { ALL_REDUCTIONS, REDUCTION_FIELDS, reductionsWithout } from '../../../sim/explore/any-order.ts';
import { needsDurations, parseQuestion, type Question } from '../../../sim/explore/question.ts';
import { boundsOf } from '../../../sim/explore/bounds.ts';
import { readQuestions } from '../../../src/cli/bounds-flags.ts';
import { REDUCTION_NAMES } from '../../../src/state/asked.ts';
import { hop } from '../../explorer/lab.ts';

describe('questions as typed', () => {
  it('clauses, facts and durations are read', () => {
    expect(parseQuestion('no-false-confirmation')).toEqual({
      kind: 'clause',
      clause: 'no-false-confirmation',
    });
    expect(parseQuestion('sometimes:late')).toEqual({ kind: 'sometimes', fact: 'late' });
    expect(parseQuestion('settles:1m30s')).toEqual({ kind: 'settles', withinUs: 90_000_000 });
  });

  it.each([
    ['luck', 'question', 'luck'],
    ['', 'question', ''],
    ['sometimes-late', 'question', 'sometimes-late'],
    ['sometimes', 'fact', ''],
    ['sometimes:', 'fact', ''],
    ['sometimes:late:1', 'fact', 'late:1'],
    ['settles:soon', 'duration', 'soon'],
    ['settles', 'duration', ''],
  ])('%o is none: expected a %s', (text, expected, found) => {
    expect(parseQuestion(text)).toEqual({ kind: 'misread', expected, found });
  });
});

describe('reductions as typed', () => {
  it('are the same four for the command line and the page, and each turns one off', () => {
    expect(REDUCTION_NAMES).toEqual(Object.keys(REDUCTION_FIELDS));
    for (const name of REDUCTION_NAMES)
      expect(reductionsWithout([name])).toEqual({ ...ALL_REDUCTIONS, [REDUCTION_FIELDS[name]]: false });
    expect(reductionsWithout([])).toEqual(ALL_REDUCTIONS);
  });
});

describe('questions in any order', () => {
  it('settling and waiting for a handler need durations; clauses and all other facts do not', () => {
    const facts = ['queue', 'start', 'late', 'lost', 'suppress', 'evict'] as const;
    const questions: Question[] = [
      ...facts.map((fact): Question => ({ kind: 'sometimes', fact })),
      { kind: 'settles', withinUs: 1 },
      { kind: 'clause', clause: 'no-loss' },
    ];
    expect(questions.map(needsDurations)).toEqual([true, true, false, false, false, false, true, false]);
  });

  it('the command line says so', () => {
    const scenario = hop({});
    const bounds = boundsOf(scenario, { anyDelay: true });
    for (const asked of ['settles:30s', 'sometimes:queue', 'sometimes:start'])
      expect(() => readQuestions(asked, scenario, bounds)).toThrow(`--ask ${asked}: not with --any-delay`);
    expect(readQuestions('sometimes:late', scenario, bounds)).toEqual([{ kind: 'sometimes', fact: 'late' }]);
  });
});
