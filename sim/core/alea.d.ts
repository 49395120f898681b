// The part of seedrandom's Alea that `keyed-draws.ts` uses; @types/seedrandom covers the index only.

declare module 'seedrandom/lib/alea.js' {
  /** A generator seeded by a text; `int32` gives the next signed 32-bit word. */
  export default function alea(seed: string): { int32(): number };
}
