// The world is plain data: written as bytes and read back it goes on as if nothing had happened, its bytes say
// nothing of history, and a world that is reset is a new one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../sim/engine/encode.ts';
import { Loop } from '../../sim/engine/loop.ts';
import { resetWorld } from '../../sim/engine/world.ts';
import { Observer } from '../../sim/observe/observer.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import { TraceRecorder } from '../../sim/trace/recorder.ts';
import { parsed, scenarios } from './arbitrary-scenario.ts';
import { finish, openRun, runs, type OpenRun } from './checks.ts';

const SEED = 20_260_401;

/** Where to cut a run, as a share of its events. */
const cuts = fc.integer({ min: 0, max: 100 });

/** A run that has made `percent` of its events. */
function cutAt(plan: Plan, percent: number): OpenRun {
  const length = openRun(plan);
  finish(length);
  const run = openRun(plan);
  run.loop.advance(Math.round((length.loop.events * percent) / 100));
  return run;
}

/** The same run, in a world that was written and read again `laterUs` later, with so many events left. */
function continued(run: OpenRun, events: number, laterUs = 0): OpenRun {
  const { nature, observer } = run;
  const plan = { ...run.plan, limits: { ...run.plan.limits, events } };
  const world = decode(encode(run.world), plan, run.world.clock.nowUs + laterUs);
  return { ...run, plan, world, loop: new Loop(plan, world, nature, observer) };
}

describe('encode and decode', () => {
  it(`encode → decode → continue gives the same digests, counts and totals [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(scenarios(), cuts, (scenario, percent) => {
        const plan = planOf(scenario);
        const straight = openRun(plan);
        const expected = finish(straight);

        const cut = cutAt(plan, percent);
        if (cut.loop.ended !== null || cut.loop.events >= plan.limits.events) return;
        const run = continued(cut, plan.limits.events - cut.loop.events);
        const { digests, open } = finish(run);

        expect(digests).toBe(expected.digests);
        expect(open).toBe(expected.open);
        expect(run.loop.ended).toBe(straight.loop.ended);
        expect(run.loop.events + cut.loop.events).toBe(straight.loop.events);
        expect(run.observer.totals).toEqual(straight.observer.totals);
        expect(run.observer.counts).toEqual(straight.observer.counts);
      }),
      runs(SEED, 250),
    );
  });

  it(`at every single event of a run [seed ${SEED + 1}]`, () => {
    for (const scenario of fc.sample(scenarios(), { seed: SEED + 1, numRuns: 15 })) {
      const plan = { ...planOf(scenario), limits: { ...scenario.limits, events: 200 } };
      const expected = finish(openRun(plan)).digests;
      let run = openRun(plan);
      for (let left = plan.limits.events; left > 0 && !run.loop.advance(1); left--)
        run = continued(run, left - 1);
      const { outcome, trace } = run.observer.finish();
      expect(`${outcome} ${trace}`).toBe(expected);
    }
  });

  it(`bytes read and written again are the same bytes, at any absolute time [seed ${SEED + 2}]`, () => {
    let bytes = 0;
    fc.assert(
      fc.property(scenarios(), cuts, fc.nat(), (scenario, percent, shiftUs) => {
        const { plan, world } = cutAt(planOf(scenario), percent);
        const first = encode(world);
        bytes += first.length;
        expect(Buffer.from(encode(decode(first, plan, world.clock.nowUs))).equals(first)).toBe(true);
        expect(Buffer.from(encode(decode(first, plan, world.clock.nowUs + shiftUs))).equals(first)).toBe(
          true,
        );
      }),
      runs(SEED + 2, 300),
    );
    expect(bytes).toBeGreaterThan(300 * 200);
  });

  it(`where nothing depends on absolute time, a world read later does the same later [seed ${SEED + 3}]`, () => {
    const shiftUs = 123_456_789;
    const timeless = scenarios({ withoutSmallLimits: true }).map((scenario) => {
      const stripped = structuredClone(scenario);
      for (const link of Object.values(stripped.links)) link.outages = [];
      for (const node of Object.values(stripped.nodes)) if (node.kind === 'consumer') node.outages = [];
      return stripped;
    });
    fc.assert(
      fc.property(timeless, cuts, (scenario, percent) => {
        const ends = [0, shiftUs].map((laterUs) => {
          const run = continued(cutAt(planOf(scenario), percent), 500, laterUs);
          const from = run.recorder.rowCount;
          const { timeUs, kind, message, packet, place, rowCount } = finish(run).trace;
          return Array.from({ length: rowCount - from }, (_, index) => {
            const row = from + index;
            return [timeUs[row] - laterUs, kind[row], message[row], packet[row], place[row]].join(' ');
          });
        });
        expect(ends[1]).toEqual(ends[0]);
      }),
      runs(SEED + 3, 100),
    );
  });

  it('a run that was over at its first instant is still over', () => {
    const scenario = parsed({
      format: 1,
      nodes: {
        shop: { kind: 'producer', ackTimeout: 'none' },
        api: { kind: 'consumer' },
        ledger: { kind: 'sink' },
      },
      links: { 'shop>api': { delay: 0 }, 'api>shop': { delay: 0 } },
    });
    const run = openRun(planOf(scenario));
    while (!run.loop.advance(1));
    expect(run.world.clock.nowUs).toBe(0);
    const again = continued(run, 100);
    expect(again.loop.advance(1)).toBe(true);
    expect(again.observer.counts[0]).toBe(1);
  });

  it('of a full store, which entry it would forget next is told apart; of one that is never full, not', () => {
    const worldWith = (capacity: number | 'unlimited', touched: number): Uint8Array => {
      const plan = planOf(
        parsed({
          format: 1,
          nodes: {
            shop: { kind: 'producer' },
            api: {
              kind: 'consumer',
              dedup: { window: '1h', anchor: 'first-seen', capacity, eviction: 'lru' },
            },
            ledger: { kind: 'sink' },
          },
          links: { 'shop>api': {}, 'api>shop': {} },
        }),
      );
      const { world } = openRun(plan);
      world.store.mark(1);
      world.store.mark(2);
      world.store.touch(touched);
      const again = decode(encode(world), plan, 0);
      expect(again.store.evictionOrder()).toEqual(
        capacity === 'unlimited' ? expect.anything() : touched === 1 ? [2, 1] : [1, 2],
      );
      return encode(world);
    };
    expect(worldWith(2, 1)).not.toEqual(worldWith(2, 2));
    expect(worldWith('unlimited', 1)).toEqual(worldWith('unlimited', 2));
  });

  it('holds more entries than a call can have arguments', () => {
    const run = openRun(
      planOf(fc.sample(scenarios({ withoutForgetting: true }), { seed: 1, numRuns: 1 })[0]),
    );
    for (let key = 1; key <= 200_000; key++) run.world.store.mark(key);
    const bytes = encode(run.world);
    expect(Buffer.from(encode(decode(bytes, run.plan, 0))).equals(bytes)).toBe(true);
  });
});

describe('reset', () => {
  it(`a world that was used and reset gives the digests of a new one [seed ${SEED + 4}]`, () => {
    fc.assert(
      fc.property(scenarios(), cuts, (scenario, percent) => {
        const plan = planOf(scenario);
        const expected = finish(openRun(plan)).digests;
        const used = cutAt(plan, percent);
        resetWorld(used.world);
        const observer = new Observer(plan, new TraceRecorder());
        const again = { ...used, observer, loop: new Loop(plan, used.world, used.nature, observer) };
        expect(finish(again).digests).toBe(expected);
      }),
      runs(SEED + 4, 200),
    );
  });
});
