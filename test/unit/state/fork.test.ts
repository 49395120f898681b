// What can be changed about one packet, named as nature names it: forcing the name changes that packet and no other.
import { describe, expect, it } from 'vitest';
import { FACT } from '../../../sim/core/fact.ts';
import { run } from '../../../sim/run.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import type { Trace } from '../../../sim/trace/columns.ts';
import { fateOf } from '../../../src/state/fork.ts';

const parsed = parseScenario({
  format: 1,
  nodes: {
    shop: {
      kind: 'producer',
      messages: 4,
      ackTimeout: '500ms',
      retry: { kind: 'fixed', delay: '500ms', maxAttempts: 3 },
    },
    api: { kind: 'consumer' },
    ledger: { kind: 'sink' },
  },
  links: {
    'shop>api': { loss: '40%', duplicate: '40%', outages: [{ from: '1s', for: '100ms' }] },
    'api>shop': { loss: '40%', duplicate: '40%' },
  },
});
if (!parsed.ok) throw new Error('the fixture must parse');
const plan = planOf(parsed.scenario);

function traceOf(overrides: Record<string, boolean | number> = {}): Trace {
  const { trace, unusedOverrides } = run(plan, { seed: '5', trace: true, overrides });
  if (trace === null) throw new Error('the fixture must be traced');
  expect(unusedOverrides).toEqual([]);
  return trace;
}

const trace = traceOf();
const MAKERS: readonly number[] = [FACT.send, FACT.copy, FACT.answer, FACT.nack];
const makers = Array.from({ length: trace.rowCount }, (_, row) => row).filter((row) =>
  MAKERS.includes(trace.kind[row]),
);
const fates = makers.map((row) => {
  const fate = fateOf(trace, row, 'shop', 'api');
  if (fate === null) throw new Error(`row ${row} is a packet`);
  return fate;
});

describe('fork: the fate of a packet', () => {
  it('the fixture has every kind: lost by chance, in an outage, copied, copies, acks', () => {
    expect(fates.some(({ lostTo }) => lostTo === 'loss')).toBe(true);
    expect(fates.some(({ lostTo }) => lostTo === 'outage')).toBe(true);
    expect(fates.some(({ wasCopied }) => wasCopied)).toBe(true);
    expect(fates.some(({ isCopy }) => isCopy)).toBe(true);
    expect(fates.some(({ kind }) => kind === 'ack')).toBe(true);
  });

  it('each is found again under the name it is told, by forcing what already is so: nothing changes', () => {
    for (const fate of fates) {
      const same = traceOf({ [fate.names.lost]: fate.lostTo === 'loss' });
      expect(same.timeUs).toEqual(trace.timeUs);
      expect(same.kind).toEqual(trace.kind);
    }
  });

  it('losing it, delivering it, copying it and delaying it do just that', () => {
    for (const fate of fates) {
      if (fate.lostTo === null) {
        expect(fateOf(traceOf({ [fate.names.lost]: true }), fate.row, 'shop', 'api')?.lostTo).toBe('loss');
        expect(fateOf(traceOf({ [fate.names.delay]: 7_000 }), fate.row, 'shop', 'api')?.delayUs).toBe(7_000);
      } else if (fate.lostTo === 'loss') {
        expect(fateOf(traceOf({ [fate.names.lost]: false }), fate.row, 'shop', 'api')?.lostTo).toBeNull();
      }
      if (fate.lostTo === null && !fate.isCopy) {
        const copied = fateOf(traceOf({ [fate.names.copied]: !fate.wasCopied }), fate.row, 'shop', 'api');
        expect(copied?.wasCopied).toBe(!fate.wasCopied);
      }
    }
  });

  it('the row at which it ended leads to the same fate; a row about no packet to none', () => {
    for (let row = 0; row < trace.rowCount; row++) {
      const fate = fateOf(trace, row, 'shop', 'api');
      const kind = trace.kind[row];
      if (kind === FACT.lost || kind === FACT.deliver || kind === FACT.confirm)
        expect(fate?.row).toBe(trace.cause[row]);
      if (kind === FACT.arrive || kind === FACT.effect || kind === FACT.timeout) expect(fate).toBeNull();
    }
  });
});
