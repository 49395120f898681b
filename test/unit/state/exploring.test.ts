// The explorer's state: an answer stays with its question, says when it is stale, and what it found opens in the
// workbench without losing what was set.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Exploration, explore, type Inquiry, type Progress } from '../../../sim/explore/explore.ts';
import { run, startRun } from '../../../sim/run.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { Exploring } from '../../../src/state/exploring.svelte.ts';
import { readPermalink } from '../../../src/state/permalink.ts';
import { Session } from '../../../src/state/session.svelte.ts';
import type { Engine } from '../../../src/worker/client.ts';
import type { Explored, Explorer } from '../../../src/worker/explorer.ts';
import type { Outcome } from '../../../src/worker/client.ts';

const INPUT = {
  format: 1,
  id: 'one',
  title: 'One',
  policy: 'at-least-once',
  nodes: {
    shop: {
      kind: 'producer',
      messages: 4,
      ackTimeout: '1s',
      retry: { kind: 'fixed', delay: '1s', maxAttempts: 5 },
    },
    api: { kind: 'consumer' },
    ledger: { kind: 'sink' },
  },
  links: { 'shop>api': { delay: '40ms' }, 'api>shop': { delay: '40ms' } },
};

const ENGINE: Engine = {
  run: async ({ plan, ...options }) => {
    const running = startRun(plan, options);
    while (!running.advance(1_000_000));
    return { kind: 'result', result: running.result() };
  },
  cancel: () => undefined,
};

/** Explores at once and for real, unless an outcome was laid out for it. */
class InstantExplorer implements Explorer {
  readonly asked: Inquiry[] = [];
  finishes = 0;
  next: Promise<Outcome<Explored>> | null = null;
  tell: ((progress: Progress) => void) | null = null;

  async explore(inquiry: Inquiry, onProgress: (progress: Progress) => void): Promise<Outcome<Explored>> {
    this.asked.push(inquiry);
    this.tell = onProgress;
    const laidOut = this.next;
    this.next = null;
    return laidOut ?? { kind: 'result', result: { answer: explore(inquiry), progress: progressOf(inquiry) } };
  }
  twin = () => Promise.reject(new Error('not asked'));
  ladder = () => Promise.reject(new Error('not asked'));
  finish(): void {
    this.finishes += 1;
  }
  cancel(): void {
    // nothing is ever under way
  }
}

function progressOf(inquiry: Inquiry): Progress {
  return new Exploration(inquiry).progress;
}

async function start() {
  const session = new Session(INPUT, {
    engine: ENGINE,
    library: [{ id: 'one', title: 'One', question: '', tags: [], load: async () => INPUT }],
  });
  await session.openBundled('one');
  session.go('explore');
  const explorer = new InstantExplorer();
  const exploring = new Exploring(session, explorer, () => 0);
  return { session, explorer, exploring };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('exploring: asking', () => {
  it('explores what is set: the seed, the policy, the question, the bounds', async () => {
    const { session, explorer, exploring } = await start();
    session.setSeed('77');
    exploring.ask({ ask: 'no-duplicate' });
    exploring.bound('losses', '1');
    await exploring.explore();
    expect(explorer.asked).toHaveLength(1);
    expect(explorer.asked[0]).toMatchObject({
      question: { kind: 'clause', clause: 'no-duplicate' },
      bounds: { messages: 2, attempts: 4, losses: 1 },
      scenario: { seed: '77', policy: 'at-least-once' },
      several: 1,
    });
    expect(exploring.explored?.answer.kind).toBe('found');
  });

  it('does not explore while a field cannot be read', async () => {
    const { explorer, exploring } = await start();
    exploring.bound('losses', 'some');
    expect(exploring.canExplore).toBe(false);
    await exploring.explore();
    expect(explorer.asked).toHaveLength(0);
  });

  it('shows how far it is, and finishes when it is told to', async () => {
    const { explorer, exploring } = await start();
    let answer = (_: Outcome<Explored>): void => undefined;
    explorer.next = new Promise((resolve) => (answer = resolve));
    const asking = exploring.explore();
    expect(exploring.underWay).toMatchObject({ progress: null, isFinishing: false });
    explorer.tell?.({ ...progressOf(explorer.asked[0]), states: 7 });
    expect(exploring.underWay?.progress?.states).toBe(7);
    exploring.finish();
    expect(explorer.finishes).toBe(1);
    explorer.tell?.({ ...progressOf(explorer.asked[0]), states: 8 });
    expect(exploring.underWay).toMatchObject({ isFinishing: true, progress: { states: 8 } });
    answer({
      kind: 'result',
      result: { answer: explore(explorer.asked[0]), progress: progressOf(explorer.asked[0]) },
    });
    await asking;
    expect(exploring.underWay).toBeNull();
    await exploring.explore();
    expect(explorer.asked).toHaveLength(2);
  });

  it('an error is shown, and keeps the answer before it; a superseded one says nothing', async () => {
    const { explorer, exploring } = await start();
    exploring.ask({ ask: 'no-duplicate' });
    await exploring.explore();
    const before = exploring.explored;
    explorer.next = Promise.resolve({ kind: 'error', message: 'assertion: 3 is not 4' });
    await exploring.explore();
    expect(exploring.failure).toBe('assertion: 3 is not 4');
    expect(exploring.explored).toBe(before);
    explorer.next = Promise.resolve({ kind: 'superseded' });
    await exploring.explore();
    expect(exploring.failure).toBeNull();
    expect(exploring.explored).toBe(before);
  });

  it('several: the same question again, for more answers', async () => {
    const { explorer, exploring } = await start();
    exploring.ask({ ask: 'no-duplicate' });
    await exploring.explore();
    await exploring.showSeveral();
    expect(explorer.asked[1]).toEqual({ ...explorer.asked[0], several: 6 });
    const { explored } = exploring;
    expect(explored?.answer.kind === 'found' && explored.answer.witnesses.length).toBe(6);
  });

  it('goes on with a larger limit on states, which the bounds then say', async () => {
    const { explorer, exploring } = await start();
    exploring.ask({ ask: 'no-loss', bounds: { states: '10' } });
    await exploring.explore();
    expect(exploring.explored?.answer).toMatchObject({ kind: 'gave up', limit: 'states' });
    await exploring.goOn(50_000);
    expect(explorer.asked[1].bounds.states).toBe(50_000);
    expect(exploring.asked.bounds.states).toBe('50000');
    expect(exploring.explored?.answer.kind).not.toBe('gave up');
  });
});

describe('exploring: an answer that is no longer about what is set', () => {
  it('the scenario or the question changed; undo makes it fresh again', async () => {
    const { session, exploring } = await start();
    exploring.ask({ ask: 'no-duplicate' });
    await exploring.explore();
    expect(exploring.changed).toBeNull();
    session.setPolicy('effectively-once');
    expect(exploring.changed).toBe('scenario');
    session.undo();
    expect(exploring.changed).toBeNull();
    exploring.bound('losses', '5');
    expect(exploring.changed).toBe('question');
    exploring.ask({ bounds: { states: '5' } });
    expect(exploring.changed).toBeNull(); // how far it was to go is not what was asked
  });
});

describe('exploring: what was found', () => {
  async function found() {
    const started = await start();
    started.exploring.ask({ ask: 'no-duplicate' });
    await started.exploring.explore();
    const answer = started.exploring.explored?.answer;
    if (answer?.kind !== 'found') throw new Error('the fixture must have a counterexample');
    return { ...started, witness: answer.witnesses[0] };
  }

  it('opens in the workbench with the same digest; going back brings back what was set', async () => {
    const { session, exploring, witness } = await found();
    const mine = session.draft;
    exploring.open(witness);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.screen).toBe('workbench');
    expect(session.shown?.result.digests.outcome).toBe(witness.digest);
    expect(session.visit?.text).toContain('counterexample to no-duplicate');
    session.go('explore');
    expect(session.draft).toBe(mine);
    expect(session.visit).toBeNull();
    expect(exploring.changed).toBeNull();
  });

  it('or undo does', async () => {
    const { session, exploring, witness } = await found();
    const mine = session.draft;
    exploring.open(witness);
    session.undo();
    expect(session.draft).toBe(mine);
  });

  it('is the person’s own run once they change it: nothing is taken back then', async () => {
    const { session, exploring, witness } = await found();
    exploring.open(witness);
    session.setSeed('5');
    expect(session.visit).toBeNull();
    const changed = session.draft;
    session.go('explore');
    expect(session.draft).toBe(changed);
  });

  it('its link opens the same run', async () => {
    const { exploring, witness } = await found();
    const link = await exploring.linkTo(witness, 'https://example.org/lab/?scenario=x#old');
    expect(link.startsWith('https://example.org/lab/#v1.')).toBe(true);
    const read = await readPermalink(new URL(link).hash);
    if (read?.ok !== true) throw new Error('the link must be readable');
    const parsed = parseScenario(read.state.scenario);
    if (!parsed.ok) throw new Error('its scenario must parse');
    const { overrides, seed, digest } = read.state;
    expect(digest).toBe(witness.digest);
    expect(run(planOf(parsed.scenario), { seed, overrides }).digests.outcome).toBe(witness.digest);
  });

  it('its command names the bundled scenario and what differs; a changed scenario goes along whole', async () => {
    const { session, exploring, witness } = await found();
    expect(exploring.commandFor(witness)).toBe(
      'delivery-lab run one --seed 1 --policy at-least-once --set shop.messages=2 --set shop.retry.maxAttempts=4 ' +
        Object.entries(witness.overrides)
          .map(([name, value]) => `--override '${name}=${value}'`)
          .join(' '),
    );
    session.edit('shop.ackTimeout', '"2s"');
    await exploring.explore();
    const answer = exploring.explored?.answer;
    if (answer?.kind !== 'found') throw new Error('the fixture must have a counterexample');
    const [line, json, end] = exploring.commandFor(answer.witnesses[0]).split('\n');
    expect(line).toMatch(/^delivery-lab run - --seed 1 --override .* <<'SCENARIO'$/);
    expect(parseScenario(JSON.parse(json)).ok).toBe(true);
    expect(end).toBe('SCENARIO');
  });
});
