/**
 * Another nature with a few named choices changed: "lose this packet instead". It remembers which of its names came
 * up, so that one that never did can be reported.
 */
import type { Distribution } from '../core/distributions.ts';
import { choiceName, type Stream } from './choice.ts';
import type { Nature } from './nature.ts';
import type { Choices } from './scripted.ts';

export class ForkedNature implements Nature {
  private readonly inner: Nature;
  private readonly streams: readonly Stream[];
  private readonly choices: ReadonlyMap<string, boolean | number>;
  private readonly unused: Set<string>;
  /** Streams that some name belongs to: all others go straight through. */
  private readonly touched: readonly boolean[];

  constructor(inner: Nature, streams: readonly Stream[], choices: Choices) {
    this.inner = inner;
    this.streams = streams;
    this.choices = new Map(Object.entries(choices));
    this.unused = new Set(Object.keys(choices));
    this.touched = streams.map(({ prefix, purpose }) =>
      Object.keys(choices).some((name) => name.startsWith(`${prefix}/`) && name.endsWith(`/${purpose}`)),
    );
  }

  /** Names that have not come up, in the order they were given. */
  unusedNames(): string[] {
    return [...this.unused];
  }

  possible(stream: number, probability: number): boolean {
    return this.touched[stream] || this.inner.possible(stream, probability);
  }

  chance(stream: number, message: number, packet: number, probability: number): boolean {
    const chosen = this.touched[stream] ? this.answer(stream, message, packet) : undefined;
    return typeof chosen === 'boolean' ? chosen : this.inner.chance(stream, message, packet, probability);
  }

  value(stream: number, message: number, packet: number, distribution: Distribution): number {
    const chosen = this.touched[stream] ? this.answer(stream, message, packet) : undefined;
    return typeof chosen === 'number' ? chosen : this.inner.value(stream, message, packet, distribution);
  }

  between(stream: number, message: number, packet: number, lowUs: number, highUs: number): number {
    const chosen = this.touched[stream] ? this.answer(stream, message, packet) : undefined;
    return typeof chosen === 'number' ? chosen : this.inner.between(stream, message, packet, lowUs, highUs);
  }

  private answer(stream: number, message: number, packet: number): boolean | number | undefined {
    const name = choiceName(this.streams[stream], message, packet);
    const chosen = this.choices.get(name);
    if (chosen !== undefined) this.unused.delete(name);
    return chosen;
  }
}
