// The link format: what goes in comes out, and nothing that is not a link of ours passes for one.
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, withoutDefaults } from '../../../sim/scenario/canonical.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { LARGEST_CONTENT_BYTES, permalinkFragment, readPermalink } from '../../../src/state/permalink.ts';

const INPUT = {
  format: 1,
  title: 'A ± line',
  nodes: {
    shop: { kind: 'producer', messages: 3, retry: { kind: 'fixed', delay: '2s', jitter: '±20%' } },
    api: { kind: 'consumer', dedup: { window: '1m' } },
    ledger: { kind: 'sink' },
  },
  links: { 'shop>api': { loss: '25%' }, 'api>shop': {} },
};

function scenario(): Scenario {
  const parsed = parseScenario(INPUT);
  if (!parsed.ok) throw new Error('the fixture must parse');
  return parsed.scenario;
}

function fragmentOf(content: unknown, version = 'v1'): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return `#${version}.${deflateRawSync(Buffer.from(text)).toString('base64url')}`;
}

async function refusal(fragment: string): Promise<string> {
  const read = await readPermalink(fragment);
  if (read === null || read.ok) throw new Error('this link must be refused');
  return read.why;
}

describe('permalink: a run', () => {
  it('comes back whole: scenario without its defaults, seed, overrides, digest, position', async () => {
    const fragment = await permalinkFragment({
      scenario: scenario(),
      seed: 'sturm · 7',
      overrides: { 'shop>api/request/m3/2/c0/lost': true, 'shop>api/request/m1/1/c0/delay': 40_000 },
      digest: 'o1:0123456789abcdef',
      at: [1_500_000, 2],
    });
    const read = await readPermalink(fragment);

    expect(fragment).toMatch(/^#v1\.[\w-]+$/);
    expect(read).toMatchObject({
      ok: true,
      state: {
        seed: 'sturm · 7',
        overrides: { 'shop>api/request/m3/2/c0/lost': true, 'shop>api/request/m1/1/c0/delay': 40_000 },
        digest: 'o1:0123456789abcdef',
        at: [1_500_000, 2],
      },
    });
    if (read === null || !read.ok) throw new Error('unreachable');
    const again = parseScenario(read.state.scenario);
    expect(again).toEqual({ ok: true, scenario: scenario() });
    expect(canonicalJson({ ...{ s: withoutDefaults(scenario()) } })).not.toContain('"kind":"none"');
  });

  it('has the same link wherever it is made', async () => {
    const content = { scenario: scenario(), seed: '1', overrides: {}, digest: 'o1:0' };
    expect(await permalinkFragment(content)).toBe(await permalinkFragment(content));
  });

  it('names the screen it is to, and no screen that is none of ours', async () => {
    const content = { scenario: scenario(), seed: '7', overrides: {}, digest: '' };
    const read = await readPermalink(await permalinkFragment({ ...content, screen: 'two-generals' }));
    expect(read).toMatchObject({ ok: true, state: { screen: 'two-generals' } });
    const plain = await readPermalink(await permalinkFragment(content));
    expect(plain?.ok === true && 'screen' in plain.state).toBe(false);
    const foreign = await readPermalink(fragmentOf({ ...content, scenario: INPUT, screen: 'elsewhere' }));
    expect(foreign?.ok === true && 'screen' in foreign.state).toBe(false);
  });

  it('says nothing when there is no fragment', async () => {
    expect(await readPermalink('')).toBeNull();
    expect(await readPermalink('#')).toBeNull();
  });
});

describe('permalink: what is no link of ours is refused with a reason', () => {
  it('a foreign fragment', async () => {
    expect(await refusal('#section-2')).toContain('not from Delivery Lab');
  });

  it('a newer format', async () => {
    expect(await refusal('#v2.abc')).toContain('newer Delivery Lab (link format 2)');
  });

  it('a link that was cut off, or mangled', async () => {
    const whole = await permalinkFragment({ scenario: scenario(), seed: '1', overrides: {}, digest: 'o1:0' });
    expect(await refusal(whole.slice(0, -20))).toContain('damaged');
    expect(await refusal(`${whole}%20`)).toContain('damaged');
    expect(await refusal('#v1.')).toContain('damaged');
  });

  it('a small link that unpacks to more than the cap', async () => {
    const bomb = fragmentOf(`"${' '.repeat(LARGEST_CONTENT_BYTES)}"`);
    expect(bomb.length).toBeLessThan(1_000);
    expect(await refusal(bomb)).toContain('more than 256 kB');
  });

  it.each([
    ['no object', [1, 2]],
    ['no scenario', { seed: '1', overrides: {}, digest: '' }],
    ['a seed that is no text', { scenario: {}, seed: 1, overrides: {}, digest: '' }],
    ['an override of another kind', { scenario: {}, seed: '1', overrides: { a: 'yes' }, digest: '' }],
    ['a negative duration', { scenario: {}, seed: '1', overrides: { a: -1 }, digest: '' }],
  ])('%s', async (_, content) => {
    expect(await refusal(fragmentOf(content))).toContain('something other than a run');
  });

  it('any text at all: an answer, never a throw (seed 7)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `#v1.${text}`),
        ),
        async (text) => {
          const read = await readPermalink(text);
          return read === null || !read.ok || typeof read.state.seed === 'string';
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});
