/**
 * Durations as people write them: "27h35m5s", "1.5 s", "200us". Parsing and printing live together
 * because each must read what the other writes.
 */
const UNIT_US: readonly (readonly [string, number])[] = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1_000],
  ['us', 1],
];

/** Up to three days people count hours: a window of 24h, a horizon of 27h35m5s. */
const HOURS_BELOW_US = 259_200_000_000;

const PART = /^(\d+(?:\.\d+)?)\s*(d|h|ms|m|s|us|µs|μs)\s*/;

/** What a duration may look like, for error messages. */
export const DURATION_FORM = 'a duration such as "40ms", "1.5s", "27h35m5s" or "3d" (units d h m s ms us)';

/** Microseconds meant by `text`, rounded to the nearest; `null` when it is not a duration. */
export function parseDuration(text: string): number | null {
  let rest = text.trim();
  if (rest === '0') return 0;
  if (rest === '') return null;
  let total = 0;
  let smallest = Infinity;
  while (rest !== '') {
    const match = PART.exec(rest);
    if (match === null) return null;
    const unit = match[2] === 'µs' || match[2] === 'μs' ? 'us' : match[2];
    const scale = UNIT_US.find(([name]) => name === unit)![1];
    if (scale >= smallest) return null; // "5s3h" and "1s1s" are slips, not durations
    smallest = scale;
    total += Number(match[1]) * scale;
    rest = rest.slice(match[0].length);
  }
  const rounded = Math.round(total);
  return Number.isSafeInteger(rounded) ? rounded : null;
}

/** The shortest exact way to write `us` microseconds, e.g. `99305000000` → "27h35m5s". Reads back to the same number. */
export function formatDuration(us: number): string {
  if (us === 0) return '0s';
  if (us < 0) return `-${formatDuration(-us)}`;
  if (us % 1_000_000 !== 0 && us < 60_000_000) {
    if (us >= 1_000_000) return `${us / 1_000_000}s`;
    return us >= 1_000 ? `${us / 1_000}ms` : `${us}us`;
  }
  let rest = us;
  let text = '';
  for (const [unit, scale] of UNIT_US) {
    if (unit === 'd' && us < HOURS_BELOW_US) continue;
    const count = Math.floor(rest / scale);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * scale;
  }
  return text;
}
