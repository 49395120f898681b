/**
 * Effectively-once needs three things: a sender that persists and outlasts the faults, a store that remembers as long
 * as a duplicate can lag, and a mark that is atomic with the effect. With all three there is no counterexample within
 * these bounds; without any one of them there is.
 */
import { describe, expect, it } from 'vitest';
import { boundScenario, type Bounds } from '../../sim/explore/bounds.ts';
import { Schedules } from '../../sim/explore/schedules.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import { POLICY_CLAIMS } from '../../sim/scenario/policies.ts';
import type { Clause } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { bounds, decided, FULL, hop, isBroken, us } from './lab.ts';

const GAP = us(10);
const DELAY = us(0.04);
/** From the mark of the first attempt to the arrival of the fourth. */
const LONGEST_LAG = 3 * GAP;

interface Made {
  readonly handler?: unknown;
  readonly window?: string | number;
  readonly durable?: boolean;
  readonly restartAfter?: number;
  readonly slowerBy?: number;
}

/** Two messages, 4 attempts each; the process is back before the next attempt. */
function effectivelyOnce(made: Made = {}): Scenario {
  const { window = LONGEST_LAG + 1, durable = true, restartAfter = us(1), slowerBy = 0 } = made;
  const delay = { kind: 'uniform', min: DELAY, max: DELAY + slowerBy };
  return hop({
    producer: {
      messages: 2,
      arrivals: { kind: 'fixed', every: us(3) },
      ackTimeout: us(2),
      retry: { kind: 'fixed', delay: GAP, maxAttempts: 4, countFrom: 'send' },
    },
    request: { delay },
    answer: { delay },
    consumer: {
      handler: made.handler ?? [['check', 'effect', 'mark'], 'ack'],
      dedup: { window, durable },
      crash: { restartAfter },
    },
  });
}

const WITHIN = bounds({ messages: 2, attempts: 4, losses: 2, copies: 1, crashes: 1 });

/** What is claimed and can be broken. */
function broken(scenario: Scenario, within: Bounds = WITHIN): Clause[] {
  return POLICY_CLAIMS['effectively-once'].filter((clause) => isBroken({ scenario, bounds: within }, clause));
}

/** Faults of the smallest counterexample. */
function faultsOf(scenario: Scenario, clause: Clause, within: Bounds = WITHIN): readonly string[] {
  const answer = decided({ scenario, bounds: within, question: { kind: 'clause', clause } });
  if (answer.kind === 'none') throw new Error(`${clause} holds`);
  return answer.witnesses[0].faults;
}

describe('effectively-once within 2 messages, 4 attempts, 2 losses, 1 copy, 1 crash', () => {
  it('with all three conditions: none, and every schedule was looked at', () => {
    for (const clause of POLICY_CLAIMS['effectively-once']) {
      const question = { kind: 'clause', clause } as const;
      const start = performance.now();
      const { kind, evidence } = decided({ scenario: effectivelyOnce(), bounds: WITHIN, question });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.info(`${clause}: ${evidence.states} states, ${evidence.schedules} schedules, ${seconds} s`);
      expect(kind).toBe('none');
      expect(evidence.outcomes).toEqual(['A1 A1']);
      const one = new Schedules(planOf(boundScenario(effectivelyOnce(), WITHIN).scenario), WITHIN);
      while (one.next());
      expect(evidence.schedules).toBe(one.count);
    }
  });

  it('with slow packets too: the store must remember longer by as much as a packet can be slower', () => {
    const within = { ...WITHIN, delays: 2 };
    const spread = us(0.9);
    const slow = (window: number) => effectivelyOnce({ window, slowerBy: spread });
    expect(broken(slow(LONGEST_LAG + spread + 1), within)).toEqual([]);
    expect(broken(slow(LONGEST_LAG + spread), within)).toEqual(['no-duplicate']);
    // The fourth attempt, which is slow, after two losses and a crash.
    expect(faultsOf(slow(LONGEST_LAG + spread), 'no-duplicate', within)).toHaveLength(4);
  });

  it('3 attempts: the loss that two losses and a crash allow, and nothing else', () => {
    const within = { ...WITHIN, attempts: 3 };
    expect(broken(effectivelyOnce(), within)).toEqual(['no-loss']);
    const faults = faultsOf(effectivelyOnce(), 'no-loss', within);
    expect(faults).toHaveLength(3);
    expect(new Set(faults.map((name) => name.split('/').at(-1)))).toEqual(new Set(['lost', 'crash']));
  });

  it('a store that forgets just as the last duplicate comes: that duplicate is applied', () => {
    const scenario = effectivelyOnce({ window: LONGEST_LAG });
    expect(broken(scenario)).toEqual(['no-duplicate']);
    // Three attempts must go unanswered before there is a fourth.
    expect(faultsOf(scenario, 'no-duplicate')).toHaveLength(3);
  });

  it('a store that does not survive the crash: applied again', () => {
    const scenario = effectivelyOnce({ durable: false });
    expect(broken(scenario)).toEqual(['no-duplicate']);
    expect(faultsOf(scenario, 'no-duplicate')).toHaveLength(1);
  });

  it('a mark after the effect: applied again, after one crash between them', () => {
    const scenario = effectivelyOnce({ handler: ['check', 'effect', 'mark', 'ack'] });
    expect(broken(scenario)).toEqual(['no-duplicate']);
    expect(faultsOf(scenario, 'no-duplicate')).toEqual([
      expect.stringMatching('handler/m[12]/1/c0/effect/crash'),
    ]);
  });

  it('a mark before the effect: confirmed and never applied, after one crash between them', () => {
    const scenario = effectivelyOnce({ handler: ['check', 'mark', 'effect', 'ack'] });
    expect(broken(scenario)).toEqual(['no-false-confirmation', 'no-loss']);
    expect(faultsOf(scenario, 'no-false-confirmation')).toEqual([
      expect.stringMatching('handler/m[12]/1/c0/mark/crash'),
    ]);
  });

  it('downtime longer than a gap: one crash takes two attempts, and a message is lost', () => {
    const scenario = effectivelyOnce({ restartAfter: GAP + us(1) });
    expect(broken(scenario)).toEqual(['no-loss']);
    expect(faultsOf(scenario, 'no-loss')).toHaveLength(3);
  });
});

describe('the same in any order', () => {
  const within = { ...WITHIN, ...(FULL ? { attempts: 2 } : { messages: 1 }), anyDelay: true };

  it('with all three conditions: none, whatever the latencies', () => {
    const start = performance.now();
    const scenario = effectivelyOnce({ window: 'forever', restartAfter: 0 });
    for (const clause of ['no-duplicate', 'no-false-confirmation'] as const) {
      const answer = decided({ scenario, bounds: within, question: { kind: 'clause', clause } });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.info(`${clause}, any delay: ${answer.evidence.states} states, ${seconds} s`);
      expect(answer.kind).toBe('none');
    }
  });

  it('a window at all: some latency outlasts it', () => {
    expect(isBroken({ scenario: effectivelyOnce(), bounds: within }, 'no-duplicate')).toBe(true);
  });
});
