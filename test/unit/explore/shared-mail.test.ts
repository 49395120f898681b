// What shares tell and hand over to each other: the round's own, while the next is being written; nothing cut short.
import { describe, expect, it } from 'vitest';
import type { ByteList } from '../../../sim/explore/bytes.ts';
import { SharedMail, type Note } from '../../../src/cli/shared-mail.ts';

function fill(list: ByteList, texts: readonly string[]): ByteList {
  for (const text of texts) list.push(new TextEncoder().encode(text));
  return list;
}

function textsOf(list: ByteList | null): string[] | null {
  if (list === null) return null;
  const texts: string[] = [];
  for (let at = list.start; at < list.end; at = list.after(at))
    texts.push(new TextDecoder().decode(list.at(at)));
  return texts;
}

/** Both ends of one direction between two of `of` shares. */
function mail(of = 2): { readonly from: SharedMail; readonly to: SharedMail } {
  const from = new SharedMail(of);
  return { from, to: new SharedMail(of, from.memory) };
}

const quiet: Note = { nextCost: 7, found: 0, gaveUp: null };

describe('mail between shares', () => {
  it('brings the note and what was handed over to the other end', () => {
    const { from, to } = mail();
    const notes: readonly Note[] = [
      { nextCost: 3_000_000_001_000, found: 2, gaveUp: 'states' },
      { nextCost: Infinity, found: 0, gaveUp: 'cancelled' },
      quiet,
    ];
    notes.forEach((note, round) => {
      expect(from.send(round, note, fill(from.listFor(round), ['a', `round ${round}`]))).toBe(true);
      expect(to.note(round)).toEqual(note);
      expect(textsOf(to.list(round))).toEqual(['a', `round ${round}`]);
    });
  });

  it('is not written over by the next round', () => {
    const { from, to } = mail();
    from.send(1, quiet, fill(from.listFor(1), ['first']));
    const first = to.list(1);
    from.send(2, { ...quiet, found: 1 }, fill(from.listFor(2), ['second, and longer']));
    expect(textsOf(first)).toEqual(['first']);
    expect([to.note(1).found, to.note(2).found]).toEqual([0, 1]);
  });

  it('says so when there was no room, with the note all the same; the list is whole, and the next round has room again', () => {
    const { from, to } = mail(16);
    const large = 'x'.repeat(300_000);
    const list = fill(from.listFor(1), [large, large, large, large]);
    expect(from.send(1, quiet, list)).toBe(false);
    expect(to.note(1)).toEqual(quiet);
    expect(to.list(1)).toBeNull();
    expect(textsOf(list)).toEqual([large, large, large, large]);
    expect(from.send(3, quiet, fill(from.listFor(3), ['small']))).toBe(true);
    expect(textsOf(to.list(3))).toEqual(['small']);
  });
});
