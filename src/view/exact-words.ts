/** A duration to the microsecond, in words: where a chart names one number, that number is not rounded. */
import { formatDuration } from '../../sim/core/duration.ts';

const HOUR_US = 3_600_000_000;

/** 99410000000 → "27 h 36 m 50 s": hours run on to two days, as people say "a 24-hour window". */
export function exactDuration(us: number): string {
  const hours = us < 48 * HOUR_US ? Math.floor(us / HOUR_US) : 0;
  const rest = us - hours * HOUR_US;
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? spaced(formatDuration(rest)) : '']
    .filter((part) => part !== '')
    .join(' ');
}

function spaced(text: string): string {
  return text.replace(/(\d)([a-zµ])/g, '$1 $2').replace(/([a-zµ])(\d)/g, '$1 $2');
}
