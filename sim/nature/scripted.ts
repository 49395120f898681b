/**
 * Nature by script: named choices are replayed; every other choice is the plain one (nothing is lost, copied or
 * crashes; durations are their median). With `onAsk` it tells which choices come up, so that a caller can enumerate
 * them: whatever could happen in a run has passed through here.
 */
import { sample, type Distribution } from '../core/distributions.ts';
import { choiceName, type Stream } from './choice.ts';
import type { Nature } from './nature.ts';

/** Choices by name: true or false, or a duration in µs. */
export type Choices = Readonly<Record<string, boolean | number>>;

export class ScriptedNature implements Nature {
  private readonly streams: readonly Stream[];
  private readonly choices: ReadonlyMap<string, boolean | number>;
  private readonly onAsk: (name: string) => void;

  constructor(streams: readonly Stream[], choices: Choices, onAsk: (name: string) => void = () => undefined) {
    this.streams = streams;
    this.choices = new Map(Object.entries(choices));
    this.onAsk = onAsk;
  }

  possible(): boolean {
    return true;
  }

  chance(stream: number, message: number, packet: number): boolean {
    return this.answer(stream, message, packet) === true;
  }

  value(stream: number, message: number, packet: number, distribution: Distribution): number {
    const chosen = this.answer(stream, message, packet);
    return typeof chosen === 'number' ? chosen : sample(distribution, 0.5);
  }

  between(stream: number, message: number, packet: number, lowUs: number, highUs: number): number {
    const chosen = this.answer(stream, message, packet);
    return typeof chosen === 'number' ? chosen : Math.round((lowUs + highUs) / 2);
  }

  private answer(stream: number, message: number, packet: number): boolean | number | undefined {
    const name = choiceName(this.streams[stream], message, packet);
    this.onAsk(name);
    return this.choices.get(name);
  }
}
