// The Explore screen as a person uses it, in Chromium: a question, its answer with its strength, and a counterexample
// that is the same run in the workbench, behind its link and on the command line. Node's own search is the oracle.
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../sim/explore/bounds.ts';
import { explore, type Answer } from '../../sim/explore/explore.ts';
import type { Witness } from '../../sim/explore/witness.ts';
import { AppPage, useApp } from './app-page.ts';
import { launchChromium, useEngine } from './browsers.ts';
import { useCli } from './cli.ts';
import { expectedDigest, scenarioOf } from './expected.ts';

const FIRST = 'retry-until-acknowledged';
const DEDUP = 'retry-plus-dedup';
/** Enough for minutes: what is started with these bounds is still under way when a test looks. */
const ENDLESS = 'any-delay=1&messages=3&losses=8&states=20000000';

const chromium = useEngine(launchChromium);
const cli = useCli();
const { site, open } = useApp(() => chromium().context);

const form = (app: AppPage) => app.page.getByRole('complementary', { name: 'Question and bounds' });
const answer = (app: AppPage) => app.page.getByRole('region', { name: 'Answer' });
const headline = (app: AppPage, name: string | RegExp) =>
  answer(app).getByRole('heading', { level: 2, name });
/** Words of the answer, but for what is only heard. */
const told = (app: AppPage, words: string) => answer(app).getByRole('paragraph').filter({ hasText: words });
const ask = (app: AppPage) => form(app).getByRole('button', { name: 'Explore' }).click();

function oracle(id: string, clause: 'no-duplicate' | 'no-loss', several = 1): Answer {
  const scenario = scenarioOf(id);
  return explore({ scenario, question: { kind: 'clause', clause }, bounds: boundsOf(scenario), several });
}
function witnessesOf(found: Answer): readonly Witness[] {
  if (found.kind !== 'found') throw new Error(found.kind);
  return found.witnesses;
}

/** What a copy button writes to the clipboard, which a test has no other way to read. */
async function copied(app: AppPage, button: string): Promise<string> {
  await app.page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: async (text: string) => void (document.documentElement.dataset['copied'] = text) },
      configurable: true,
    });
  });
  await app.button(button).first().click();
  const read = () => app.page.evaluate(() => document.documentElement.dataset['copied'] ?? '');
  await expect.poll(read).not.toBe('');
  return read();
}

describe('explore: asking', () => {
  it('a scenario that is chosen is asked about: the counterexample is the one that Node finds', async () => {
    const [witness] = witnessesOf(oracle(FIRST, 'no-duplicate'));
    const app = await open('/');
    await app.goTo('Explore');
    await form(app).getByRole('radio', { name: 'no duplicate' }).check();
    await ask(app);
    await headline(app, 'Counterexample').waitFor();
    const region = answer(app);
    await region.getByText(witness.digest).waitFor();
    await region.getByText(witness.why).waitFor();
    await region.getByText('in a whole run at most 2 packets lost').waitFor();
    expect(await app.page.title()).toBe('Explore · Retry until acknowledged · Delivery Lab');
  });

  it('none: with schedules and states, the bounds in full, and all that can become of a message', async () => {
    const found = oracle(DEDUP, 'no-duplicate');
    if (found.kind !== 'none') throw new Error('the fixture must have no counterexample');
    const { schedules, states } = found.evidence;
    const app = await open(`/?scenario=${DEDUP}&ask=no-duplicate`);
    await ask(app);
    await headline(app, 'None within these bounds').waitFor();
    const text = await answer(app).innerText();
    expect(text).toContain(`All ${schedules?.toLocaleString('en')} schedules`);
    expect(text).toContain(`(${states.toLocaleString('en')} states)`);
    expect(text).toContain('exhaustive within bounds');
    expect(text).toContain('2 messages, up to 4 attempts each');
    expect(text).toContain('just until the dedup entry it would meet expires');
    const row = answer(app).getByRole('row', { name: /^confirmed/ });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(['cannot be', 'can be', 'cannot be']);
    await app.page
      .getByRole('status')
      .filter({ hasText: /^None within these bounds\. All/ })
      .waitFor({ state: 'attached' });
  });

  it('gave up: names the limit, and goes on to a larger one', async () => {
    const app = await open(`/?scenario=${DEDUP}&ask=no-duplicate&states=2000`);
    await ask(app);
    await headline(app, 'Gave up').waitFor();
    await told(app, 'then the limit on states was reached').waitFor();
    await app.button('Go on to 10,000 states').click();
    await headline(app, 'None within these bounds').waitFor();
    expect(await form(app).getByLabel('States').inputValue()).toBe('10000');
  });

  it('tells how far it is; stopped, it answers with what it has', async () => {
    const app = await open(`/?scenario=${FIRST}&ask=sometimes:dead-letter&${ENDLESS}`);
    await ask(app);
    await headline(app, 'Exploring').waitFor();
    const bar = app.page.getByRole('progressbar');
    const value = async () => Number(await bar.getAttribute('value'));
    await expect.poll(value).toBeGreaterThan(0);
    const before = await value();
    await expect.poll(value).toBeGreaterThan(before);
    await app.button('Stop').click();
    await headline(app, 'Gave up').waitFor();
    await told(app, 'then it was cancelled').waitFor();
  });

  it('sometimes: a witness; and how long it may take to settle', async () => {
    const app = await open(`/?scenario=${DEDUP}`);
    await app.goTo('Explore');
    await form(app).getByRole('radio', { name: 'sometimes' }).check();
    await form(app).getByLabel('What can happen').selectOption('suppress');
    await ask(app);
    await headline(app, 'Witness').waitFor();
    await form(app).getByRole('radio', { name: 'settles within' }).check();
    await form(app).getByRole('textbox', { name: 'Settles within' }).fill('1h');
    await form(app).getByRole('textbox', { name: 'Settles within' }).press('Enter');
    await headline(app, 'None within these bounds').waitFor();
  });

  it('says at the field what cannot be, and asks nothing then', async () => {
    const app = await open('/?scenario=two-generals&ask=no-loss');
    const field = form(app).getByLabel('Packets lost');
    await field.fill('21');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await form(app).getByText('Expected a whole number from 0 to 20.').waitFor();
    expect(await form(app).getByRole('button', { name: 'Explore' }).isDisabled()).toBe(true);
    await app.button('Usual bounds').click();
    expect(await field.inputValue()).toBe('2');
  });

  it('the address brings the question back, of a bundled scenario and of a changed one', async () => {
    const app = await open(`/?scenario=${DEDUP}`);
    await app.goTo('Explore');
    await form(app).getByRole('radio', { name: 'no loss' }).check();
    await form(app).getByLabel('Packets lost').fill('3');
    await app.page.waitForURL(/ask=no-loss&losses=3$/);
    await app.policy('At-least-once').click();
    await app.page.waitForURL(/#v1\./);
    await app.page.reload();
    await form(app).waitFor();
    expect(await form(app).getByRole('radio', { name: 'no loss' }).isChecked()).toBe(true);
    expect(await form(app).getByLabel('Packets lost').inputValue()).toBe('3');
    expect(await app.policy('At-least-once').getAttribute('aria-checked')).toBe('true');
    await app.hasNoAlert();
  });
});

describe('explore: what was found', () => {
  it('opens in the workbench with the digest it had, and the person’s own scenario comes back', async () => {
    const app = await open(`/?scenario=${FIRST}&ask=no-duplicate`);
    const [witness] = witnessesOf(oracle(FIRST, 'no-duplicate'));
    await ask(app);
    await app.button('Open in the timeline').click();
    await app.shows(witness.digest);
    await app.diagram.waitFor();
    expect(await app.diagram.getByRole('img', { name: /1 applied again$/ }).count()).toBe(1);
    await app.button('Back, with what was set before').click();
    await headline(app, 'Counterexample').waitFor();
    expect(await answer(app).getByText('has changed since').count()).toBe(0);
    await app.goTo('Workbench');
    await app.shows(expectedDigest(FIRST));
  });

  it('several, each openable after the other', async () => {
    const found = witnessesOf(oracle('effect-crash-before-mark', 'no-duplicate', 6));
    const app = await open('/?scenario=effect-crash-before-mark&ask=no-duplicate');
    await ask(app);
    await app.button('Show me several').click();
    await headline(app, '6 counterexamples').waitFor();
    const opens = app.button('Open in the timeline');
    expect(await opens.count()).toBe(found.length);
    for (const index of [0, 5]) {
      await opens.nth(index).click();
      await app.shows(found[index].digest);
      await app.goTo('Explore');
    }
  });

  it('its link opens it, its command replays it: the same digest', async () => {
    const app = await open(`/?scenario=${FIRST}&ask=no-duplicate`);
    const [witness] = witnessesOf(oracle(FIRST, 'no-duplicate'));
    await ask(app);
    await headline(app, 'Counterexample').waitFor();
    const link = await copied(app, 'Copy link');
    const command = await copied(app, 'Copy command');
    expect(command).toMatch(/^delivery-lab run retry-until-acknowledged /);
    expect((await cli().shell(command)).stdout).toContain(witness.digest);
    const other = await open(link.replace(site().origin, ''));
    await other.shows(witness.digest);
    await other.hasNoAlert();
  });

  it('of a scenario that was changed: the command carries it whole', async () => {
    const app = await open(`/?scenario=${FIRST}`);
    await app.parameter('Sender', 'Ack timeout').fill('900 ms');
    await app.shows(expectedDigest(FIRST, { set: ['shop.ackTimeout=900ms'] }));
    await app.goTo('Explore');
    await form(app).getByRole('radio', { name: 'no duplicate' }).check();
    await ask(app);
    await headline(app, 'Counterexample').waitFor();
    const digest = await answer(app).getByText(/^o1:/).innerText();
    const command = await copied(app, 'Copy command');
    expect((await cli().shell(command)).stdout).toContain(digest);
  });

  it('an answer says when the scenario or the question has changed since', async () => {
    const app = await open(`/?scenario=${FIRST}&ask=no-duplicate`);
    await ask(app);
    await headline(app, 'Counterexample').waitFor();
    await app.policy('Effectively-once').click();
    await answer(app).getByText('The scenario has changed since this answer.').waitFor();
    await app.button('Explore again').click();
    await headline(app, 'None within these bounds').waitFor();
    await form(app).getByLabel('Packets lost').fill('1');
    await answer(app).getByText('The question has changed since this answer.').waitFor();
  });
});

describe('explore: where no worker may start', () => {
  it('the page explores itself, and hears a click meanwhile', async () => {
    const app = await open(`/?scenario=${FIRST}&ask=sometimes:dead-letter&${ENDLESS}`);
    await app.goTo('Explore');
    await app.page.evaluate(() => {
      Object.defineProperty(globalThis, 'Worker', {
        value: class {
          constructor() {
            throw new DOMException('barred', 'SecurityError');
          }
        },
      });
    });
    await ask(app);
    const value = async () => Number(await app.page.getByRole('progressbar').getAttribute('value'));
    await expect.poll(value, { timeout: 15_000 }).toBeGreaterThan(1_000);
    await app.button('Stop').click();
    await headline(app, 'Gave up').waitFor();
  });

  it('an explorer that cannot start is an error that can be tried again', async () => {
    const context = chromium().context;
    await context.route(/explorer-worker/, (route) => route.abort());
    const app = await AppPage.open(context, `${site().origin}/?scenario=${FIRST}&ask=no-duplicate`);
    try {
      await ask(app);
      await app.alertSays('The exploration ended with an error');
      await context.unroute(/explorer-worker/);
      await app.button('Try again').click();
      await headline(app, 'Counterexample').waitFor();
    } finally {
      await context.unroute(/explorer-worker/);
      await app.page.close();
    }
  });
});
