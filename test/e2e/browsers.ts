// Three browser engines behind one small interface, so that a test can say the same thing to each:
// Chromium through Playwright, Firefox through Puppeteer (WebDriver BiDi), WebKit through its own
// WebDriver. Each also offers its own driver for what the others cannot do.
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import puppeteer, { type Page as FirefoxPage } from 'puppeteer-core';
import { afterAll, beforeAll } from 'vitest';
import { CHROMIUM_ARGUMENTS, findBrowser } from './find-browser.mjs';
import { startWebKit, type WebKitSession } from './webkit.ts';

export const ENGINE_NAMES = ['chromium', 'firefox', 'webkit'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface Engine {
  readonly name: EngineName;
  /** Loads the address and waits for the page's `load` event. */
  open(url: string): Promise<void>;
  /**
   * Runs a function, or the text of an expression, in the page and awaits its result. Arguments and
   * result travel as JSON. A function must be self-contained: its text is sent, not what it refers to.
   */
  evaluate<Args extends readonly unknown[], Result>(
    program: string | ((...args: Args) => Result | Promise<Result>),
    ...args: Args
  ): Promise<Result>;
  /** The same in the page's first frame, whatever its origin. */
  evaluateInFrame<Args extends readonly unknown[], Result>(
    program: string | ((...args: Args) => Result | Promise<Result>),
    ...args: Args
  ): Promise<Result>;
  close(): Promise<void>;
}

export interface Chromium extends Engine {
  readonly name: 'chromium';
  readonly context: BrowserContext;
  readonly page: Page;
}

export interface Firefox extends Engine {
  readonly name: 'firefox';
  readonly page: FirefoxPage;
}

export interface WebKit extends Engine {
  readonly name: 'webkit';
  readonly session: WebKitSession;
}

export interface Engines {
  readonly chromium: Chromium;
  readonly firefox: Firefox;
  readonly webkit: WebKit;
}

const VIEWPORT = { width: 1440, height: 900 };

export async function launchChromium(): Promise<Chromium> {
  const browser = await chromium.launch({
    executablePath: findBrowser('chromium'),
    args: CHROMIUM_ARGUMENTS,
  });
  const context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  return {
    name: 'chromium',
    context,
    page,
    open: async (url) => void (await page.goto(url)),
    evaluate: async (program, ...args) =>
      readAnswer('chromium', await page.evaluate(pageText(program, args))),
    evaluateInFrame: async (program, ...args) =>
      readAnswer('chromium', await firstFrame(page.frames()).evaluate(pageText(program, args))),
    close: () => browser.close(),
  };
}

export async function launchFirefox(): Promise<Firefox> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: findBrowser('firefox'),
    headless: true,
    defaultViewport: VIEWPORT,
    // No update, telemetry or captive-portal traffic: a test talks to this machine only.
    extraPrefsFirefox: {
      'app.update.disabledForTesting': true,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'toolkit.telemetry.server': '',
    },
  });
  const page = await browser.newPage();
  return {
    name: 'firefox',
    page,
    open: async (url) => void (await page.goto(url)),
    evaluate: async (program, ...args) => readAnswer('firefox', await page.evaluate(pageText(program, args))),
    evaluateInFrame: async (program, ...args) =>
      readAnswer('firefox', await firstFrame(page.frames()).evaluate(pageText(program, args))),
    close: () => browser.close(),
  };
}

export async function launchWebKit(): Promise<WebKit> {
  const session = await startWebKit(VIEWPORT);
  const execute = async (text: string): Promise<unknown> => {
    const script = `const done = arguments[0]; ${text}.then(done);`;
    return session.command('POST', 'execute/async', { script, args: [] });
  };
  return {
    name: 'webkit',
    session,
    open: async (url) => void (await session.command('POST', 'url', { url })),
    evaluate: async (program, ...args) => readAnswer('webkit', await execute(pageText(program, args))),
    evaluateInFrame: async (program, ...args) => {
      await session.command('POST', 'frame', { id: 0 });
      try {
        return readAnswer('webkit', await execute(pageText(program, args)));
      } finally {
        await session.command('POST', 'frame', { id: null });
      }
    },
    close: () => session.close(),
  };
}

function firstFrame<Frame>(frames: readonly Frame[]): Frame {
  const frame = frames[1]; // the first of all is the page itself
  if (frame === undefined) throw new Error('The page has no frame');
  return frame;
}

/** Starts all engines side by side; when one cannot start, stops the others and says why. */
export async function launchEngines(): Promise<Engines> {
  const started = await Promise.allSettled([launchChromium(), launchFirefox(), launchWebKit()]);
  const [first, second, third] = started;
  if (first.status === 'fulfilled' && second.status === 'fulfilled' && third.status === 'fulfilled') {
    return { chromium: first.value, firefox: second.value, webkit: third.value };
  }
  await Promise.allSettled(
    started.flatMap((result) => (result.status === 'fulfilled' ? [result.value.close()] : [])),
  );
  const reasons = started.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  throw new Error(`Not every browser could be started:\n${reasons.join('\n')}`);
}

/**
 * Starts the engines once for the calling test file and stops them at its end. The result is read
 * inside tests: `const engines = useEngines(); it.each(ENGINE_NAMES)('…', (name) => engines()[name]…)`.
 */
export function useEngines(): () => Engines {
  return useStarted(launchEngines, async (engines) => {
    await Promise.all(Object.values<Engine>({ ...engines }).map((engine) => engine.close()));
  });
}

/** The same for one engine: `const chromium = useEngine(launchChromium)`. */
export function useEngine<One extends Engine>(launch: () => Promise<One>): () => One {
  return useStarted(launch, (engine) => engine.close());
}

function useStarted<Thing>(start: () => Promise<Thing>, stop: (thing: Thing) => Promise<void>): () => Thing {
  let started: { readonly thing: Thing } | undefined;
  beforeAll(async () => {
    started = { thing: await start() };
  });
  afterAll(async () => {
    if (started !== undefined) await stop(started.thing);
    started = undefined;
  });
  return () => {
    if (started === undefined) throw new Error('Browsers run only while tests do: ask inside a test or hook');
    return started.thing;
  };
}

/** The text of a promise for a JSON answer; it never rejects, so each driver reports errors alike. */
function pageText<Args extends readonly unknown[]>(
  program: string | ((...args: Args) => unknown),
  args: Args,
): string {
  const expression =
    typeof program === 'string' ? `(${program})` : `(${String(program)})(...${JSON.stringify(args)})`;
  return `(async () => {
    try {
      return JSON.stringify({ value: await ${expression} });
    } catch (error) {
      return JSON.stringify({ error: String(error), stack: String((error && error.stack) || '') });
    }
  })()`;
}

function readAnswer<Result>(engine: EngineName, answer: unknown): Result {
  if (typeof answer !== 'string') throw new Error(`${engine}: the page gave no answer`);
  const { value, error, stack } = JSON.parse(answer) as {
    value: Result;
    error?: string;
    stack?: string;
  };
  if (error !== undefined) throw new Error(`${engine}: in the page: ${error}\n${stack ?? ''}`);
  return value;
}
