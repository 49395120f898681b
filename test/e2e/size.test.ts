// What a visitor downloads before the first picture stands.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LARGEST, measureSizes } from '../bench/sizes.mjs';

it('size: the first picture waits for at most 90 kB of gzipped JavaScript and 25 kB of engine', () => {
  const { initial, embed, worker } = measureSizes(fileURLToPath(new URL('../../dist/app/', import.meta.url)));
  // Less than this and the measure has missed the app itself.
  for (const bytes of [initial, embed]) expect(bytes).toBeGreaterThan(40_000);
  expect(worker).toBeGreaterThan(10_000);
  expect(initial).toBeLessThanOrEqual(LARGEST.initial);
  expect(embed).toBeLessThanOrEqual(LARGEST.initial);
  expect(worker).toBeLessThanOrEqual(LARGEST.worker);
});
