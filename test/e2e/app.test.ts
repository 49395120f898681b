// The app as a person uses it, in Chromium: each claim of the "Browser app", checked against runs of the same
// scenarios in Node. The main path in the other two engines is in app-engines.test.ts.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { causeChain } from '../../sim/trace/columns.ts';
import { permalinkFragment } from '../../src/state/permalink.ts';
import { rowWords } from '../../src/view/row-words.ts';
import { type AppPage, useApp } from './app-page.ts';
import { launchChromium, useEngine } from './browsers.ts';
import { BUNDLED_IDS, expectedDigest, expectedRun, scenarioOf } from './expected.ts';
import { serve } from './serve.ts';

const FIRST = 'retry-until-acknowledged';
const SVIX = 'svix-24h-window';

const chromium = useEngine(launchChromium);
const { site, open } = useApp(() => chromium().context);

describe('app: scenarios', () => {
  it('opens with a run on screen, whose digest is that of Node', async () => {
    const app = await open();
    await app.shows(expectedDigest(FIRST));
    await app.diagram.waitFor();
    expect(await app.diagram.getByRole('img', { name: /: 3 applied again$/ }).count()).toBe(1);
    expect(await app.page.title()).toBe('Retry until acknowledged · Delivery Lab');
    expect(await app.alerts.count()).toBe(0);
  });

  it('opens one that is chosen from the list, and its address brings it back', async () => {
    const app = await open();
    await app.goTo('Scenarios');
    await app.page.getByRole('searchbox', { name: 'Find a scenario' }).fill('svix 24 h');
    const found = app.page.getByRole('main').getByRole('listitem');
    await app.eventually(() => found.count(), 1);
    await found.getByRole('button').first().click();
    await app.shows(expectedDigest(SVIX));
    await app.page.waitForURL(/\?scenario=svix-24h-window$/);
    await app.page.reload();
    await app.shows(expectedDigest(SVIX));
  });

  it('leads through all lessons, each with the digest of Node', async () => {
    const app = await open(`/?scenario=${BUNDLED_IDS[0]}`);
    for (const id of BUNDLED_IDS.slice(0, -1)) {
      await app.shows(expectedDigest(id));
      await app.button(/^Next lesson: /).click();
    }
    await app.shows(expectedDigest(BUNDLED_IDS.at(-1) ?? ''));
    expect(await app.button('Next lesson').isDisabled()).toBe(true);
    await app.button(/^Previous lesson: /).click();
    await app.shows(expectedDigest(BUNDLED_IDS.at(-2) ?? ''));
  });

  it('says that it has no such scenario, lists those it has, and shows another', async () => {
    const app = await open('/?scenario=svix-25h');
    await app.alertSays('There is no scenario “svix-25h”');
    await app.alertSays(SVIX);
    await app.shows(expectedDigest(FIRST));
    await app.button('Dismiss').click();
    await app.hasNoAlert();
  });

  it('works below any path', async () => {
    const below = await serve({ below: '/docs/lab/' });
    try {
      const app = await open(`/docs/lab/?scenario=${SVIX}`, below.origin);
      await app.shows(expectedDigest(SVIX));
      await app.policy('At-least-once').click();
      await app.shows(expectedDigest(SVIX, { policy: 'at-least-once' }));
      await app.goTo('Compare');
      await app.page.getByRole('heading', { name: 'Same weather, three policies' }).waitFor();
      expect(new URL(app.page.url()).pathname).toBe('/docs/lab/');
    } finally {
      await below.close();
    }
  });
});

describe('app: parameters', () => {
  it('tells at the field what is wrong, keeps the last good run, and runs again once it is right', async () => {
    const app = await open();
    const first = expectedDigest(FIRST);
    await app.shows(first);
    const field = app.parameter('Sender', 'Ack timeout');
    await field.fill('soon');
    await app.eventually(() => field.getAttribute('aria-invalid'), 'true');
    const about = await field.getAttribute('aria-describedby');
    expect(await app.page.locator(`[id="${about}"]`).innerText()).toMatch(
      /^Expected "none" or a duration such as/,
    );
    await app.alertSays('Not run');
    await app.alertSays('last good run');
    await app.shows(first);
    await field.fill('900 ms');
    await app.shows(expectedDigest(FIRST, { set: ['shop.ackTimeout=900ms'] }));
    expect(await field.getAttribute('aria-invalid')).not.toBe('true');
    await app.hasNoAlert();
  });

  it('undoes, redoes and resets, with buttons and with the keyboard', async () => {
    const app = await open();
    const first = expectedDigest(FIRST);
    const changed = expectedDigest(FIRST, { set: ['shop.messages=5'] });
    await app.shows(first);
    await app.parameter('Sender', 'Messages').fill('5');
    await app.shows(changed);
    await app.button('Undo').click();
    await app.shows(first);
    expect(await app.parameter('Sender', 'Messages').inputValue()).toBe('8');
    await app.button('Redo').click();
    await app.shows(changed);
    await app.page.keyboard.press('Control+z');
    await app.shows(first);
    await app.page.keyboard.press('Control+Shift+z');
    await app.shows(changed);
    await app.button('Reset').click();
    await app.shows(first);
    expect(await app.button('Reset').isDisabled()).toBe(true);
  });

  it('takes units as people write them, and a kind with its own fields', async () => {
    const app = await open();
    await app.shows(expectedDigest(FIRST));
    await app.parameter('Network', 'Loss').fill('12.5%');
    await app.shows(expectedDigest(FIRST, { set: ['shop>api.loss=0.125'] }));
    await app.parameter('Sender', 'Retry').selectOption({ label: 'fixed wait' });
    await app.parameter('Sender', 'Wait').fill('1.5s');
    await app.parameter('Sender', 'Max attempts').fill('3');
    await app.eventually(() => app.parameter('Sender', 'Factor').count(), 0);
    const set = ['shop>api.loss=0.125', 'shop.retry={"kind":"fixed","delay":"1.5s","maxAttempts":3}'];
    await app.shows(expectedDigest(FIRST, { set }));
  });

  it('runs under each policy, and says what the policy sets', async () => {
    const app = await open(`/?scenario=${SVIX}`);
    await app.shows(expectedDigest(SVIX));
    for (const [name, policy] of [
      ['At-most-once', 'at-most-once'],
      ['At-least-once', 'at-least-once'],
      ['As written', 'custom'],
      ['Effectively-once', 'effectively-once'],
    ] as const) {
      await app.policy(name).click();
      await app.shows(expectedDigest(SVIX, { policy }));
      expect(await app.policy(name).isChecked()).toBe(true);
    }
    await app.page.getByText('Effectively-once sets this to [check effect mark] → ack.').first().waitFor();
    await app.policy('Effectively-once').press('ArrowLeft');
    await app.shows(expectedDigest(SVIX, { policy: 'at-least-once' }));
    expect(await app.policy('At-least-once').evaluate((node) => node === document.activeElement)).toBe(true);
  });

  it('another seed is another weather', async () => {
    const app = await open();
    await app.shows(expectedDigest(FIRST));
    const seed = app.page.getByLabel('Seed', { exact: true });
    await app.button('New weather').click();
    await expect.poll(() => seed.inputValue()).not.toBe(scenarioOf(FIRST).seed);
    await app.shows(expectedDigest(FIRST, { seed: await seed.inputValue() }));
    await seed.fill('my storm');
    await app.shows(expectedDigest(FIRST, { seed: 'my storm' }));
    await app.page.waitForURL(/\?scenario=retry-until-acknowledged&seed=my%20storm$/);
  });
});

describe('app: time', () => {
  it('steps forward and back, jumps, and scrubs by keyboard', async () => {
    const app = await open();
    const count = expectedRun(FIRST).trace.rowCount;
    await app.isAt(new RegExp(`event ${count} of ${count}`));
    await app.button('To the start').click();
    await app.isAt(new RegExp(`before the first of ${count} events`));
    await app.button('Step').click();
    await app.button('Step').click();
    await app.isAt(/event 2 of/);
    await app.button('Step back').click();
    await app.isAt(/event 1 of/);
    await app.page.keyboard.press('.');
    await app.page.keyboard.press('.');
    await app.page.keyboard.press(',');
    await app.isAt(/event 2 of/);
    await app.time.focus();
    await app.page.keyboard.press('End');
    await app.isAt(new RegExp(`event ${count} of`));
    await app.page.keyboard.press('ArrowLeft');
    await app.isAt(new RegExp(`event ${count - 1} of`));
    await app.page.keyboard.press('PageDown');
    await app.isAt(new RegExp(`event ${count - 1 - Math.round(count / 10)} of`));
    await app.page.keyboard.press('Home');
    await app.isAt(/before the first/);
    await app.page.keyboard.press('ArrowRight');
    await app.isAt(/event 1 of/);
  });

  it('what is not yet played is not drawn', async () => {
    const app = await open();
    const again = app.diagram.getByRole('img', { name: /3 applied again$/ });
    await again.waitFor();
    await app.button('To the start').click();
    await again.waitFor({ state: 'detached' });
    expect(await app.diagram.getByRole('img', { name: /applied/ }).count()).toBe(0);
  });

  it('plays, pauses, and goes on from there', async () => {
    const app = await open();
    await app.button('Play').click(); // from the end it begins again
    await app.isAt(/event \d of/);
    await app.button('Pause').click();
    const paused = await app.position();
    await app.button('Play').waitFor();
    await app.page.keyboard.press('.'); // one step, and no more: it does not play on
    await expect.poll(() => app.position()).not.toBe(paused);
    const stepped = await app.position();
    expect(Number(/event (\d+)/.exec(stepped)?.[1])).toBe(Number(/event (\d+)/.exec(paused)?.[1] ?? 0) + 1);
    await app.diagram.focus();
    await app.page.keyboard.press(' ');
    await app.button('Pause').waitFor();
    await app.page.keyboard.press(' ');
    await app.button('Play').waitFor();
  });

  it('where motion is not wanted, play is step', async () => {
    const app = await open();
    await app.page.emulateMedia({ reducedMotion: 'reduce' });
    await app.button('To the start').click();
    await app.button('Step').click();
    await app.isAt(/event 1 of/);
    expect(await app.button('Play').count()).toBe(0);
  });

  it('cuts idle time from the axis, or not', async () => {
    const app = await open(`/?scenario=${SVIX}`);
    await app.shows(expectedDigest(SVIX));
    const firstRetry = app.diagram.getByRole('button', { name: /: 1\.2 sent again/ });
    const first = app.diagram.getByRole('button', { name: /: 1 sent/ });
    const apart = async (): Promise<number> => {
      const [a, b] = [await first.boundingBox(), await firstRetry.boundingBox()];
      return Math.round((b?.x ?? 0) - (a?.x ?? 0));
    };
    // Twenty seconds of 27 hours: readable when idle time is cut, on one spot when it is not.
    await expect.poll(apart).toBeGreaterThan(20);
    await app.button('Linear time').click();
    await expect.poll(apart).toBeLessThan(4);
    await app.button('Linear time').click();
    await expect.poll(apart).toBeGreaterThan(20);
  });
});

describe('app: causes and forks', () => {
  const { trace } = expectedRun(FIRST);
  const again = rowOf((row) => trace.kind[row] === FACT.effect && trace.detail[row] > 1);
  const chain = causeChain(trace, again).map((row) => rowWords(trace, row));

  function rowOf(wanted: (row: number) => boolean): number {
    const row = Array.from({ length: trace.rowCount }, (_, index) => index).find(wanted);
    if (row === undefined) throw new Error('no such row');
    return row;
  }
  const shownChain = (app: AppPage) => (): Promise<string[]> => app.causes.locator('li b').allTextContents();

  it('hovering a mark shows the chain of its causes, and so does focusing it', async () => {
    const app = await open();
    const mark = app.diagram.getByRole('img', { name: `: ${rowWords(trace, again)}` }).first();
    await mark.hover();
    await app.eventually(shownChain(app), chain);
    await app.page.mouse.move(5, 5);
    await expect.poll(shownChain(app)).not.toEqual(chain);
    await mark.focus();
    await app.eventually(shownChain(app), chain);
  });

  it('focusing an event in the list shows its causes; choosing it moves the playhead there', async () => {
    const app = await open();
    await app.button('To the end').click();
    await app.events.getByRole('button').first().waitFor();
    const last = trace.rowCount - 1;
    const event = app.events.getByRole('button').last();
    await event.focus();
    await app.eventually(
      shownChain(app),
      causeChain(trace, last).map((row) => rowWords(trace, row)),
    );
    await event.press('ArrowUp');
    await app.eventually(
      shownChain(app),
      causeChain(trace, last - 1).map((row) => rowWords(trace, row)),
    );
    await app.page.keyboard.press('Enter');
    await app.isAt(new RegExp(`event ${last} of`));
  });

  it('the verdict leads to its proof', async () => {
    const app = await open();
    await app.page.getByRole('region', { name: 'Verdict' }).getByRole('button', { name: 'Show it' }).click();
    await app.eventually(shownChain(app), chain);
  });

  it('a packet whose fate is changed forks the run; the original is one click away, and comes back', async () => {
    const app = await open();
    const original = expectedDigest(FIRST);
    const overrides = { 'api>shop/ack/m3/1/c0/lost': false };
    const forked = expectedDigest(FIRST, { overrides });
    expect(forked).not.toBe(original);
    await app.shows(original);
    await app.diagram.getByRole('button', { name: /: ack for 3 sent; did not arrive$/ }).click();
    await app.dialog.getByRole('button', { name: 'Deliver it instead' }).click();
    await app.shows(forked);
    const banner = app.page.getByRole('status').filter({ hasText: 'Forked' });
    await banner.waitFor();
    await app.button('Show the original').click();
    await app.shows(original);
    await app.button('Show the fork').click();
    await app.shows(forked);
    await app.page.waitForURL(/#v1\./);
    await app.button('Drop the change').click();
    await app.shows(original);
    await app.button('Show the original').waitFor({ state: 'detached' });
  });

  it('the same by keyboard; Escape closes the choices and gives the focus back', async () => {
    const app = await open();
    await app.shows(expectedDigest(FIRST));
    const packet = app.diagram.getByRole('button', { name: /: 1 sent; arrived$/ });
    await packet.focus();
    await app.page.keyboard.press('Enter');
    await app.dialog.waitFor();
    await app.page.keyboard.press('Escape');
    await app.dialog.waitFor({ state: 'detached' });
    expect(await packet.evaluate((node) => node === document.activeElement)).toBe(true);
    await app.page.keyboard.press('Enter');
    await app.dialog.getByRole('button', { name: 'Lose this packet instead' }).focus();
    await app.page.keyboard.press('Enter');
    await app.shows(expectedDigest(FIRST, { overrides: { 'shop>api/request/m1/1/c0/lost': true } }));
  });

  it('a delay is refused in words, or set', async () => {
    const app = await open();
    await app.shows(expectedDigest(FIRST));
    await app.diagram.getByRole('button', { name: /: 1 sent; arrived$/ }).click();
    await app.dialog.getByLabel('Delay').fill('later');
    await app.dialog.getByRole('button', { name: 'Set' }).click();
    await app.dialog.getByText(/^Expected a duration/).waitFor();
    await app.dialog.getByLabel('Delay').fill('350ms');
    await app.dialog.getByRole('button', { name: 'Set' }).click();
    await app.shows(expectedDigest(FIRST, { overrides: { 'shop>api/request/m1/1/c0/delay': 350_000 } }));
  });
});

describe('app: compare', () => {
  it('shows three policies in the same weather, each with its patch as a diff', async () => {
    const app = await open(`/?scenario=retry-plus-dedup`);
    await app.shows(expectedDigest('retry-plus-dedup'));
    await app.goTo('Compare');
    const digests = app.page.getByRole('main').getByText(/^o\d+:[0-9a-f]{16}$/);
    const policies = ['at-most-once', 'at-least-once', 'effectively-once'] as const;
    const expected = policies.map((policy) => expectedDigest('retry-plus-dedup', { policy }));
    await app.eventually(() => digests.allTextContents(), expected);
    expect(await app.diagram.count()).toBe(3);
    const atMost = app.page.getByLabel('What At-most-once changes');
    await atMost.getByText('shop.retry', { exact: true }).waitFor();
    expect(await atMost.locator('ins').filter({ hasText: 'none' }).count()).toBeGreaterThan(0);
    expect(await app.page.locator('main del').count()).toBeGreaterThan(2);
    await app.button('New weather').click();
    const seed = app.page.getByLabel('Seed', { exact: true });
    await expect.poll(() => digests.allTextContents()).not.toEqual(expected);
    const other = policies.map((policy) => [policy, seed] as const);
    const now = await Promise.all(
      other.map(async ([policy, field]) =>
        expectedDigest('retry-plus-dedup', { policy, seed: await field.inputValue() }),
      ),
    );
    await app.eventually(() => digests.allTextContents(), now);
  });
});

describe('app: links', () => {
  it('a shared link opens the same run at the same place, with every change', async () => {
    const app = await open(`/?scenario=${SVIX}`);
    await app.parameter('Dedup store', 'Window').fill('20h');
    const changes = {
      set: ['endpoint.dedup.window=20h'],
      overrides: { 'endpoint>svix/ack/m1/2/c0/lost': false },
    };
    await app.shows(expectedDigest(SVIX, { set: changes.set }));
    await app.diagram.getByRole('button', { name: /: ack for 1\.2 sent; did not arrive$/ }).click();
    await app.dialog.getByRole('button', { name: 'Deliver it instead' }).click();
    await app.shows(expectedDigest(SVIX, changes));
    await app.button('To the start').click();
    for (let step = 0; step < 7; step++) await app.button('Step').click();
    await app.isAt(/event 7 of/);
    const position = await app.position();
    const link = await app.shareLink();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#v1\.[\w-]+$/);

    const other = await open(link.slice(site().origin.length));
    await other.shows(expectedDigest(SVIX, changes));
    await other.isAt(position);
    expect(await other.parameter('Dedup store', 'Window').inputValue()).toBe('20h');
    expect(await other.alerts.count()).toBe(0);
    await other.button('Show the original').waitFor();
    expect(await other.shareLink()).toBe(link);
  });

  it('a link that promised another outcome says so and shows both', async () => {
    const promised = 'o1:0123456789abcdef';
    const scenario = scenarioOf(SVIX);
    const fragment = await permalinkFragment({
      scenario,
      seed: scenario.seed,
      overrides: {},
      digest: promised,
    });
    const app = await open(`/${fragment}`);
    await app.alertSays(promised);
    await app.alertSays(expectedDigest(SVIX));
    await app.shows(expectedDigest(SVIX));
  });

  const damaged: readonly (readonly [string, () => string | Promise<string>, RegExp])[] = [
    ['cut off', async () => (await svixFragment()).slice(0, 60), /damaged/],
    ['of another site', () => '#section-2', /not from Delivery Lab/],
    ['of a newer version', () => '#v2.abc', /newer Delivery Lab.*format 2.*format 1/],
    ['that is no base64', () => '#v1.%%%', /damaged/],
    [
      'of a version that never was',
      async () => (await svixFragment()).replace(/^#v1/, '#v0'),
      /never existed/,
    ],
    ['to a scenario that cannot run', () => svixFragment({ nodes: {} }), /cannot be run/],
    [
      'to something else than a run',
      () => '#v1.q1YqSyxSsjI0NNFRSlKyMtBRKkotLs0pUbJSKk4tKkvMUaoFAA',
      /something other|damaged/,
    ],
  ];

  it('a link that cannot be read is told in words, and the app works all the same', async () => {
    const app = await open(`/${await damaged[0][1]()}`);
    await app.alertSays(damaged[0][2]);
    await app.shows(expectedDigest(FIRST));
    for (const [what, fragment, words] of damaged.slice(1)) {
      await app.page.evaluate((hash) => void (location.hash = hash), await fragment());
      await app.alertSays(words);
      expect(await app.alerts.count(), what).toBe(1);
    }
    await app.policy('Effectively-once').click();
    await app.shows(expectedDigest(FIRST, { policy: 'effectively-once' }));
  });

  async function svixFragment(changes: object = {}): Promise<string> {
    const scenario = { ...scenarioOf(SVIX), ...changes };
    return permalinkFragment({ scenario, seed: '1', overrides: {}, digest: expectedDigest(SVIX) });
  }

  it('a link pasted into the address bar of an open app is opened', async () => {
    const app = await open();
    await app.shows(expectedDigest(FIRST));
    const fragment = await svixFragment();
    await app.page.evaluate((hash) => void (location.hash = hash), fragment);
    await app.shows(expectedDigest(SVIX));
  });
});

describe('app: long runs and lost servers', () => {
  it('a long run tells its progress; cancelling it keeps the last good run', async () => {
    const app = await open();
    const first = expectedDigest(FIRST);
    await app.shows(first);
    await app.parameter('Sender', 'Messages').fill('50000000');
    const progress = app.page.getByRole('status').filter({ hasText: /Running: [\d,]{5,} events so far/ });
    await progress.waitFor();
    await app.button('Cancel').click();
    await progress.waitFor({ state: 'detached' });
    await app.page.getByRole('status').filter({ hasText: 'cancelled' }).waitFor();
    await app.shows(first);
    await app.button('Undo').click();
    await app.parameter('Sender', 'Messages').fill('6');
    await app.shows(expectedDigest(FIRST, { set: ['shop.messages=6'] }));
  });

  it('200,000 messages are counted exactly, without a picture', async () => {
    const app = await open();
    await app.shows(expectedDigest(FIRST));
    await app.parameter('Sender', 'Messages').fill('200000');
    await app.page.getByText('200,000 messages are too many to draw').waitFor();
    await app.shows(expectedDigest(FIRST, { set: ['shop.messages=200000'] }));
  });

  describe('after the server has gone', () => {
    async function openAndLeave(): Promise<AppPage> {
      const server = await serve();
      const app = await open(`/?scenario=${FIRST}`, server.origin);
      await app.shows(expectedDigest(FIRST));
      // Whole means whole: every script that the build made, the engine's as a copy to keep too.
      await app.eventually(() => app.page.evaluate(missing, scripts), []);
      await server.close();
      return app;
    }

    const scripts = readdirSync(new URL('../../dist/app/assets/', import.meta.url)).filter((name) =>
      name.endsWith('.js'),
    );

    /** Those not loaded yet; the worker's own request is not the page's copy. */
    function missing(wanted: readonly string[]): string[] {
      const loaded = performance
        .getEntriesByType('resource')
        .filter((entry) => entry instanceof PerformanceResourceTiming);
      return wanted.filter(
        (name) =>
          !loaded.some(
            (entry) =>
              entry.name.endsWith(`/${name}`) &&
              (!name.startsWith('worker') || entry.initiatorType === 'fetch'),
          ),
      );
    }

    it('edits run, packets fork, links are made', async () => {
      const app = await openAndLeave();
      await app.parameter('Sender', 'Messages').fill('5');
      await app.shows(expectedDigest(FIRST, { set: ['shop.messages=5'] }));
      await app.button('Undo').click();
      await app.shows(expectedDigest(FIRST));
      await app.diagram.getByRole('button', { name: /: 1 sent; arrived$/ }).click();
      await app.dialog.getByRole('button', { name: 'Lose this packet instead' }).click();
      await app.shows(expectedDigest(FIRST, { overrides: { 'shop>api/request/m1/1/c0/lost': true } }));
      expect(await app.shareLink()).toMatch(/#v1\./);
    });

    it('another scenario is opened', async () => {
      const app = await openAndLeave();
      await app.goTo('Scenarios');
      await app.page.getByRole('button', { name: /^A 24-hour window against Svix/ }).click();
      await app.shows(expectedDigest(SVIX));
    });

    it('policies are compared', async () => {
      const app = await openAndLeave();
      await app.goTo('Compare');
      await app.page.getByRole('heading', { name: 'Same weather, three policies' }).waitFor();
      await app.eventually(() => app.diagram.count(), 3);
    });

    it('a run can follow one that was cancelled', async () => {
      const app = await openAndLeave();
      await app.parameter('Sender', 'Messages').fill('50000000');
      await app.button('Cancel').click();
      await app.parameter('Sender', 'Messages').fill('6');
      await app.shows(expectedDigest(FIRST, { set: ['shop.messages=6'] }));
    });
  });
});
