// Access: axe finds nothing on any screen, light and dark, wide and narrow; and the keyboard alone reaches every
// control, in the order of the page, with a focus that can be seen.
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppPage } from './app-page.ts';
import { launchChromium, useEngine } from './browsers.ts';
import { expectedDigest, scenarioOf } from './expected.ts';
import { serve, type Site } from './serve.ts';

const FIRST = 'retry-until-acknowledged';
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const MENU = 'Lesson and parameters';

const chromium = useEngine(launchChromium);
let site: Site;
let context: BrowserContext | undefined;

beforeAll(async () => {
  site = await serve();
});
afterAll(() => site.close());
afterEach(async () => {
  await context?.close();
  context = undefined;
});

interface Look {
  readonly size: { readonly width: number; readonly height: number };
  readonly theme: 'light' | 'dark';
}

async function open(address: string, { size, theme }: Look): Promise<AppPage> {
  const browser = chromium().context.browser();
  if (browser === null) throw new Error('the browser has gone');
  context = await browser.newContext({ viewport: size, colorScheme: theme });
  return AppPage.open(context, site.origin + address);
}

/** The same page to another reader; it follows the system's theme. */
async function turn({ page }: AppPage, { size, theme }: Look): Promise<void> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction((wanted) => document.documentElement.dataset['theme'] === wanted, theme);
}

/** What axe finds on the page, or in the part that has changed since it looked last. */
async function violations({ page }: AppPage, part?: string): Promise<string[]> {
  const whole = new AxeBuilder({ page }).setLegacyMode(); // there are no frames to look into
  const { violations: found } = await (part === undefined ? whole : whole.include(part)).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary?.slice(0, 200)}`),
  );
}

const seen = (size: Look['size'], theme: Look['theme']): Look => ({ size, theme });
// Rules of layout depend on the size, rules of colour on the theme: two pairs show each. FULL=1 takes all four.
const LOOKS = [seen(WIDE, 'light'), seen(NARROW, 'dark'), seen(WIDE, 'dark'), seen(NARROW, 'light')].slice(
  0,
  process.env['FULL'] === '1' ? 4 : 2,
);

describe('axe finds nothing, wide and narrow, light and dark', () => {
  /** In every look; `part` is what has changed since axe saw the page whole. */
  async function isClean(app: AppPage, part?: string): Promise<void> {
    for (const look of LOOKS) {
      await turn(app, look);
      expect(await violations(app, part), `${look.size.width} px, ${look.theme}`).toEqual([]);
    }
    await turn(app, LOOKS[0]);
  }

  it('workbench and its dialogs', async () => {
    const app = await open('/', LOOKS[0]);
    await app.diagram.waitFor();
    await app.page.getByRole('heading', { name: 'Copies and effects per message' }).waitFor();
    await isClean(app);
    for (const name of ['Share', 'Embed', 'Keyboard help']) {
      await app.button(name).click();
      await app.dialog.waitFor();
      await isClean(app, 'dialog');
      await app.page.keyboard.press('Escape');
      await app.dialog.waitFor({ state: 'detached' });
    }
  });

  it('a packet that is picked, and the fork', async () => {
    const app = await open('/', LOOKS[0]);
    await app.diagram.getByRole('button', { name: /: 1 sent; arrived$/ }).press('Enter');
    await app.dialog.waitFor();
    await isClean(app, '[role="dialog"]');
    await app.dialog.getByRole('button', { name: 'Lose this packet instead' }).click();
    await app.button('Show the original').waitFor();
    await isClean(app, '[role="status"]');
  });

  it('lesson and parameters, with a field that is wrong', async () => {
    const app = await open('/', LOOKS[0]);
    await app.parameter('Sender', 'Ack timeout').fill('soon');
    await app.alertSays('Not run');
    await app.page.getByText('Where the numbers come from').click();
    // On a narrow page they stand in the place of the figure.
    await turn(app, seen(NARROW, 'light'));
    await app.button(MENU).click();
    await isClean(app, 'aside');
    await isClean(app, '[role="alert"]');
  });

  it('outages, crashes, dedup stores', async () => {
    const app = await open('/?scenario=seven-attempts-offsets', LOOKS[0]);
    await app.diagram.waitFor();
    await isClean(app);
    await app.page.goto(`${site.origin}/?scenario=effect-crash-before-mark`);
    await app.diagram.waitFor();
    await isClean(app, 'svg[role="group"]');
  });

  it('scenarios', async () => {
    const app = await open('/', LOOKS[0]);
    await goToScenarios(app);
    await isClean(app);
  });

  it('compare', async () => {
    const app = await open('/?scenario=svix-24h-window', LOOKS[0]);
    await goToCompare(app);
    await isClean(app);
  });

  it('explore: before a question, under way, and each answer', async () => {
    const app = await open('/?scenario=retry-plus-dedup&ask=settles:soon&losses=99', LOOKS[0]);
    await app.page.getByRole('heading', { name: 'Explore' }).waitFor();
    await app.page.getByText('Reductions').click();
    await isClean(app);
    const answers = [
      ['retry-plus-dedup&ask=no-duplicate', 'None within these bounds'],
      ['retry-until-acknowledged&ask=no-duplicate', 'Counterexample'],
      ['fire-and-forget&ask=no-loss', 'Counterexample'],
      ['retry-plus-dedup&ask=sometimes:suppress', 'Witness'],
      ['retry-plus-dedup&ask=no-duplicate&states=500', 'Gave up'],
      ['retry-plus-dedup&ask=sometimes:dead-letter&any-delay=1&messages=3&losses=8', 'Exploring'],
    ];
    for (const [address, heading] of answers) {
      await app.page.goto(`${site.origin}/?scenario=${address}`);
      await app.page.locator('form').getByRole('button', { name: 'Explore' }).click();
      await app.page.getByRole('heading', { level: 2, name: heading }).waitFor();
      await isClean(app, '[aria-label="Answer"]');
    }
    await app.button('Stop').click();
    await app.page.getByRole('heading', { level: 2, name: 'Gave up' }).waitFor();
    await app.policy('At-least-once').click();
    await app.page.getByText('The scenario has changed since this answer.').waitFor();
    await isClean(app, '[aria-label="Answer"]');
  });

  it('a counterexample that is looked at in the workbench', async () => {
    const app = await open('/?scenario=retry-until-acknowledged&ask=no-duplicate', LOOKS[0]);
    await goToAnswer(app);
    await app.button('Open in the timeline').click();
    await app.diagram.waitFor();
    await isClean(app, '[role="status"]');
  });

  it('a link that cannot be read', async () => {
    const app = await open('/#v1.broken', LOOKS[0]);
    await app.alertSays('damaged');
    await isClean(app, '[role="alert"]');
  });

  it('embed', async () => {
    const app = await open('/?embed&scenario=svix-24h-window', LOOKS[0]);
    await app.diagram.waitFor();
    await isClean(app);
  });
});

describe('under a finger', () => {
  it.each([
    ['workbench', '/', undefined],
    ['lesson and parameters', '/', (app: AppPage) => app.button(MENU).click()],
    ['scenarios', '/', goToScenarios],
    ['compare', '/', goToCompare],
    ['two generals', '/?scenario=two-generals', goToTwoGenerals],
    ['embed', '/?embed', undefined],
    ['explore', '/', exploreFirst],
  ] as const)('every control answers over 44 px, on a phone: %s', async (_name, address, go) => {
    const app = await open(address, { size: NARROW, theme: 'light' });
    await app.diagram.first().waitFor();
    await go?.(app);
    expect(await app.page.evaluate(lowControls)).toEqual([]);
  });
});

describe('keyboard alone', () => {
  it.each([
    ['workbench, wide', '/', WIDE, undefined],
    ['workbench, narrow', '/', NARROW, undefined],
    ['lesson and parameters, narrow', '/', NARROW, (app: AppPage) => app.button(MENU).click()],
    ['scenarios', '/', WIDE, goToScenarios],
    ['compare', '/', WIDE, goToCompare],
    ['two generals', '/?scenario=two-generals', WIDE, goToTwoGenerals],
    ['explore, with an answer', '/', WIDE, exploreFirst],
    ['embed', '/?embed', WIDE, undefined],
  ] as const)('Tab reaches every control, and each shows its focus: %s', async (_name, address, size, go) => {
    const app = await open(address, { size, theme: 'light' });
    await app.diagram.first().waitFor();
    await go?.(app);
    await app.page.evaluate(() => {
      document.querySelectorAll('details').forEach((details) => (details.open = true));
      // From the top of the page, wherever the mouse has been.
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute('tabindex');
    });
    const wanted = await app.page.evaluate(controls);
    expect(wanted.length).toBeGreaterThan(5);
    const reached = new Set<string>();
    const unseen: string[] = [];
    // A stop may be a group with an inner order of its own; each Tab still moves on, so the page has an end.
    for (let count = 0; count < wanted.length + 40; count++) {
      await app.page.keyboard.press('Tab');
      const at = await app.page.evaluate(focused);
      if (at === null || reached.has(at.key)) break;
      reached.add(at.key);
      if (!at.isSeen) unseen.push(at.name);
    }
    expect(wanted.filter(({ key }) => !reached.has(key)).map(({ name }) => name)).toEqual([]);
    expect(unseen).toEqual([]);
  });

  it('a run is chosen, changed, stepped through, forked and shared without a mouse', async () => {
    const app = await open('/', { size: WIDE, theme: 'light' });
    const { keyboard } = app.page;
    await app.shows(expectedDigest(FIRST));
    const focus = async (name: string): Promise<void> => {
      for (let count = 0; count < 120; count++) {
        await keyboard.press('Tab');
        const at = await app.page.evaluate(focused);
        if (at?.name === name) return;
      }
      throw new Error(`Tab never came to ${name}`);
    };
    await focus('Scenarios');
    await keyboard.press('Enter');
    await focus('Find a scenario');
    await keyboard.type('network duplicates');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await app.shows(expectedDigest('network-duplicates'));
    await focus('Messages');
    await keyboard.press('Control+a');
    await keyboard.type('3');
    const { nodes } = scenarioOf('network-duplicates');
    const producer = Object.keys(nodes).find((id) => nodes[id].kind === 'producer');
    const set = [`${producer}.messages=3`];
    await app.shows(expectedDigest('network-duplicates', { set }));
    await focus('Time');
    await keyboard.press('Home');
    await keyboard.press('ArrowRight');
    await app.isAt(/event 1 of/);
    await keyboard.press('Control+z');
    await app.shows(expectedDigest('network-duplicates'));
  });
});

async function goToScenarios(app: AppPage): Promise<void> {
  await app.goTo('Scenarios');
  await app.page.getByRole('heading', { name: 'Scenarios' }).waitFor();
}

async function goToTwoGenerals(app: AppPage): Promise<void> {
  await app.goTo('Two Generals');
  await app.page.getByText('Both worlds as a table').waitFor();
}

async function goToCompare(app: AppPage): Promise<void> {
  await app.goTo('Compare');
  await app.eventually(() => app.diagram.count(), 3);
}

async function goToAnswer(app: AppPage): Promise<void> {
  await app.page.locator('form').getByRole('button', { name: 'Explore' }).click();
  await app.page.getByRole('heading', { level: 2, name: 'Counterexample' }).waitFor();
}

async function exploreFirst(app: AppPage): Promise<void> {
  await app.goTo('Explore');
  await app.page.getByRole('radio', { name: 'no duplicate' }).check();
  await goToAnswer(app);
}

/** Everything on the page that a person can operate: one stop for each, and one for a group with arrow keys. */
function controls(): { key: string; name: string }[] {
  const all = [
    ...document.querySelectorAll<HTMLElement | SVGElement>(
      'button, input, select, textarea, a[href], summary, [tabindex]',
    ),
  ];
  return all
    .filter((element) => {
      const box = element.getBoundingClientRect();
      const isShown = box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden';
      // Of radio buttons the chosen one is the stop; arrows go to the others.
      const isInner = element.matches('input[type="radio"]:not(:checked)');
      return isShown && element.tabIndex >= 0 && !isInner && !element.matches(':disabled');
    })
    .map((element) => {
      element.dataset['stop'] ??= String(all.indexOf(element));
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
      return {
        key: element.dataset['stop'],
        name: element.ariaLabel ?? label ?? element.textContent.trim().slice(0, 60),
      };
    });
}

/** What has the focus, and whether one can see that it has. */
function focused(): { key: string; name: string; isSeen: boolean } | null {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const { dataset } =
    element instanceof HTMLElement || element instanceof SVGElement ? element : { dataset: {} };
  const outlined = (one: Element): boolean => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  };
  const box = element.getBoundingClientRect();
  const isInView = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
  const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
  return {
    key: (dataset as DOMStringMap)['stop'] ?? element.outerHTML.slice(0, 120),
    name: element.ariaLabel ?? label ?? (element.textContent ?? '').trim().slice(0, 60),
    isSeen:
      isInView && (outlined(element) || (element.parentElement !== null && outlined(element.parentElement))),
  };
}

/** Controls that answer over less than 44 px of height; a link in a line of words answers above and below it. */
function lowControls(): string[] {
  return [...document.querySelectorAll<HTMLElement>('button, input, select, summary')].flatMap((control) => {
    const box = control.getBoundingClientRect();
    if (box.height === 0 || control.closest('.visually-hidden') !== null) return [];
    const around = parseFloat(getComputedStyle(control, '::after').height) || 0;
    const labels = control instanceof HTMLInputElement ? [...(control.labels ?? [])] : [];
    const heights = labels.map((label) => label.getBoundingClientRect().height);
    return Math.max(box.height, around, ...heights) >= 44
      ? []
      : [`${Math.round(box.height)} px: ${control.getAttribute('aria-label') ?? control.textContent}`];
  });
}
