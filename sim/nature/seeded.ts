/** Nature by seed: every choice is a pure function of the seed and the choice's name. */
import { sample, type Distribution } from '../core/distributions.ts';
import { latestSecondUniform, latestUniform, seedKey, streamKey } from '../core/keyed-draws.ts';
import { threefry2x32 } from '../core/threefry.ts';
import { LOST_BY_CHANCE, type FateStreams } from '../network/link.ts';
import type { Stream } from './choice.ts';
import type { Nature } from './nature.ts';

export class SeededNature implements Nature {
  /** Two key words per stream. */
  private readonly keys: Int32Array;
  /** Streams that read a block from its second word: a packet's delay is in one block with whether it is lost. */
  private readonly isSecond: readonly boolean[];

  constructor(seed: string, streams: readonly Stream[]) {
    const root = seedKey(seed);
    this.keys = new Int32Array(2 * streams.length);
    this.isSecond = streams.map(({ purpose }) => purpose === 'delay');
    streams.forEach(({ prefix, purpose }, index) => {
      const key = streamKey(root, `${prefix}/*/${this.isSecond[index] ? 'lost' : purpose}`);
      this.keys[2 * index] = key.k0;
      this.keys[2 * index + 1] = key.k1;
    });
  }

  possible(_stream: number, probability: number): boolean {
    return probability > 0;
  }

  chance(stream: number, message: number, packet: number, probability: number): boolean {
    if (probability <= 0) return false; // no draw is smaller than 0: what would be drawn cannot matter
    if (probability >= 1) return true;
    this.draw(stream, message, packet);
    return latestUniform() < probability;
  }

  value(stream: number, message: number, packet: number, distribution: Distribution): number {
    if (distribution.kind === 'constant') return distribution.valueUs;
    this.draw(stream, message, packet);
    return sample(distribution, this.isSecond[stream] ? latestSecondUniform() : latestUniform());
  }

  between(stream: number, message: number, packet: number, lowUs: number, highUs: number): number {
    this.draw(stream, message, packet);
    return Math.round(lowUs + latestUniform() * (highUs - lowUs));
  }

  /** One block for both. */
  fate(streams: FateStreams, message: number, packet: number, loss: number, delay: Distribution): number {
    if (loss <= 0 && delay.kind === 'constant') return delay.valueUs; // nothing to draw
    this.draw(streams.lost, message, packet);
    if (latestUniform() < loss) return LOST_BY_CHANCE;
    return delay.kind === 'constant' ? delay.valueUs : sample(delay, latestSecondUniform());
  }

  private draw(stream: number, message: number, packet: number): void {
    threefry2x32(this.keys[2 * stream], this.keys[2 * stream + 1], message, packet);
  }
}
