// What shares take from each other: each situation once, whoever takes it; what there is no room for stays with its owner.
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../../sim/explore/bytes.ts';
import { SharedWork } from '../../../src/cli/shared-work.ts';

function listOf(texts: readonly Uint8Array[]): ByteList {
  const list = new ByteList();
  for (const text of texts) list.push(text);
  return list;
}

function textsOf(list: ByteList): Uint8Array[] {
  const texts: Uint8Array[] = [];
  for (let at = list.start; at < list.end; at = list.after(at)) texts.push(list.at(at));
  return texts;
}

/** Takes by turns until nobody finds anything; the texts each taker got, by their first byte. */
function takenBy(takers: readonly SharedWork[]): number[][] {
  const taken = takers.map((): number[] => []);
  for (let turn = 0, idle = 0; idle < takers.length; turn++) {
    const some = takers[turn % takers.length].take();
    idle = some === null ? idle + 1 : 0;
    if (some !== null) taken[turn % takers.length].push(...textsOf(some).map(([first]) => first));
  }
  return taken;
}

const small = Array.from({ length: 101 }, (_, n) => Uint8Array.of(n, n, n));

describe('work that is shared', () => {
  it('is taken once, by whoever comes, through views of one memory', () => {
    const owner = new SharedWork();
    const thief = new SharedWork(owner.memory);
    const list = listOf(small);
    owner.offer(list);
    expect(textsOf(list)).toEqual([]);
    const [own, stolen] = takenBy([owner, thief]);
    expect([...own, ...stolen].sort((a, b) => a - b)).toEqual(small.map(([first]) => first));
    expect(Math.min(own.length, stolen.length)).toBeGreaterThan(40);
    expect([owner.take(), thief.take()]).toEqual([null, null]);
  });

  it('is another one with the next offer, also an empty one', () => {
    const work = new SharedWork();
    work.offer(listOf(small));
    expect(work.take()).not.toBeNull();
    work.offer(listOf([Uint8Array.of(200)]));
    expect(takenBy([work])).toEqual([[200]]);
    work.offer(new ByteList());
    expect(work.take()).toBeNull();
  });

  it('holds as much as there is room for; the rest stays in the list, nothing twice and nothing lost', () => {
    const work = new SharedWork();
    const large = Array.from({ length: 40 }, (_, n) => new Uint8Array(1_000_000).fill(n));
    const list = listOf(large);
    work.offer(list);
    const left = textsOf(list).map(([first]) => first);
    const [taken] = takenBy([work]);
    expect(taken.length).toBeGreaterThan(10);
    expect(left.length).toBeGreaterThan(10);
    expect([...taken, ...left]).toEqual(large.map(([first]) => first));
  });
});
