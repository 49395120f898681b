// A question that asks for what cannot happen in any order is refused, by the command line and by the page alike: an
// exploration would answer "none", and mean nothing by it.
import { describe, expect, it } from 'vitest';
import { needsDurations, type Question } from '../../../sim/explore/question.ts';
import { boundsOf } from '../../../sim/explore/bounds.ts';
import { readQuestions } from '../../../src/cli/bounds-flags.ts';
import { hop } from '../../explorer/lab.ts';

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
