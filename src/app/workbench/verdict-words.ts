/** The clauses of a verdict as people write them. */
import type { Clause } from '../../../sim/scenario/terms.ts';

export const CLAUSE_WORDS: Readonly<Record<Clause, string>> = {
  'no-duplicate': 'no duplicate',
  'no-false-confirmation': 'no false confirmation',
  'no-loss': 'no loss',
};
