/** A value that a policy patches, as people write it: a handler as its steps, a schedule by its kind and first numbers. */
import { formatDuration } from '../../sim/core/duration.ts';
import { showHandler } from './fields.ts';

/** The only numbers that policies patch are durations. */
export function showPatched(value: unknown): string {
  if (Array.isArray(value)) return showHandler(value);
  if (typeof value === 'number') return formatDuration(value);
  if (typeof value === 'object' && value !== null && 'kind' in value) return showSchedule(value);
  return String(value);
}

function showSchedule(schedule: { readonly kind: unknown }): string {
  const kind = String(schedule.kind);
  if ('delays' in schedule && Array.isArray(schedule.delays))
    return `${kind}, ${schedule.delays.length} waits`;
  return 'delay' in schedule && typeof schedule.delay === 'number'
    ? `${kind} from ${formatDuration(schedule.delay)}`
    : kind;
}
