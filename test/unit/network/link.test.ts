// A link decides everything about a packet at its sending: chance, delay, outage, cut in flight.
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../../sim/core/distributions.ts';
import { LOSS_REASONS } from '../../../sim/core/fact.ts';
import {
  CUT_IN_FLIGHT,
  delayOf,
  LOST_BY_CHANCE,
  LOST_IN_OUTAGE,
  outageLoss,
  type FateSource,
  type LinkTerms,
} from '../../../sim/network/link.ts';

const STREAMS = { lost: 1, copied: 2, delay: 3 };

const LINK: LinkTerms = {
  loss: 0.25,
  delay: { kind: 'constant', valueUs: 40 },
  fifo: false,
  duplicate: 0,
  outages: [
    { fromUs: 100, untilUs: 200, cutsInFlight: false },
    { fromUs: 300, untilUs: 400, cutsInFlight: true },
  ],
};

/** Answers as told, and writes down what it was asked. */
function source(isLost: boolean, delayUs: number): FateSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    chance(stream: number, message: number, packet: number, probability: number) {
      asked.push(`chance ${stream} m${message} ${packet} ${probability}`);
      return isLost;
    },
    value(stream: number, message: number, packet: number, distribution: Distribution) {
      asked.push(`value ${stream} m${message} ${packet} ${distribution.kind}`);
      return delayUs;
    },
  };
}

describe('the fate of a packet', () => {
  it('is its delay, or lost by chance', () => {
    expect(delayOf(LINK, source(false, 40), STREAMS, 7, 4096, false)).toBe(40);
    expect(delayOf(LINK, source(true, 40), STREAMS, 7, 4096, false)).toBe(LOST_BY_CHANCE);
  });

  it('is asked for by message and packet name, each once', () => {
    const nature = source(false, 40);
    delayOf(LINK, nature, STREAMS, 7, 4096, false);
    expect(nature.asked).toEqual(['chance 1 m7 4096 0.25', 'value 3 m7 4096 constant']);
  });

  it('is asked for in one where the source has both together', () => {
    const asked: unknown[] = [];
    const nature = { ...source(false, 40), fate: (...of: unknown[]) => asked.push(of) };
    expect(delayOf(LINK, nature, STREAMS, 7, 4096, false)).toBe(1);
    expect(delayOf(LINK, nature, STREAMS, 7, 4160, true)).toBe(2);
    expect(nature.asked).toEqual([]);
    expect(asked).toEqual([
      [STREAMS, 7, 4096, 0.25, LINK.delay],
      [STREAMS, 7, 4160, 0, LINK.delay],
    ]);
  });

  it('"a packet that survived has copies that survive": a copy is lost with probability 0, but can be told to be', () => {
    const nature = source(true, 40);
    expect(delayOf(LINK, nature, STREAMS, 7, 4160, true)).toBe(LOST_BY_CHANCE);
    expect(nature.asked).toEqual(['chance 1 m7 4160 0']);
  });
});

describe('outages', () => {
  it.each([
    ['sent before, due before', 0, 40, 40],
    ['sent 1 us before it begins, due in it: a plain outage loses what is sent inside', 99, 40, 40],
    ['sent as it begins', 100, 40, LOST_IN_OUTAGE],
    ['sent in its last microsecond', 199, 40, LOST_IN_OUTAGE],
    ['sent as it ends: half open', 200, 40, 40],
    ['in the air as an outage begins that cuts', 290, 40, CUT_IN_FLIGHT],
    ['due at the very instant it begins', 260, 40, 40],
    ['due 1 us later', 261, 40, CUT_IN_FLIGHT],
    ['lost by chance stays so outside', 0, LOST_BY_CHANCE, LOST_BY_CHANCE],
    ['lost by chance inside an outage counts for the outage', 150, LOST_BY_CHANCE, LOST_IN_OUTAGE],
    ['in the air over the whole of an outage that cuts', 250, 500, CUT_IN_FLIGHT],
  ])('%s', (_, nowUs, delayUs, expected) => {
    expect(outageLoss(LINK, nowUs, delayUs)).toBe(expected);
  });

  it('the codes of a loss index its reasons', () => {
    expect([LOST_BY_CHANCE, LOST_IN_OUTAGE, CUT_IN_FLIGHT].map((code) => LOSS_REASONS[-code - 1])).toEqual([
      'loss',
      'outage',
      'cut in flight',
    ]);
  });
});
