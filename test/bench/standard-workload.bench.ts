// The engine's speed as a share of the floor's, on the standard workload: traced and untraced, all four
// in one process, warm, and interleaved, so that a busy machine slows them alike.
//   npm run bench -- standard-workload [--messages 2000000] [--rounds 7]
import { parseArgs } from 'node:util';
import type { Metrics } from '../../sim/observe/result.ts';
import { columnsOf, planStandardWorkload, runEngine, startStandardWorkload } from './engine.ts';
import { runFloor, type FloorCounts } from './floor.mjs';
import { checkMarks, checkSums } from './marks.ts';
import { countOption, printTable, showSpread, showTarget, spreadOf, timed, type Timed } from './measure.ts';

const UNTRACED_AT_LEAST = 0.6;
const TRACED_AT_LEAST = 0.5;
const BYTES_PER_ROW_AT_MOST = 24;
const WARM_MESSAGES = 200_000;
const WARM_RUNS = 2;

interface Round {
  readonly floor: Timed<FloorCounts>;
  readonly engine: Timed<Metrics>;
  readonly floorTraced: Timed<FloorCounts>;
  readonly engineTraced: Timed<Metrics>;
  /** After the traced run: its rows are put together in columns. The floor's stay in chunks. */
  readonly columns: Timed<{ readonly rowCount: number; readonly byteLength: number }>;
}

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '7' },
  },
});
const messages = countOption('messages', values.messages);
const rounds = countOption('rounds', values.rounds);

// `timed` collects garbage first. A world that lives on keeps V8 from throwing away what it has compiled for worlds.
const living = startStandardWorkload(1000);
for (let index = 0; index < WARM_RUNS; index++) runRound(WARM_MESSAGES);
console.log(`${messages.toLocaleString('en')} messages, ${rounds} rounds; CPU time`);
const measured = Array.from({ length: rounds }, () => runRound(messages));
printSpeeds(measured);
printRatios(measured);
const isSameWorkload = printCounts(measured[0]);
process.exit(isSameWorkload && living.eventsSoFar > 0 ? 0 : 1);

function runRound(messageCount: number): Round {
  const plan = planStandardWorkload(messageCount);
  const floorOptions = { messages: messageCount, seed: 1, check: false } as const;
  const floor = timed(() => runFloor({ ...floorOptions, trace: 'none' }));
  const engine = timed(() => runEngine(plan, { trace: false }).metrics);
  const floorTraced = timed(() => runFloor({ ...floorOptions, trace: 'columns' }));
  const { value: result, ...spent } = timed(() => runEngine(plan, { trace: true }));
  const columns = timed(() => columnsOf(result));
  return { floor, engine, floorTraced, engineTraced: { value: result.metrics, ...spent }, columns };
}

function printSpeeds(of: readonly Round[]): void {
  const row = (name: string, runs: readonly Timed<unknown>[], events: number) => {
    const cpu = spreadOf(runs.map((run) => run.cpuSeconds)).median;
    const wall = spreadOf(runs.map((run) => run.wallSeconds)).median;
    const perMessage = ((cpu / messages) * 1e9).toFixed(0);
    const perEvent = ((cpu / events) * 1e9).toFixed(1);
    return [name, cpu.toFixed(2), wall.toFixed(2), perMessage, perEvent, (events / messages).toFixed(3)];
  };
  const floorEvents = of[0].floor.value.events;
  const engineEvents = of[0].engine.value.events;
  console.log('');
  printTable(
    ['median', 'CPU s', 'wall s', 'ns/message', 'ns/event', 'events/message'],
    [
      row(
        'floor',
        of.map((round) => round.floor),
        floorEvents,
      ),
      row(
        'engine',
        of.map((round) => round.engine),
        engineEvents,
      ),
      row(
        'floor, traced',
        of.map((round) => round.floorTraced),
        floorEvents,
      ),
      row(
        'engine, traced',
        of.map((round) => round.engineTraced),
        engineEvents,
      ),
    ],
  );
}

function printRatios(of: readonly Round[]): void {
  const eventsRatio = of[0].engine.value.events / of[0].floor.value.events;
  const row = (name: string, ratios: readonly number[], atLeast: number) => {
    const spread = spreadOf(ratios);
    const perEvent = spreadOf(ratios.map((ratio) => ratio * eventsRatio));
    return [name, showSpread(spread, 2), showSpread(perEvent, 2), showTarget(spread.median, { atLeast })];
  };
  console.log('');
  printTable(
    ['speed ÷ floor', 'per message', 'per event', 'target (per message)'],
    [
      row(
        'untraced',
        of.map(({ floor, engine }) => floor.cpuSeconds / engine.cpuSeconds),
        UNTRACED_AT_LEAST,
      ),
      row(
        'traced',
        of.map(({ floorTraced, engineTraced }) => floorTraced.cpuSeconds / engineTraced.cpuSeconds),
        TRACED_AT_LEAST,
      ),
    ],
  );
  const { rowCount, byteLength } = of[0].columns.value;
  const bytes = byteLength / rowCount;
  const joining = spreadOf(of.map(({ columns }) => (columns.cpuSeconds / messages) * 1e9)).median;
  console.log('');
  console.log(
    `trace: ${rowCount.toLocaleString('en')} rows, ${bytes.toFixed(2)} B/row, ${showTarget(bytes, { atMost: BYTES_PER_ROW_AT_MOST })}`,
  );
  console.log(`its columns put together afterwards: ${joining.toFixed(0)} ns/message`);
}

/** Whether the engine ran the same workload, and the same one traced and untraced. */
function printCounts({ engine, engineTraced }: Round): boolean {
  const marks = checkMarks(engine.value);
  console.log('');
  printTable(
    ['counts per message', 'expected', 'engine', 'standard errors', ''],
    marks.map(({ name, expected, measured: found, distance, ok }) => [
      name,
      expected.toPrecision(6),
      found.toPrecision(6),
      distance.toFixed(2),
      ok ? 'ok' : 'WRONG',
    ]),
  );
  const problems = checkSums(engine.value);
  if (JSON.stringify(engine.value) !== JSON.stringify(engineTraced.value)) {
    problems.push('traced and untraced runs differ');
  }
  for (const problem of problems) console.log(problem);
  return problems.length === 0 && marks.every(({ ok }) => ok);
}
