// What an exploration asks and found, in words: the order of one instant, beside the faults.
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../sim/explore/bounds.ts';
import { alphabetWords, ordersIn, orderWords } from '../../../sim/explore/sentence.ts';
import { run } from '../../../sim/run.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import { flippedWords } from '../../../src/view/twins/twins-words.ts';
import { hop } from '../../explorer/lab.ts';

const scenario = hop({ request: { delay: 0 } });
const EITHER = 'Events of one instant at different nodes come in either order.';

describe('the order of one instant in words', () => {
  it.each([
    ['shop>api/request/m3/2/c0/waits', 'request 2 of message 3 arrives'],
    ['api/handler/m3/2/c0/start/waits', 'the handler of request 2 of message 3 begins'],
    ['api/handler/m1/1/c0/effect/waits', 'the effect of request 1 of message 1 ends'],
    ['api/restart/2/waits', 'the receiver is back'],
  ])('%s', (name, what) => {
    expect(orderWords(name)).toBe(`the sender goes first at the instant ${what}`);
  });

  it('only those that were told to wait are named', () => {
    const overrides = {
      'api/handler/m1/1/c0/effect/waits': true,
      'api/handler/m1/2/c0/effect/waits': false,
      'api/handler/m1/1/c0/effect/crash': true,
    };
    expect(ordersIn(overrides)).toEqual(['api/handler/m1/1/c0/effect/waits']);
  });

  it('stands among the letters of the alphabet, but where every order is taken anyway', () => {
    const words = (anyDelay: boolean) => alphabetWords(planOf(scenario), boundsOf(scenario, { anyDelay }));
    expect(words(false)).toContain(EITHER);
    expect(words(true)).not.toContain(EITHER);
  });

  it('is told of twins that differ by it', () => {
    const { trace } = run(planOf(scenario), { trace: true });
    if (trace === null) throw new Error('no trace');
    const name = 'api/restart/1/waits';
    expect(flippedWords([name], trace, { [name]: true })).toBe(orderWords(name));
    expect(flippedWords([name], trace, {})).toBe('nothing is changed');
  });
});
