// Every sentence that explains a violation, from hand-written evidence.
import { describe, expect, it } from 'vitest';
import { lossReason, repeatReason, type Loss, type Unheld } from '../../../sim/observe/reasons.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf, type Plan } from '../../../sim/scenario/plan.ts';

function plan(handler: unknown, dedup: object = {}): Plan {
  const parsed = parseScenario({
    format: 1,
    nodes: {
      shop: { kind: 'producer' },
      api: { kind: 'consumer', handler, dedup },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': {}, 'api>shop': {} },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return planOf(parsed.scenario);
}

const SECOND = 1_000_000;

describe('why an effect ran twice', () => {
  const ONE_STEP = [['check', 'effect', 'mark'], 'ack'];
  const reason = (handler: unknown, unheld: Unheld, dedup: object = {}) =>
    repeatReason(plan(handler, dedup), { firstEffectRow: 10, unheld }, 30);
  const expired = (lateUs: number): Unheld => ({ kind: 'expired', markRow: 11, lateUs });

  it.each([[['effect', 'ack']], [['check', 'effect', 'ack']], [['effect', 'mark', 'ack']]])(
    'no memory: %j',
    (handler) => {
      expect(reason(handler, { kind: 'not yet marked' })).toEqual({
        why: 'The receiver keeps no memory of what it has applied: every delivery runs the effect.',
        rows: [10, 30],
      });
    },
  );

  it('the check comes after the effect', () => {
    const { why, rows } = reason(['effect', 'check', 'mark'], expired(0));
    expect(why).toBe('The handler runs the effect before its check.');
    expect(rows).toEqual([10, 30]);
  });

  it('two copies at once', () => {
    const { why, rows } = reason(['check', 'effect', 'mark'], { kind: 'not yet marked' });
    expect(why).toBe(
      'Two copies passed the check before either was marked: check, effect and mark are not one atomic step.',
    );
    expect(rows).toEqual([10, 30]);
  });

  it('a crash between effect and mark', () => {
    const { why, rows } = reason(['check', 'effect', 'mark'], { kind: 'died before the mark', crashRow: 12 });
    expect(why).toBe('The process died after the effect and before the mark: they are not one atomic step.');
    expect(rows).toEqual([10, 12, 30]);
  });

  it('a full store, with its size in words', () => {
    const full: Unheld = { kind: 'evicted', markRow: 11, evictRow: 20 };
    expect(reason(ONE_STEP, full, { capacity: 5 })).toEqual({
      why: 'The store was full (5 entries) and forgot the key early.',
      rows: [10, 11, 20, 30],
    });
    expect(reason(ONE_STEP, full, { capacity: 1 }).why).toContain('(1 entry)');
  });

  it('a store that a crash erased', () => {
    const erased: Unheld = { kind: 'erased', markRow: 11, crashRow: 20 };
    expect(reason(ONE_STEP, erased, { durable: false })).toEqual({
      why: 'The store is not durable: a crash of the receiver erased the key.',
      rows: [10, 11, 20, 30],
    });
  });

  it('an expired window: how long, from when, and how late', () => {
    const store = { window: '24h' };
    expect(reason(ONE_STEP, expired(13_010 * SECOND), store)).toEqual({
      why: 'The dedup window of 24h (from first seen) had expired 3h36m50s before: the copy came later than the store remembers.',
      rows: [10, 11, 30],
    });
    expect(reason(ONE_STEP, expired(0), store).why).toContain('had expired at that very instant:');
    expect(reason(ONE_STEP, expired(1), { ...store, anchor: 'last-seen' }).why).toContain(
      '(from last seen) had expired 1us before',
    );
  });

  it('rows are in order, each once', () => {
    // A mark in the same step as the effect, then the crash: the mark can come after or before the effect's row.
    expect(reason(ONE_STEP, { kind: 'expired', markRow: 10, lateUs: 0 }, { window: '1s' }).rows).toEqual([
      10, 30,
    ]);
    expect(
      reason([['mark', 'check', 'effect']], { kind: 'expired', markRow: 9, lateUs: 0 }, { window: '1s' })
        .rows,
    ).toEqual([9, 10, 30]);
  });
});

describe('why a message has no effect', () => {
  const NOTHING: Loss = {
    isConfirmed: false,
    deliveries: 0,
    arrivedUs: 5 * SECOND,
    lastSentUs: 5 * SECOND,
    arriveRow: 1,
    lastSendRow: 2,
    settledRow: 40,
    markRow: -1,
    suppressRow: -1,
    crashRow: -1,
    lastFaultRow: 3,
    lostByChance: 0,
    lostInOutage: 0,
    turnedAway: 0,
  };
  const why = (of: Partial<Loss>, handler: unknown = ['effect', 'ack']) =>
    lossReason(plan(handler), { ...NOTHING, ...of }).why;

  it.each([
    [{ lostByChance: 1 }, 'The only request was lost on the link.'],
    [{ lostInOutage: 1 }, 'The only request was lost in an outage.'],
    [{ turnedAway: 1 }, 'The only request was turned away by a receiver that was down.'],
  ])('one attempt: %j', (of, sentence) => {
    expect(why(of)).toBe(sentence);
  });

  it('several attempts, all in vain: how many, over how long, and the assumption that failed', () => {
    expect(why({ lostByChance: 2, lostInOutage: 3, turnedAway: 1, lastSentUs: 65 * SECOND })).toBe(
      'None of 6 requests over 1m arrived: 2 lost on the link, 3 lost in an outage, 1 turned away by a receiver that was down. Attempts and retry horizon did not outlast the faults.',
    );
    expect(why({ lostInOutage: 2, lastSentUs: 6 * SECOND })).toBe(
      'None of 2 requests over 1s arrived: 2 lost in an outage. Attempts and retry horizon did not outlast the faults.',
    );
  });

  it('a mark written too early, then a crash', () => {
    const handler = [['check', 'mark'], 'effect', 'ack'];
    expect(why({ deliveries: 1, markRow: 6, crashRow: 7 }, handler)).toBe(
      'The mark was written before the effect and the process died between them.',
    );
    expect(why({ deliveries: 2, markRow: 6, crashRow: 7, suppressRow: 20 }, handler)).toBe(
      'The mark was written before the effect and the process died between them: every later copy was suppressed.',
    );
  });

  it('a mark written before the check', () => {
    expect(why({ deliveries: 1, markRow: 6, suppressRow: 7 }, ['mark', 'check', 'effect', 'ack'])).toBe(
      'The handler met its own mark: it writes the mark before its check, so the effect never runs.',
    );
  });

  it('an ack that left too early, then a crash: only if it was received', () => {
    const early = ['ack', 'effect'];
    expect(why({ deliveries: 1, crashRow: 7, isConfirmed: true }, early)).toBe(
      'The ack left before the effect, and the process died between them: the sender had no reason to try again.',
    );
    expect(why({ deliveries: 1, crashRow: 7 }, early)).toBe(
      'The process died before the effect, and no later attempt made up for it.',
    );
  });

  it('a crash before the effect', () => {
    expect(why({ deliveries: 1, crashRow: 7 })).toBe(
      'The process died before the effect, and no later attempt made up for it.',
    );
  });

  it('the rows that show it, in order, without those that never were', () => {
    const { rows } = lossReason(plan(['effect']), { ...NOTHING, deliveries: 1, crashRow: 7 });
    expect(rows).toEqual([1, 2, 3, 7, 40]);
  });
});
