// @types/seedrandom describes the package's main file only; the core uses one generator of it.
declare module 'seedrandom/lib/alea.js' {
  export interface Alea {
    /** The next draw, 32 bits of it, in [0, 1). */
    (): number;
    /** The next draw as a signed 32-bit integer. */
    int32(): number;
    /** The next draw with 53 bits, in [0, 1). */
    double(): number;
    quick(): number;
  }
  export default function alea(seed: string): Alea;
}
