import { describe, expect, it } from 'vitest';
import { clockOf, durationWords } from '../../../src/view/time-words.ts';

const MS = 1_000;
const S = 1_000 * MS;
const MIN = 60 * S;
const H = 60 * MIN;

describe('time in words', () => {
  it.each([
    [0, '0 s'],
    [250, '250 µs'],
    [40 * MS, '40 ms'],
    [12.5 * MS, '12.5 ms'],
    [999.9 * MS, '1 s'],
    [1.2 * S, '1.2 s'],
    [15 * S, '15 s'],
    [59.999 * S, '1 min'],
    [5 * MIN, '5 min'],
    [90 * MIN, '1 h 30 min'],
    [27 * H + 35 * MIN + 5 * S, '27 h 35 min'],
    [59 * MIN + 59.9 * S, '1 h'],
    [72 * H, '3 d'],
    [-5 * H, '−5 h'],
  ])('%d µs is %s', (us, words) => {
    expect(durationWords(us)).toBe(words);
  });

  it('one unit where there is room for no more', () => {
    expect(durationWords(6 * H + 23 * MIN, 1)).toBe('6 h');
  });

  it('the clock of a run writes every instant alike', () => {
    expect(clockOf(14 * S).text(11.4 * S)).toBe('11.40 s');
    expect(clockOf(500 * MS).text(40 * MS)).toBe('40.0 ms');
    expect(clockOf(5 * MIN).text(65.5 * S)).toBe('1:05.50');
    expect(clockOf(28 * H).text(5 * H + 15.04 * S)).toBe('5:00:15.04');
  });
});
