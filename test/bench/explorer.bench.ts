// The explorer's speed: complete schedules, one by one; situations, merged, with the memory they take; and what a
// second worker brings, in one interleaved run, so that a busy machine slows both alike.
//   npm run bench -- explorer [--rounds 5] [--states 1000000]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parentPort } from 'node:worker_threads';
import { boundScenario, boundsOf, type BoundName, type Bounds } from '../../sim/explore/bounds.ts';
import { Exploration, type Answer, type Inquiry } from '../../sim/explore/explore.ts';
import { Schedules } from '../../sim/explore/schedules.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { Pool, serveShares } from '../../src/cli/pool.ts';
import { Watch } from '../../src/cli/watch.ts';
import { countOption, inChild, printTable, showSpread, showTarget, spreadOf, timed } from './measure.ts';

const SCHEDULES_AT_LEAST = 100_000;
const MEMORY_MIB_AT_MOST = 1024;
const SECONDS_AT_MOST = 60;
const SPEEDUP_AT_LEAST = 1.7;
/** Where two searches that share nothing get less than this, side by side, the machine is too busy to tell. */
const SIDE_BY_SIDE_AT_LEAST = 1.9;

/** Searches before two workers are timed: each looks at half of the situations only, and is compiled as it goes. */
const WARM_UP = 4;

const SCHEDULES_SECONDS = 2;
/** Enough for any of the searches below, which stop at a number of situations. */
const WIDE: Partial<Record<BoundName, number>> = { losses: 4, copies: 2, delays: 3, crashes: 3 };

/** Messages over links that can be slow, lossy and copying, to a receiver that can crash. */
const scenario = scenarioOf('scenarios/retry-plus-dedup.json');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      states: { type: 'string', default: '1000000' },
      child: { type: 'string' },
    },
  });
  if (values.child !== undefined) {
    console.log(JSON.stringify(sample(Number(values.child))));
    return;
  }
  const states = countOption('states', values.states);
  printSchedules();
  printStates(states);
  await printWorkers(Math.ceil(states / 2), countOption('rounds', values.rounds));
}

// ── schedules ────────────────────────────────────────────────────────────────────────────────────────────────────

const SCHEDULE_BOUNDS: readonly (readonly [string, Partial<Record<BoundName, number>>])[] = [
  ['1 attempt, 2 losses', { attempts: 1, losses: 2, copies: 0, delays: 0, crashes: 0 }],
  ['4 attempts, 8 losses', { attempts: 4, losses: 8, copies: 0, delays: 0, crashes: 0 }],
  ['4 attempts, 2 losses, 1 copy, 1 slow, 1 crash', { attempts: 4 }],
];

function printSchedules(): void {
  const rows = SCHEDULE_BOUNDS.map(([name, asked]) => {
    const bounds = boundsOf(scenario, { ...asked, messages: 1 });
    const { count, perSecond } = schedulesOf(bounds);
    return [
      name,
      count.toLocaleString('en'),
      Math.round(perSecond).toLocaleString('en'),
      showTarget(perSecond, { atLeast: SCHEDULES_AT_LEAST }),
    ];
  });
  printTable(['complete schedules of one message', 'schedules', 'a second', 'target'], rows);
}

/** Runs all schedules again and again for long enough to be timed; the first time is not counted. */
function schedulesOf(bounds: Bounds): { readonly count: number; readonly perSecond: number } {
  const plan = planOf(boundScenario(scenario, bounds).scenario);
  const all = (): number => {
    const schedules = new Schedules(plan, bounds);
    while (schedules.next());
    return schedules.count;
  };
  const count = all();
  let times = 0;
  const { cpuSeconds } = timed(() => {
    const startMs = performance.now();
    for (; performance.now() - startMs < SCHEDULES_SECONDS * 1000; times++) all();
  });
  return { count, perSecond: (times * count) / cpuSeconds };
}

// ── states and their memory ──────────────────────────────────────────────────────────────────────────────────────

interface Sample {
  readonly states: number;
  readonly cpuSeconds: number;
  readonly residentPeakMib: number;
}

function printStates(states: number): void {
  const { states: looked, cpuSeconds, residentPeakMib } = inChild<Sample>(states);
  console.log('');
  printTable(
    ['states', 'CPU s', 'target', 'states/s', 'peak RSS MiB', 'target'],
    [
      [
        looked.toLocaleString('en'),
        cpuSeconds.toFixed(1),
        showTarget(cpuSeconds, { atMost: SECONDS_AT_MOST }),
        Math.round(looked / cpuSeconds).toLocaleString('en'),
        residentPeakMib.toFixed(0),
        showTarget(residentPeakMib, { atMost: MEMORY_MIB_AT_MOST }),
      ],
    ],
  );
}

function sample(states: number): Sample {
  const { value, cpuSeconds } = timed(() => searchAlone(inquiryOf(states)));
  return {
    states: value.evidence.states,
    cpuSeconds,
    residentPeakMib: process.resourceUsage().maxRSS / 1024,
  };
}

// ── workers ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * All pools start warm, and keep their workers, as the command line does from question to question. Two searches that
 * share nothing, side by side, tell what the machine's second core is worth at that moment.
 */
async function printWorkers(states: number, rounds: number): Promise<void> {
  const inquiry = inquiryOf(states);
  const watch = new Watch(null);
  const program = new URL(import.meta.url);
  const [alone, other, together] = [new Pool(program, 1), new Pool(program, 1), new Pool(program, 2)];
  const statesOf = async (pool: Pool) => (await pool.search(inquiry, watch, '')).answer.evidence.states;
  const round = async (): Promise<WorkersRound> => ({
    alone: await spent(() => statesOf(alone)),
    sideBySide: await spent(async () => {
      const [a, b] = await Promise.all([statesOf(alone), statesOf(other)]);
      return a + b;
    }),
    together: await spent(() => statesOf(together)),
  });
  for (let times = 0; times < WARM_UP; times++) await round();
  const measured: WorkersRound[] = [];
  for (let times = 0; times < rounds; times++) measured.push(await round());
  for (const pool of [alone, other, together]) await pool.close();
  watch.close();

  const rate = ({ states: searched, wallSeconds }: Spent): number => searched / wallSeconds;
  const of = (ratio: (of: WorkersRound) => number) => spreadOf(measured.map(ratio));
  const speedup = of((one) => rate(one.together) / rate(one.alone));
  const sideBySide = of((one) => rate(one.sideBySide) / rate(one.alone));
  const price = of(
    (one) =>
      one.together.cpuSeconds / one.together.states / (one.sideBySide.cpuSeconds / one.sideBySide.states),
  );
  console.log('');
  printTable(
    ['two workers against one', `${states.toLocaleString('en')} states, ${rounds} rounds`, 'target'],
    [
      [
        'speed',
        showSpread(speedup, 2),
        speedup.median < SPEEDUP_AT_LEAST && sideBySide.median < SIDE_BY_SIDE_AT_LEAST
          ? 'not told: the machine is busy'
          : showTarget(speedup.median, { atLeast: SPEEDUP_AT_LEAST }),
      ],
      ['two searches side by side', showSpread(sideBySide, 2), ''],
      ['CPU time of a state, against side by side', showSpread(price, 2), ''],
    ],
  );
}

interface WorkersRound {
  readonly alone: Spent;
  /** Two searches at a time, each by one worker. */
  readonly sideBySide: Spent;
  /** One search by two workers. */
  readonly together: Spent;
}

interface Spent {
  readonly states: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

async function spent(search: () => Promise<number>): Promise<Spent> {
  const startMs = performance.now();
  const cpuStart = process.cpuUsage();
  const states = await search();
  const { user, system } = process.cpuUsage(cpuStart);
  return {
    states,
    wallSeconds: (performance.now() - startMs) / 1000,
    cpuSeconds: (user + system) / 1e6,
  };
}

// ── searching ────────────────────────────────────────────────────────────────────────────────────────────────────

function inquiryOf(states: number): Inquiry {
  const bounds = boundsOf(scenario, { ...WIDE, states });
  return { scenario, question: { kind: 'clause', clause: 'no-duplicate' }, bounds };
}

function searchAlone(inquiry: Inquiry): Answer {
  const exploration = new Exploration(inquiry);
  while (!exploration.advance(100_000));
  return exploration.answer();
}

function scenarioOf(file: string): Scenario {
  const input: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const parsed = parseScenario(input);
  if (!parsed.ok) throw new Error(`${file}: ${JSON.stringify(parsed.problems)}`);
  return parsed.scenario;
}

if (parentPort === null) await main();
else serveShares(parentPort);
