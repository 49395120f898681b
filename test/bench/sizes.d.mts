/** Gzipped bytes of scripts. */
export interface Sizes {
  /** What the first picture waits for. */
  readonly initial: number;
  /** The same for an embed. */
  readonly embed: number;
  readonly worker: number;
  /** What the app loads while it is idle. */
  readonly later: number;
}

export const LARGEST: { readonly initial: number; readonly worker: number };
export function measureSizes(folder: string): Sizes;
