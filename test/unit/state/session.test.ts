// The session's verbs, against an engine that is answered by hand.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startRun } from '../../../sim/run.ts';
import type { BundledScenario } from '../../../src/state/library.ts';
import { Session } from '../../../src/state/session.svelte.ts';
import type { Engine, RunOutcome } from '../../../src/worker/client.ts';
import type { RunRequest } from '../../../src/worker/protocol.ts';

const node = (messages: number) => ({
  format: 1,
  seed: '7',
  nodes: {
    shop: {
      kind: 'producer',
      messages,
      ackTimeout: '1s',
      retry: { kind: 'fixed', delay: '1s', maxAttempts: 3 },
    },
    api: { kind: 'consumer' },
    ledger: { kind: 'sink' },
  },
  links: { 'shop>api': {}, 'api>shop': {} },
});
const INPUTS = [
  { ...node(1), id: 'one', title: 'One' },
  { ...node(2), id: 'two', title: 'Two', policy: 'effectively-once' },
];
const LIBRARY: readonly BundledScenario[] = INPUTS.map((input) => ({
  id: input.id,
  title: input.title,
  question: '',
  tags: [],
  load: async () => input,
}));

/** Runs at once and for real; counts what it was asked. */
class InstantEngine implements Engine {
  readonly asked: RunRequest[] = [];
  cancels = 0;
  next: RunOutcome | null = null;
  /** What runs wait for. */
  held: Promise<void> = Promise.resolve();

  async run(request: RunRequest): Promise<RunOutcome> {
    this.asked.push(request);
    await this.held;
    const forced = this.next;
    this.next = null;
    if (forced !== null) return forced;
    const { plan, ...options } = request;
    const run = startRun(plan, options);
    while (!run.advance(1_000_000));
    return { kind: 'result', result: run.result() };
  }
  cancel(): void {
    this.cancels += 1;
  }
}

async function start(id = 'one') {
  const engine = new InstantEngine();
  let nowMs = 0;
  const session = new Session(INPUTS[0], { engine, library: LIBRARY, clock: () => nowMs });
  await session.openBundled(id);
  return { engine, session, wait: (ms: number) => (nowMs += ms) };
}
const settle = () => vi.advanceTimersByTimeAsync(1_000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('session: opening', () => {
  it('a chosen scenario runs with its own seed, and the playhead stands at the end', async () => {
    const { session, engine } = await start('two');
    await settle();
    expect(engine.asked).toHaveLength(1);
    expect(session.seed).toBe('7');
    expect(session.shown?.result.metrics.messages).toBe(2);
    expect(session.playhead).toEqual({
      timeUs: session.shown?.result.endedAtUs,
      row: (session.shown?.trace?.rowCount ?? 0) - 1,
    });
    expect(session.isEdited).toBe(false);
  });

  it('a run that was under way when another was opened is never shown', async () => {
    const { session, engine } = await start('one');
    let release = (): void => undefined;
    engine.held = new Promise((resolve) => (release = resolve));
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.asked).toHaveLength(1);
    await session.openBundled('two');
    release();
    for (let n = 0; n < 20; n++) await Promise.resolve(); // it comes, before the other has begun
    expect(session.shown).toBeNull();
    await settle();
    expect(session.shown?.result.metrics.messages).toBe(2);
  });

  it('an id that is not there changes nothing', async () => {
    const { session } = await start('two');
    expect(await session.openBundled('three')).toContain('one, two');
    expect(session.scenario.id).toBe('two');
  });

  it('a link to a bundled scenario is that scenario; its digest is compared, and both are told when they differ', async () => {
    const { session } = await start('one');
    await settle();
    const link = {
      scenario: INPUTS[1],
      seed: '7',
      overrides: {},
      digest: 'o1:ffffffffffffffff',
      at: [0, 1] as const,
    };
    expect(await session.openLink(link)).toBeNull();
    await settle();
    expect(session.scenario.id).toBe('two');
    expect(session.draft.input).toBe(INPUTS[1]);
    expect(session.notices.map(({ id }) => id)).toEqual(['digest']);
    expect(session.notices[0].text).toContain('o1:ffffffffffffffff');
    expect(session.notices[0].text).toContain(session.shown?.result.digests.outcome);
    expect(session.playhead).toEqual({ timeUs: 0, row: 0 });
  });

  it('a link whose digest holds is opened in silence', async () => {
    const { session } = await start('two');
    await settle();
    const digest = session.shown?.result.digests.outcome ?? '';
    await session.openLink({ scenario: INPUTS[1], seed: '7', overrides: {}, digest, at: null });
    await settle();
    expect(session.notices).toEqual([]);
  });

  it('a link with a scenario that cannot be run is refused, and what was there stays', async () => {
    const { session } = await start('two');
    const why = await session.openLink({
      scenario: { format: 1 },
      seed: '1',
      overrides: {},
      digest: '',
      at: null,
    });
    expect(why).toContain('nodes');
    expect(session.scenario.id).toBe('two');
  });
});

describe('session: editing', () => {
  it('typing settles before it runs, and is one step of undo', async () => {
    const { session, engine, wait } = await start();
    await settle();
    for (const text of ['"2s"', '"20s"']) {
      session.edit('shop.ackTimeout', text);
      wait(100);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(engine.asked).toHaveLength(1);
    await settle();
    expect(engine.asked).toHaveLength(2);
    expect(session.hop.producer.ackTimeout).toBe(20_000_000);
    session.undo();
    expect(session.hop.producer.ackTimeout).toBe(1_000_000);
    expect(session.canUndo).toBe(false);
    session.redo();
    expect(session.hop.producer.ackTimeout).toBe(20_000_000);
  });

  it('what is not allowed is told at its field, and the last good run stays, marked as such', async () => {
    const { session, engine } = await start();
    await settle();
    const before = session.shown;
    session.edit('shop.ackTimeout', '"soon"');
    await settle();
    expect(session.problemAt('shop.ackTimeout')?.value).toBe('"soon"');
    expect(session.fieldText('shop.ackTimeout', 'duration')).toBe('soon');
    expect(session.shown).toBe(before);
    expect(session.isStale).toBe(true);
    expect(engine.asked).toHaveLength(1);
    session.undo();
    await settle();
    expect(session.isStale).toBe(false);
  });

  it('a change taken back by hand is no change: the bundled scenario is judged by what it expects again', async () => {
    const { session, engine } = await start();
    session.setPolicy('at-most-once');
    await settle();
    expect(session.isEdited).toBe(true);
    expect(engine.asked.at(-1)?.asClaimed).toBe(true);
    session.setPolicy('custom');
    await settle();
    expect(session.isEdited).toBe(false);
    expect(engine.asked.at(-1)?.asClaimed).toBe(false);
  });

  it('reset goes back to what was opened, and can be undone', async () => {
    const { session } = await start();
    session.newWeather('99');
    session.reset();
    expect(session.seed).toBe('7');
    session.undo();
    expect(session.seed).toBe('99');
  });
});

describe('session: forking', () => {
  it('a forced choice runs at once; the original is one click away and needs no run of its own', async () => {
    const { session, engine } = await start();
    await settle();
    const original = session.shown;
    session.fork('shop>api/request/m1/1/c0/lost', true);
    await settle();
    expect(session.shown?.result.metrics.requestsLost).toBe(1);
    await session.showOriginal();
    expect(session.shown).toBe(original);
    expect(engine.asked).toHaveLength(2);
    session.showFork();
    expect(session.shown?.result.metrics.requestsLost).toBe(1);
    session.dropFork('shop>api/request/m1/1/c0/lost');
    await settle();
    expect(session.shown?.result.metrics.requestsLost).toBe(0);
  });

  it('a fork that came from a link has its original run when it is asked for', async () => {
    const { session, engine } = await start();
    await session.openLink({
      scenario: INPUTS[0],
      seed: '7',
      overrides: { 'shop>api/request/m1/1/c0/lost': true, 'shop>api/request/m9/1/c0/lost': true },
      digest: '',
      at: null,
    });
    await settle();
    expect(session.shown?.result.unusedOverrides).toEqual(['shop>api/request/m9/1/c0/lost']);
    await session.showOriginal();
    expect(session.shown?.result.metrics.requestsLost).toBe(0);
    expect(engine.asked.at(-1)?.overrides).toEqual({});
  });
});

describe('session: running', () => {
  it('an error is told, and trying again clears it', async () => {
    const { session, engine } = await start();
    engine.next = { kind: 'error', message: 'the worker was blocked' };
    await settle();
    expect(session.failure).toBe('the worker was blocked');
    session.rerun();
    await settle();
    expect(session.failure).toBeNull();
    expect(session.shown).not.toBeNull();
  });

  it('a cancel stops the engine and says so', async () => {
    const { session, engine } = await start();
    session.cancel();
    await settle();
    expect(engine.cancels).toBe(1);
    expect(engine.asked).toHaveLength(0);
    expect(session.notices.map(({ id }) => id)).toEqual(['cancelled']);
  });

  it('compare runs the three policies on the same seed, and again only after a change', async () => {
    const { session, engine } = await start();
    await settle();
    session.go('compare');
    await settle();
    expect(session.compared.map((run) => run.plan.scenario.policy)).toEqual([
      'at-most-once',
      'at-least-once',
      'effectively-once',
    ]);
    expect(new Set(engine.asked.map(({ seed }) => seed))).toEqual(new Set(['7']));
    const asked = engine.asked.length;
    session.go('workbench');
    session.go('compare');
    await settle();
    expect(engine.asked).toHaveLength(asked);
    session.newWeather('8');
    await settle();
    expect(session.compared[0].draft.seed).toBe('8');
  });
});
