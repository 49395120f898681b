// A path goes through every way there is, each once, in order.
import { describe, expect, it } from 'vitest';
import { Path } from '../../../sim/explore/path.ts';

/** How many ways there are after these picks; none at the end. */
type Tree = (picks: readonly number[]) => number;

function waysThrough(tree: Tree): string[] {
  const path = new Path();
  const ways: string[] = [];
  do {
    const picks: number[] = [];
    for (let width = tree(picks); width > 0; width = tree(picks)) picks.push(path.pick(width));
    expect(path.picks).toEqual(picks);
    ways.push(picks.join());
  } while (path.next());
  return ways;
}

function leaves(tree: Tree, picks: readonly number[] = []): string[] {
  const width = tree(picks);
  if (width === 0) return [picks.join()];
  return Array.from({ length: width }, (_, i) => leaves(tree, [...picks, i])).flat();
}

describe('a path', () => {
  it.each<[string, Tree]>([
    ['with no choice', () => 0],
    ['of choices with one way', ({ length }) => (length < 5 ? 1 : 0)],
    ['of equal choices', ({ length }) => (length < 4 ? 3 : 0)],
    ['of choices that depend on those before', (picks) => (picks.length < 5 ? 1 + (sum(picks) % 4) : 0)],
    ['of ways of different length', (picks) => (sum(picks) < 4 && picks.length < 6 ? 3 : 0)],
  ])('through a tree %s visits every way once, in order', (_, tree) => {
    expect(waysThrough(tree)).toEqual(leaves(tree));
  });

  it('follows picks, and then takes the first way', () => {
    const path = new Path();
    path.follow([2, 1]);
    expect([path.pick(3), path.pick(2), path.pick(5), path.made]).toEqual([2, 1, 0, 3]);
    expect(path.next()).toBe(true);
    expect(path.picks).toEqual([2, 1, 1]);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
