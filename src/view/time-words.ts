/** Times and durations as the views write them: a space before the unit, at most two units, figures that line up. */

const UNITS: readonly (readonly [word: string, us: number])[] = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['min', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1_000],
  ['µs', 1],
];

const MINUTE = 60_000_000;

/** "5 h", "27 h 35 min", "1.2 s", "40 ms": rounded to what a label can hold. Hours run on to two days. */
export function durationWords(us: number, mostUnits: 1 | 2 = 2): string {
  if (us < 0) return `−${durationWords(-us, mostUnits)}`;
  if (us < 59_995_000) return smallWords(us);
  if (us < MINUTE) return durationWords(MINUTE);
  const first = UNITS.findIndex(([word, size]) => us >= (word === 'd' ? 2 * size : size));
  const [word, size] = UNITS[first];
  if (mostUnits === 1) return `${Math.round(us / size)} ${word}`;
  const [nextWord, nextSize] = UNITS[first + 1];
  const next = Math.round(us / nextSize);
  if (next * nextSize !== us) return durationWords(next * nextSize);
  const whole = Math.floor((next * nextSize) / size);
  const rest = next - (whole * size) / nextSize;
  return rest === 0 ? `${whole} ${word}` : `${whole} ${word} ${rest} ${nextWord}`;
}

function smallWords(us: number): string {
  if (us === 0) return '0 s';
  const [word, size] = UNITS.find(([, each]) => us >= each * 0.9995) ?? UNITS[UNITS.length - 1];
  const value = us / size;
  return `${trimmed(value, value < 10 ? 2 : value < 100 ? (word === 's' ? 2 : 1) : 0)} ${word}`;
}

/** A number with at most so many decimals, without trailing zeros. */
function trimmed(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}

/** How the instants of one run are written, so that they line up in a column. */
export interface Clock {
  /** Figures only: "11.40", "5:00:15.04". */
  figures(us: number): string;
  /** With the unit, where there is one: "11.40 s". */
  text(us: number): string;
}

/** The clock of a run that ends at `endUs`: seconds, then minutes and hours once it takes longer than two minutes. */
export function clockOf(endUs: number): Clock {
  if (endUs < 1_000_000) return clock('ms', (us) => (us / 1_000).toFixed(1));
  if (endUs <= 2 * MINUTE) return clock('s', (us) => (us / 1_000_000).toFixed(2));
  return clock('', (us) => {
    const hundredths = Math.round(us / 10_000);
    const two = (n: number) => String(n).padStart(2, '0');
    const seconds = two(Math.floor(hundredths / 100) % 60);
    const minutes = Math.floor(hundredths / 6_000);
    const hours = Math.floor(minutes / 60);
    const head = endUs >= 60 * MINUTE ? `${hours}:${two(minutes % 60)}` : String(minutes);
    return `${head}:${seconds}.${two(hundredths % 100)}`;
  });
}

function clock(unit: string, figures: (us: number) => string): Clock {
  return { figures, text: (us) => (unit === '' ? figures(us) : `${figures(us)} ${unit}`) };
}
