import { describe, expect, it } from 'vitest';
import { out, threefry2x32 } from '../../../sim/core/threefry.ts';

function block(key: readonly [number, number], counter: readonly [number, number]): string {
  threefry2x32(key[0], key[1], counter[0], counter[1]);
  return [...new Uint32Array(out.buffer)].map((word) => word.toString(16).padStart(8, '0')).join(' ');
}

describe('Threefry-2x32-13', () => {
  it('gives the three published vectors of Random123 (kat_vectors)', () => {
    expect(block([0, 0], [0, 0])).toBe('9d1c5ec6 8bd50731');
    expect(block([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toBe('fd36d048 2d17272c');
    expect(block([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toBe('ba3e4725 f27d669e');
  });

  it('reads signed and unsigned words alike', () => {
    expect(block([-1, -1], [-1, -1])).toBe('fd36d048 2d17272c');
    expect(block([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3 | 0])).toBe('ba3e4725 f27d669e');
  });

  it('flips about half of the output when one bit of key or counter flips', () => {
    const words: [number, number, number, number] = [1, 2, 3, 4];
    for (let position = 0; position < 128; position++) {
      let flips = 0;
      for (let round = 0; round < 64; round++) {
        words[3] = round;
        threefry2x32(...words);
        const [high, low] = out;
        words[position >> 5] ^= 1 << (position & 31);
        threefry2x32(...words);
        words[position >> 5] ^= 1 << (position & 31);
        flips += ones(high ^ out[0]) + ones(low ^ out[1]);
      }
      // 4096 fair bits: mean 2048, standard deviation 32.
      expect(Math.abs(flips - 2048), `bit ${position}`).toBeLessThan(4.5 * 32);
    }
  });
});

function ones(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}
