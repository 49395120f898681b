// Running drafts: what becomes of a run that another follows while its result is being prepared.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startRun } from '../../../sim/run.ts';
import type { Draft } from '../../../src/state/draft.ts';
import { Runner } from '../../../src/state/runner.svelte.ts';
import { isLarge } from '../../../src/view/prepare.ts';
import type { Engine } from '../../../src/worker/client.ts';

/** Answers at once, and so is never superseded itself. */
const ENGINE: Engine = {
  async run({ plan, ...options }) {
    const run = startRun(plan, options);
    while (!run.advance(1_000_000));
    return { kind: 'result', result: run.result() };
  },
  cancel: () => undefined,
};

const draftOf = (messages: number): Draft => ({
  input: {
    format: 1,
    nodes: { shop: { kind: 'producer', messages }, api: { kind: 'consumer' }, ledger: { kind: 'sink' } },
    links: { 'shop>api': {}, 'api>shop': {} },
  },
  seed: '7',
  overrides: {},
});
const LARGE = draftOf(4_000);
const SMALL = draftOf(1);

function start(runner: Runner, draft: Draft) {
  return runner.run(draft, { filedAs: draft, asClaimed: true });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('runner: a large run is prepared before it is shown', () => {
  it('and comes when nothing follows', async () => {
    const run = start(new Runner(ENGINE), LARGE);
    await vi.runAllTimersAsync();
    const trace = (await run)?.trace ?? null;
    expect(trace !== null && isLarge(trace)).toBe(true);
  });

  it('a newer run takes its place meanwhile', async () => {
    const runner = new Runner(ENGINE);
    const older = start(runner, LARGE);
    await vi.advanceTimersByTimeAsync(0);
    const newer = start(runner, SMALL);
    await vi.runAllTimersAsync();
    expect(await older).toBeNull();
    expect((await newer)?.draft).toBe(SMALL);
    expect(runner.isSlow).toBe(false);
  });

  it('a cancel meanwhile leaves nothing to show', async () => {
    const runner = new Runner(ENGINE);
    const run = start(runner, LARGE);
    await vi.advanceTimersByTimeAsync(0);
    runner.cancel();
    await vi.runAllTimersAsync();
    expect(await run).toBeNull();
    expect(runner.isSlow).toBe(false);
  });

  it('a small run needs no further task', async () => {
    const run = start(new Runner(ENGINE), SMALL);
    expect((await run)?.draft).toBe(SMALL);
  });
});
