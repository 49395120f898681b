/**
 * Events of one instant at different nodes, in either order: what only the other order brings about is found, with the
 * choice by name and no fault; and where every packet takes time the order changes nothing.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../sim/engine/encode.ts';
import { Loop } from '../../sim/engine/loop.ts';
import { newWorld } from '../../sim/engine/world.ts';
import { boundScenario, type Bounds } from '../../sim/explore/bounds.ts';
import { explore } from '../../sim/explore/explore.ts';
import type { Question } from '../../sim/explore/question.ts';
import { Schedules } from '../../sim/explore/schedules.ts';
import type { Witness } from '../../sim/explore/witness.ts';
import { STREAM } from '../../sim/nature/choice.ts';
import type { Heard } from '../../sim/nature/exploring.ts';
import { SeededNature } from '../../sim/nature/seeded.ts';
import { Observer } from '../../sim/observe/observer.ts';
import { run } from '../../sim/run.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { NO_RECORDER } from '../../sim/trace/recorder.ts';
import { bounds, FULL, hop, us, type HopFields } from './lab.ts';
import { smallBounds, smallHops } from './small-hops.ts';

const SEED = 20_261_123;
const RUNS = FULL ? 1_000 : 200;

const T = us(1);

/** A hop whose packets take no time, or `delay` each way; one retry, at once. */
function instantHop(fields: HopFields, delay = 0): Scenario {
  return hop({
    ...fields,
    producer: { ackTimeout: T, retry: { kind: 'fixed', delay: 0, maxAttempts: 2 }, ...fields.producer },
    request: { delay, ...fields.request },
    answer: { delay, ...fields.answer },
  });
}

/** The smallest answer; null when there is none. */
function answerOf(scenario: Scenario, within: Bounds, question: Question): Witness | null {
  const inquiry = { scenario, bounds: within, question };
  const answer = explore(inquiry);
  if (answer.kind === 'gave up') throw new Error('gave up');
  return answer.kind === 'found' ? answer.witnesses[0] : null;
}

/** Whether the scenario alone, with these overrides, ends with this digest: what a pasted command does. */
function replays({ scenario, overrides, digest }: Witness): boolean {
  const result = run(planOf(scenario), { overrides });
  return result.digests.outcome === digest && result.unusedOverrides.length === 0;
}

describe('what happens in the other order only', () => {
  const duplicate: Question = { kind: 'clause', clause: 'no-duplicate' };

  it('an effect that ends at the very instant of the timeout: its ack is there first, or the timeout is', () => {
    const twoTries = bounds({ attempts: 2 });
    const consumer = { handler: ['effect', 'ack'], processing: T };
    const found = answerOf(instantHop({ consumer }), twoTries, duplicate);
    expect(found).toMatchObject({
      overrides: { 'api/handler/m1/1/c0/effect/waits': true },
      faults: [],
    });
    expect(found !== null && replays(found)).toBe(true);
    // One microsecond earlier it is no instant any more.
    expect(
      answerOf(instantHop({ consumer: { ...consumer, processing: T - 1 } }), twoTries, duplicate),
    ).toBeNull();
    // At one node the order stands: an ack that comes at the instant of the timeout is there first.
    expect(
      answerOf(instantHop({ consumer: { ...consumer, processing: T - 2 } }, 1), twoTries, duplicate),
    ).toBeNull();
  });

  it('a nack made at the instant of the timeout', () => {
    const scenario = instantHop({
      consumer: { outages: [{ from: 0, for: 2 * T, kind: 'refuse' }] },
      request: { delay: T },
    });
    const asks = (fact: 'timeout' | 'late') =>
      answerOf(scenario, bounds({ attempts: 1 }), { kind: 'sometimes', fact });
    for (const found of [asks('timeout'), asks('late')]) {
      expect(found).toMatchObject({ overrides: { 'shop>api/request/m1/1/c0/waits': true }, faults: [] });
      expect(found !== null && replays(found)).toBe(true);
    }
  });

  it('work that comes at the instant a process is back; the crash is counted, the order is not', () => {
    const scenario = instantHop({
      producer: { messages: 2, arrivals: { kind: 'fixed', every: 2 * T }, ackTimeout: 10 * T },
      consumer: { handler: ['effect', 'ack'], crash: { restartAfter: 2 * T, whileDown: 'refuse' } },
    });
    const found = answerOf(scenario, bounds({ messages: 2, crashes: 1 }), {
      kind: 'sometimes',
      fact: 'nack',
    });
    expect(found?.overrides).toMatchObject({ 'api/restart/1/waits': true });
    expect(found?.faults).toHaveLength(1);
    expect(found !== null && replays(found)).toBe(true);
  });

  it('a step that begins, with the next message of a burst at the door', () => {
    const scenario = instantHop({
      producer: { messages: 2, arrivals: { kind: 'burst', size: 2 } },
      consumer: { handler: ['effect', 'ack'], concurrency: 1 },
    });
    const found = answerOf(scenario, bounds({ messages: 2 }), { kind: 'sometimes', fact: 'queue' });
    expect(found).toMatchObject({ overrides: { 'api/handler/m1/1/c0/start/waits': true }, faults: [] });
    expect(found !== null && replays(found)).toBe(true);
  });

  it('each such choice has a name of its own: none comes up twice in a schedule', () => {
    let choices = 0;
    fc.assert(
      fc.property(smallHops, smallBounds, (scenario, within) => {
        let names: string[] = [];
        const heard = ({ stream, message, packet }: Heard): void => {
          if (stream >= STREAM.requestWaits) names.push(`${stream} ${message} ${packet}`);
        };
        const schedules = new Schedules(planOf(boundScenario(scenario, within).scenario), within, { heard });
        for (let count = 0; count < 200 && schedules.next(); count++, names = []) {
          choices += names.length;
          expect(new Set(names).size).toBe(names.length);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(choices).toBeGreaterThan(10 * RUNS);
  });

  it('whatever is found so is a run that replays', () => {
    let swapped = 0;
    fc.assert(
      fc.property(smallHops, smallBounds, (scenario, within) => {
        const inquiry = { scenario, bounds: { ...within, states: 2_000 }, question: duplicate };
        const answer = explore(inquiry);
        if (answer.kind !== 'found') return;
        for (const witness of answer.witnesses) {
          if (Object.keys(witness.overrides).some((name) => name.endsWith('/waits'))) swapped++;
          expect(replays(witness)).toBe(true);
        }
      }),
      { seed: SEED + 1, numRuns: 2 * RUNS },
    );
    expect(swapped).toBeGreaterThan(0);
  });
});

// ── the order by itself ──────────────────────────────────────────────────────────────────────────────────────────

/** The seed's weather, in which whoever is asked to wait does so by the toss of a coin that its name decides. */
class CoinNature extends SeededNature {
  asked = 0;
  private readonly coin: number;

  constructor(plan: Plan, coin: number) {
    super(plan.scenario.seed, plan.streams);
    this.coin = coin;
  }

  override possible(stream: number, probability: number): boolean {
    return stream >= STREAM.requestWaits || super.possible(stream, probability);
  }

  override chance(stream: number, message: number, packet: number, probability: number): boolean {
    if (stream < STREAM.requestWaits) return super.chance(stream, message, packet, probability);
    this.asked++;
    return (Math.imul(stream * 1009 + message * 31 + (packet >> 6) + this.coin, 0x9e3779b1) >>> 29) % 2 === 1;
  }
}

interface Ended {
  readonly digest: string;
  readonly counts: readonly number[];
  readonly asked: number;
}

/** A run to its end; with `everyEvent`, the world is written and read again after each event. */
function ended(plan: Plan, coin: number | null, everyEvent = false): Ended {
  const nature =
    coin === null ? new SeededNature(plan.scenario.seed, plan.streams) : new CoinNature(plan, coin);
  const observer = new Observer(plan, NO_RECORDER);
  let world = newWorld(plan);
  let loop = new Loop(plan, world, nature, observer);
  while (!loop.advance(everyEvent ? 1 : 1_000_000)) {
    world = decode(encode(world), plan, world.clock.nowUs);
    loop = new Loop(plan, world, nature, observer);
  }
  const { outcome, trace } = observer.finish();
  return {
    digest: `${outcome} ${trace}`,
    counts: [...observer.counts],
    asked: nature instanceof CoinNature ? nature.asked : 0,
  };
}

/** With three attempts, and crashes by chance. */
const crashing = (scenario: Scenario): Scenario => {
  const few = boundScenario(scenario, bounds({ messages: 3, attempts: 3 })).scenario;
  const changed = structuredClone(few);
  for (const node of Object.values(changed.nodes))
    if (node.kind === 'consumer') node.crash = { ...node.crash, after: { ...node.crash.after, effect: 0.3 } };
  return changed;
};

/** Every packet is under way for a tick more than it was. */
const slower = (scenario: Scenario): Scenario => {
  const changed = structuredClone(scenario);
  for (const link of Object.values(changed.links)) {
    const { delay } = link;
    if (delay.kind === 'constant') link.delay = { ...delay, value: delay.value + 100_000 };
    if (delay.kind === 'uniform')
      link.delay = { ...delay, min: delay.min + 100_000, max: delay.max + 100_000 };
  }
  return changed;
};

describe('the order of one instant', () => {
  const plans = smallHops.map(crashing);
  const coins = fc.integer({ min: 0, max: 1000 });

  it(`is part of the world: encode → decode → continue gives the same digests [seed ${SEED + 2}]`, () => {
    let asked = 0;
    fc.assert(
      fc.property(plans, coins, (scenario, coin) => {
        const plan = planOf(scenario);
        const straight = ended(plan, coin);
        asked += straight.asked;
        expect(ended(plan, coin, true)).toEqual(straight);
      }),
      { seed: SEED + 2, numRuns: RUNS },
    );
    expect(asked).toBeGreaterThan(RUNS / 4);
  });

  it(`changes nothing where every packet takes time [seed ${SEED + 3}]`, () => {
    let asked = 0;
    fc.assert(
      fc.property(plans.map(slower), coins, (scenario, coin) => {
        const plan = planOf(scenario);
        const [usual, other] = [ended(plan, null), ended(plan, coin)];
        asked += other.asked;
        expect(other.digest.split(' ')[0]).toBe(usual.digest.split(' ')[0]);
        expect(other.counts).toEqual(usual.counts);
      }),
      { seed: SEED + 3, numRuns: RUNS },
    );
    expect(asked).toBeGreaterThan(RUNS / 4);
  });
});
