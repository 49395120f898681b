/** Which limit ended a run, in words; null when the run ended because nothing was left to do. */
import { formatDuration } from '../../sim/core/duration.ts';
import type { RunResult } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';

export function endedWords({ ended, metrics }: RunResult, { limits }: Scenario): string | null {
  const open = `Messages still under way are open: ${metrics.open}.`;
  switch (ended) {
    case 'done':
      return null;
    case 'events':
      return `The run was ended by its limit of ${grouped(limits.events)} events. ${open}`;
    case 'time':
      return `The run was ended by its limit of ${formatDuration(limits.time)} of simulated time. ${open}`;
    case 'rows':
      return `The run was ended by its limit of ${grouped(limits.rows)} rows. ${open}`;
    case 'queue':
      return `The run was ended by its limit of ${grouped(limits.queue)} waiting deliveries. ${open}`;
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
