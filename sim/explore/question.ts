/** What can be asked of all runs within bounds, and when one run answers it. */
import { parseDuration } from '../core/duration.ts';
import { FACT_KINDS, type FactKind } from '../core/fact.ts';
import { STATUS } from '../protocol/retry-until-answered.ts';
import { CLAUSES, type Clause } from '../scenario/terms.ts';
import type { Ledger } from './ledger.ts';

export type Question =
  /** Can this clause be broken? */
  | { readonly kind: 'clause'; readonly clause: Clause }
  /** Can this happen at all? A witness shows that the scenario is not vacuous. */
  | { readonly kind: 'sometimes'; readonly fact: FactKind }
  /** Can it take longer than this (µs) from the last fault until the last message is settled, or never be? */
  | { readonly kind: 'settles'; readonly withinUs: number };

/** A question as typed that is none: what was expected, and what stands there instead. */
export interface Misread {
  readonly kind: 'misread';
  readonly expected: 'question' | 'fact' | 'duration';
  readonly found: string;
}

/** Reads a question as people type it: `no-loss`, `sometimes:late`, `settles:30s`. */
export function parseQuestion(text: string): Question | Misread {
  const clause = CLAUSES.find((known) => known === text);
  if (clause !== undefined) return { kind: 'clause', clause };
  const [, kind, found = ''] = /^(sometimes|settles)(?::(.*))?$/s.exec(text) ?? [];
  if (kind === 'sometimes') {
    const fact = FACT_KINDS.find((known) => known === found);
    return fact === undefined ? { kind: 'misread', expected: 'fact', found } : { kind, fact };
  }
  if (kind === 'settles') {
    const withinUs = parseDuration(found);
    return withinUs === null ? { kind: 'misread', expected: 'duration', found } : { kind, withinUs };
  }
  return { kind: 'misread', expected: 'question', found: text };
}

/**
 * Whether what has happened so far answers the question: a counterexample, or for *sometimes* a witness.
 *
 * @param couldEnd nothing more need happen: what is under way may be lost
 */
export function isAnswered(question: Question, ledger: Ledger, isOver: boolean, couldEnd: boolean): boolean {
  switch (question.kind) {
    case 'sometimes':
      return ledger.counts[FACT_KINDS.indexOf(question.fact)] > 0;
    case 'settles':
      return isOver && (ledger.unsettled > 0 || ledger.settledUs - ledger.lastFaultUs > question.withinUs);
    case 'clause':
      return ledger.breaks(question.clause, couldEnd);
  }
}

/**
 * Whether a question means nothing in any order: nothing takes time there, and a packet that would wait for a handler
 * is as good as one still under way.
 */
export function needsDurations(question: Question): boolean {
  if (question.kind === 'sometimes') return question.fact === 'queue' || question.fact === 'start';
  return question.kind === 'settles';
}

/** What became of each message in a schedule, such as `A1 G0`: the belief (A confirmed, R refused, G gave up, D in doubt) and the effects. */
export function outcomeOf({ effects, beliefs }: Ledger): string {
  let text = '';
  for (let m = 1; m < effects.length; m++)
    text += `${m === 1 ? '' : ' '}${BELIEF_LETTERS[beliefs[m]]}${effects[m]}`;
  return text;
}

/** How a belief is written in the outcome of a schedule. */
const BELIEF_LETTERS: Readonly<Record<number, string>> = {
  [STATUS.trying]: 'D',
  [STATUS.confirmed]: 'A',
  [STATUS.refused]: 'R',
  [STATUS.gaveUp]: 'G',
};
