// The main path through the app in all three engines, by the same words to each: open, change, compare, go back in
// time, and open a link that Node made. The depth is in app.test.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permalinkFragment } from '../../src/state/permalink.ts';
import { ENGINE_NAMES, useEngines, type Engine } from './browsers.ts';
import { expectedDigest, expectedRun, scenarioOf } from './expected.ts';
import { serve, type Site } from './serve.ts';
import { until } from './waiting.ts';

const FIRST = 'retry-until-acknowledged';
const SVIX = 'svix-24h-window';

const engines = useEngines();
let site: Site;
beforeAll(async () => {
  site = await serve({ below: '/lab/' });
});
afterAll(() => site.close());

const shows = (engine: Engine, digest: string): Promise<unknown> =>
  until(
    engine,
    (wanted: string) => document.querySelector('[aria-label="Outcome"]')?.textContent.includes(wanted),
    digest,
  );

const press = (engine: Engine, name: string): Promise<unknown> =>
  until(
    engine,
    (wanted: string) => {
      const buttons = [...document.querySelectorAll('button')];
      const found = buttons.find(
        (button) => (button.ariaLabel ?? button.textContent).trim() === wanted && !button.disabled,
      );
      found?.click();
      return found !== undefined;
    },
    name,
  );

const type = (engine: Engine, label: string, text: string): Promise<unknown> =>
  until(
    engine,
    (wanted: string, value: string) => {
      const found = [...document.querySelectorAll('label')].find(
        (one) => one.textContent === wanted,
      )?.control;
      if (!(found instanceof HTMLInputElement)) return false;
      found.focus();
      found.value = value;
      found.dispatchEvent(new InputEvent('input', { bubbles: true }));
      return true;
    },
    label,
    text,
  );

const isAt = (engine: Engine, words: string): Promise<unknown> =>
  until(
    engine,
    (wanted: string) =>
      document.querySelector('input[type="range"]')?.getAttribute('aria-valuetext')?.includes(wanted),
    words,
  );

describe.each(ENGINE_NAMES)('app: %s', (name) => {
  it('opens, runs what is typed, keeps the last good run, takes back, and follows the policy', async () => {
    const engine = engines()[name];
    await engine.open(`${site.origin}/lab/`);
    await shows(engine, expectedDigest(FIRST));
    // A worker runs it: where none could start, the page would say so.
    expect(await engine.evaluate('document.body.innerText')).not.toContain('may not start a worker');
    await type(engine, 'Ack timeout', '900 ms');
    await shows(engine, expectedDigest(FIRST, { set: ['shop.ackTimeout=900ms'] }));
    await type(engine, 'Ack timeout', 'soon');
    await until(engine, () =>
      document.querySelector('[role="alert"]')?.textContent.includes('last good run'),
    );
    await shows(engine, expectedDigest(FIRST, { set: ['shop.ackTimeout=900ms'] }));
    await press(engine, 'Reset');
    await shows(engine, expectedDigest(FIRST));
    await press(engine, 'Effectively-once');
    await shows(engine, expectedDigest(FIRST, { policy: 'effectively-once' }));
  });

  it('opens a link that was made elsewhere, at its place in time, and goes back from there', async () => {
    const engine = engines()[name];
    const scenario = scenarioOf(SVIX, { set: ['endpoint.dedup.window=20h'] });
    const { digests, trace } = expectedRun(SVIX, { set: ['endpoint.dedup.window=20h'] });
    const overrides = {};
    const at = [trace.timeUs[20], 1] as const;
    const link = await permalinkFragment({ scenario, seed: '1', overrides, digest: digests.outcome, at });
    await engine.open('about:blank');
    await engine.open(`${site.origin}/lab/${link}`);
    await shows(engine, digests.outcome);
    const row = trace.timeUs.indexOf(trace.timeUs[20]);
    await isAt(engine, `event ${row + 1} of ${trace.rowCount}`);
    await press(engine, 'Step back');
    await isAt(engine, `event ${row} of ${trace.rowCount}`);
    await press(engine, 'Play');
    await until(
      engine,
      (was: string) =>
        !document.querySelector('input[type="range"]')?.getAttribute('aria-valuetext')?.includes(was),
      `event ${row} of`,
    );
    expect(await engine.evaluate(`document.querySelectorAll('[role="alert"]').length`)).toBe(0);
  });

  it('compares three policies in the same weather', async () => {
    const engine = engines()[name];
    await engine.open(`${site.origin}/lab/?scenario=retry-plus-dedup`);
    await shows(engine, expectedDigest('retry-plus-dedup'));
    await press(engine, 'Compare');
    for (const policy of ['at-most-once', 'at-least-once', 'effectively-once'] as const) {
      const digest = expectedDigest('retry-plus-dedup', { policy });
      await until(
        engine,
        (wanted: string) => document.querySelector('main')?.textContent.includes(wanted),
        digest,
      );
    }
    expect(await engine.evaluate(`document.querySelectorAll('svg[role="group"]').length`)).toBe(3);
  });
});
