// What is asked of the explorer: typed, checked at each field, and the same again after a link.
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../sim/explore/bounds.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import type { Policy } from '../../../sim/scenario/terms.ts';
import { askedFromWords, askedWords, NOTHING_ASKED, type Asked } from '../../../src/state/asked.ts';
import { permalinkFragment, readPermalink } from '../../../src/state/permalink.ts';
import { readAsked } from '../../../src/state/read-asked.ts';

function scenario(policy: Policy = 'effectively-once') {
  const parsed = parseScenario({
    format: 1,
    policy,
    nodes: {
      shop: { kind: 'producer', messages: 3, retry: { kind: 'fixed', delay: '1s', maxAttempts: 5 } },
      api: { kind: 'consumer' },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': {}, 'api>shop': {} },
  });
  if (!parsed.ok) throw new Error('the fixture must parse');
  return parsed.scenario;
}
const asked = (change: Partial<Asked>): Asked => ({ ...NOTHING_ASKED, ...change });

describe('asked: read', () => {
  it('nothing said: the first clause that the policy claims, within the usual bounds', () => {
    expect(readAsked(NOTHING_ASKED, scenario())).toMatchObject({
      question: { kind: 'clause', clause: 'no-duplicate' },
      bounds: boundsOf(scenario()),
      problems: {},
      notes: {},
    });
    expect(readAsked(NOTHING_ASKED, scenario('at-least-once')).question).toEqual({
      kind: 'clause',
      clause: 'no-false-confirmation',
    });
  });

  it.each([
    ['no-loss', { kind: 'clause', clause: 'no-loss' }],
    ['sometimes:give-up', { kind: 'sometimes', fact: 'give-up' }],
    ['settles:1.5s', { kind: 'settles', withinUs: 1_500_000 }],
  ])('%s, as on the command line', (ask, question) => {
    expect(readAsked(asked({ ask }), scenario())).toMatchObject({ question, problems: {} });
  });

  it.each([
    ['settles:soon', /^Expected a duration/],
    ['settles:', /^Expected a duration/],
    ['sometimes:rain', /^Choose one/],
    ['everything', /^Choose one/],
  ])('%s is told to be wrong, and asks nothing', (ask, problem) => {
    const read = readAsked(asked({ ask }), scenario());
    expect(read.question).toBeNull();
    expect(read.problems.ask).toMatch(problem);
  });

  it('a bound that cannot be is told at its field with its range; the usual one stands in for it', () => {
    const read = readAsked(asked({ bounds: { losses: '21', copies: '-1', crashes: '', states: '1.5' } }), scenario()); // prettier-ignore
    expect(read.problems).toEqual({
      losses: 'Expected a whole number from 0 to 20.',
      copies: 'Expected a whole number from 0 to 10.',
      crashes: 'Expected a whole number from 0 to 10.',
      states: 'Expected a whole number from 1 to 20,000,000.',
    });
    expect(read.bounds).toEqual(boundsOf(scenario()));
  });

  it('more than the scenario has is kept to what it has, and said', () => {
    const read = readAsked(asked({ bounds: { messages: '6', attempts: '20', states: '2,000,000' } }), scenario()); // prettier-ignore
    expect(read.bounds).toMatchObject({ messages: 3, attempts: 5, states: 2_000_000 });
    expect(read.notes.messages).toContain('3');
    expect(read.notes.attempts).toContain('5');
    expect(read.problems).toEqual({});
  });

  it('how long it takes cannot be asked where there are no durations', () => {
    const read = readAsked(asked({ ask: 'settles:30s', anyDelay: true }), scenario());
    expect(read.problems.ask).toContain('no durations');
  });

  it('reductions are all on but those that were turned off', () => {
    const { reductions } = readAsked(asked({ without: ['symmetry'] }), scenario());
    expect(reductions).toMatchObject({ lazyLoss: true, ample: true, counters: true, symmetry: false });
  });
});

describe('asked: in an address', () => {
  const whole = asked({
    ask: 'settles:30s',
    bounds: { losses: '3', states: 'many' },
    anyDelay: true,
    without: ['ample', 'symmetry'],
  });

  it('comes back as it was typed, wrong words and all', () => {
    expect(askedFromWords(askedWords(whole))).toEqual(whole);
    expect(askedFromWords(askedWords(NOTHING_ASKED))).toEqual(NOTHING_ASKED);
  });

  it('a link carries the scenario and the question; one without a question has none', async () => {
    const run = { scenario: scenario(), seed: '1', overrides: {}, digest: '' };
    const read = await readPermalink(await permalinkFragment({ ...run, asked: askedWords(whole) }));
    expect(read?.ok === true && askedFromWords(read.state.asked ?? {})).toEqual(whole);
    const without = await readPermalink(await permalinkFragment(run));
    expect(without?.ok === true && without.state.asked).toBeUndefined();
  });

  it('words of another kind are left aside, and long ones are cut', () => {
    expect(askedFromWords({ ask: 'no-loss', weather: 'fine', without: 'all,symmetry' })).toEqual(
      asked({ ask: 'no-loss', without: ['symmetry'] }),
    );
    expect(askedFromWords({ ask: 'x'.repeat(5_000) }).ask.length).toBeLessThan(100);
  });
});
