/**
 * Twins: two runs in which the sender saw exactly the same things and the truth is different. What it does next must
 * be the same in both, so in one of them it is wrong: Two Generals, as a computed fact (theory 4.3).
 *
 * Re-simulation is the arbiter, not reasoning: another fate is tried, and the sender's column is compared line by line.
 */
import type { Clock } from '../core/clock.ts';
import { FACT, FACT_KINDS, PLACE, type About } from '../core/fact.ts';
import { ordinalOf, packetName } from '../core/packet-name.ts';
import { Loop, type CountingListener } from '../engine/loop.ts';
import { newWorld } from '../engine/world.ts';
import { choiceName, STREAM } from '../nature/choice.ts';
import type { Heard } from '../nature/exploring.ts';
import type { Choices } from '../nature/scripted.ts';
import { STATUS } from '../protocol/retry-until-answered.ts';
import { natureOf, run, type RunResult } from '../run.ts';
import { hopOf } from '../scenario/hop.ts';
import { planOf, type Plan } from '../scenario/plan.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Trace } from '../trace/columns.ts';
import { boundScenario, type Bounds } from './bounds.ts';
import { Histories } from './histories.ts';
import { Schedules } from './schedules.ts';
import { scriptFrom } from './witness.ts';

/** One of the two worlds, as a run that can be replayed. */
export interface World {
  readonly overrides: Choices;
  readonly result: RunResult;
  /** Effects of the message in question, and the sender's belief about it (a number of STATUS). */
  readonly effects: number;
  readonly belief: number;
}

/** How often the message will have been applied, in the one world and in the other. */
export interface Decision {
  readonly here: number;
  readonly there: number;
}

export interface Twins {
  /** What both runs are runs of, with this seed. */
  readonly scenario: Scenario;
  readonly seed: string;
  /** Whether `here` is the run that was asked about; if not, that run has no twin, but others within the bounds have. */
  readonly isOfThisRun: boolean;
  /** The message whose truth differs. */
  readonly message: number;
  readonly here: World;
  readonly there: World;
  /** What the sender saw, line by line: the same text in both. */
  readonly senderColumn: readonly string[];
  /** First row in which the two traces differ, and when it happened in each, µs; −1 where a trace has ended before. */
  readonly firstDifference: { readonly row: number; readonly hereUs: number; readonly thereUs: number };
  /** Choices by name that differ between the two. */
  readonly flipped: readonly string[];
  /** Effects if the sender makes one more attempt, and it gets through and is answered; and if it lets things be. */
  readonly sendAgain: Decision;
  readonly stop: Decision;
}

export type TwinAnswer =
  /** `lookedAt`: runs that were tried. */
  | { readonly kind: 'twins'; readonly twins: Twins; readonly lookedAt: number; readonly bounds: Bounds }
  /** No two schedules within the bounds are twins: what the sender sees decides what is true. */
  | { readonly kind: 'none'; readonly schedules: number; readonly bounds: Bounds }
  /** More schedules than `bounds.states`, or cancelled; 0 schedules while other fates of this run were still tried. */
  | {
      readonly kind: 'gave up';
      readonly limit: 'states' | 'cancelled';
      readonly schedules: number;
      readonly bounds: Bounds;
    };

/** How far a search for twins is. */
export interface TwinProgress {
  /** Other fates of the run that were tried; then schedules within the bounds that were looked at. */
  readonly fates: number;
  readonly schedules: number;
}

/** Most requests of a run whose fates are tried one by one and in pairs: those latest sent. */
const MOST_FLIPPED = 24;

/** The run a twin is looked for. */
interface Asked {
  readonly seed: string;
  readonly overrides: Choices;
}

/**
 * The nearest twin of a run: with one other fate, with two, or else any pair of twins within the bounds.
 *
 * Yields how far it is, every few milliseconds but for runs of many messages; gives up when `isCancelled`.
 */
export function* twinSlices(
  plan: Plan,
  asked: Asked,
  bounds: Bounds,
  isCancelled = () => false,
): Generator<TwinProgress, TwinAnswer> {
  const here = lookAt(plan, asked.seed, asked.overrides);
  const hereGlimpse = glimpse(plan, asked.seed, asked.overrides);
  const flips = bounds.losses > 0 ? flipsOf(plan, here.trace) : []; // each is about a loss
  let fates = 0;
  for (const flipped of onesAndPairs(flips)) {
    yield { fates, schedules: 0 };
    if (isCancelled()) return { kind: 'gave up', limit: 'cancelled', schedules: 0, bounds };
    fates++;
    const overrides = { ...asked.overrides, ...flipped };
    if (!mayBeTwins(hereGlimpse, glimpse(plan, asked.seed, overrides))) continue;
    const there = withoutUnused(lookAt(plan, asked.seed, overrides));
    const message = differingMessage(here, there);
    if (message === 0 || there.senderText !== here.senderText) continue; // two histories with one hash
    const twins = twinsFrom(plan, asked.seed, message, here, there, Object.keys(flipped), true);
    return { kind: 'twins', twins, lookedAt: 1 + fates, bounds };
  }
  return yield* anyTwins(plan, bounds, fates, isCancelled);
}

/** Each of the choices, then each two of them together. */
function* onesAndPairs(flips: readonly Choices[]): Generator<Choices> {
  yield* flips;
  for (const [i, first] of flips.entries())
    for (const second of flips.slice(i + 1)) yield { ...first, ...second };
}

/** A run in short: what its sender saw, as a hash, and how often each message was applied. Most runs are no twins. */
class Glimpse implements CountingListener {
  rowCount = 0;
  readonly effects: Uint32Array;
  readonly histories = new Histories();

  constructor(messages: number) {
    this.effects = new Uint32Array(messages + 1);
  }

  follow(clock: Clock): void {
    this.histories.follow(clock);
  }

  tell(kind: number, about: About, place: number, detail: number, packet: number): number {
    if (kind === FACT.effect) this.effects[about.id]++;
    this.histories.tell(kind, about, place, detail, packet);
    return this.rowCount++;
  }

  conclude(): void {
    // An outcome is the observer's knowledge.
  }
}

function glimpse(plan: Plan, seed: string, overrides: Choices): Glimpse {
  const { nature } = natureOf(plan, { seed, overrides });
  const seen = new Glimpse(plan.sender.messages);
  const loop = new Loop(plan, newWorld(plan), nature, seen);
  while (!loop.advance(1_000_000));
  return seen;
}

function mayBeTwins(a: Glimpse, b: Glimpse): boolean {
  return (
    a.histories.sender.hex() === b.histories.sender.hex() &&
    a.effects.some((effects, message) => effects !== b.effects[message])
  );
}

/** A run, and what is compared of it. */
interface Look {
  readonly overrides: Choices;
  readonly result: RunResult;
  readonly trace: Trace;
  readonly senderColumn: readonly string[];
  readonly senderText: string;
  /** By message. */
  readonly effects: readonly number[];
  readonly beliefs: readonly number[];
}

function lookAt(plan: Plan, seed: string, overrides: Choices): Look {
  const result = run(plan, { seed, overrides, trace: true });
  const { trace } = result;
  if (trace === null) throw new Error('a traced run has a trace');
  const senderColumn = senderColumnOf(trace);
  const effects = new Array<number>(plan.sender.messages + 1).fill(0);
  const beliefs = effects.slice();
  for (let row = 0; row < trace.rowCount; row++) {
    const message = trace.message[row];
    switch (trace.kind[row]) {
      case FACT.effect:
        effects[message]++;
        break;
      case FACT.confirm:
        beliefs[message] = STATUS.confirmed;
        break;
      case FACT.refuse:
        beliefs[message] = STATUS.refused;
        break;
      case FACT.giveUp:
        beliefs[message] = STATUS.gaveUp;
        break;
    }
  }
  return { overrides, result, trace, senderColumn, senderText: senderColumn.join('\n'), effects, beliefs };
}

/** The same run, told without the overrides whose name never came up. */
function withoutUnused(look: Look): Look {
  const unused = new Set(look.result.unusedOverrides);
  return {
    ...look,
    overrides: Object.fromEntries(Object.entries(look.overrides).filter(([name]) => !unused.has(name))),
  };
}

/** All the sender sees: when, what, about which message and which attempt of it. Not which copy the network made. */
export function senderColumnOf(trace: Trace): string[] {
  const lines: string[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.place[row] !== PLACE.sender) continue;
    const attempt = ordinalOf(trace.packet[row]);
    const about = `m${trace.message[row]}${attempt > 0 ? `/${attempt}` : ''}`;
    lines.push(`${trace.timeUs[row]}us ${FACT_KINDS[trace.kind[row]]} ${about} ${trace.detail[row]}`);
  }
  return lines;
}

/** For each request, latest first, the other fate it could have had: arrived, but unanswered; or lost. */
function flipsOf(plan: Plan, trace: Trace): Choices[] {
  const lostBecause = new Map<number, number>();
  const sends: number[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kind[row] === FACT.send) sends.push(row);
    if (trace.kind[row] === FACT.lost) lostBecause.set(trace.cause[row], trace.detail[row]);
  }
  return sends
    .reverse()
    .slice(0, MOST_FLIPPED)
    .filter((row) => (lostBecause.get(row) ?? 0) === 0) // what an outage took, no other fate gives back
    .map((row) => {
      const name = (stream: number) =>
        choiceName(plan.streams[stream], trace.message[row], trace.packet[row]);
      return lostBecause.has(row)
        ? { [name(STREAM.requestLost)]: false, [name(STREAM.ackLost)]: true, [name(STREAM.nackLost)]: true }
        : { [name(STREAM.requestLost)]: true };
    });
}

function differingMessage(a: Pick<Look, 'effects'>, b: Pick<Look, 'effects'>): number {
  return Math.max(
    0,
    a.effects.findIndex((effects, message) => effects !== b.effects[message]),
  );
}

function twinsFrom(
  plan: Plan,
  seed: string,
  message: number,
  here: Look,
  there: Look,
  flipped: readonly string[],
  isOfThisRun: boolean,
): Twins {
  const world = ({ overrides, result, effects, beliefs }: Look): World => ({
    overrides,
    result,
    effects: effects[message],
    belief: beliefs[message],
  });
  const again = {
    here: effectsAfterOneMore(plan, seed, message, here),
    there: effectsAfterOneMore(plan, seed, message, there),
  };
  const row = firstDifferentRow(here.trace, there.trace);
  return {
    scenario: plan.scenario,
    seed,
    isOfThisRun,
    message,
    here: world(here),
    there: world(there),
    senderColumn: here.senderColumn,
    firstDifference: { row, hereUs: timeAt(here.trace, row), thereUs: timeAt(there.trace, row) },
    flipped: flipped.filter((name) => here.overrides[name] !== there.overrides[name]),
    sendAgain: again,
    stop: { here: here.effects[message], there: there.effects[message] },
  };
}

function timeAt(trace: Trace, row: number): number {
  return row < trace.rowCount ? trace.timeUs[row] : -1;
}

function firstDifferentRow(a: Trace, b: Trace): number {
  const columns = ['timeUs', 'kind', 'place', 'message', 'packet', 'detail'] as const;
  let row = 0;
  while (row < a.rowCount && row < b.rowCount && columns.every((column) => a[column][row] === b[column][row]))
    row++;
  return row;
}

/** Wait before the attempt that is added, where the scenario has none: 1 s; and before the sender looks back: 30 s. */
const ADDED_WAIT_US = 1_000_000;
const ADDED_TIMEOUT_US = 30_000_000;

/** Effects of a message if its sender made one attempt more than it did, and that one got through and was answered. */
function effectsAfterOneMore(plan: Plan, seed: string, message: number, { trace, overrides }: Look): number {
  let attempts = 0;
  for (let row = 0; row < trace.rowCount; row++)
    if (trace.kind[row] === FACT.send && trace.message[row] === message) attempts++;
  const { producerId, producer } = hopOf(plan.scenario);
  const { retry } = producer;
  const longer: typeof retry =
    retry.kind === 'none'
      ? {
          kind: 'fixed',
          delay: ADDED_WAIT_US,
          countFrom: 'detection',
          maxAttempts: attempts + 1,
          horizon: 'unlimited',
          jitter: { kind: 'none' },
        }
      : retry.kind === 'custom'
        ? {
            ...retry,
            delays: [...retry.delays, ADDED_WAIT_US],
            maxAttempts: attempts + 1,
            horizon: 'unlimited',
          }
        : { ...retry, maxAttempts: attempts + 1, horizon: 'unlimited' };
  const again = planOf({
    ...plan.scenario,
    policy: 'custom', // its patch is in the fields already
    nodes: {
      ...plan.scenario.nodes,
      [producerId]: {
        ...producer,
        ackTimeout: producer.ackTimeout === 'none' ? ADDED_TIMEOUT_US : producer.ackTimeout,
        retry: longer,
      },
    },
  });
  const packet = packetName(attempts + 1);
  const name = (stream: number) => choiceName(again.streams[stream], message, packet);
  const through = { [name(STREAM.requestLost)]: false, [name(STREAM.ackLost)]: false };
  return lookAt(again, seed, { ...overrides, ...through }).effects[message];
}

/** Schedules between two signs of life. */
const SLICE = 500;

/** Any two schedules within the bounds that look the same to the sender and are not. */
function* anyTwins(
  plan: Plan,
  bounds: Bounds,
  fates: number,
  isCancelled: () => boolean,
): Generator<TwinProgress, TwinAnswer> {
  const bounded = planOf(boundScenario(plan.scenario, bounds).scenario);
  let heard: Heard[] = [];
  const schedules = new Schedules(bounded, bounds, {
    histories: true,
    heard: (choice) => heard.push(choice),
  });
  const seen = new Map<string, { readonly overrides: Choices; readonly effects: string }>();
  for (;;) {
    const { count } = schedules;
    if (count % SLICE === 0) {
      yield { fates, schedules: count };
      if (isCancelled()) return { kind: 'gave up', limit: 'cancelled', schedules: count, bounds };
    }
    heard = [];
    if (!schedules.next()) return { kind: 'none', schedules: count, bounds };
    if (count === bounds.states) return { kind: 'gave up', limit: 'states', schedules: count, bounds };
    const history = schedules.histories.sender.hex();
    const effects = schedules.ledger.effects.join();
    const other = seen.get(history);
    if (other === undefined) {
      seen.set(history, { overrides: scriptFrom(bounded, heard).overrides, effects });
    } else if (other.effects !== effects) {
      const here = lookAt(bounded, plan.scenario.seed, other.overrides);
      const there = lookAt(bounded, plan.scenario.seed, scriptFrom(bounded, heard).overrides);
      const message = differingMessage(here, there);
      if (message === 0 || here.senderText !== there.senderText) continue; // two histories with one hash
      const names = [...Object.keys(here.overrides), ...Object.keys(there.overrides)];
      const twins = twinsFrom(bounded, plan.scenario.seed, message, here, there, [...new Set(names)], false);
      return { kind: 'twins', twins, lookedAt: 1 + fates + schedules.count, bounds };
    }
  }
}
