import { describe, expect, it } from 'vitest';
import type { Ladder, Rung } from '../../../../sim/explore/ladder.ts';
import { chainLayout } from '../../../../src/view/twins/chain-layout.ts';
import {
  ladderGaveUpWords,
  ladderRows,
  percentWords,
  rungWords,
} from '../../../../src/view/twins/knowledge-words.ts';

describe('knowledge in words', () => {
  it('nests one knower in the next', () => {
    expect(rungWords([])).toBe('It was delivered');
    expect(rungWords(['receiver'])).toBe('The receiver has it');
    expect(rungWords(['sender', 'receiver'])).toBe('The sender knows that the receiver has it');
    expect(rungWords(['receiver', 'sender', 'receiver'])).toBe(
      'The receiver knows that the sender knows that the receiver has it',
    );
    expect(rungWords(['sender'])).toBe('The sender knows that it was delivered');
  });

  it('never calls a share 0% or 100% that is neither', () => {
    expect([0, 0.0004, 0.004, 0.5, 0.996, 0.99996, 1].map(percentWords)).toEqual([
      ...['0%', '< 0.1%', '0.4%', '50%', '99.6%', '> 99.9%', '100%'],
    ]);
  });

  const rung = (knowers: Rung['knowers'], runs: number): Rung => ({
    knowers,
    runs,
    probability: runs / 10,
    holdsHere: runs > 0,
  });
  const ladder = (counts: readonly number[]): Ladder => ({
    message: 1,
    runs: 10,
    mass: 1,
    rungs: counts.map((runs, i) =>
      rung(
        Array.from({ length: i }, (_, k) => ((i - k) % 2 === 1 ? 'receiver' : 'sender')),
        runs,
      ),
    ),
  });

  it('a ladder ends with the rung that holds nowhere, and says why', () => {
    const { rows, ending } = ladderRows(ladder([9, 9, 5, 0]));
    expect(rows.map(({ runs }) => runs)).toEqual([9, 9, 5, 0]);
    expect(ending).toMatch(/^The last rung holds in none of them/);
  });

  it('where there are too many runs there is no ladder, and the words say why', () => {
    expect(ladderGaveUpWords({ kind: 'gave up', limit: 'states', runs: 200_000 })).toBe(
      'Gave up: there are more than 200,000 runs of message 1 within these bounds. Who knows what can be told only of all of them.',
    );
    expect(ladderGaveUpWords({ kind: 'gave up', limit: 'cancelled', runs: 1 })).toMatch(
      /cancelled after 1 run\./,
    );
  });

  it('a ladder without end is cut where it repeats itself, and says so', () => {
    const { rows, ending } = ladderRows(ladder([10, 10, 10, 10, 10, 10, 10, 10, 10]));
    expect(rows.length).toBe(3);
    expect(ending).toMatch(/^And so on without end: in every explored run it was delivered/);
  });
});

describe('chain layout', () => {
  it('requests go down, answers up, and each bar is as high as its chance', () => {
    const { packets, bars, rails } = chainLayout({ packets: 3, requestLoss: 0.25, answerLoss: 0.5 }, 800);
    expect(packets.map(({ kind }) => kind)).toEqual(['request', 'ack', 'request']);
    expect(packets.map(({ line }) => Math.sign(line.y2 - line.y1))).toEqual([1, -1, 1]);
    expect(bars.bars.map(({ words }) => words)).toEqual(['100%', '75%', '38%', '28%']);
    expect(bars.bars[1].height / bars.bars[0].height).toBeCloseTo(0.75, 12);
    expect(rails[0].y).toBeLessThan(rails[1].y);
  });

  it('says nothing where a column has no room for words', () => {
    const narrow = chainLayout({ packets: 6, requestLoss: 0.3, answerLoss: 0.3 }, 358);
    expect(narrow.rungs.every(({ words }) => words.length === 0)).toBe(true);
    const wide = chainLayout({ packets: 6, requestLoss: 0.3, answerLoss: 0.3 }, 900);
    expect(wide.rungs[3].words).toEqual(['receiver knows that', 'sender knows that', 'receiver knows']);
  });
});
