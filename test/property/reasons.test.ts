// The referee names the assumption that failed. Here the cause of each first violation is worked out a second time,
// from the rows of the trace alone, by replaying what the store held; both must say the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT, PLACE } from '../../sim/core/fact.ts';
import { run } from '../../sim/run.ts';
import type { ClauseVerdict } from '../../sim/observe/result.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import { hopOf } from '../../sim/scenario/hop.ts';
import type { Clause, Handler } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { causeChain, type Trace } from '../../sim/trace/columns.ts';
import { parsed, scenarios } from './arbitrary-scenario.ts';
import { runs } from './checks.ts';

const SEED = 20_260_901;

/** What a sentence says, as one word. */
const SAYS: readonly (readonly [RegExp, string])[] = [
  [/^The receiver keeps no memory/, 'no memory'],
  [/^The handler runs the effect before its check/, 'effect before check'],
  [/^The process died after the effect and before the mark/, 'crash before mark'],
  [/^Two copies passed the check/, 'race'],
  [/^The store was full/, 'full'],
  [/^The store is not durable/, 'erased'],
  [/^The dedup window/, 'expired'],
  [/^The only request was|^None of \d+ requests/, 'never arrived'],
  [/^The mark was written before the effect/, 'crash after mark'],
  [/^The handler met its own mark/, 'own mark'],
  [/^The ack left before the effect/, 'crash after ack'],
  [/^The process died before the effect/, 'crash before effect'],
];

function word(why: string): string {
  return SAYS.find(([form]) => form.test(why))?.[1] ?? `unknown: ${why}`;
}

function rowsOf(trace: Trace, message: number, ...kinds: readonly number[]): number[] {
  const rows: number[] = [];
  for (let row = 0; row < trace.rowCount; row++)
    if (trace.message[row] === message && kinds.includes(trace.kind[row])) rows.push(row);
  return rows;
}

function crashesBetween(trace: Trace, from: number, until: number): number[] {
  const rows: number[] = [];
  for (let row = from + 1; row < until; row++) if (trace.kind[row] === FACT.crash) rows.push(row);
  return rows;
}

/** Why the second effect of `message` ran. */
function whyTwice(plan: Plan, trace: Trace, message: number): string {
  const { handler } = plan.receiver;
  const place = (step: 'check' | 'effect' | 'mark') => handler.findIndex((group) => group.includes(step));
  if (place('check') < 0 || place('mark') < 0) return 'no memory';
  if (place('check') > place('effect')) return 'effect before check';
  const [first, second] = rowsOf(trace, message, FACT.effect);
  const passed = causeChain(trace, second).find((row) => trace.kind[row] === FACT.pass)!;
  const marked = rowsOf(trace, message, FACT.mark)
    .filter((row) => row < passed)
    .pop();
  if (marked === undefined) {
    // The first delivery had not marked yet: it still would, or a crash took it.
    const mark = rowsOf(trace, message, FACT.mark).find((row) => causeChain(trace, row).includes(first));
    const died = mark === undefined && crashesBetween(trace, first, passed).length > 0;
    return died ? 'crash before mark' : 'race';
  }
  if (rowsOf(trace, message, FACT.evict).some((row) => marked < row && row < passed)) return 'full';
  if (!plan.store.durable && crashesBetween(trace, marked, passed).length > 0) return 'erased';
  return 'expired';
}

/** Why `message` has no effect. */
function whyLost(trace: Trace, message: number): string {
  const deliveries = rowsOf(trace, message, FACT.deliver);
  if (deliveries.length === 0) return 'never arrived';
  const marks = rowsOf(trace, message, FACT.mark);
  const metItself = rowsOf(trace, message, FACT.suppress).some((row) =>
    causeChain(trace, row).some((cause) => marks.includes(cause)),
  );
  if (metItself) return 'own mark';
  if (marks.length > 0) return 'crash after mark';
  const confirmed = rowsOf(trace, message, FACT.confirm).length > 0;
  return confirmed ? 'crash after ack' : 'crash before effect';
}

/** Handlers with a memory, each with a hole of its own, behind a network that copies and a process that crashes. */
const prone: fc.Arbitrary<Scenario> = fc
  .tuple(
    scenarios(),
    fc.constantFrom<Handler>(
      [['check'], ['effect'], ['mark'], ['ack']],
      [['check', 'effect'], ['mark'], ['ack']],
      [['check', 'mark'], ['effect'], ['ack']],
      [['check'], ['mark'], ['ack'], ['effect']],
      [['check', 'effect', 'mark'], ['ack']],
    ),
    fc.boolean(),
  )
  .map(([scenario, handler, durable]) => {
    const changed: Scenario = structuredClone({ ...scenario, policy: 'custom' });
    const { producer, consumer } = hopOf(changed);
    consumer.handler = handler;
    consumer.dedup.durable = durable;
    if (producer.retry.kind === 'none')
      producer.retry = {
        kind: 'fixed',
        delay: 400_000,
        countFrom: 'send',
        jitter: { kind: 'full' },
        maxAttempts: 5,
        horizon: 'unlimited',
      };
    return changed;
  });

const violated = (clauses: readonly ClauseVerdict[], clause: Clause) =>
  clauses.find((verdict) => verdict.clause === clause && verdict.result === 'violated');

describe('reasons', () => {
  it(`say what the trace shows, and prove it by rows about that message [seed ${SEED}]`, () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(fc.oneof(scenarios(), prone), (scenario) => {
        const plan = planOf(scenario);
        const { trace, verdict } = run(plan, { trace: true });
        if (trace === null) throw new Error('asked for a trace');
        for (const clause of ['no-duplicate', 'no-loss', 'no-false-confirmation'] as const) {
          const proof = violated(verdict.clauses, clause);
          if (proof === undefined) continue;
          const expected =
            clause === 'no-duplicate' ? whyTwice(plan, trace, proof.message) : whyLost(trace, proof.message);
          expect(word(proof.why)).toBe(expected);
          expect(proof.why).not.toMatch(/-\d|NaN|undefined|Infinity|\(\)|: [.,]/);
          met.set(expected, (met.get(expected) ?? 0) + 1);
          checkRows(trace, proof);
        }
      }),
      runs(SEED, 1_200),
    );
    // Every sentence but the last resort has come up.
    expect([...met.keys()].sort()).toEqual(SAYS.map(([, says]) => says).sort());
  });

  it('a crash that was over before the first effect is not blamed for what two copies did later', () => {
    const scenario = parsed({
      format: 1,
      nodes: {
        shop: {
          kind: 'producer',
          ackTimeout: '100ms',
          retry: { kind: 'fixed', delay: '50ms', maxAttempts: 2 },
        },
        api: { kind: 'consumer', handler: ['check', 'effect', 'mark', 'ack'], processing: '5ms' },
        ledger: { kind: 'sink' },
      },
      links: { 'shop>api': {}, 'api>shop': {} },
      faults: { 'api/handler/m1/1/c0/start/crash': true, 'shop>api/request/m1/2/c0/copied': true },
    });
    const proof = violated(run(planOf(scenario)).verdict.clauses, 'no-duplicate');
    expect(word(proof?.why ?? '')).toBe('race');
  });
});

/** Rows in order, about the message or a crash that struck it, with the settling or second effect among them. */
function checkRows(trace: Trace, { rows, message }: ClauseVerdict): void {
  expect(rows.length).toBeGreaterThan(1);
  expect([...rows].sort((a, b) => a - b)).toEqual([...rows]);
  for (const row of rows) {
    const isCrash = trace.kind[row] === FACT.crash && trace.place[row] === PLACE.receiver;
    expect(
      trace.message[row] === message || isCrash,
      `row ${row} is about message ${trace.message[row]}`,
    ).toBe(true);
  }
}
