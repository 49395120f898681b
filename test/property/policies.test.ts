// What the policies promise, against whatever the network and the receiver do: loss, copies, reordering, outages,
// crashes. "no duplicate" and "no false confirmation" are read off the trace here, not taken from the referee.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { run } from '../../sim/run.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import type { Policy } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { hopOf } from '../../sim/scenario/hop.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { scenarios } from './arbitrary-scenario.ts';
import { runs } from './checks.ts';

const SEED = 20_260_501;

const remembering = scenarios({ withoutForgetting: true });

function traceOf(scenario: Scenario): Trace {
  const { trace } = run(planOf(scenario), { trace: true });
  if (trace === null) throw new Error('asked for a trace');
  return trace;
}

/** The first row at which the effect step ran a second time for one message; −1 for none. */
function firstRepeat(trace: Trace): number {
  const ran = new Set<number>();
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kind[row] !== FACT.effect && trace.kind[row] !== FACT.execute) continue;
    if (ran.has(trace.message[row])) return row;
    ran.add(trace.message[row]);
  }
  return -1;
}

/** The first row at which a sender took a message for done that has had no effect; −1 for none. */
function firstFalseConfirmation(trace: Trace): number {
  const ran = new Set<number>();
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kind[row] === FACT.effect) ran.add(trace.message[row]);
    if (trace.kind[row] === FACT.confirm && !ran.has(trace.message[row])) return row;
  }
  return -1;
}

/** Scenarios that were searched until one failed, or all of them. */
function searched(
  arbitrary: fc.Arbitrary<Scenario>,
  seed: number,
  count: number,
  holds: (scenario: Scenario) => boolean,
) {
  return fc.check(fc.property(arbitrary, holds), { ...runs(seed, count), endOnFailure: true });
}

const as = (policy: Policy) => (scenario: Scenario) => ({ ...scenario, policy });

describe('policies', () => {
  it(`at-most-once never runs an effect twice [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(remembering.map(as('at-most-once')), (scenario) => {
        expect(firstRepeat(traceOf(scenario))).toBe(-1);
      }),
      runs(SEED, 500),
    );
  });

  it(`effectively-once never runs an effect twice, and never confirms without one [seed ${SEED + 1}]`, () => {
    fc.assert(
      fc.property(remembering.map(as('effectively-once')), (scenario) => {
        const trace = traceOf(scenario);
        expect(firstRepeat(trace)).toBe(-1);
        expect(firstFalseConfirmation(trace)).toBe(-1);
      }),
      runs(SEED + 1, 500),
    );
  });

  it(`at-least-once never confirms without an effect, even with a store that forgets [seed ${SEED + 2}]`, () => {
    fc.assert(
      fc.property(scenarios().map(as('at-least-once')), (scenario) => {
        expect(firstFalseConfirmation(traceOf(scenario))).toBe(-1);
      }),
      runs(SEED + 2, 500),
    );
  });

  it(`with attempts without end, nothing that ends is lost [seed ${SEED + 3}]`, () => {
    let ended = 0;
    const patient = scenarios({ withoutSmallLimits: true }).map((scenario): Scenario => {
      const patched = structuredClone(scenario);
      const { producer } = hopOf(patched);
      if (producer.ackTimeout === 'none') producer.ackTimeout = 1_000_000;
      if (producer.retry.kind !== 'fixed' && producer.retry.kind !== 'exponential')
        producer.retry = {
          kind: 'fixed',
          delay: 700_000,
          countFrom: 'detection',
          jitter: { kind: 'none' },
          maxAttempts: 'unlimited',
          horizon: 'unlimited',
        };
      producer.retry.maxAttempts = 'unlimited';
      producer.retry.horizon = 'unlimited';
      return patched;
    });
    fc.assert(
      fc.property(
        patient,
        fc.constantFrom<Policy>('at-least-once', 'effectively-once'),
        (scenario, policy) => {
          const { metrics, ended: why } = run(planOf({ ...scenario, policy }));
          if (why === 'done') ended++;
          expect(metrics.lost).toBe(0);
          expect(metrics.gaveUp + metrics.refused).toBe(0);
        },
      ),
      runs(SEED + 3, 300),
    );
    expect(ended).toBeGreaterThan(100);
  });

  it(`the same search finds what a policy does not promise [seed ${SEED + 4}]`, () => {
    // If the search above were blind, these would pass too.
    const broken = (change: (scenario: Scenario) => void) =>
      remembering.map((scenario) => {
        const changed = structuredClone({ ...scenario, policy: 'custom' as const });
        change(changed);
        return changed;
      });
    const unprotected: [string, fc.Arbitrary<Scenario>, (trace: Trace) => number][] = [
      ['at-least-once repeats', remembering.map(as('at-least-once')), firstRepeat],
      [
        'check and effect in one group, the mark later',
        broken((s) => (hopOf(s).consumer.handler = [['check', 'effect'], ['mark'], ['ack']])),
        firstRepeat,
      ],
      [
        'one group, and a store that a crash wipes',
        broken((s) => {
          const { consumer } = hopOf(s);
          consumer.handler = [['check', 'effect', 'mark'], ['ack']];
          consumer.dedup.durable = false;
        }),
        firstRepeat,
      ],
      ['a store that forgets', scenarios().map(as('effectively-once')), firstRepeat],
      [
        'an ack before the effect',
        broken((s) => (hopOf(s).consumer.handler = [['check', 'mark', 'ack'], ['effect']])),
        firstFalseConfirmation,
      ],
      [
        'a mark before the effect',
        broken((s) => (hopOf(s).consumer.handler = [['check', 'mark'], ['effect'], ['ack']])),
        firstFalseConfirmation,
      ],
    ];
    for (const [what, arbitrary, first] of unprotected) {
      const { failed } = searched(arbitrary, SEED + 4, 500, (scenario) => first(traceOf(scenario)) < 0);
      expect(failed, what).toBe(true);
    }
  });
});
