// The explorer behind its worker: answers, progress, twins and the ladder cross the boundary; it stops where it is told
// to with what it has, and a breaking worker is an error.
import * as Comlink from 'comlink';
import { describe, expect, it, vi } from 'vitest';
import { boundsOf } from '../../../sim/explore/bounds.ts';
import { explore, type Inquiry, type Progress } from '../../../sim/explore/explore.ts';
import { twinOf } from '../../to-the-end.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { HostClient, type Way } from '../../../src/worker/client.ts';
import { explorerOn, explorerWay } from '../../../src/worker/explorer-host.ts';
import { explorerHere } from '../../../src/worker/explorer-slices.ts';
import {
  EXPLORER_GREETING,
  type Explorer,
  type ExplorerApi,
  type ExplorerHost,
} from '../../../src/worker/explorer.ts';
import type { WorkerLike } from '../../../src/worker/worker-host.ts';

function scenario(messages: number, delay: unknown = '40ms', maxAttempts = 4) {
  const parsed = parseScenario({
    format: 1,
    policy: 'at-least-once',
    nodes: {
      shop: {
        kind: 'producer',
        messages,
        ackTimeout: '1s',
        retry: { kind: 'fixed', delay: '1s', maxAttempts },
      },
      api: { kind: 'consumer' },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': { delay }, 'api>shop': { delay } },
  });
  if (!parsed.ok) throw new Error('the fixture must parse');
  return parsed.scenario;
}

function inquiry(asked: Partial<Inquiry> = {}, messages = 1): Inquiry {
  return {
    scenario: scenario(messages),
    question: { kind: 'clause', clause: 'no-duplicate' },
    bounds: boundsOf(scenario(messages)),
    ...asked,
  };
}

/** Never through within a test: every order of six messages. */
function endless(): Inquiry {
  return inquiry(
    { bounds: boundsOf(scenario(6), { messages: 6, anyDelay: true, copies: 0, crashes: 0, losses: 8 }), question: { kind: 'sometimes', fact: 'dead-letter' } }, // prettier-ignore
    6,
  );
}

/** A thread of its own in all but name: a message channel with the explorer at its other end. */
function channelWorker(api: Partial<ExplorerApi> = {}): { explorer: Explorer; stops: () => number } {
  let stops = 0;
  const way: Way<ExplorerHost> = explorerWay('a worker', () => {
    const { port1, port2 } = new MessageChannel();
    const { explore, twin, ladder, finish } = explorerHere(5);
    const whole: ExplorerApi = { hello: () => EXPLORER_GREETING, explore, twin, ladder, finish, ...api };
    Comlink.expose(whole, port1);
    const terminate = (): void => {
      stops += 1;
      port1.close();
      port2.close();
    };
    return { worker: Object.assign(port2, { terminate }) as WorkerLike };
  });
  return { explorer: explorerOn(new HostClient([way])), stops: () => stops };
}

describe('explorer: behind a worker', () => {
  it('answers as the search itself does', async () => {
    const { explorer } = channelWorker();
    const asked = inquiry();
    const outcome = await explorer.explore(asked, () => undefined);
    expect(outcome.kind === 'result' && outcome.result.answer).toEqual(explore(asked));
    explorer.cancel();
  });

  it('tells its progress, and answers with what it has when it is told to finish', async () => {
    const { explorer, stops } = channelWorker();
    const told: Progress[] = [];
    const outcome = await explorer.explore(endless(), (progress) => {
      told.push(progress);
      if (told.length === 2) explorer.finish();
    });
    if (outcome.kind !== 'result') throw new Error(outcome.kind);
    const { answer, progress } = outcome.result;
    expect(answer).toMatchObject({ kind: 'gave up', limit: 'cancelled' });
    expect(answer.evidence.states).toBeGreaterThanOrEqual(told[1].states);
    expect(told[1].states).toBeGreaterThan(told[0].states);
    expect(progress.states).toBe(answer.evidence.states);
    expect(stops()).toBe(0); // it can be asked again at once
  });

  it('a newer question supersedes it, and ends its worker', async () => {
    const { explorer, stops } = channelWorker();
    const first = explorer.explore(endless(), () => undefined);
    await vi.waitFor(() => expect(stops()).toBe(0));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await explorer.explore(inquiry(), () => undefined);
    expect((await first).kind).toBe('superseded');
    expect(second.kind).toBe('result');
    expect(stops()).toBe(1);
  });

  it('an error in the search arrives as an error, in its own words', async () => {
    const { explorer } = channelWorker({
      explore: () => Promise.reject(new Error('assertion: 3 is not 4')),
    });
    const outcome = await explorer.explore(inquiry(), () => undefined);
    expect(outcome).toEqual({ kind: 'error', message: 'assertion: 3 is not 4' });
  });

  it('twins and the ladder of a run come through as they were computed', async () => {
    const { explorer } = channelWorker();
    const one = scenario(1);
    const plan = planOf(one);
    const overrides = { 'shop>api/request/m1/1/c0/lost': true };
    const bounds = boundsOf(one, { crashes: 0, copies: 0, attempts: 2 });
    const run = { seed: one.seed, overrides };
    const twins = await explorer.twin({ plan, bounds, ...run }, () => undefined);
    const ladder = await explorer.ladder({ plan, bounds, ...run }, () => undefined);
    const { kind } = twinOf(plan, run, bounds);
    expect(twins.kind === 'result' && twins.result.kind).toBe(kind);
    if (ladder.kind !== 'result' || ladder.result.kind !== 'ladder') throw new Error(ladder.kind);
    const { runs, mass, rungs } = ladder.result.ladder;
    expect(runs).toBe(7); // up to two attempts, no more than two losses: each arrives or not, each ack likewise
    expect(mass).toBe(1);
    expect(rungs.at(-1)).toMatchObject({ runs: 0, holdsHere: false });
  });
});

describe('explorer: on the page', () => {
  it('breathes while it works, and stops when it is dropped', async () => {
    const here = explorerHere(5);
    let breaths = 0;
    const timer = setInterval(() => breaths++, 1);
    const exploring = here.explore(endless(), () => {
      if (breaths > 3) here.stop();
    });
    await expect(exploring).rejects.toThrow('stopped');
    clearInterval(timer);
    expect(breaths).toBeGreaterThan(3);
  });

  // Nothing is lost, so what the sender sent is what was applied: no twins. Of twenty attempts all can be lost.
  it.each([
    ['twin', { losses: 0, delays: 10 }],
    ['ladder', { losses: 20, delays: 0 }],
  ] as const)('a search for a %s breathes too', async (what, some) => {
    const here = explorerHere(5);
    const long = scenario(6, { kind: 'uniform', min: '40ms', max: '3s' }, 20);
    const asked = { messages: 6, attempts: 20, copies: 0, crashes: 0, states: 20_000_000, ...some };
    const run = { plan: planOf(long), seed: '1', overrides: {}, bounds: boundsOf(long, asked) };
    let breaths = 0;
    const timer = setInterval(() => breaths++, 1);
    const searching = here[what](run, () => {
      if (breaths > 3) here.stop();
    });
    await expect(searching).rejects.toThrow('stopped');
    clearInterval(timer);
    expect(breaths).toBeGreaterThan(3);
  });
});
