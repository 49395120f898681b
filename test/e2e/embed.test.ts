// The figure in a stranger's page: a frame with sandbox="allow-scripts" (an opaque origin) from another port, from a
// static server without special headers, in three engines. It draws, runs in a worker or says that it does not, tells
// its height, follows the host's theme, and leaves the host's focus alone.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINE_NAMES, useEngines, type Engine } from './browsers.ts';
import { serve, type Site } from './serve.ts';
import { until, untilInFrame } from './waiting.ts';

const engines = useEngines();
let site: Site;
beforeAll(async () => {
  site = await serve({ secondOrigin: true });
});
afterAll(() => site.close());

/** What the host page has heard from the frame. */
interface Heard {
  readonly origin: string;
  readonly isFromFrame: boolean;
  readonly data: {
    readonly deliveryLab?: { readonly v: number; readonly type: string; readonly height: number };
  };
}

/** Opens a page with an input that has the focus, and a frame of `source` in it. */
async function openHost(engine: Engine, source: string, headers: Record<string, string> = {}): Promise<void> {
  // The frame stands in the page as it is parsed, so that the page has loaded when the frame has.
  const html = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Host</title>
    <input id="mine" aria-label="Mine">
    <script>
      document.getElementById('mine').focus();
      window.heard = [];
      addEventListener('message', ({ data, origin, source }) =>
        window.heard.push({ data, origin, isFromFrame: source === frames[0] }));
    </script>
    <div style="width: 720px">
      <iframe sandbox="allow-scripts" title="Delivery Lab" width="100%" height="440"
        src="${source.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>
    </div>`;
  await engine.open(site.setPage('/host', html, { headers }));
}

function embedAddress(query: string): string {
  return `${site.secondOrigin}/?embed&${query}`;
}

/** The app's page with these headers, beside the files that it asks for. */
function embedUnder(headers: Record<string, string>): string {
  const html = readFileSync(new URL('../../dist/app/index.html', import.meta.url), 'utf8');
  site.setPage('/under-policy.html', html, { headers });
  return `${site.secondOrigin}/under-policy.html?embed&scenario=svix-24h-window`;
}

/** What the figure shows, when it shows a run. */
function figure(): { words: string; title: string; marks: number; width: number } | null {
  const element = document.querySelector('figure');
  const diagram = element?.querySelector('svg[role="group"]');
  const marks = diagram?.querySelectorAll('[data-row]').length ?? 0;
  if (element === null || diagram === null || diagram === undefined || marks === 0) return null;
  return {
    words: element.innerText,
    title: diagram.querySelector('title')?.textContent ?? '',
    marks,
    width: diagram.getBoundingClientRect().width,
  };
}

function lastHeight(): number {
  const heard = (globalThis as unknown as { heard: readonly Heard[] }).heard;
  return (
    heard.filter(({ data }) => data.deliveryLab?.type === 'resize').at(-1)?.data.deliveryLab?.height ?? 0
  );
}

describe.each(ENGINE_NAMES)('embed: %s', (name) => {
  it('draws the run in a sandboxed frame of another origin, in a worker, and the host keeps its focus', async () => {
    const engine = engines()[name];
    await openHost(engine, embedAddress('scenario=svix-24h-window'));
    const shown = await untilInFrame(engine, figure);
    expect(shown?.words).toContain('can my customer be charged twice?');
    expect(shown?.words).toMatch(/gave up[\s\S]*twice/);
    expect(shown?.width).toBeGreaterThan(600);
    // Where it runs: the figure says so when it is not a worker.
    expect(shown?.words).not.toMatch(/worker/i);
    expect(await engine.evaluateInFrame('origin')).toBe('null');
    expect(await engine.evaluateInFrame('document.activeElement === document.body')).toBe(true);
    expect(await engine.evaluate('document.activeElement.id')).toBe('mine');
  });

  it('tells its height to the host, and again when the host makes it narrow', async () => {
    const engine = engines()[name];
    await openHost(engine, embedAddress('scenario=two-generals'));
    await untilInFrame(engine, figure);
    const wide = await until(engine, lastHeight);
    const height = await engine.evaluateInFrame(() =>
      Math.ceil(document.querySelector('figure')?.getBoundingClientRect().height ?? 0),
    );
    await until(
      engine,
      (expected: number) => {
        const { heard } = globalThis as unknown as { heard: readonly Heard[] };
        return heard.at(-1)?.data.deliveryLab?.height === expected;
      },
      height,
    );
    expect(wide).toBeGreaterThan(100);
    const heard = await engine.evaluate<[], Heard[]>('window.heard');
    for (const message of heard) {
      expect(message).toMatchObject({ isFromFrame: true, origin: 'null' });
      expect(message.data.deliveryLab).toMatchObject({ v: 1, type: 'resize' });
    }
    const before = heard.length;
    await engine.evaluate(`document.querySelector('iframe').parentElement.style.width = '330px'`);
    await until(
      engine,
      (count: number) => {
        const { heard } = globalThis as unknown as { heard: readonly Heard[] };
        return heard.length > count;
      },
      before,
    );
  });

  it('follows the theme that the host tells, and nobody else’s', async () => {
    const engine = engines()[name];
    await openHost(engine, embedAddress('scenario=two-generals&theme=light'));
    await untilInFrame(engine, figure);
    const theme = () => document.documentElement.dataset['theme'];
    const paper = () => getComputedStyle(document.querySelector('figure') ?? document.body).backgroundColor;
    expect(await engine.evaluateInFrame(theme)).toBe('light');
    const light = await engine.evaluateInFrame(paper);
    // From inside the frame, and of another form: both say nothing. The app has heard them when this count has.
    await engine.evaluateInFrame(
      `(() => { globalThis.heardCount = 0; addEventListener('message', () => globalThis.heardCount++); })()`,
    );
    await engine.evaluateInFrame(() =>
      postMessage({ deliveryLab: { v: 1, type: 'theme', theme: 'dark' } }, '*'),
    );
    await engine.evaluate(() => {
      const frame = document.querySelector('iframe')?.contentWindow;
      for (const data of [
        null,
        7,
        { theme: 'dark' },
        { deliveryLab: { v: 2, type: 'theme', theme: 'dark' } },
      ])
        frame?.postMessage(data, '*');
    });
    await untilInFrame(engine, () => (globalThis as unknown as { heardCount: number }).heardCount === 5);
    expect(await engine.evaluateInFrame(theme)).toBe('light');
    const tell = (to: string) => {
      const message = { deliveryLab: { v: 1, type: 'theme', theme: to } };
      document.querySelector('iframe')?.contentWindow?.postMessage(message, '*');
    };
    await engine.evaluate(tell, 'dark');
    await untilInFrame(engine, () => document.documentElement.dataset['theme'] === 'dark');
    expect(await engine.evaluateInFrame(paper)).not.toBe(light);
    await engine.evaluate(tell, 'light');
    await untilInFrame(engine, () => document.documentElement.dataset['theme'] === 'light');
  });

  it.each([
    [
      'no blob workers',
      (self: string) => `default-src 'none'; script-src ${self}; style-src ${self}; worker-src ${self}`,
    ],
    ['no workers at all', (self: string) => `script-src ${self}; style-src ${self}; worker-src 'none'`],
  ])('under a policy with %s it still draws, and says that it runs on the page', async (_policy, csp) => {
    const engine = engines()[name];
    // By its address: for a sandboxed frame, WebKit takes 'self' to be nobody.
    await openHost(engine, embedUnder({ 'content-security-policy': csp(String(site.secondOrigin)) }));
    const shown = await untilInFrame(engine, figure);
    expect(shown?.words).toMatch(/gave up[\s\S]*twice/);
    expect(shown?.words).toContain('may not start a worker');
  });

  it('under a policy of trusted types it still draws', async () => {
    const engine = engines()[name];
    const csp = `script-src ${site.secondOrigin} blob:; style-src ${site.secondOrigin}; require-trusted-types-for 'script'`;
    await openHost(engine, embedUnder({ 'content-security-policy': csp }));
    const shown = await untilInFrame(engine, figure);
    expect(shown?.words).toMatch(/gave up[\s\S]*twice/);
  });

  it('plays and steps inside the frame', async () => {
    const engine = engines()[name];
    await openHost(engine, embedAddress('scenario=two-generals'));
    await untilInFrame(engine, figure);
    const press = (label: string) => {
      const button = [...document.querySelectorAll('button')].find((one) => one.ariaLabel === label);
      if (button === undefined) throw new Error(`there is no button ${label}`);
      button.click();
    };
    const time = () => document.querySelector('input[type="range"]')?.getAttribute('aria-valuetext') ?? '';
    const end = await engine.evaluateInFrame(time);
    await engine.evaluateInFrame(press, 'Step back');
    await untilInFrame(
      engine,
      (was: string) => document.querySelector('input[type="range"]')?.getAttribute('aria-valuetext') !== was,
      end,
    );
    await engine.evaluateInFrame(press, 'Step');
    await untilInFrame(
      engine,
      (was: string) => document.querySelector('input[type="range"]')?.getAttribute('aria-valuetext') === was,
      end,
    );
    await engine.evaluateInFrame(press, 'Play'); // from the end it begins again
    await untilInFrame(
      engine,
      (was: string) => document.querySelector('input[type="range"]')?.getAttribute('aria-valuetext') !== was,
      end,
    );
  });
});

describe('embed: in detail', () => {
  it('runs in a worker from a blob, and neither frame nor host reports an error', async () => {
    const { chromium } = engines();
    const { page } = chromium;
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    const worker = page.waitForEvent('worker', (one) => one.url().startsWith('blob:'));
    await openHost(chromium, embedAddress('scenario=svix-24h-window'));
    await untilInFrame(chromium, figure);
    await worker;
    page.removeAllListeners('pageerror');
    page.removeAllListeners('console');
    expect(errors).toEqual([]);
  });

  it('tells a link that it cannot read, and draws another run', async () => {
    const { chromium } = engines();
    await openHost(chromium, `${site.secondOrigin}/?embed#v9.abc`);
    const shown = await untilInFrame(chromium, figure);
    expect(shown?.words).toContain('newer Delivery Lab');
  });
});
