/**
 * All 75 ordered groupings of check, effect, mark and ack, with a durable and a volatile mark, under every crash point,
 * every loss and every meeting of two copies within bounds: each clause's verdict is that of theory 3.2 to 3.5.
 */
import { describe, expect, it } from 'vitest';
import type { Bounds } from '../../sim/explore/bounds.ts';
import type { Clause } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { GROUPINGS_DURABLE, ORDER_TABLES, RACE_SAFE, SAFE_FOR_BOTH } from '../theory/crash-table-data.ts';
import {
  allGroupings,
  closure,
  grouping,
  groupingText,
  interleavings,
  stepsOf,
  raceOutcome,
  type Grouping,
  type Outcome,
} from '../theory/handlers.ts';
import { bounds, decided, FULL, hop, isBroken, us } from './lab.ts';

const OUTCOMES = ['lost', 'once', 'twice'] as const;

/** A sender that is confirmed has an outcome for good; what it gave up on stays open (false dead letters, 5.2). */
function outcomesOfConfirmed(outcomes: readonly string[]): Outcome[] {
  return OUTCOMES.filter((_, effects) =>
    outcomes.some((outcome) => outcome.startsWith('A') && Math.min(2, Number(outcome[1])) === effects),
  );
}

/** Everything that can become of the messages; the question is one that nothing here answers. */
function outcomesWithin(scenario: Scenario, within: Bounds): readonly string[] {
  return decided({ scenario, bounds: within, question: { kind: 'sometimes', fact: 'evict' } }).evidence
    .outcomes;
}

const VERDICTS: readonly { readonly clause: Clause; readonly brokenBy: Outcome }[] = [
  { clause: 'no-duplicate', brokenBy: 'twice' },
  { clause: 'no-false-confirmation', brokenBy: 'lost' },
];

describe.each(['durable', 'volatile'] as const)('crashes and lost acks, %s mark', (durability) => {
  /** Redelivered until an ack arrives; the process is back before the next attempt. */
  const redelivering = (groups: Grouping) =>
    hop({
      producer: { ackTimeout: us(1), retry: { kind: 'fixed', delay: us(9), maxAttempts: 4 } },
      consumer: { handler: stepsOf(groups), dedup: { durable: durability === 'durable' } },
    });
  const within = bounds({ attempts: 4, losses: FULL ? 4 : 2, crashes: FULL ? 3 : 2 });

  it('each grouping has exactly the outcomes of the theory', () => {
    for (const groups of allGroupings()) {
      const found = outcomesOfConfirmed(outcomesWithin(redelivering(groups), within));
      const wanted = closure(groups, durability === 'durable');
      expect(found, groupingText(groups)).toEqual(OUTCOMES.filter((outcome) => wanted.has(outcome)));
    }
  });

  it('each clause’s verdict is the theory’s, for the printed classes and orders', () => {
    const printed =
      durability === 'durable'
        ? Object.entries(GROUPINGS_DURABLE).flatMap(([outcomes, members]) =>
            members.map((text) => ({ text, outcomes })),
          )
        : ORDER_TABLES.volatile.map(({ order, anyFaults }) => ({ text: order, outcomes: anyFaults }));
    for (const { text, outcomes } of printed)
      for (const { clause, brokenBy } of VERDICTS)
        expect(
          isBroken({ scenario: redelivering(grouping(text)), bounds: within }, clause),
          `${text} ${clause}`,
        ).toBe(outcomes.includes(brokenBy));
  });

  it(durability === 'durable' ? 'exactly four groupings are safe' : 'no grouping is safe', () => {
    const safe = allGroupings().filter((groups) =>
      VERDICTS.every(({ clause }) => !isBroken({ scenario: redelivering(groups), bounds: within }, clause)),
    );
    const wanted = durability === 'durable' ? GROUPINGS_DURABLE['once'] : [];
    expect(safe.map(groupingText).sort()).toEqual([...wanted].sort());
  });
});

describe('two copies at once', () => {
  const CLAUSES = ['no-duplicate', 'no-loss'] as const;

  /** One attempt that the network may copy, and two handlers. */
  const twoCopies = (groups: Grouping) =>
    hop({ producer: { ackTimeout: us(9) }, consumer: { handler: stepsOf(groups), concurrency: 2 } });
  const copied = bounds({ copies: 1, anyDelay: true });

  it('each grouping has the outcomes of all interleavings of its groups, and of a copy less', () => {
    for (const groups of allGroupings()) {
      const found = outcomesWithin(twoCopies(groups), copied).map((outcome) => Number(outcome[1]));
      const wanted = new Set(interleavings(groups.length).map((order) => raceOutcome(groups, order)));
      const alone = closure(groups, true).has('once') ? 'once' : 'lost';
      const outcomes = OUTCOMES.filter((outcome) => wanted.has(outcome) || outcome === alone);
      expect(
        OUTCOMES.filter((_, effects) => found.some((count) => Math.min(2, count) === effects)),
        groupingText(groups),
      ).toEqual(outcomes);
    }
  });

  it('exactly the eight printed groupings always have one effect; all others have a run that shows it', () => {
    const safe = allGroupings().filter((groups) =>
      CLAUSES.every((clause) => !isBroken({ scenario: twoCopies(groups), bounds: copied }, clause)),
    );
    expect(safe.map(groupingText).sort()).toEqual([...RACE_SAFE].sort());
  });

  it('with crashes and losses too exactly [CEM]→A and [CEMA] are safe', () => {
    const scenario = (groups: Grouping) =>
      hop({
        producer: { ackTimeout: us(1), retry: { kind: 'fixed', delay: us(9), maxAttempts: 4 } },
        consumer: { handler: stepsOf(groups), concurrency: 2 },
      });
    const within = bounds({
      attempts: FULL ? 4 : 3,
      losses: 2,
      copies: 1,
      crashes: FULL ? 2 : 1,
      anyDelay: true,
    });
    const safe = allGroupings().filter((groups) =>
      VERDICTS.every(({ clause }) => !isBroken({ scenario: scenario(groups), bounds: within }, clause)),
    );
    expect(safe.map(groupingText).sort()).toEqual([...SAFE_FOR_BOTH].sort());
  });
});
