// The run record's link, made in Node by the command line, opens in the app with the same run: scenario, changes,
// overrides, seed and digest. One canonical form on both sides.
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppPage } from './app-page.ts';
import { launchChromium, useEngine } from './browsers.ts';
import { useCli } from './cli.ts';
import { serve, type Site } from './serve.ts';

const cli = useCli();
const chromium = useEngine(launchChromium);
let site: Site;
let app: AppPage | undefined;

beforeAll(async () => {
  site = await serve({ below: '/lab/' });
});
afterAll(() => site.close());
afterEach(async () => {
  await app?.page.close();
  expect(app?.errors).toEqual([]);
});

interface RunRecord {
  readonly scenario: { readonly hash: string };
  readonly digests: { readonly outcome: string };
  readonly seed: string;
  readonly link: string;
}

const odd = JSON.stringify({
  ...{ format: 1, title: 'Ångström & <b>Söhne</b>', seed: '☂ "1"', policy: 'custom' },
  nodes: {
    a: {
      kind: 'producer',
      messages: 40,
      retry: { kind: 'fixed', delay: '90ms', jitter: '±33%', maxAttempts: 4 },
    },
    b: {
      kind: 'consumer',
      handler: [['check', 'mark'], 'effect', 'ack'],
      processing: { kind: 'normal', mean: 9000, sd: 2000 },
    },
    c: { kind: 'sink' },
  },
  links: {
    'a>b': { loss: 0.2, delay: { kind: 'pareto', min: '5ms', alpha: 1.1 } },
    'b>a': { duplicate: '10%', delay: { kind: 'lognormal', median: '8ms', sigma: 1.25 } },
  },
});

describe('record and app', () => {
  it.each([
    ['a bundled scenario', ['run', 'svix-24h-window'], ''],
    ['another seed', ['run', 'retry-plus-dedup', '--seed', 'Zürich & 東京 #1'], ''],
    [
      'another policy and a changed field',
      ['run', 'stripe-three-days', '--policy', 'at-least-once', '--set', 'limits.time=2d'],
      '',
    ],
    ['a forced choice', ['run', 'two-generals', '--override', 'OVERRIDE=true'], ''],
    ['a scenario of one’s own', ['run', '-'], odd],
  ])('%s: the link of the record opens with its digest', async (_what, args, input) => {
    const producer = (
      JSON.parse(readFileSync(new URL('../../scenarios/two-generals.json', import.meta.url), 'utf8')) as {
        links: Record<string, unknown>;
      }
    ).links;
    const override = `${Object.keys(producer)[0]}/request/m1/1/c0/lost`;
    const words = args.map((word) => word.replace('OVERRIDE', override));
    const said = await cli()([...words, '--json', '--app', `${site.origin}/lab/`], input);
    expect(said.stderr).toBe('');
    const record = JSON.parse(said.stdout) as RunRecord;
    app = await AppPage.open(chromium().context, record.link);
    await app.shows(record.digests.outcome);
    expect(await app.alerts.count()).toBe(0);
    expect(await app.outcome.innerText()).toContain(record.scenario.hash);
    expect(await app.page.getByLabel('Seed', { exact: true }).inputValue()).toBe(record.seed);
  });
});
