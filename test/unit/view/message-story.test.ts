import { describe, expect, it } from 'vitest';
import { messageStory } from '../../../src/view/layout/message-story.ts';
import { indexOf } from '../../../src/view/trace-index.ts';
import { FACT_KINDS } from '../../../sim/core/fact.ts';
import { scenarioOf, tracedRun, traceOf, type RowText } from './trace-of.ts';

const END = 1_000;
const HOP_LINKS = { 'shop>api': { delay: '40ms' }, 'api>shop': {} };

function story(rows: readonly RowText[], input: Record<string, unknown> = {}, isCutOff = false) {
  return messageStory(
    { index: indexOf(traceOf(rows), isCutOff), scenario: scenarioOf(input), endUs: END },
    1,
  );
}

const ARRIVE: RowText = { us: 0, kind: 'arrive', message: 1 };
const SEND: RowText = { us: 0, kind: 'send', message: 1, ordinal: 1, cause: 0 };

describe('the story of a message', () => {
  it('timeout, pause, retry, confirmed', () => {
    const { attempts, settled, timeouts } = story([
      ARRIVE,
      SEND,
      { us: 0, kind: 'lost', message: 1, ordinal: 1, cause: 1 },
      { us: 100, kind: 'timeout', message: 1, ordinal: 1, cause: 1 },
      { us: 150, kind: 'send', message: 1, ordinal: 2, cause: 3 },
      { us: 190, kind: 'deliver', message: 1, ordinal: 2, cause: 4 },
      { us: 190, kind: 'answer', message: 1, ordinal: 2, cause: 5 },
      { us: 230, kind: 'confirm', message: 1, ordinal: 2, cause: 6 },
    ]);
    expect(timeouts).toEqual([{ us: 100, row: 3 }]);
    expect(attempts).toEqual([
      {
        us: 0,
        row: 1,
        ordinal: 1,
        wait: { until: { us: 100, row: 3 }, end: 'timeout' },
        backoff: { from: { us: 100, row: 3 }, until: { us: 150, row: 4 } },
      },
      { us: 150, row: 4, ordinal: 2, wait: { until: { us: 230, row: 7 }, end: 'answer' }, backoff: null },
    ]);
    expect(settled).toMatchObject({ us: 230, belief: 'confirmed' });
  });

  it('a late ack ends the pause after its timeout', () => {
    const { attempts } = story([
      ARRIVE,
      SEND,
      { us: 100, kind: 'timeout', message: 1, ordinal: 1, cause: 1 },
      { us: 120, kind: 'answer', message: 1, ordinal: 1, cause: 1 },
      { us: 160, kind: 'confirm', message: 1, ordinal: 1, cause: 3 },
    ]);
    expect(attempts[0].backoff).toEqual({ from: { us: 100, row: 2 }, until: { us: 160, row: 4 } });
  });

  it('giving up at the timeout leaves no pause', () => {
    const { attempts, settled } = story([
      ARRIVE,
      SEND,
      { us: 100, kind: 'timeout', message: 1, ordinal: 1, cause: 1 },
      { us: 100, kind: 'give-up', message: 1, ordinal: 1, cause: 2 },
      { us: 100, kind: 'dead-letter', message: 1, ordinal: 1, cause: 3 },
    ]);
    expect(attempts[0].backoff).toBeNull();
    expect(settled).toMatchObject({ belief: 'gave up', deadLettered: true });
  });

  it('a sender that does not look back does not wait', () => {
    const input = { policy: 'at-most-once' };
    expect(story([ARRIVE, SEND], input).attempts[0].wait).toBeNull();
  });

  it('a lost packet vanishes in mid-air, about half way', () => {
    const { packets } = story([ARRIVE, SEND, { us: 0, kind: 'lost', message: 1, ordinal: 1, cause: 1 }]);
    expect(packets[0]).toMatchObject({ kind: 'request', fate: 'lost' });
    expect(packets[0].share).toBeGreaterThan(0.35);
    expect(packets[0].share).toBeLessThan(0.65);
    expect(packets[0].until.us).toBeCloseTo(40_000 * packets[0].share, 6);
  });

  it('a packet cut in flight vanishes when the outage begins', () => {
    const outages = [{ from: '10ms', for: '1s', cutsInFlight: true }];
    const input = { links: { 'shop>api': { outages }, 'api>shop': {} } };
    const { packets } = story(
      [ARRIVE, SEND, { us: 0, kind: 'lost', message: 1, ordinal: 1, cause: 1, detail: 2 }],
      input,
    );
    expect(packets[0].until.us).toBe(10_000);
    expect(packets[0].share).toBe(0.25);
  });

  it('a packet still in the air when the run ends is under way', () => {
    const { packets, isOpen } = story([ARRIVE, SEND], {}, true);
    expect(packets[0]).toMatchObject({ fate: 'under way', until: { us: END, row: -1 } });
    expect(isOpen).toBe(true);
  });

  it('a copy comes from the same tail and is an ack where its packet is one', () => {
    const { packets } = story([
      ARRIVE,
      SEND,
      { us: 5, kind: 'deliver', message: 1, ordinal: 1, cause: 1 },
      { us: 5, kind: 'answer', message: 1, ordinal: 1, cause: 2 },
      { us: 5, kind: 'copy', message: 1, ordinal: 1, cause: 3 },
    ]);
    expect(packets.map(({ kind, isCopy, us }) => [kind, isCopy, us])).toEqual([
      ['request', false, 0],
      ['ack', false, 5],
      ['ack', true, 5],
    ]);
  });

  it('a delivery that waits is queued, then worked on', () => {
    const { works } = story([
      ARRIVE,
      SEND,
      { us: 5, kind: 'deliver', message: 1, ordinal: 1, cause: 1 },
      { us: 5, kind: 'queue', message: 1, ordinal: 1, cause: 2 },
      { us: 30, kind: 'start', message: 1, ordinal: 1, cause: 3 },
      { us: 90, kind: 'effect', message: 1, ordinal: 1, cause: 4, detail: 1 },
    ]);
    expect(works).toEqual([
      {
        us: 5,
        row: 2,
        queuedUntil: { us: 30, row: 4 },
        from: { us: 30, row: 4 },
        until: { us: 90, row: 5 },
        crashedAfter: null,
      },
    ]);
  });

  it('a crash of another delivery ends this one too', () => {
    const { works } = story([
      ARRIVE,
      SEND,
      { us: 5, kind: 'deliver', message: 1, ordinal: 1, cause: 1 },
      { us: 40, kind: 'crash', message: 2, ordinal: 1, detail: 2 },
    ]);
    expect(works[0]).toMatchObject({ until: { us: 40, row: 3 }, crashedAfter: '' });
  });

  it('a crash of another delivery ends work that had a step to go, and no other', () => {
    const handler = ['check', 'effect', 'mark', 'ack'];
    const nodes = {
      shop: { kind: 'producer', messages: 2, arrivals: { kind: 'burst', size: 2 } },
      api: { kind: 'consumer', handler, stepTimes: { mark: '20ms', ack: '1ms' } },
      ledger: { kind: 'sink' },
    };
    const untilOf = (faults: object) => {
      const { trace, scenario } = tracedRun({ format: 1, nodes, links: HOP_LINKS, faults });
      const { works } = messageStory({ index: indexOf(trace), scenario, endUs: END }, 1);
      const { until, crashedAfter } = works[0];
      return [until.us, FACT_KINDS[trace.kind[until.row]], crashedAfter];
    };
    const crash = { 'api/handler/m2/1/c0/effect/crash': true };
    const arrives = (delay: string) => ({ ...crash, 'shop>api/request/m2/1/c0/delay': delay });
    expect(untilOf(arrives('50ms'))).toEqual([50_000, 'crash', '']); // its effect done, its mark under way
    expect(untilOf(arrives('70ms'))).toEqual([61_000, 'answer', null]);
    expect(untilOf({ ...arrives('41ms'), 'api/handler/m1/1/c0/mark/crash': true })).toEqual([
      41_000,
      'crash',
      '',
    ]);
  });

  it('no effect and nothing under way: never applied, from its last row on', () => {
    const { never } = story([
      ARRIVE,
      SEND,
      { us: 0, kind: 'lost', message: 1, ordinal: 1, cause: 1 },
      { us: 100, kind: 'timeout', message: 1, ordinal: 1, cause: 1 },
      { us: 100, kind: 'give-up', message: 1, ordinal: 1, cause: 3 },
    ]);
    expect(never).toEqual({ us: 100, row: 4 });
  });
});
