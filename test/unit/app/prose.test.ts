// Lesson text becomes nodes, never HTML.
import { describe, expect, it } from 'vitest';
import { paragraphsOf } from '../../../src/app/prose/prose.ts';

describe('prose', () => {
  it('paragraphs, emphasis, code and links', () => {
    expect(paragraphsOf('One *two* `a*b`.\n\nSee [docs](https://example.org/x), **now**.')).toEqual([
      [
        { kind: 'text', text: 'One ' },
        { kind: 'emphasis', text: 'two' },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: 'a*b' },
        { kind: 'text', text: '.' },
      ],
      [
        { kind: 'text', text: 'See ' },
        { kind: 'link', text: 'docs', href: 'https://example.org/x' },
        { kind: 'text', text: ', ' },
        { kind: 'strong', text: 'now' },
        { kind: 'text', text: '.' },
      ],
    ]);
  });

  it('a link to anything but the web, and any tag, stays text', () => {
    expect(paragraphsOf('[x](javascript:alert(1)) <img src=x onerror=alert(1)>')).toEqual([
      [{ kind: 'text', text: '[x](javascript:alert(1)) <img src=x onerror=alert(1)>' }],
    ]);
    expect(paragraphsOf('')).toEqual([]);
  });
});
