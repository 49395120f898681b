// Time of every bundled scenario, from its plan to its result: what a visitor waits for. Short runs are
// mostly the making and ending of a run, so time per event is no measure of the loop here.
//   npm run bench -- scenarios
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { planScenario, runEngine } from './engine.ts';
import { printTable, timed } from './measure.ts';

const FOLDER = 'scenarios';
const SECONDS_AT_LEAST = 0.3;

/** The bundled scenarios in the order of the gallery. */
const ids = readJson('order.json') as string[];
const rows = ids.map((id) => {
  const plan = planScenario(readJson(`${id}.json`));
  runEngine(plan, { trace: true });
  const untraced = repeat(() => runEngine(plan, { trace: false }).metrics.events);
  const traced = repeat(() => runEngine(plan, { trace: true }).metrics.events);
  return [
    id,
    untraced.events.toLocaleString('en'),
    untraced.microseconds.toFixed(0),
    traced.microseconds.toFixed(0),
    ((untraced.microseconds / untraced.events) * 1e3).toFixed(0),
    ((traced.microseconds / traced.events) * 1e3).toFixed(0),
  ];
});
printTable(['scenario', 'events', 'µs/run', 'traced', 'ns/event', 'traced'], rows);

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));
}

/** Runs again and again for long enough to be timed; answers for one run. */
function repeat(run: () => number): { readonly events: number; readonly microseconds: number } {
  let count = 0;
  let events = 0;
  const { cpuSeconds } = timed(() => {
    const start = process.hrtime.bigint();
    do {
      events = run();
      count++;
    } while (Number(process.hrtime.bigint() - start) / 1e9 < SECONDS_AT_LEAST);
  });
  return { events, microseconds: (cpuSeconds / count) * 1e6 };
}
