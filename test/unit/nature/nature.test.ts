// The one door: names of choices, and three who answer behind it.
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../../sim/core/distributions.ts';
import { answerCopy, packetName, requestCopy } from '../../../sim/core/packet-name.ts';
import { CRASH_POINTS } from '../../../sim/core/fact.ts';
import { checkChoice, choiceName, isYesNo, STREAM, streamsOfHop } from '../../../sim/nature/choice.ts';
import { ForkedNature } from '../../../sim/nature/forked.ts';
import { LOST_BY_CHANCE } from '../../../sim/network/link.ts';
import { ScriptedNature } from '../../../sim/nature/scripted.ts';
import { SeededNature } from '../../../sim/nature/seeded.ts';

const STREAMS = streamsOfHop('shop', 'api');
const UNIFORM: Distribution = { kind: 'uniform', minUs: 0, maxUs: 1_000_000 };
const second = packetName(2);

const name = (stream: number, message = 3, packet = second) => choiceName(STREAMS[stream], message, packet);

describe('names', () => {
  it.each<readonly [number, number, string]>([
    [STREAM.requestLost, second, 'shop>api/request/m3/2/c0/lost'], // the example of DESIGN.md 3.2
    [STREAM.requestCopied, second, 'shop>api/request/m3/2/c0/copied'],
    [STREAM.requestDelay, requestCopy(second), 'shop>api/request/m3/2/c1/delay'],
    [STREAM.ackLost, answerCopy(second), 'api>shop/ack/m3/2/c0.1/lost'],
    [STREAM.ackCopied, requestCopy(second), 'api>shop/ack/m3/2/c1/copied'],
    [STREAM.ackDelay, answerCopy(requestCopy(second)), 'api>shop/ack/m3/2/c1.1/delay'],
    [STREAM.nackLost, second, 'api>shop/nack/m3/2/c0/lost'],
    [STREAM.nackCopied, second, 'api>shop/nack/m3/2/c0/copied'],
    [STREAM.nackDelay, second, 'api>shop/nack/m3/2/c0/delay'],
    [STREAM.processing, second, 'api/handler/m3/2/c0/effect/processing'],
    [STREAM.checkTime, second, 'api/handler/m3/2/c0/check/processing'],
    [STREAM.markTime, second, 'api/handler/m3/2/c0/mark/processing'],
    [STREAM.ackTime, requestCopy(second), 'api/handler/m3/2/c1/ack/processing'],
    [STREAM.wait, second, 'shop/retry/m3/2/wait'],
    [STREAM.gap, 0, 'shop/arrival/m3/gap'],
    ...CRASH_POINTS.map(
      (point, index) => [STREAM.crash + index, second, `api/handler/m3/2/c0/${point}/crash`] as const,
    ),
    [STREAM.requestWaits, requestCopy(second), 'shop>api/request/m3/2/c1/waits'],
    ...CRASH_POINTS.map(
      (point, index) => [STREAM.stepWaits + index, second, `api/handler/m3/2/c0/${point}/waits`] as const,
    ),
    [STREAM.restartWaits, 0, 'api/restart/3/waits'],
  ])('stream %i', (stream, packet, expected) => {
    expect(name(stream, 3, packet)).toBe(expected);
  });

  it('every stream has a name of its own, and its names pass the check', () => {
    const names = STREAMS.map((_, stream) => name(stream));
    expect(new Set(names).size).toBe(STREAMS.length);
    expect(STREAMS).toHaveLength(Object.keys(STREAM).length + 2 * (CRASH_POINTS.length - 1));
    STREAMS.forEach(({ purpose }, stream) => {
      const value = isYesNo(purpose) ? true : 5;
      expect(checkChoice(names[stream], value, 'shop', 'api'), names[stream]).toBeNull();
      expect(
        checkChoice(names[stream], isYesNo(purpose) ? 5 : true, 'shop', 'api'),
        names[stream],
      ).not.toBeNull();
    });
  });

  it.each([
    '',
    'lost',
    'shop>api/request/m0/1/c0/lost',
    'shop>api/request/m1/0/c0/lost',
    'shop>api/request/m01/1/c0/lost',
    'shop>api/request/m1/1/c0.1/lost',
    'shop>api/request/m1/1/lost',
    'shop>api/request/m1/1/c0/wait',
    'api>shop/request/m1/1/c0/lost',
    'shop>api/ack/m1/1/c0/lost',
    'api>shop/ack/m1/1/c0.0/lost',
    'shop/retry/m1/1/c0/wait',
    'shop/arrival/m1/1/gap',
    'api/handler/m1/1/c0/crash',
    'api/handler/m1/1/c0/done/crash',
    'api/handler/m1/1/c0/waits',
    'api>shop/ack/m1/1/c0/waits',
    'api/restart/m1/waits',
    'api/restart/0/waits',
    'shop>api/request/m1/1/c0/lost ',
    'SHOP>api/request/m1/1/c0/lost',
  ])('no choice is called "%s"', (text) => {
    expect(checkChoice(text, true, 'shop', 'api')).not.toBeNull();
  });

  it('ids are taken as they are, not as patterns', () => {
    expect(checkChoice('a-b>c/request/m1/1/c0/lost', true, 'a-b', 'c')).toBeNull();
    expect(checkChoice('aXb>c/request/m1/1/c0/lost', true, 'a-b', 'c')).not.toBeNull();
  });
});

describe('seeded', () => {
  const nature = new SeededNature('7', STREAMS);

  it('p = 0 never, p = 1 always; a larger p only ever adds', () => {
    for (let message = 1; message <= 200; message++) {
      expect(nature.chance(STREAM.requestLost, message, second, 0)).toBe(false);
      expect(nature.chance(STREAM.requestLost, message, second, 1)).toBe(true);
      let before = false;
      for (const p of [0.1, 0.3, 0.5, 0.7, 0.9]) {
        const now = nature.chance(STREAM.requestLost, message, second, p);
        expect(now || !before).toBe(true);
        before = now;
      }
    }
  });

  it('asked again, it answers the same, in any order and by any instance', () => {
    const ask = (from: SeededNature) =>
      Array.from({ length: 50 }, (_, m) => from.value(STREAM.requestDelay, m + 1, second, UNIFORM));
    const first = ask(nature);
    ask(new SeededNature('8', STREAMS));
    expect(ask(nature)).toEqual(first);
    expect(ask(new SeededNature('7', STREAMS))).toEqual(first);
    expect(ask(new SeededNature('8', STREAMS))).not.toEqual(first);
  });

  it('draws belong to ids, not to places in a list: other ids, other draws; the same ids, the same draws', () => {
    const other = new SeededNature('7', streamsOfHop('shop', 'desk'));
    const draws = (from: SeededNature, stream: number) =>
      Array.from({ length: 20 }, (_, m) => from.value(stream, m + 1, second, UNIFORM));
    expect(draws(other, STREAM.requestDelay)).not.toEqual(draws(nature, STREAM.requestDelay));
    expect(draws(other, STREAM.wait)).toEqual(draws(nature, STREAM.wait)); // shop/retry is the same stream
    const streams = STREAMS.map((_, stream) => draws(nature, stream).join());
    expect(new Set(streams).size).toBe(STREAMS.length);
  });

  it('another message, attempt, copy or answer is another draw', () => {
    const packets = [1, 2, 3]
      .map(packetName)
      .flatMap((packet) => [packet, requestCopy(packet), answerCopy(packet)]);
    const draws = [1, 2, 3].flatMap((message) =>
      packets.map((packet) => nature.value(STREAM.ackDelay, message, packet, UNIFORM)),
    );
    expect(new Set(draws).size).toBe(27);
  });

  it.each<Distribution>([{ kind: 'constant', valueUs: 40 }, UNIFORM])(
    "a packet's fate is its loss, else its delay: the same asked together or apart ($kind)",
    (delay) => {
      const links = [
        { lost: STREAM.requestLost, copied: STREAM.requestCopied, delay: STREAM.requestDelay },
        { lost: STREAM.ackLost, copied: STREAM.ackCopied, delay: STREAM.ackDelay },
      ];
      for (const streams of links)
        for (const loss of [0, 0.3, 1])
          for (let message = 1; message <= 100; message++) {
            const isLost = nature.chance(streams.lost, message, second, loss);
            const delayUs = nature.value(streams.delay, message, second, delay);
            expect(nature.fate(streams, message, second, loss, delay)).toBe(
              isLost ? LOST_BY_CHANCE : delayUs,
            );
          }
    },
  );

  it('whether a packet is lost says nothing about its delay (mean and quarters, 4 standard errors)', () => {
    const delays: number[] = [];
    for (let message = 1; delays.length < 100_000; message++)
      if (!nature.chance(STREAM.requestLost, message, second, 0.3))
        delays.push(nature.value(STREAM.requestDelay, message, second, UNIFORM));
    const mean = delays.reduce((sum, delayUs) => sum + delayUs, 0) / delays.length;
    expect(Math.abs(mean - 500_000)).toBeLessThan((4 * 1_000_000) / Math.sqrt(12 * delays.length));
    for (const quarter of [0, 1, 2, 3]) {
      const hits = delays.filter((delayUs) => Math.floor(delayUs / 250_000) === quarter).length;
      expect(Math.abs(hits - delays.length / 4)).toBeLessThan(4 * Math.sqrt((delays.length * 3) / 16));
    }
  });

  it('a wait lies between its bounds, both reached', () => {
    const waits = Array.from({ length: 500 }, (_, m) => nature.between(STREAM.wait, m + 1, second, 10, 12));
    expect(new Set(waits)).toEqual(new Set([10, 11, 12]));
    expect(nature.between(STREAM.wait, 1, second, 5, 5)).toBe(5);
  });
});

describe('scripted', () => {
  it('replays what it is told and takes the plain choice elsewhere', () => {
    const asked: string[] = [];
    const nature = new ScriptedNature(
      STREAMS,
      {
        'shop>api/request/m3/2/c0/lost': true,
        'shop>api/request/m3/2/c0/delay': 77,
        'shop/retry/m3/2/wait': 9,
      },
      (text) => asked.push(text),
    );
    expect(nature.chance(STREAM.requestLost, 3, second)).toBe(true);
    expect(nature.chance(STREAM.requestLost, 4, second)).toBe(false);
    expect(nature.value(STREAM.requestDelay, 3, second, UNIFORM)).toBe(77);
    expect(nature.value(STREAM.requestDelay, 4, second, UNIFORM)).toBe(500_000); // the median
    expect(nature.between(STREAM.wait, 3, second, 10, 20)).toBe(9);
    expect(nature.between(STREAM.wait, 4, second, 10, 20)).toBe(15);
    expect(asked).toEqual([
      'shop>api/request/m3/2/c0/lost',
      'shop>api/request/m4/2/c0/lost',
      'shop>api/request/m3/2/c0/delay',
      'shop>api/request/m4/2/c0/delay',
      'shop/retry/m3/2/wait',
      'shop/retry/m4/2/wait',
    ]);
  });

  it("does not take the name of an object's own member for a choice", () => {
    const nature = new ScriptedNature([{ prefix: 'constructor', purpose: 'x', per: 'message' }], {});
    expect(nature.chance(0, 1, 0)).toBe(false);
  });
});

describe('forked', () => {
  const inner = () => new ScriptedNature(STREAMS, { 'shop>api/request/m1/1/c0/lost': true });

  it('answers for its names, asks the other for all else, and tells which never came up', () => {
    const nature = new ForkedNature(inner(), STREAMS, {
      'shop>api/request/m3/2/c0/lost': true,
      'api>shop/ack/m3/2/c0/delay': 77,
      'shop/retry/m3/2/wait': 5,
    });
    expect(nature.unusedNames()).toEqual([
      'shop>api/request/m3/2/c0/lost',
      'api>shop/ack/m3/2/c0/delay',
      'shop/retry/m3/2/wait',
    ]);
    expect(nature.chance(STREAM.requestLost, 3, second, 0)).toBe(true);
    expect(nature.chance(STREAM.requestLost, 1, packetName(1), 0)).toBe(true); // the inner one's
    expect(nature.chance(STREAM.requestLost, 4, second, 0)).toBe(false);
    expect(nature.unusedNames()).toEqual(['api>shop/ack/m3/2/c0/delay', 'shop/retry/m3/2/wait']);
    expect(nature.value(STREAM.ackDelay, 3, second, UNIFORM)).toBe(77);
    expect(nature.between(STREAM.wait, 3, second, 10, 20)).toBe(5);
    expect(nature.between(STREAM.wait, 9, second, 10, 20)).toBe(15);
    expect(nature.unusedNames()).toEqual([]);
  });

  it('can say no where the other says yes', () => {
    const nature = new ForkedNature(inner(), STREAMS, { 'shop>api/request/m1/1/c0/lost': false });
    expect(nature.chance(STREAM.requestLost, 1, packetName(1), 1)).toBe(false);
  });
});
