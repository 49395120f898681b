/** What a policy makes of one field, in words; nothing where it leaves the field alone. */
import { formatDuration } from '../../../sim/core/duration.ts';
import type { PatchLine } from '../../../sim/scenario/policies.ts';
import { showHandler } from '../../state/fields.ts';
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

/** A patched value as people write it: a handler as its steps, a variant by its kind. */
export function showPatched(value: unknown): string {
  if (Array.isArray(value)) return showHandler(value);
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    return value.kind === 'none' ? 'none' : `${String(value.kind)} …`;
  }
  if (typeof value === 'number') return formatDuration(value); // the only numbers a policy sets are durations
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
