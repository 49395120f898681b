/** stub */
import type { Plan } from '../scenario/plan.ts';
import type { Inquiry } from './explore.ts';
import type { Script } from './witness.ts';

export function latenciesOf(_inquiry: Inquiry, _plan: Plan, _picks: readonly number[]): Script | null {
  return null;
}
