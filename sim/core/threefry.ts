// Threefry-2x32 with 20 rounds: a published counter-based generator (Salmon, Moraes, Dror, Shaw,
// "Parallel random numbers: as easy as 1, 2, 3", SC'11; the Random123 library). It turns a key and
// a counter into 64 random bits with additions, rotations and xors alone, so a draw can be a
// function of its name. Tested against the published vectors.

/** Keeps the cipher from having an all-zero key schedule (Threefish's constant C240, 32-bit form). */
const PARITY = 0x1bd11bda;

/** The two 32-bit words of the latest block. Read them before the next call overwrites them. */
export const out = new Int32Array(2);

/**
 * Enciphers the counter (`c0`, `c1`) under the key (`k0`, `k1`) into `out`. All four are 32-bit
 * words; signed and unsigned readings of the same bits give the same block.
 *
 * The rounds are written out because a loop over rotation counts costs about two times as much.
 * Each line is one round: add, rotate, xor. After every fourth the key is injected again.
 */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number): void {
  const k2 = k0 ^ k1 ^ PARITY;
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;

  x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;

  x0 = (x0 + k1) | 0; x1 = (x1 + k2 + 1) | 0;

  x0 = (x0 + x1) | 0; x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;

  x0 = (x0 + k2) | 0; x1 = (x1 + k0 + 2) | 0;

  x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;

  x0 = (x0 + k0) | 0; x1 = (x1 + k1 + 3) | 0;

  x0 = (x0 + x1) | 0; x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;

  x0 = (x0 + k1) | 0; x1 = (x1 + k2 + 4) | 0;

  x0 = (x0 + x1) | 0; x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0; x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;

  out[0] = x0 + k2;
  out[1] = x1 + k0 + 5;
}
