/** What a policy makes of one field, in words; nothing where it leaves the field alone. */
import type { PatchLine } from '../../../sim/scenario/policies.ts';
import { showPatched } from '../../state/patch-words.ts';
import type { PolicyChoice } from '../../state/draft.ts';

export const POLICY_NAMES: Readonly<Record<PolicyChoice, string>> = {
  'at-most-once': 'At-most-once',
  'at-least-once': 'At-least-once',
  'effectively-once': 'Effectively-once',
  custom: 'As written',
};

export function patchNote(patch: readonly PatchLine[], policy: PolicyChoice, path: string): string | null {
  const line = patch.find((candidate) => candidate.path === path);
  if (line === undefined || JSON.stringify(line.before) === JSON.stringify(line.after)) return null;
  return `${POLICY_NAMES[policy]} sets this to ${showPatched(line.after)}.`;
}
