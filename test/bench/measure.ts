// Stopwatch, medians and tables of the benchmarks.
import { spawnSync } from 'node:child_process';

export interface Timed<T> {
  readonly value: T;
  /** Processor time of the whole process, V8's compiler and collector threads included. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Runs once, after a garbage collection that is not counted (with `--expose-gc`). */
export function timed<T>(work: () => T): Timed<T> {
  globalThis.gc?.();
  const wallStart = process.hrtime.bigint();
  const cpuStart = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(cpuStart);
  const wallSeconds = Number(process.hrtime.bigint() - wallStart) / 1e9;
  return { value, cpuSeconds: (user + system) / 1e6, wallSeconds };
}

/** What this benchmark prints as JSON when it is run with `--child size`: in a process of its own, for its own peak. */
export function inChild<T>(size: number): T {
  const args = [...process.execArgv, process.argv[1], '--child', String(size)];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the run of size ${size} ended with ${status}`);
  return JSON.parse(stdout) as T;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

export function showSpread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} [${min.toFixed(digits)}–${max.toFixed(digits)}]`;
}

/** A target and whether it was met, for the last column of a table. */
export function showTarget(
  value: number,
  target: { readonly atLeast: number } | { readonly atMost: number },
): string {
  if ('atLeast' in target) return `≥ ${target.atLeast} ${value >= target.atLeast ? 'met' : 'NOT MET'}`;
  return `≤ ${target.atMost} ${value <= target.atMost ? 'met' : 'NOT MET'}`;
}

/** Prints rows under a header; the first column is left-aligned, the others right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ');
  console.log(line(header));
  console.log(widths.map((width) => '─'.repeat(width)).join('  '));
  for (const row of rows) console.log(line(row));
}

/** A positive whole number from the command line. */
export function countOption(name: string, value: string): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new RangeError(`--${name} ${value}: a whole number from 1`);
  return count;
}
