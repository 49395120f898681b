// Runs under each other: one axis, every lost packet once, and which packets were sent at another time.
import { describe, expect, it } from 'vitest';
import { run } from '../../../sim/run.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { POLICIES } from '../../../sim/scenario/terms.ts';
import { compareLayout, type RunToCompare } from '../../../src/view/compare-layout.ts';

function runs(messages: number): readonly RunToCompare[] {
  return POLICIES.map((policy) => {
    const parsed = parseScenario({
      format: 1,
      policy,
      nodes: {
        shop: {
          kind: 'producer',
          messages,
          ackTimeout: '400ms',
          retry: { kind: 'fixed', delay: '300ms', maxAttempts: 4 },
        },
        api: { kind: 'consumer' },
        ledger: { kind: 'sink' },
      },
      links: { 'shop>api': { loss: '30%' }, 'api>shop': { loss: '30%' } },
    });
    if (!parsed.ok) throw new Error('the fixture must parse');
    const plan = planOf(parsed.scenario);
    const { trace, endedAtUs } = run(plan, { seed: '3', trace: true });
    if (trace === null) throw new Error('the fixture must be traced');
    return { trace, scenario: plan.scenario, endUs: endedAtUs };
  });
}

describe('compare layout', () => {
  const eight = runs(8);
  const layout = compareLayout(eight, 'elided', 900);

  it('the axis holds every instant of every run, in order and inside its width', () => {
    for (const { trace } of eight) {
      const xs = Array.from(trace.timeUs.subarray(0, trace.rowCount), (us) => layout.axis.x(us));
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
      expect(Math.min(...xs)).toBeGreaterThan(0);
      expect(Math.max(...xs)).toBeLessThan(900);
    }
  });

  it('a packet that every run lost at one instant is listed once', () => {
    const keys = layout.lost.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(layout.lost.length).toBeGreaterThan(2);
    const firstAttempts = layout.lost.filter(({ words, way }) => way === 'request' && !words.includes('.'));
    expect(new Set(firstAttempts.map(({ words }) => words)).size).toBe(firstAttempts.length);
  });

  it('labels of one row never touch', () => {
    for (const way of ['request', 'answer'] as const) {
      const labelled = layout.lost.filter((packet) => packet.way === way && packet.isLabelled);
      for (let i = 1; i < labelled.length; i++) {
        expect(labelled[i].x - labelled[i - 1].x).toBeGreaterThan(10 + labelled[i - 1].words.length * 6);
      }
    }
  });

  it('one run alone has sent nothing at another time', () => {
    expect(compareLayout([eight[1], eight[1]], 'elided', 900).moved).toEqual([]);
  });

  it('a long run is not listed packet by packet, and says so', () => {
    const long = compareLayout(runs(400), 'linear', 900);
    expect(long.isDense).toBe(true);
    expect(long.lost).toEqual([]);
  });
});
