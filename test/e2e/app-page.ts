// The app as its readers find it: by role and name, never by class. One place to change when words change.
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { serve, type Site } from './serve.ts';

/** How long anything on the page may take; a slow machine is not a fault. */
const PATIENCE = { timeout: 15_000, interval: 30 };

export class AppPage {
  /** What went wrong on the page, in words; a test ends with an empty list or with what it provoked. */
  readonly errors: string[] = [];

  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE.timeout);
    page.on('pageerror', (error) => this.errors.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.errors.push(message.text());
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText;
      // What a page still asked for when it was left is not missed.
      if (why !== 'net::ERR_ABORTED') this.errors.push(`failed: ${request.url()}: ${why}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.errors.push(`${response.status()}: ${response.url()}`);
    });
  }

  static async open(context: BrowserContext, url: string): Promise<AppPage> {
    const app = new AppPage(await context.newPage());
    await app.page.goto(url);
    return app;
  }

  // ── places ───────────────────────────────────────────────────────────────────────────────────────────────────────

  get outcome(): Locator {
    return this.page.getByRole('region', { name: 'Outcome' });
  }
  get diagram(): Locator {
    return this.page.getByRole('group', { name: /^Space-time diagram/ });
  }
  get playback(): Locator {
    return this.page.getByRole('region', { name: 'Playback' });
  }
  get time(): Locator {
    return this.playback.getByRole('slider', { name: 'Time' });
  }
  get causes(): Locator {
    return this.page.getByRole('region', { name: 'Why did this happen?' });
  }
  get events(): Locator {
    return this.page.getByRole('region', { name: 'Events' });
  }
  get alerts(): Locator {
    return this.page.getByRole('alert');
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }
  parameter(group: string, label: string): Locator {
    return this.page
      .getByRole('region', { name: group, exact: true })
      .getByLabel(label, { exact: true })
      .first();
  }
  policy(name: string): Locator {
    return this.page.getByRole('radiogroup', { name: 'Policy' }).getByRole('radio', { name });
  }

  // ── what they say ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The outcome digest on screen, '' while there is none. */
  async digest(): Promise<string> {
    const code = this.outcome.getByText(/^o\d+:[0-9a-f]{16}$/);
    return (await code.count()) === 0 ? '' : ((await code.first().textContent()) ?? '');
  }
  /** Where the playhead is, in words. */
  async position(): Promise<string> {
    return (await this.time.getAttribute('aria-valuetext')) ?? '';
  }

  async shows(digest: string): Promise<void> {
    await expect.poll(() => this.digest(), PATIENCE).toBe(digest);
  }
  async isAt(position: string | RegExp): Promise<void> {
    const found = expect.poll(() => this.position(), PATIENCE);
    await (typeof position === 'string' ? found.toBe(position) : found.toMatch(position));
  }
  async alertSays(words: string | RegExp): Promise<void> {
    const texts = expect.poll(async () => (await this.alerts.allInnerTexts()).join('\n'), PATIENCE);
    await (typeof words === 'string' ? texts.toContain(words) : texts.toMatch(words));
  }
  async hasNoAlert(): Promise<void> {
    await expect.poll(() => this.alerts.count(), PATIENCE).toBe(0);
  }
  async eventually<Value>(read: () => Promise<Value>, wanted: Value): Promise<void> {
    await expect.poll(read, PATIENCE).toEqual(wanted);
  }

  // ── what one does ────────────────────────────────────────────────────────────────────────────────────────────────

  async goTo(screen: 'Scenarios' | 'Workbench' | 'Compare' | 'Explore' | 'Two Generals'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: screen }).click();
  }

  /** The link of the Share dialog, which is closed again. */
  async shareLink(): Promise<string> {
    await this.button('Share').click();
    const link = await this.dialog.getByLabel('Link').inputValue();
    await this.page.keyboard.press('Escape');
    await this.dialog.waitFor({ state: 'detached' });
    return link;
  }
}

/**
 * The built app served for a file's tests, and pages of it that are closed after each; a test ends with no error on
 * any of them.
 *
 * @param context what pages open in, once a browser is there
 */
export function useApp(context: () => BrowserContext): {
  readonly site: () => Site;
  readonly open: (address?: string, origin?: string) => Promise<AppPage>;
} {
  let site: Site | undefined;
  let opened: AppPage[] = [];
  const served = (): Site => {
    if (site === undefined) throw new Error('nothing is served before the first test');
    return site;
  };
  beforeAll(async () => {
    site = await serve();
  });
  afterAll(() => site?.close());
  afterEach(async () => {
    const errors = opened.flatMap((app) => app.errors);
    await Promise.all(opened.map(({ page }) => page.close()));
    opened = [];
    expect(errors).toEqual([]);
  });
  return {
    site: served,
    open: async (address = '/', origin = served().origin) => {
      const app = await AppPage.open(context(), origin + address);
      opened.push(app);
      return app;
    },
  };
}
