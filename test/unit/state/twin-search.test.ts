// The search for a twin as the screen drives it: asked once for each run, stopped, asked again, and told why it failed.
import { describe, expect, it } from 'vitest';
import type { LadderAnswer } from '../../../sim/explore/ladder.ts';
import type { TwinAnswer, TwinProgress } from '../../../sim/explore/twins.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import type { ShownRun } from '../../../src/state/runner.svelte.ts';
import { TwinSearch, type TwinSource } from '../../../src/state/twin-search.svelte.ts';
import type { Outcome } from '../../../src/worker/client.ts';
import { tracedRun } from '../view/trace-of.ts';

const HOP = {
  format: 1,
  nodes: { shop: { kind: 'producer' }, api: { kind: 'consumer' }, ledger: { kind: 'sink' } },
  links: { 'shop>api': {}, 'api>shop': {} },
};

function aRun(): ShownRun {
  const { scenario, result, trace } = tracedRun(HOP);
  const draft = { input: HOP, seed: 's', overrides: {} };
  return { draft, plan: planOf(scenario), hash: 'h', result, trace };
}

const LADDER: LadderAnswer = { kind: 'ladder', ladder: { message: 1, runs: 3, mass: 1, rungs: [] } };
const schedules = (count: number): TwinProgress => ({ fates: 2, schedules: count });
const NONE = (search: TwinSearch): TwinAnswer => ({ kind: 'none', schedules: 9, bounds: search.bounds });

/** A source whose searches are answered by hand. */
class Hand implements TwinSource {
  asked = 0;
  cancelled = 0;
  tell: (progress: TwinProgress) => void = () => undefined;
  answer: (outcome: Outcome<TwinAnswer>) => void = () => undefined;
  ladder(): Promise<Outcome<LadderAnswer>> {
    return Promise.resolve({ kind: 'result', result: LADDER });
  }
  twin(_: unknown, onProgress: (progress: TwinProgress) => void): Promise<Outcome<TwinAnswer>> {
    this.asked++;
    this.tell = onProgress;
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }
  cancel(): void {
    this.cancelled++;
    this.answer({ kind: 'superseded' });
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

describe('twin search', () => {
  it('tells the ladder first, then how far it is, then the answer', async () => {
    const hand = new Hand();
    const search = new TwinSearch(hand, aRun());
    void search.start();
    await settled();
    expect(search.ladder).toBe(LADDER);
    hand.tell(schedules(500));
    expect(search.state).toEqual({ kind: 'searching', progress: schedules(500) });
    hand.answer({ kind: 'result', result: NONE(search) });
    await settled();
    expect(search.state).toEqual({ kind: 'answered', answer: NONE(search) });
  });

  it('keeps the answer of a run: a screen that is opened again does not ask again', async () => {
    const hand = new Hand();
    const run = aRun();
    const first = new TwinSearch(hand, run);
    void first.start();
    await settled();
    hand.answer({ kind: 'result', result: NONE(first) });
    await settled();
    const second = new TwinSearch(hand, run);
    void second.start();
    await settled();
    expect(hand.asked).toBe(1);
    expect(second.state.kind).toBe('answered');
    expect(second.ladder).toBe(LADDER);
  });

  it('stops when told to, says how far it was, and can be asked again', async () => {
    const hand = new Hand();
    const search = new TwinSearch(hand, aRun());
    void search.start();
    await settled();
    hand.tell(schedules(1_500));
    search.cancel();
    await settled();
    expect(search.state).toEqual({ kind: 'cancelled', progress: schedules(1_500) });
    expect(hand.cancelled).toBe(1);
    void search.start();
    await settled();
    hand.answer({ kind: 'result', result: NONE(search) });
    await settled();
    expect(search.state.kind).toBe('answered');
  });

  it('an error is told, and a screen that was left stops the search and hears nothing more', async () => {
    const hand = new Hand();
    const failing = new TwinSearch(hand, aRun());
    void failing.start();
    await settled();
    hand.answer({ kind: 'error', message: 'the worker was blocked' });
    await settled();
    expect(failing.state).toEqual({ kind: 'failed', message: 'the worker was blocked' });

    const left = new TwinSearch(hand, aRun());
    void left.start();
    await settled();
    left.leave();
    hand.tell(schedules(99));
    await settled();
    expect(left.state).toEqual({ kind: 'searching', progress: { fates: 0, schedules: 0 } });
    expect(hand.cancelled).toBe(1);
  });

  it('a run too large to be kept is not searched', async () => {
    const hand = new Hand();
    const search = new TwinSearch(hand, { ...aRun(), trace: null });
    await search.start();
    expect(hand.asked).toBe(0);
    expect(search.state).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('too many messages'),
    });
  });

  it('the ladder is asked for every pattern of losses of one message', () => {
    const { ladderBounds } = new TwinSearch(new Hand(), aRun());
    expect(ladderBounds).toMatchObject({ messages: 1, copies: 0, delays: 0, crashes: 0 });
    expect(ladderBounds.losses).toBeGreaterThanOrEqual(2 * ladderBounds.attempts);
  });
});
