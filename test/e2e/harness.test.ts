// The harness itself: each engine starts, opens pages, runs code in a page and in a worker of it, and
// reports errors. When these fail, no other browser test means anything.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ENGINE_NAMES, useEngines } from './browsers.ts';
import { findBrowser } from './find-browser.mjs';
import { serve, type Site } from './serve.ts';
import { until } from './waiting.ts';

const engines = useEngines();
let site: Site;
beforeAll(async () => {
  site = await serve({ below: '/deep/down/', secondOrigin: true });
});
afterAll(() => site.close());

/** Sends a task to a worker made from a text, as the app's inlined worker is made. */
function askBlobWorker(question: number): Promise<{ answer: number; inWorker: boolean }> {
  const source = `onmessage = ({ data }) => postMessage({
    answer: data * 2,
    inWorker: typeof WorkerGlobalScope === 'function' && self instanceof WorkerGlobalScope,
  });`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return new Promise((resolve, reject) => {
    const worker = new Worker(url);
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data as { answer: number; inWorker: boolean });
    };
    worker.onerror = (event) => reject(new Error(event.message || 'the worker could not start'));
    worker.postMessage(question);
  });
}

describe.each(ENGINE_NAMES)('harness: %s', (name) => {
  it('opens a page and evaluates functions and expressions in it', async () => {
    const engine = engines()[name];
    await engine.open(site.setPage('/page', '<!doctype html><title>A page</title><p id="p">ok</p>'));
    expect(await engine.evaluate('document.title')).toBe('A page');
    expect(await engine.evaluate((id: string) => document.getElementById(id)?.textContent, 'p')).toBe('ok');
    expect(await engine.evaluate(async (a: number, b: number) => Promise.resolve(a + b), 2, 3)).toBe(5);
    expect(await engine.evaluate('undefined')).toBeUndefined();
    expect(await engine.evaluate('[innerWidth, innerHeight]')).toEqual([1440, 900]);
  });

  it('evaluates code in a worker', async () => {
    const engine = engines()[name];
    await engine.open(site.setPage('/page', '<!doctype html><title>A page</title>'));
    expect(await engine.evaluate(askBlobWorker, 21)).toEqual({ answer: 42, inWorker: true });
  });

  it('opens the built app below any path', async () => {
    const engine = engines()[name];
    await engine.open(`${site.origin}/deep/down/`);
    await until(engine, () => document.getElementById('app')?.childElementCount);
    expect(await engine.evaluate('document.title')).toContain('Delivery Lab');
  });

  it('reports an error of the page, and goes on', async () => {
    const engine = engines()[name];
    const failing = engine.evaluate(() => {
      throw new RangeError('planted');
    });
    await expect(failing).rejects.toThrow(`${name}: in the page: RangeError: planted`);
    await expect(engine.evaluate(() => Promise.reject(new Error('later')))).rejects.toThrow('later');
    expect(await engine.evaluate('1 + 1')).toBe(2);
  });

  it('evaluates under a strict content security policy, where a blob worker cannot start', async () => {
    const engine = engines()[name];
    const headers = { 'content-security-policy': "default-src 'none'; script-src 'self'" };
    await engine.open(site.setPage('/strict', '<!doctype html><title>Strict</title>', { headers }));
    expect(await engine.evaluate(() => document.title)).toBe('Strict');
    await expect(engine.evaluate(askBlobWorker, 21)).rejects.toThrow();
  });

  it('shows a page of another origin in a frame', async () => {
    const engine = engines()[name];
    site.setPage('/inner', '<script>parent.postMessage("from " + location.port, "*")</script>');
    await engine.open(site.setPage('/outer', '<!doctype html><title>Outer</title>'));
    const heard = await engine.evaluate((url: string) => {
      const frame = document.createElement('iframe');
      const message = new Promise<string>((resolve) => {
        addEventListener('message', ({ data, origin }) => resolve(`${data as string} at ${origin}`));
      });
      frame.src = url;
      document.body.append(frame);
      return message;
    }, `${site.secondOrigin}/inner`);
    const { origin, port } = new URL(site.secondOrigin ?? '');
    expect(heard).toBe(`from ${port} at ${origin}`);
  });
});

describe('harness: a missing browser', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is an error that names the Debian package and the variable', () => {
    vi.stubEnv('CHROMIUM_PATH', undefined);
    vi.stubEnv('PATH', '/nowhere');
    expect(() => findBrowser('chromium')).toThrow(/apt-get install chromium\b.*CHROMIUM_PATH/);
  });

  it('is an error when the variable names nothing', () => {
    vi.stubEnv('FIREFOX_PATH', '/nowhere/firefox');
    expect(() => findBrowser('firefox')).toThrow('FIREFOX_PATH names /nowhere/firefox');
  });
});
