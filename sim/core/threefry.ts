// Threefry-2x32 with 13 rounds: a published counter-based generator (Salmon, Moraes, Dror, Shaw,
// "Parallel random numbers: as easy as 1, 2, 3", SC'11; the Random123 library). It turns a key and
// a counter into 64 random bits with additions, rotations and xors alone, so a draw can be a
// function of its name. Thirteen are the fewest rounds that the authors found to pass all of BigCrush;
// 20 would cost another 3 % of a run. Tested against the published vectors.

/** Fills the third word of the key schedule, so that no key makes all three zero (Threefish's C240). */
const PARITY = 0x1bd11bda;

/** The two int32 words of the latest block. Read them before the next call overwrites them. */
export const out = new Int32Array(2);

/**
 * Enciphers the counter (`c0`, `c1`) under the key (`k0`, `k1`) into `out`. All four are 32-bit
 * words; signed and unsigned readings of the same bits give the same block.
 *
 * Each pair of lines is a round: add, then rotate and xor. Two groups of four take turns, and after each the key is
 * injected: its words (k0, k1, k2) move on by one each time. Three groups and one more round are 13. Written as a loop
 * over both groups, which V8 compiles to faster code than all rounds in a row.
 */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number): void {
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  let first = k1 | 0;
  let second = k0 ^ k1 ^ PARITY;
  let third = k0 | 0;

  for (let injection = 1; ; injection = (injection + 2) | 0) {
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + first) | 0;
    x1 = (x1 + second + injection) | 0;

    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
    if (injection === 3) break;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    x0 = (x0 + second) | 0;
    x1 = (x1 + third + injection + 1) | 0;

    const moved = first;
    first = third;
    third = second;
    second = moved;
  }

  out[0] = x0;
  out[1] = x1;
}
