// Two Generals on live data, in Chromium: the pair is found, what the sender saw is the same text in both worlds, each
// world opens as the run that it is, and the other answers have states of their own.
import AxeBuilder from '@axe-core/playwright';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../sim/explore/bounds.ts';
import type { Twins } from '../../sim/explore/twins.ts';
import { twinOf } from '../to-the-end.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import { type AppPage, useApp } from './app-page.ts';
import { launchChromium, useEngine } from './browsers.ts';
import { expectedDigest, scenarioOf } from './expected.ts';

const PAIR = 'two-generals';
const NO_PAIR = 'retry-plus-dedup';

const chromium = useEngine(launchChromium);
const { open } = useApp(() => chromium().context);

const world = (app: AppPage, name: string): Locator => app.page.getByRole('region', { name, exact: true });
const senderColumn = (app: AppPage, name: string) =>
  world(app, name).getByRole('list', { name: 'What the sender sees' }).getByRole('listitem').allInnerTexts();

/** The pair, as Node finds it. */
function expectedTwins(id: string): Twins {
  const scenario = scenarioOf(id);
  const answer = twinOf(planOf(scenario), { seed: scenario.seed, overrides: {} }, boundsOf(scenario));
  if (answer.kind !== 'twins') throw new Error(`${id} has no twins`);
  return answer.twins;
}

describe('two generals: a pair', () => {
  it('is found for the run on screen; the sender’s columns are the same text, and the truth is not', async () => {
    const app = await open(`/?scenario=${PAIR}`);
    await app.goTo('Two Generals');
    await world(app, 'Its twin').waitFor();
    const here = await senderColumn(app, 'This run');
    expect(here.map((line) => line.replace(/\s+/g, ' '))).toEqual([
      '4.00 s 2 is to be sent',
      '4.00 s 2 sent',
      '5.20 s 2 timed out',
      '5.20 s 2 gave up, 1 attempt',
    ]);
    expect(await senderColumn(app, 'Its twin')).toEqual(here);
    await world(app, 'This run').getByText('request 2 arrives, its ack is lost', { exact: true }).waitFor();
    await world(app, 'Its twin').getByText('request 2 is lost', { exact: true }).waitFor();
    await world(app, 'This run').getByText('applied once', { exact: true }).waitFor();
    await world(app, 'Its twin').getByText('never applied', { exact: true }).waitFor();
    await app.page
      .getByText('Whatever the sender does next, it is wrong in one of the two worlds.')
      .waitFor();
  });

  it('stands in a table too: all of the sender’s rows are shared, and some of the others are not', async () => {
    const app = await open(`/?scenario=${PAIR}&screen=two-generals`);
    await app.page.getByText('Both worlds as a table').click();
    const rows = await app.page
      .getByRole('table')
      .filter({ hasText: 'Where' })
      .getByRole('row')
      .allInnerTexts();
    const sender = rows.filter((row) => row.includes('Sender'));
    expect(sender.length).toBe(expectedTwins(PAIR).senderColumn.length);
    expect(sender.every((row) => row.includes('='))).toBe(true);
    expect(rows.some((row) => row.includes('≠'))).toBe(true);
  });

  it('each world opens in the timeline as the run it is, and the way back leads here', async () => {
    const app = await open(`/?scenario=${PAIR}&screen=two-generals`);
    const { overrides } = expectedTwins(PAIR).there;
    await world(app, 'Its twin').getByRole('button', { name: 'Open in the timeline' }).click();
    await app.shows(expectedDigest(PAIR, { overrides }));
    await app.goTo('Two Generals');
    await world(app, 'This run').getByRole('button', { name: 'Open in the timeline' }).click();
    await app.shows(expectedDigest(PAIR));
  });

  it('is brought back by its address, and by the link of the Share dialog', async () => {
    const app = await open(`/?scenario=${PAIR}`);
    await app.goTo('Two Generals');
    await app.page.waitForURL(/\?scenario=two-generals&screen=two-generals$/);
    const link = await app.shareLink();
    await app.page.goto('about:blank');
    await app.page.goto(link);
    await world(app, 'Its twin').waitFor();
    expect(await senderColumn(app, 'Its twin')).toEqual(await senderColumn(app, 'This run'));
  });

  it('where the run itself has none, another pair is shown and said to be one', async () => {
    const app = await open('/?scenario=network-duplicates&screen=two-generals');
    await app.page.getByText('This run itself has no twin; these two have each other.').waitFor();
    expect(await senderColumn(app, 'The other world')).toEqual(await senderColumn(app, 'One world'));
  });
});

describe('two generals: no pair', () => {
  it('says so with its strength, its number of schedules and its bounds', async () => {
    const app = await open(`/?scenario=${NO_PAIR}&screen=two-generals`);
    await app.page.getByText('Exhaustive: none within these bounds').waitFor();
    await app.page.getByText(/^All [\d,]+ schedules were looked at\./).waitFor();
    await app.page
      .getByText('2 messages, up to 4 attempts each; in a whole run at most 2 packets lost')
      .waitFor();
    expect(await app.page.getByRole('list', { name: 'What the sender sees' }).count()).toBe(0);
  });
});

describe('two generals: what can be known', () => {
  it('the ladder says in how many of the explored runs each rung holds, and ends where none does', async () => {
    const app = await open(`/?scenario=${NO_PAIR}&screen=two-generals`);
    const ladder = app.page.getByRole('region', { name: 'The ladder of knowledge' });
    await ladder.getByRole('columnheader', { name: 'Among the explored runs' }).waitFor();
    const rows = await ladder.getByRole('row').allInnerTexts();
    expect(rows.slice(1).map((row) => row.replace(/\s+/g, ' '))).toEqual([
      'It was delivered 30 of 31 99.6% yes',
      'The receiver has it 30 of 31 99.6% yes',
      'The sender knows that the receiver has it 15 of 31 96% yes',
      'The receiver knows that the sender knows that the receiver has it 0 of 31 0% no',
    ]);
  });

  it('no way to press the bricks makes both ends agree, hold on nothing and act on all', async () => {
    const app = await open(`/?scenario=${PAIR}&screen=two-generals`);
    const chain = app.page.getByRole('region', { name: 'Why one more ack never closes the gap' });
    const verdict = chain.getByRole('status');
    await app.eventually(
      () => verdict.innerText(),
      'They act apart when 5 arrived: a chance of 5%. Both act in 12%.',
    );
    await chain.getByRole('button', { name: 'Receiver, 5 or 6 arrived: acts' }).press('Space');
    await app.eventually(
      () => verdict.innerText(),
      'They act apart when 6 arrived: a chance of 12%. Both act in 0%. And somebody holds although everything arrived.',
    );
    await chain.getByRole('button', { name: 'Back to the best rule' }).click();
    await chain.getByRole('slider', { name: /^Packets in the chain/ }).fill('2');
    await app.eventually(
      () => verdict.innerText(),
      'They act apart when 1 arrived: a chance of 21%. Both act in 49%.',
    );
  });
});

describe('two generals: access', () => {
  it.each([
    [1440, 'light'],
    [390, 'dark'],
  ] as const)('axe finds nothing at %i px, %s', async (width, theme) => {
    for (const id of [PAIR, NO_PAIR]) {
      const app = await open(`/?scenario=${id}&screen=two-generals`);
      await app.page.setViewportSize({ width, height: 900 });
      await app.page.emulateMedia({ colorScheme: theme });
      await app.page.waitForFunction((wanted) => document.documentElement.dataset['theme'] === wanted, theme);
      await app.page
        .getByText(id === PAIR ? 'Both worlds as a table' : 'Exhaustive: none within these bounds')
        .click();
      await app.page.getByRole('region', { name: 'The ladder of knowledge' }).waitFor();
      const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode().analyze();
      expect(
        violations.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join(' ')}`),
      ).toEqual([]);
      const overflow = await app.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    }
  });
});
