// Whole traces as text, row by row, as they were when someone last read them. `UPDATE=1` rewrites the files: commit
// that only when the difference is understood and wanted.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FACT_KINDS } from '../../../sim/core/fact.ts';
import { run } from '../../../sim/run.ts';
import { parseScenarioText } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { formatTrace } from '../../../sim/trace/text.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const UPDATE = process.env['UPDATE'] === '1';

/** Each a different part of the story; the storm has nearly everything at once. */
const SCENARIOS: Readonly<Record<string, string>> = {
  storm: `${HERE}storm.json`,
  'svix-24h-window': `${HERE}../../../scenarios/svix-24h-window.json`,
  'effect-crash-before-mark': `${HERE}../../../scenarios/effect-crash-before-mark.json`,
  'network-duplicates': `${HERE}../../../scenarios/network-duplicates.json`,
};

function traceText(file: string): string {
  const parsed = parseScenarioText(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const plan = planOf(parsed.scenario);
  const { trace } = run(plan, { trace: true });
  if (trace === null) throw new Error('asked for a trace');
  return formatTrace(trace, plan);
}

describe('traces as text', () => {
  it.each(Object.entries(SCENARIOS))('%s', (id, file) => {
    const golden = `${HERE}${id}.txt`;
    const text = traceText(file);
    if (UPDATE) writeFileSync(golden, text);
    expect(existsSync(golden), `${golden} is missing: write it with UPDATE=1`).toBe(true);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  it('every line has row, time in microseconds, place, kind and, but for the first, a cause before it', () => {
    const form =
      /^ *(\d+) +(\d+\.\d{6}) {2}(\S+) +(\S+)( +m\d+(\/\d+\/c\d+(\.\d+)?)?)?( +[^< ][^<]*?)?( +<- (\d+))?$/;
    for (const line of traceText(SCENARIOS['storm']).trimEnd().split('\n')) {
      const match = form.exec(line);
      expect(match, line).not.toBeNull();
      expect(FACT_KINDS as readonly string[]).toContain(match?.[4]);
      if (match?.[10] !== undefined) expect(Number(match[10])).toBeLessThan(Number(match[1]));
      expect(match?.[10] === undefined, line).toBe(match?.[4] === 'arrive');
    }
  });

  it('the storm has nearly every kind of fact', () => {
    const text = traceText(SCENARIOS['storm']);
    const absent = FACT_KINDS.filter((kind) => !text.includes(` ${kind} `));
    expect(absent.length, absent.join()).toBeLessThanOrEqual(4);
  });
});
