// The list of bundled scenarios: in reading order, found by any of their words.
import { describe, expect, it } from 'vitest';
import { BUNDLED, FIRST } from '../../../src/state/bundled.ts';
import { findScenarios, libraryOf } from '../../../src/state/library.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';

const text = (id: string) => async () => JSON.stringify({ format: 1, id });
const LIBRARY = libraryOf({
  titles: { 'x/b.json': 'Retry', 'x/a.json': 'Window' },
  questions: { 'x/a.json': 'Can it forget?' },
  tags: { 'x/b.json': ['loss'], 'x/a.json': ['dedup', 'loss'] },
  texts: { 'x/a.json': text('a'), 'x/b.json': text('b'), 'x/c.json': text('c') },
  order: ['b', 'a'],
});

describe('library', () => {
  it('stands in its order; what the order does not name comes last', () => {
    expect(LIBRARY.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
    expect(LIBRARY[2].title).toBe('c');
  });

  it('finds by every word, in title, question and tags', () => {
    expect(findScenarios(LIBRARY, '').length).toBe(3);
    expect(findScenarios(LIBRARY, 'LOSS').map(({ id }) => id)).toEqual(['b', 'a']);
    expect(findScenarios(LIBRARY, 'loss forget').map(({ id }) => id)).toEqual(['a']);
    expect(findScenarios(LIBRARY, 'nothing')).toEqual([]);
  });

  it('loads a scenario when asked', async () => {
    expect(await LIBRARY[0].load()).toEqual({ format: 1, id: 'b' });
  });

  it('every bundled scenario parses, under the id of its file; the first one is at hand', async () => {
    for (const bundled of BUNDLED) {
      const parsed = parseScenario(await bundled.load());
      expect(parsed.ok && parsed.scenario.id).toBe(bundled.id);
      expect(parsed.ok && parsed.scenario.title).toBe(bundled.title);
    }
    expect(BUNDLED.map(({ id }) => id)).toContain(FIRST['id']);
  });
});
