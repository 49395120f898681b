/**
 * On trees small enough to count by hand, schedules and situations are exactly as many as there are (theory 5.1, 5.2):
 * by the search, which counts the ways through its graph, and by the enumeration, which goes every one of them.
 */
import { describe, expect, it } from 'vitest';
import { ALL_REDUCTIONS, NO_REDUCTIONS, type Reductions } from '../../sim/explore/any-order.ts';
import { boundScenario, type Bounds } from '../../sim/explore/bounds.ts';
import { shortest, type Distribution } from '../../sim/core/distributions.ts';
import { answerCopyOf, requestCopyOf } from '../../sim/core/packet-name.ts';
import { ExploringNature, type Heard } from '../../sim/nature/exploring.ts';
import { Schedules } from '../../sim/explore/schedules.ts';
import { Search } from '../../sim/explore/search.ts';
import { STREAM } from '../../sim/nature/choice.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { grouping, stepsOf } from '../theory/handlers.ts';
import { bounds, decided, everySchedule, FULL, hop, us, type HopFields } from './lab.ts';
import { exploreModel, MOST_LOSSES } from './reference-model.ts';

/** A question that no run here answers, so that everything is looked at. */
const NEVER = { kind: 'sometimes', fact: 'evict' } as const;

/** Faults without end, for a run of this size. */
const ANY = 1_000;

// ── 5.1: schedules ───────────────────────────────────────────────────────────────────────────────────────────────

/** N(k) = κ^k + σ (κ^k − 1)/(κ − 1): κ outcomes of an attempt make the sender go on, σ make it stop. */
function scripts(goOn: number, stop: number, attempts: number): number {
  return goOn ** attempts + (stop * (goOn ** attempts - 1)) / (goOn - 1);
}

const T = us(1);
const P = us(0.1);

/**
 * One message; a packet is on time or late, and there are no other letters. A request that takes T arrives at the very
 * instant of the timeout, and its ack, made P later, is too late whatever it takes; an ack that takes T − P comes just
 * after the timeout. Longer delays would bring in a third letter, "just after the next timer"; and where a packet took
 * no time, the order of one instant would be a choice too.
 */
function twoDelays(attempts: number, producer: HopFields['producer'] = {}): Scenario {
  return hop({
    producer: {
      ackTimeout: T,
      lateReplies: 'ignore',
      retry: { kind: 'fixed', delay: 0, maxAttempts: attempts },
      ...producer,
    },
    consumer: { handler: ['effect', 'ack'], processing: P },
    request: { delay: { kind: 'uniform', min: 1, max: T } },
    answer: { delay: { kind: 'uniform', min: 1, max: T - P } },
  });
}

/** How many schedules there are, by the search and by the enumeration. */
function counted(
  scenario: Scenario,
  within: Bounds,
): { readonly merged: number | null; readonly walked: number } {
  const { evidence } = decided({ scenario, bounds: within, question: NEVER });
  const schedules = new Schedules(planOf(boundScenario(scenario, within).scenario), within);
  while (schedules.next());
  return { merged: evidence.schedules, walked: schedules.count };
}

const both = (count: number) => ({ merged: count, walked: count });

describe('5.1: as many schedules as N(k)', () => {
  it.each([3, 7, 15, 31, 63].map((count, i) => [i + 1, count]))(
    'lost, delivered and unacked, acked: %i attempts, %i schedules',
    (attempts, count) => {
      expect(scripts(2, 1, attempts)).toBe(count);
      const within = bounds({ attempts, losses: ANY });
      expect(counted(twoDelays(attempts), within)).toEqual(both(count));
    },
  );

  it.each([
    [2, 1],
    [2, 2],
    [2, 3],
    [3, 1],
    [3, 2],
  ])('%i independent messages with %i attempts: N(k) to that power', (messages, attempts) => {
    const within = bounds({ messages, attempts, losses: ANY });
    const scenario = twoDelays(attempts, { messages, arrivals: { kind: 'burst', size: messages } });
    expect(counted(scenario, within)).toEqual(both(scripts(2, 1, attempts) ** messages));
  });

  it.each([1, 2, 3, 4])('delivered, lost or late, request and ack, %i attempts', (attempts) => {
    // On: request lost 1, its ack lost or late 2, request late and its ack any of 3. Stop: 1.
    const within = bounds({ attempts, losses: ANY, delays: ANY });
    expect(counted(twoDelays(attempts), within)).toEqual(both(scripts(6, 1, attempts)));
  });

  it.each([1, 2, 3])('delivered, lost or copied, the copy lost or not, %i attempts', (attempts) => {
    // Four fates of an ack, 3 of them stop. On: request lost 1, or all acks of its one (two ways) or two copies lost.
    const within = bounds({ attempts, losses: ANY, copies: ANY });
    expect(counted(twoDelays(attempts), within)).toEqual(both(scripts(1 + 2 + 1, 2 * 3 + 15, attempts)));
  });

  it.each(FULL ? [1, 2] : [1])('everything at once, %i attempts', (attempts) => {
    // Nine fates of a packet: lost, or on time or late, and each of these alone or with a copy lost, on time or late.
    // An ack on time is one of 5. On, by the request's fate: lost 1; on time alone or with a lost copy 2 × 4; late so
    // 2 × 9; both on time 4²; one of them late 2 × 4 × 9; both late 9². Stop: 2 × 5 + (9² − 4²) + 2 × 5 × 9.
    const within = bounds({ attempts, losses: ANY, copies: ANY, delays: ANY });
    const goOn = 1 + 8 + 18 + 16 + 72 + 81;
    const stop = 10 + 65 + 90;
    expect(counted(twoDelays(attempts), within)).toEqual(both(scripts(goOn, stop, attempts)));
  });

  it.each([
    [1, 25],
    [2, 289],
  ])(
    'deliver, lose, duplicate or delay, one of the four for each packet: %i attempts, %i schedules',
    (attempts, count) => {
      // The explorer can also copy what is late, delay a copy, and lose one: such schedules are left out. For 3 attempts
      // there are 14 million of them to leave out; see the next.
      expect(scripts(11, 14, attempts)).toBe(count);
      const within = bounds({ attempts, losses: ANY, copies: ANY, delays: ANY });
      let heard: Heard[] = [];
      const schedules = new Schedules(planOf(boundScenario(twoDelays(attempts), within).scenario), within, {
        heard: (choice) => heard.push(choice),
      });
      let found = 0;
      for (heard = []; schedules.next(); heard = []) if (hasOneLetterEach(heard)) found++;
      expect(found).toBe(count);
    },
  );

  it.each([
    [1, 25],
    [2, 289],
    [3, 3193],
  ])('the same where nature takes up no other letters: %i attempts, %i schedules', (attempts, count) => {
    expect(scripts(11, 14, attempts)).toBe(count);
    const within = bounds({ attempts, losses: ANY, copies: ANY, delays: ANY });
    const { scenario } = boundScenario(twoDelays(attempts), within);
    expect(everySchedule(planOf(scenario), within, 5_000, OneOfFour)).toHaveLength(count);
  });
});

/** Delivers, loses, duplicates or delays each packet; its copy is as plain as can be. */
class OneOfFour extends ExploringNature {
  /** Whether the latest packet was delayed. */
  private isSlow = false;

  override chance(stream: number, message: number, packet: number, probability: number): boolean {
    if (LOST.includes(stream) && isCopy(stream, packet)) return false;
    if (COPIED.includes(stream) && this.isSlow) return false;
    return super.chance(stream, message, packet, probability);
  }

  override value(stream: number, message: number, packet: number, distribution: Distribution): number {
    if (!DELAY.includes(stream)) return super.value(stream, message, packet, distribution);
    if (isCopy(stream, packet)) return shortest(distribution);
    const { faults } = this;
    const delayUs = super.value(stream, message, packet, distribution);
    this.isSlow = this.faults > faults;
    return delayUs;
  }
}

function isCopy(stream: number, packet: number): boolean {
  const isRequest = stream === STREAM.requestLost || stream === STREAM.requestDelay;
  return isRequest ? requestCopyOf(packet) > 0 : answerCopyOf(packet) > 0;
}

const COPIED: readonly number[] = [STREAM.requestCopied, STREAM.ackCopied];
const LOST: readonly number[] = [STREAM.requestLost, STREAM.ackLost];
const DELAY: readonly number[] = [STREAM.requestDelay, STREAM.ackDelay];

/** Whether no copied packet, and no copy, has any other fault: its choices stand together, the copy's last. */
function hasOneLetterEach(heard: readonly Heard[]): boolean {
  return heard.every(({ stream, chosen }, i) => {
    if (!COPIED.includes(stream) || chosen !== true) return true;
    const original = heard[i - 1];
    const [lost, delay] = heard.slice(i + 1, i + 3);
    if (!DELAY.includes(original.stream) || !LOST.includes(lost.stream) || original.isFault) return false;
    return !lost.isFault && DELAY.includes(delay.stream) && !delay.isFault;
  });
}

// ── 5.2: situations ──────────────────────────────────────────────────────────────────────────────────────────────

/** Printed in the theory: attempts, crashes, copies; situations and steps in full and reduced. */
const PRINTED = [
  { attempts: 1, crashes: 0, copies: 0, full: [10, 9], reduced: [8, 7] },
  { attempts: 2, crashes: 1, copies: 0, full: [67, 116], reduced: [48, 63] },
  { attempts: 3, crashes: 1, copies: 0, full: [197, 451], reduced: [123, 172] },
  { attempts: 4, crashes: 2, copies: 0, full: [578, 1562], reduced: [351, 557] },
  { attempts: 8, crashes: 3, copies: 2, full: [27_279, 114_217], reduced: [14_371, 26_603] },
] as const;

/** Printed there too, for 3 attempts and 1 crash: situations with lazy loss alone, and what can be reached. */
const REACHABLE = [
  ['C→E→M→A', 123, 'A1 A2 G0 G1 G2'],
  ['C→M→E→A', 123, 'A0 A1 G0 G1'],
  ['[CM]→E→A', 103, 'A0 A1 G0 G1'],
  ['C→[EM]→A', 81, 'A1 G0 G1'],
  ['[CEM]→A', 65, 'A1 G0 G1'],
  ['A→[CEM]', 91, 'A0 A1 G0 G1'],
  ['E→A', 76, 'A1 A2 A3 G0 G1 G2 G3'],
] as const;

describe('5.2: the reference model, written out, has the printed numbers', () => {
  it.each(PRINTED)('$attempts attempts, $crashes crashes, $copies copies', (row) => {
    const model = { handler: grouping('C→E→M→A'), ...row };
    expect(exploreModel({ ...model, explicitLoss: true })).toMatchObject({
      states: row.full[0],
      transitions: row.full[1],
    });
    expect(exploreModel({ ...model, explicitLoss: false, ample: true })).toMatchObject({
      states: row.reduced[0],
      transitions: row.reduced[1],
    });
  });

  it.each(REACHABLE)('%s: %i situations, %s', (text, states, outcomes) => {
    const model = { handler: grouping(text), attempts: 3, crashes: 1, copies: 0, explicitLoss: false };
    expect(exploreModel(model)).toMatchObject({ states, outcomes });
  });
});

/** A sender that never looks back but sends again when it likes, and one handler: the reference model. */
function reference(text: string, attempts: number, ackTimeout: string | number): Scenario {
  return hop({
    producer: {
      ackTimeout,
      retry: { kind: 'fixed', delay: us(1), maxAttempts: attempts, countFrom: 'send' },
    },
    consumer: { handler: stepsOf(grouping(text)), concurrency: 1 },
  });
}

/** Situations, steps and outcomes of one message in any order. */
function explored(
  text: string,
  { attempts, crashes }: Pick<Bounds, 'attempts' | 'crashes'>,
  reductions: Reductions,
) {
  const within = bounds({ attempts, crashes, losses: MOST_LOSSES, anyDelay: true });
  const plan = planOf(boundScenario(reference(text, attempts, 'none'), within).scenario);
  const search = new Search(plan, within, NEVER, reductions);
  while (search.nextCost < Infinity) search.expand(search.nextCost, 1_000);
  const { states, transitions } = search.counts;
  // The sender never looks back and so never gives up: what the model calls G is D here, in doubt.
  return { states, transitions, outcomes: [...search.outcomes].sort().join(' ').replaceAll('D', 'G') };
}

describe('5.2: the explorer in any order', () => {
  const counters = { ...NO_REDUCTIONS, counters: true };
  const grains = [
    { name: 'losses told apart', reductions: counters, explicitLoss: true, ample: false },
    {
      name: 'lazy loss',
      reductions: { ...counters, lazyLoss: true },
      explicitLoss: false,
      ample: false,
    },
    { name: 'lazy loss and ample sets', reductions: ALL_REDUCTIONS, explicitLoss: false, ample: true },
  ];
  const sizes = [
    { attempts: 1, crashes: 0 },
    { attempts: 2, crashes: 0 },
    { attempts: 2, crashes: 1 },
    { attempts: 3, crashes: 1 },
    { attempts: 4, crashes: 2 },
    ...(FULL ? [{ attempts: 8, crashes: 3 }] : []),
  ];
  it.each(grains)('$name: as many situations and steps as the reference model in its grain', (grain) => {
    for (const [text] of REACHABLE)
      for (const size of sizes)
        expect({ text, ...size, ...explored(text, size, grain.reductions) }).toEqual({
          text,
          ...size,
          ...exploreModel({ handler: grouping(text), ...size, ...grain, copies: 0, asEngine: true }),
        });
  });

  it('one attempt, no crash: 10 situations and 9 steps, reduced 8 and 7, as printed', () => {
    const size = { attempts: 1, crashes: 0 };
    expect(explored('C→E→M→A', size, NO_REDUCTIONS)).toMatchObject({ states: 10, transitions: 9 });
    expect(explored('C→E→M→A', size, ALL_REDUCTIONS)).toMatchObject({ states: 8, transitions: 7 });
  });

  it.each(REACHABLE)('%s, 3 attempts, 1 crash: exactly the printed outcomes', (text, _states, outcomes) => {
    const scenario = reference(text, 3, us(1));
    const within = bounds({ attempts: 3, crashes: 1, losses: ANY, anyDelay: true });
    const { evidence } = decided({ scenario, bounds: within, question: NEVER });
    expect(evidence.outcomes.join(' ')).toBe(outcomes);
  });
});
