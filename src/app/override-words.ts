/** A forced choice as it is shown and written on the command line: `shop>api/request/m3/2/c0/lost = true`. */
import { formatDuration } from '../../sim/core/duration.ts';

export function showOverride(name: string, value: boolean | number): string {
  return `${name} = ${typeof value === 'boolean' ? value : formatDuration(value)}`;
}
