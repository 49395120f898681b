/** A duration to the microsecond, in words: where a chart names one number, that number is not rounded. */
import { formatDuration } from '../../sim/core/duration.ts';

/** 99410000000 → "27 h 36 m 50 s" */
export function exactDuration(us: number): string {
  return formatDuration(us)
    .replace(/(\d)([a-zµ])/g, '$1 $2')
    .replace(/([a-zµ])(\d)/g, '$1 $2');
}
