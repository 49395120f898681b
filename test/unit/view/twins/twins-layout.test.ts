// Two worlds on paper: what the sender sees stands at the same height with the same words, and the left world is the
// mirror image of what would stand on the right.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../../sim/explore/bounds.ts';
import type { Twins } from '../../../../sim/explore/twins.ts';
import { twinOf } from '../../../to-the-end.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { planOf } from '../../../../sim/scenario/plan.ts';
import type { Trace } from '../../../../sim/trace/columns.ts';
import { FACT } from '../../../../src/view/facts.ts';
import { indexOf } from '../../../../src/view/trace-index.ts';
import { pairedRows } from '../../../../src/view/twins/paired-rows.ts';
import { twinsLayout, type TwinsInput } from '../../../../src/view/twins/twins-layout.ts';
import { decisionWords, flippedWords } from '../../../../src/view/twins/twins-words.ts';

function twinsOf(id: string): { twins: Twins; here: Trace; there: Trace } {
  const file = new URL(`../../../../scenarios/${id}.json`, import.meta.url);
  const parsed = parseScenario(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.ok) throw new Error('not a scenario');
  const { scenario } = parsed;
  const answer = twinOf(planOf(scenario), { seed: scenario.seed, overrides: {} }, boundsOf(scenario));
  if (answer.kind !== 'twins') throw new Error('no twins');
  const { twins } = answer;
  const [here, there] = [twins.here.result.trace, twins.there.result.trace];
  if (here === null || there === null) throw new Error('no trace');
  return { twins, here, there };
}

function inputOf(
  { twins, here, there }: ReturnType<typeof twinsOf>,
  how: Partial<TwinsInput> = {},
): TwinsInput {
  const { scenario, message, firstDifference } = twins;
  const world = (trace: Trace, endUs: number, differsUs: number) => ({
    index: indexOf(trace),
    endUs,
    differsUs,
  });
  return {
    scenario,
    message,
    here: world(here, twins.here.result.endedAtUs, firstDifference.hereUs),
    there: world(there, twins.there.result.endedAtUs, firstDifference.thereUs),
    width: 696,
    isStacked: false,
    ...how,
  };
}

const PAIRS = ['two-generals', 'github-one-attempt', 'retry-until-acknowledged', 'svix-24h-window'];

describe('twins layout', () => {
  it.each(PAIRS)('%s: the sender’s lines have the same words at the same heights', (id) => {
    const { here, there } = twinsLayout(inputOf(twinsOf(id)));
    expect(here.lines.length).toBeGreaterThan(0);
    const seen = (lines: typeof here.lines) => lines.map(({ time, words, y }) => `${time} ${words} ${y}`);
    expect(seen(there.lines)).toEqual(seen(here.lines));
  });

  it.each(PAIRS)('%s: no line covers another, and all stand inside the drawing', (id) => {
    for (const width of [360, 696]) {
      const { here, height } = twinsLayout(inputOf(twinsOf(id), { width, isStacked: width < 600 }));
      here.lines.forEach(({ y, atY }, i) => {
        expect(y).toBeGreaterThanOrEqual(atY);
        expect(y + 10).toBeLessThanOrEqual(height);
        if (i > 0) expect(y - here.lines[i - 1].y).toBeGreaterThanOrEqual(width < 600 ? 34 : 20);
      });
    }
  });

  it('the left world is a mirror image: the sender’s lanes are as far from the middle on both sides', () => {
    const found = twinsOf('two-generals');
    const { here, there, width } = twinsLayout(inputOf(found));
    expect(here.isMirrored).toBe(true);
    expect(width - here.sender).toBe(there.sender);
    expect(width - here.receiver).toBe(there.receiver);
    const [left, right] = [here.drawing.badges[0], there.drawing.badges[0]];
    expect([width - left.at.x, left.at.y]).toEqual([right.at.x, right.at.y]);
    for (const packet of here.drawing.packets)
      expect(Math.sign(packet.head.x - packet.tail.x)).toBe(packet.kind === 'request' ? -1 : 1);
  });

  it('one above the other nothing is mirrored', () => {
    const { here, there } = twinsLayout(inputOf(twinsOf('two-generals'), { width: 360, isStacked: true }));
    expect(here.sender).toBe(there.sender);
    expect(here.receiver).toBeGreaterThan(here.sender);
  });

  it('the first difference stands where it happens in each world', () => {
    const { here, there, axis } = twinsLayout(inputOf(twinsOf('two-generals')));
    expect(here.differenceY).toBe(axis.x(4_200_000));
    expect(there.differenceY).toBe(axis.x(4_000_000));
  });
});

describe('twins in words', () => {
  it('two generals: the request of message 2 arrives in one world and is lost in the other', () => {
    const { twins, here, there } = twinsOf('two-generals');
    expect(flippedWords(twins.flipped, here, twins.here.overrides)).toBe(
      'request 2 arrives, its ack is lost',
    );
    expect(flippedWords(twins.flipped, there, twins.there.overrides)).toBe('request 2 is lost');
  });

  it('a crash is told where it happens', () => {
    const { here } = twinsOf('two-generals');
    const name = 'api/handler/m2/1/c0/effect/crash';
    expect(flippedWords([name], here, { [name]: true })).toBe('the receiver crashes after the effect of 2');
    expect(flippedWords([name], here, {})).toBe('nothing is changed');
  });

  it('without a memory at the receiver every decision is wrong somewhere; with one, sending again is right', () => {
    const lossy = { stop: { here: 1, there: 0 }, sendAgain: { here: 2, there: 1 } };
    expect(decisionWords(lossy)).toMatch(/^Whatever the sender does next, it is wrong/);
    expect(decisionWords({ ...lossy, sendAgain: { here: 1, there: 1 } })).toMatch(/^Sending again is right/);
    expect(decisionWords({ stop: { here: 2, there: 1 }, sendAgain: { here: 2, there: 1 } })).toMatch(
      /no decision of the sender/,
    );
  });
});

describe('paired rows', () => {
  it.each(PAIRS)(
    '%s: every row of both worlds is told once, in order, and all of the sender’s are shared',
    (id) => {
      const { here, there } = twinsOf(id);
      const rows = pairedRows(here, there);
      const told = (which: 'hereRow' | 'thereRow') =>
        rows.flatMap((row) => (row[which] === null ? [] : [row[which]]));
      expect(told('hereRow')).toEqual(Array.from({ length: here.rowCount }, (_, row) => row));
      expect(told('thereRow')).toEqual(Array.from({ length: there.rowCount }, (_, row) => row));
      expect(rows.map(({ timeUs }) => timeUs)).toEqual(
        rows.map(({ timeUs }) => timeUs).sort((a, b) => a - b),
      );
      const alone = rows.filter(({ hereRow, thereRow }) => hereRow === null || thereRow === null);
      expect(alone.length).toBeGreaterThan(0);
      const places = alone.map(({ hereRow, thereRow }) =>
        hereRow !== null ? here.place[hereRow] : there.place[thereRow ?? 0],
      );
      expect(places).not.toContain(0);
      expect(alone.some(({ hereRow }) => hereRow !== null && here.kind[hereRow] === FACT.effect)).toBe(true);
    },
  );
});
