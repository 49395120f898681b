// What shares tell and hand over to each other comes out as it went in, and nothing is cut short.
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../../sim/explore/bytes.ts';
import { SharedMail, type Note } from '../../../src/cli/shared-mail.ts';

function listOf(texts: readonly string[]): ByteList {
  const list = new ByteList();
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
    for (const [round, note] of notes.entries()) {
      expect(from.send(note, listOf(['a', `round ${round}`]))).toBe(true);
      expect(to.note()).toEqual(note);
      expect(textsOf(to.list())).toEqual(['a', `round ${round}`]);
    }
  });

  it('gives what is read out of the memory: the next that is sent leaves it as it is', () => {
    const { from, to } = mail();
    from.send(quiet, listOf(['first']));
    const first = to.list();
    from.send({ ...quiet, found: 1 }, listOf(['second, and longer']));
    expect(textsOf(first)).toEqual(['first']);
    expect(textsOf(to.list())).toEqual(['second, and longer']);
    expect(to.note().found).toBe(1);
  });

  it('says so when there was no room, with the note all the same; the list is whole, and the next round has room again', () => {
    const { from, to } = mail(16);
    const large = 'x'.repeat(300_000);
    const list = listOf([large, large, large, large]);
    expect(from.send(quiet, list)).toBe(false);
    expect(to.note()).toEqual(quiet);
    expect(to.list()).toBeNull();
    expect(textsOf(list)).toEqual([large, large, large, large]);
    expect(from.send(quiet, listOf(['small']))).toBe(true);
    expect(textsOf(to.list())).toEqual(['small']);
  });
});
