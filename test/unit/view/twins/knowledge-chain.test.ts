// The chain of packets against the closed forms of theory 2.18 and the impossibility of 4.1.
import { describe, expect, it } from 'vitest';
import {
  bestRule,
  chainWorlds,
  judge,
  viewsOf,
  type ChainInput,
  type Rule,
} from '../../../../src/view/twins/knowledge-chain.ts';

const even = (packets: number, loss: number): ChainInput => ({
  packets,
  requestLoss: loss,
  answerLoss: loss,
});
const LOSSES = [0.05, 0.3, 0.5, 0.9];

/** All pairs of decision functions: 4 · 2^N of them. */
function* allRules(packets: number): Generator<Rule> {
  const [senders, receivers] = [viewsOf('sender', packets).length, viewsOf('receiver', packets).length];
  const bits = (number: number, count: number) =>
    Array.from({ length: count }, (_, i) => ((number >> i) & 1) === 1);
  for (let s = 0; s < 1 << senders; s++)
    for (let r = 0; r < 1 << receivers; r++) yield { sender: bits(s, senders), receiver: bits(r, receivers) };
}

describe('knowledge chain: chances', () => {
  it.each(LOSSES)('at loss %f: P(K ≥ k) = (1−p)^k, and the worlds add up to 1', (loss) => {
    const worlds = chainWorlds(even(7, loss));
    worlds.forEach(({ atLeast, arrived }) => expect(atLeast).toBeCloseTo((1 - loss) ** arrived, 12));
    expect(worlds.reduce((sum, { exactly }) => sum + exactly, 0)).toBeCloseTo(1, 12);
  });

  it('requests and answers each have their own loss: P(K ≥ 3) = (1−p)(1−q)(1−p)', () => {
    const worlds = chainWorlds({ packets: 4, requestLoss: 0.2, answerLoss: 0.5 });
    expect(worlds[3].atLeast).toBeCloseTo(0.8 * 0.5 * 0.8, 12);
    expect(worlds[4].atLeast).toBeCloseTo(0.8 * 0.5 * 0.8 * 0.5, 12);
  });
});

describe('knowledge chain: the path of worlds', () => {
  it('the sender cannot tell 2j from 2j+1, the receiver not 2j−1 from 2j', () => {
    const pairs = (end: 'sender' | 'receiver') => viewsOf(end, 5).map(({ from, until }) => [from, until]);
    expect(pairs('sender')).toEqual([[0, 1], [2, 3], [4, 5]]); // prettier-ignore
    expect(pairs('receiver')).toEqual([[0, 0], [1, 2], [3, 4], [5, 5]]); // prettier-ignore
  });

  it('of all 4 · 2^N pairs of rules, none agrees in every world, holds in world 0 and acts in world N', () => {
    for (let packets = 1; packets <= 9; packets++) {
      let rules = 0;
      for (const rule of allRules(packets)) {
        rules++;
        const { apart, actsOnNothing, holdsAfterAll } = judge(rule, even(packets, 0.3));
        expect(apart.length === 0 && !actsOnNothing && !holdsAfterAll).toBe(false);
      }
      expect(rules).toBe(4 * 2 ** packets);
    }
  });

  it.each(LOSSES)(
    'at loss %f: the least chance of acting apart is p(1−p)^(N−1), and the best rule has it',
    (loss) => {
      for (let packets = 2; packets <= 7; packets++) {
        const chances = [...allRules(packets)]
          .map((rule) => judge(rule, even(packets, loss)))
          .filter(({ actsOnNothing, holdsAfterAll }) => !actsOnNothing && !holdsAfterAll)
          .map(({ chance }) => chance);
        const least = loss * (1 - loss) ** (packets - 1);
        expect(Math.min(...chances)).toBeCloseTo(least, 12);
        const best = judge(bestRule(even(packets, loss)), even(packets, loss));
        expect(best).toMatchObject({ actsOnNothing: false, holdsAfterAll: false });
        expect(best.chance).toBeCloseTo(least, 12);
        expect(best.together).toBeCloseTo((1 - loss) ** packets, 12);
      }
    },
  );

  it('acks that are never lost close the gap: then some rule never errs', () => {
    expect(judge(bestRule({ packets: 4, requestLoss: 0.4, answerLoss: 0 }), even(4, 0.4)).apart).toEqual([3]);
    const sure = { packets: 4, requestLoss: 0.4, answerLoss: 0 };
    expect(judge(bestRule(sure), sure).chance).toBe(0);
  });
});
