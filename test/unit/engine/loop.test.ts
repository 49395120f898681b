// The loop: what ends a run, and a storm of retries that once overflowed the count of what refers to a message.
import { describe, expect, it } from 'vitest';
import { run, startRun } from '../../../sim/run.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf, type Plan } from '../../../sim/scenario/plan.ts';

function plan(shop: object, more: { there?: object; api?: object; limits?: object } = {}): Plan {
  const parsed = parseScenario({
    format: 1,
    nodes: {
      shop: { kind: 'producer', ...shop },
      api: { kind: 'consumer', ...more.api },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': more.there ?? {}, 'api>shop': {} },
    limits: more.limits ?? {},
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return planOf(parsed.scenario);
}

const MANY = { messages: 100, arrivals: { kind: 'fixed', every: '1s' } };

describe('what ends a run', () => {
  it('nothing left to do', () => {
    const { ended, endedAtUs, metrics } = run(plan({}));
    expect([ended, endedAtUs, metrics.open]).toEqual(['done', 80_000, 0]); // the timer of an answered attempt is cancelled
  });

  it('no messages: done before it began', () => {
    const { ended, metrics, digests } = run(plan({ messages: 0 }));
    expect([ended, metrics.events, metrics.rows, digests.outcome]).toEqual([
      'done',
      0,
      0,
      'o1:0000000000000000',
    ]);
  });

  it('events: exactly so many, and the rest is open', () => {
    const { ended, metrics } = run(plan(MANY, { limits: { events: 10 } }));
    expect([ended, metrics.events]).toEqual(['events', 10]);
    expect(metrics.open).toBeGreaterThan(0);
  });

  it('events: a run that needs exactly as many as are allowed is done', () => {
    const { metrics } = run(plan(MANY));
    expect(run(plan(MANY, { limits: { events: metrics.events } })).ended).toBe('done');
    expect(run(plan(MANY, { limits: { events: metrics.events - 1 } })).ended).toBe('events');
  });

  it('time: what happens at the limit still happens, nothing after it does', () => {
    const at = (time: string | number) => run(plan(MANY, { limits: { time } }));
    expect([at('5s').ended, at('5s').metrics.messages, at('5s').endedAtUs]).toEqual(['time', 6, 5_000_000]);
    expect(at(4_999_999).metrics.messages).toBe(5);
  });

  it('rows and queue', () => {
    expect(run(plan(MANY, { limits: { rows: 50 } })).ended).toBe('rows');
    const busy = { api: { concurrency: 1, processing: '1h' }, limits: { queue: 3 } };
    const { ended, metrics } = run(plan(MANY, busy));
    expect([ended, metrics.deliveries]).toEqual(['queue', 5]); // one in hand, four waiting: one too many
  });

  it('every limit leaves the books balanced and the verdict undecided', () => {
    for (const limits of [{ events: 10 }, { time: '5s' }, { rows: 50 }]) {
      const { metrics, verdict } = run(plan(MANY, { limits }));
      expect(metrics.once + metrics.lost + metrics.duplicated + metrics.open).toBe(metrics.messages);
      expect(verdict.clauses.map(({ result }) => result)).toEqual(['undecided', 'undecided', 'undecided']);
    }
  });

  it('says how far it has come between slices', () => {
    const running = startRun(plan(MANY));
    expect([running.eventsSoFar, running.timeUs]).toEqual([0, 0]);
    expect(running.advance(7)).toBe(false);
    expect(running.eventsSoFar).toBe(7);
    expect(running.timeUs).toBeGreaterThan(0);
  });
});

describe('a storm of retries', () => {
  it('with 65,536 packets of one message in the air, the message is still known when they land', () => {
    // One a microsecond, an hour under way: each adds to one count, which wrapped around at 32 bits.
    const attempts = 65_536;
    const shop = {
      ackTimeout: 'none',
      retry: { kind: 'fixed', delay: 1, countFrom: 'send', maxAttempts: attempts },
    };
    const { ended, metrics } = run(plan(shop, { there: { delay: '1h' } }));
    expect(ended).toBe('done');
    expect(metrics.deliveries).toBe(attempts);
    expect([metrics.confirmed, metrics.duplicated, metrics.inDoubt]).toEqual([1, 1, 0]);
  });
});
