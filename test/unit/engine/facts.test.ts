// Each kind of fact, produced by the smallest scenario that has it, where it belongs and with its detail. Times are
// in milliseconds; a request takes 10 ms, an answer 10 ms, the timeout is 100 ms.
import { afterAll, describe, expect, it } from 'vitest';
import {
  CRASH_POINTS,
  FACT_KINDS,
  LOSS_REASONS,
  OUTAGE_KINDS,
  PLACES,
  type FactKind,
} from '../../../sim/core/fact.ts';
import { sample } from '../../../sim/core/distributions.ts';
import { formatPacketName } from '../../../sim/core/packet-name.ts';
import { STREAM } from '../../../sim/nature/choice.ts';
import type { Nature } from '../../../sim/nature/nature.ts';
import { run } from '../../../sim/run.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';

interface Parts {
  readonly shop?: object;
  readonly api?: object;
  readonly ledger?: object;
  readonly there?: object;
  readonly back?: object;
  readonly faults?: Readonly<Record<string, boolean | string>>;
}

interface Row {
  readonly ms: number;
  readonly kind: FactKind;
  readonly place: string;
  readonly about: string;
  readonly detail: number;
  readonly cause: FactKind | null;
}

const met = new Set<FactKind>();

function rowsOf({ shop, api, ledger, there, back, faults }: Parts): Row[] {
  const parsed = parseScenario({
    format: 1,
    nodes: {
      shop: { kind: 'producer', ackTimeout: '100ms', ...shop },
      api: { kind: 'consumer', ...api },
      ledger: { kind: 'sink', ...ledger },
    },
    links: { 'shop>api': { delay: '10ms', ...there }, 'api>shop': { delay: '10ms', ...back } },
    faults: faults ?? {},
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { trace, unusedOverrides } = run(planOf(parsed.scenario), { trace: true });
  if (trace === null) throw new Error('asked for a trace');
  expect(unusedOverrides).toEqual([]);
  return Array.from({ length: trace.rowCount }, (_, row): Row => {
    const kind = FACT_KINDS[trace.kind[row]];
    met.add(kind);
    return {
      ms: trace.timeUs[row] / 1_000,
      kind,
      place: PLACES[trace.place[row]],
      about: `m${trace.message[row]}${trace.packet[row] === 0 ? '' : `/${formatPacketName(trace.packet[row])}`}`,
      detail: trace.detail[row],
      cause: trace.cause[row] < 0 ? null : FACT_KINDS[trace.kind[trace.cause[row]]],
    };
  });
}

/** The rows of one kind, in short. */
function only(parts: Parts, kind: FactKind): string[] {
  return rowsOf(parts)
    .filter((row) => row.kind === kind)
    .map(({ ms, place, about, detail, cause }) => `${ms} ms ${place} ${about} ${detail} <- ${cause}`);
}

const RETRY = { retry: { kind: 'fixed', delay: '50ms', maxAttempts: 2 } };
const FULL = { handler: ['check', 'effect', 'mark', 'ack'] };
const LOSE_FIRST_ACK = { 'api>shop/ack/m1/1/c0/lost': true };
const down = (kind: string) => ({ outages: [{ from: 0, for: '1s', kind }] });

describe('facts of the sender', () => {
  it('a plain run: arrive, send, deliver, effect, answer, confirm', () => {
    expect(
      rowsOf({}).map(({ ms, kind, place, about, cause }) => `${ms} ms ${place} ${kind} ${about} <- ${cause}`),
    ).toEqual([
      '0 ms sender arrive m1 <- null',
      '0 ms sender send m1/1/c0 <- arrive',
      '10 ms receiver deliver m1/1/c0 <- send',
      '10 ms sink effect m1/1/c0 <- deliver',
      '10 ms receiver answer m1/1/c0 <- effect',
      '20 ms sender confirm m1/1/c0 <- answer',
    ]);
  });

  it('timeout: no answer in 100 ms; the next attempt 50 ms after that', () => {
    const parts = { shop: RETRY, faults: LOSE_FIRST_ACK };
    expect(only(parts, 'timeout')).toEqual(['100 ms sender m1/1/c0 0 <- send']);
    expect(only(parts, 'send')).toEqual([
      '0 ms sender m1/1/c0 0 <- arrive',
      '150 ms sender m1/2/c0 0 <- timeout',
    ]);
  });

  it('send: counted from the send, the next attempt leaves before the timeout', () => {
    const shop = { retry: { ...RETRY.retry, countFrom: 'send' } };
    expect(only({ shop, faults: LOSE_FIRST_ACK }, 'send')).toEqual([
      '0 ms sender m1/1/c0 0 <- arrive',
      '50 ms sender m1/2/c0 0 <- send',
    ]);
  });

  it('an answer stops the retries, also one that was scheduled before it came', () => {
    const shop = { retry: { ...RETRY.retry, maxAttempts: 5, countFrom: 'send' } };
    expect(only({ shop }, 'send')).toEqual(['0 ms sender m1/1/c0 0 <- arrive']);
    expect(only({ shop, back: { delay: '70ms' } }, 'send')).toHaveLength(2); // at 0 and 50 ms; the ack comes at 80 ms
  });

  it('give-up and dead-letter: attempts used up with one unanswered', () => {
    const parts = { shop: { ...RETRY, deadLetter: true }, back: { loss: 1 } };
    expect(only(parts, 'give-up')).toEqual(['250 ms sender m1/2/c0 0 <- timeout']);
    expect(only(parts, 'dead-letter')).toEqual(['250 ms sender m1/2/c0 0 <- give-up']);
  });

  it('reject and refuse: every attempt was answered with a nack', () => {
    const parts = { shop: { ...RETRY, deadLetter: true }, api: down('refuse') };
    expect(only(parts, 'reject')).toEqual([
      '20 ms sender m1/1/c0 0 <- nack',
      '90 ms sender m1/2/c0 0 <- nack',
    ]);
    expect(only(parts, 'refuse')).toEqual(['90 ms sender m1/2/c0 0 <- reject']);
    expect(only(parts, 'dead-letter')).toEqual(['90 ms sender m1/2/c0 0 <- refuse']);
  });

  it('give-up, not refuse: one nack and one silence leave doubt', () => {
    const api = { outages: [{ from: 0, for: '20ms', kind: 'error' }] };
    const parts = { shop: RETRY, api, faults: { 'api>shop/ack/m1/2/c0/lost': true } };
    expect(only(parts, 'refuse')).toEqual([]);
    expect(only(parts, 'give-up')).toEqual(['170 ms sender m1/2/c0 0 <- timeout']);
  });

  it('late: an ack after giving up; a nack too, told apart by its detail', () => {
    expect(only({ back: { delay: '200ms' } }, 'late')).toEqual(['210 ms sender m1/1/c0 0 <- answer']);
    expect(only({ api: down('refuse'), back: { delay: '200ms' } }, 'late')).toEqual([
      '210 ms sender m1/1/c0 1 <- nack',
    ]);
  });

  it('stale: a second ack after the first was accepted', () => {
    expect(only({ back: { duplicate: 1 } }, 'stale')).toEqual(['20 ms sender m1/1/c0.1 0 <- copy']);
  });

  it('stale: an ack after its own timeout, where late replies are ignored; accepted where they are not', () => {
    const shop = { ...RETRY, lateReplies: 'ignore' };
    const faults = { 'api>shop/ack/m1/1/c0/delay': '110ms' };
    expect(only({ shop, faults }, 'stale')).toEqual(['120 ms sender m1/1/c0 0 <- answer']);
    expect(only({ shop, faults }, 'confirm')).toEqual(['170 ms sender m1/2/c0 0 <- answer']);
    expect(only({ shop: RETRY, faults }, 'confirm')).toEqual(['120 ms sender m1/1/c0 0 <- answer']);
  });

  it('an ack at the very instant of the timeout is in time (T2: "an ack arriving exactly at τ_{k+1} prevents attempt k+1")', () => {
    const faults = { 'api>shop/ack/m1/1/c0/delay': '90ms' };
    for (const lateReplies of ['accept', 'ignore']) {
      expect(only({ shop: { ...RETRY, lateReplies }, faults }, 'timeout')).toEqual([]);
      expect(only({ shop: { ...RETRY, lateReplies }, faults }, 'confirm')).toEqual([
        '100 ms sender m1/1/c0 0 <- answer',
      ]);
    }
  });
});

describe('facts of the links', () => {
  it('lost: by chance, in an outage, cut in flight; each way', () => {
    const reason = (word: (typeof LOSS_REASONS)[number]) => LOSS_REASONS.indexOf(word);
    expect(only({ there: { loss: 1 } }, 'lost')).toEqual([
      `0 ms request link m1/1/c0 ${reason('loss')} <- send`,
    ]);
    expect(only({ back: { loss: 1 } }, 'lost')).toEqual([
      `10 ms answer link m1/1/c0 ${reason('loss')} <- answer`,
    ]);
    expect(only({ there: { outages: [{ from: 0, for: '1s' }] } }, 'lost')).toEqual([
      `0 ms request link m1/1/c0 ${reason('outage')} <- send`,
    ]);
    expect(only({ there: { outages: [{ from: '5ms', for: '1s', cutsInFlight: true }] } }, 'lost')).toEqual([
      `0 ms request link m1/1/c0 ${reason('cut in flight')} <- send`,
    ]);
  });

  it('lost: a nack can be lost too', () => {
    expect(only({ api: down('error'), faults: { 'api>shop/nack/m1/1/c0/lost': true } }, 'lost')).toEqual([
      `10 ms answer link m1/1/c0 0 <- nack`,
    ]);
  });

  it('copy: a second request packet, and a second answer to each', () => {
    expect(only({ there: { duplicate: 1 }, back: { duplicate: 1 } }, 'copy')).toEqual([
      '0 ms request link m1/1/c1 0 <- send',
      '10 ms answer link m1/1/c0.1 0 <- answer',
      '10 ms answer link m1/1/c1.1 0 <- answer',
    ]);
  });

  it('fifo: a faster packet waits for the one before; with reorder it overtakes', () => {
    const shop = { messages: 2, arrivals: { kind: 'fixed', every: '1ms' } };
    const faults = { 'shop>api/request/m1/1/c0/delay': '30ms' };
    expect(only({ shop, there: { order: 'fifo' }, faults }, 'deliver')).toEqual([
      '30 ms receiver m1/1/c0 0 <- send',
      '30 ms receiver m2/1/c0 0 <- send',
    ]);
    expect(only({ shop, faults }, 'deliver')).toEqual([
      '11 ms receiver m2/1/c0 0 <- send',
      '30 ms receiver m1/1/c0 0 <- send',
    ]);
  });
});

describe('facts of the receiver', () => {
  it.each(OUTAGE_KINDS.map((kind, number) => [kind, number] as const))('turned-away: %s', (kind, number) => {
    const parts = { api: down(kind) };
    expect(only(parts, 'turned-away')).toEqual([`10 ms receiver m1/1/c0 ${number} <- send`]);
    expect(only(parts, 'nack')).toEqual(
      kind === 'hang' ? [] : [`10 ms receiver m1/1/c0 ${number} <- turned-away`],
    );
  });

  it('queue and start: one handler, two messages', () => {
    const parts = {
      shop: { messages: 2, arrivals: { kind: 'burst', size: 2 } },
      api: { concurrency: 1, processing: '5ms' },
    };
    expect(only(parts, 'queue')).toEqual(['10 ms receiver m2/1/c0 0 <- deliver']);
    expect(only(parts, 'start')).toEqual(['15 ms receiver m2/1/c0 0 <- deliver']);
  });

  it.each(CRASH_POINTS.map((point, number) => [point, number] as const))(
    'crash after %s, and the restart',
    (point, number) => {
      const parts = {
        api: { ...FULL, crash: { restartAfter: '7ms' } },
        faults: { [`api/handler/m1/1/c0/${point}/crash`]: true },
      };
      const causes = ['deliver', 'pass', 'effect', 'mark', 'answer'];
      expect(only(parts, 'crash')).toEqual([`10 ms receiver m1/1/c0 ${number} <- ${causes[number]}`]);
      expect(only(parts, 'restart')).toEqual(['17 ms receiver m0 0 <- crash']);
      // What was written or sent before it stays, what comes after it never happens.
      const kinds = rowsOf(parts).map(({ kind }) => kind);
      (['pass', 'effect', 'mark', 'answer'] as const).forEach((kind, index) =>
        expect(kinds.includes(kind), kind).toBe(index < number),
      );
    },
  );

  it('a crash inside an atomic group undoes the group', () => {
    const api = { handler: [['check', 'effect', 'mark'], 'ack'] };
    for (const point of ['check', 'effect']) {
      const kinds = rowsOf({ api, faults: { [`api/handler/m1/1/c0/${point}/crash`]: true } }).map(
        ({ kind }) => kind,
      );
      for (const kind of ['pass', 'effect', 'mark', 'answer'] as const) expect(kinds).not.toContain(kind);
    }
    const kinds = rowsOf({ api, faults: { 'api/handler/m1/1/c0/mark/crash': true } }).map(({ kind }) => kind);
    expect(kinds).toEqual([
      'arrive',
      'send',
      'deliver',
      'pass',
      'effect',
      'mark',
      'crash',
      'restart',
      'timeout',
      'give-up',
    ]);
  });

  it('a crash takes along what other handlers had in hand and what waited', () => {
    const shop = { messages: 3, arrivals: { kind: 'burst', size: 3 } };
    const api = { ...FULL, concurrency: 2, processing: '5ms', crash: { restartAfter: '1s' } };
    const faults = { 'api/handler/m1/1/c0/start/crash': true };
    expect(only({ shop, api, faults }, 'effect')).toEqual([]);
    expect(only({ shop, api, faults }, 'give-up')).toHaveLength(3);
  });

  it('while a crashed process is down, requests hang or are refused', () => {
    const faults = { 'api/handler/m1/1/c0/ack/crash': true };
    const shop = { messages: 2, arrivals: { kind: 'fixed', every: '3ms' } };
    const away = (whileDown: string) =>
      only({ shop, api: { crash: { restartAfter: '1s', whileDown } }, faults }, 'turned-away');
    expect(away('hang')).toEqual(['13 ms receiver m2/1/c0 1 <- send']);
    expect(away('refuse')).toEqual(['13 ms receiver m2/1/c0 0 <- send']);
  });
});

describe('steps that take time', () => {
  const TIMES = { stepTimes: { check: '1ms', mark: '3ms', ack: '4ms' }, processing: '2ms' };
  const HANDLED: readonly FactKind[] = ['pass', 'suppress', 'effect', 'mark', 'answer', 'crash'];
  /** What the receiver did, and when. */
  const handled = (parts: Parts) =>
    rowsOf(parts)
      .filter(({ kind }) => HANDLED.includes(kind))
      .map(({ ms, kind, about }) => `${ms} ${kind} ${about}`);

  it('outside groups a write appears at the end of its step; the answer leaves at the end of the ack', () => {
    expect(handled({ api: { ...FULL, ...TIMES } })).toEqual([
      '11 pass m1/1/c0',
      '13 effect m1/1/c0',
      '16 mark m1/1/c0',
      '20 answer m1/1/c0',
    ]);
    expect(only({ api: { ...FULL, ...TIMES } }, 'confirm')).toEqual(['30 ms sender m1/1/c0 0 <- answer']);
  });

  it('a group takes as long as its steps together, and writes at its end', () => {
    const api = { ...TIMES, handler: ['check', ['effect', 'mark', 'ack']] };
    expect(handled({ api })).toEqual([
      '11 pass m1/1/c0',
      '20 effect m1/1/c0',
      '20 mark m1/1/c0',
      '20 answer m1/1/c0',
    ]);
  });

  it('only steps that run take time: of a copy that is known, the check and the ack', () => {
    const faults = { 'shop>api/request/m1/1/c1/delay': '40ms' };
    const copyOf = (handler: readonly unknown[]) =>
      handled({ api: { ...TIMES, handler }, there: { duplicate: 1 }, faults }).slice(4);
    expect(copyOf(FULL.handler)).toEqual(['41 suppress m1/1/c1', '45 answer m1/1/c1']);
    expect(copyOf([['check', 'effect', 'mark', 'ack']])).toEqual([
      '45 suppress m1/1/c1',
      '45 answer m1/1/c1',
    ]);
  });

  it('what a group will run is read when it begins, its check at its end: a copy that comes second has worked for nothing', () => {
    const api = { ...TIMES, handler: [['check', 'effect', 'mark'], 'ack'] };
    const faults = { 'shop>api/request/m1/1/c1/delay': '12ms' };
    expect(handled({ api, there: { duplicate: 1 }, faults })).toEqual([
      ...['16 pass m1/1/c0', '16 effect m1/1/c0', '16 mark m1/1/c0'],
      ...['18 suppress m1/1/c1', '20 answer m1/1/c0', '22 answer m1/1/c1'],
    ]);
  });

  it('an entry that is held when a group begins and has expired at its end suppresses nothing', () => {
    const api = { stepTimes: { check: '5ms' }, handler: [['check', 'mark'], 'effect'] };
    const faults = { 'shop>api/request/m1/1/c1/delay': '20ms' }; // marked at 15, forgotten at 22
    expect(handled({ api: { ...api, dedup: { window: '7ms' } }, there: { duplicate: 1 }, faults })).toEqual([
      ...['15 pass m1/1/c0', '15 mark m1/1/c0', '15 effect m1/1/c0'],
      ...['25 pass m1/1/c1', '25 mark m1/1/c1', '25 effect m1/1/c1'],
    ]);
  });

  it.each(['check', 'effect', 'mark', 'ack'])('one choice of nature alone makes the %s take time', (step) => {
    const at = ['pass', 'effect', 'mark', 'answer'].indexOf(
      { check: 'pass', effect: 'effect', mark: 'mark', ack: 'answer' }[step] ?? '',
    );
    const faults = { [`api/handler/m1/1/c0/${step}/processing`]: '5ms' };
    expect(handled({ api: FULL, faults }).map((row) => Number(row.split(' ')[0]))).toEqual(
      [0, 1, 2, 3].map((place) => (place < at ? 10 : 15)),
    );
  });

  it('copies meet between a check and a mark', () => {
    const api = { handler: ['check', 'mark', 'effect', 'ack'], stepTimes: { mark: '1ms' } };
    expect(handled({ api, there: { duplicate: 1 } }).slice(0, 4)).toEqual([
      ...['10 pass m1/1/c0', '10 pass m1/1/c1', '11 mark m1/1/c0', '11 effect m1/1/c0'],
    ]);
    expect(only({ api, there: { duplicate: 1 } }, 'effect')).toHaveLength(2);
  });

  it('a crash after a step comes at the end of the step, inside a group at the end of the group', () => {
    const faults = { 'api/handler/m1/1/c0/check/crash': true };
    expect(handled({ api: { ...FULL, ...TIMES }, faults })).toEqual(['11 pass m1/1/c0', '11 crash m1/1/c0']);
    const api = { ...TIMES, handler: [['check', 'effect', 'mark'], 'ack'] };
    expect(handled({ api, faults })).toEqual(['16 crash m1/1/c0']);
  });

  it('a crash takes along a mark that another handler is about to write', () => {
    const shop = { messages: 2, arrivals: { kind: 'burst', size: 2 } };
    const faults = { 'api/handler/m2/1/c0/effect/crash': true, 'shop>api/request/m2/1/c0/delay': '11ms' };
    expect(handled({ shop, api: { ...FULL, ...TIMES }, faults })).toEqual([
      ...['11 pass m1/1/c0', '12 pass m2/1/c0', '13 effect m1/1/c0', '14 effect m2/1/c0', '14 crash m2/1/c0'],
    ]);
  });

  it('where no step but the effect can take time, nature is not asked about the others', () => {
    const asked = (stepTimes: object): number[] => {
      const parsed = parseScenario({
        format: 1,
        nodes: {
          shop: { kind: 'producer' },
          api: { kind: 'consumer', handler: FULL.handler, stepTimes },
          ledger: { kind: 'sink' },
        },
        links: { 'shop>api': {}, 'api>shop': {} },
      });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      const streams: number[] = [];
      const nature: Nature = {
        possible: (_stream, chance) => chance > 0,
        chance: () => false,
        value: (stream, _message, _packet, distribution) => {
          streams.push(stream);
          return sample(distribution, 0.5);
        },
        between: () => 0,
      };
      run(planOf(parsed.scenario), { nature });
      return streams.filter((stream) => stream >= STREAM.checkTime);
    };
    expect(asked({})).toEqual([]);
    expect(asked({ check: '0s', mark: { kind: 'uniform', min: 0, max: 0 } })).toEqual([]);
    expect(asked({ ack: { kind: 'uniform', min: 0, max: 1 } })).toEqual([
      STREAM.checkTime,
      STREAM.markTime,
      STREAM.ackTime,
    ]);
  });
});

describe('facts of the store and the sink', () => {
  it('pass, mark, and suppress for the copy', () => {
    const parts = { api: FULL, there: { duplicate: 1 } };
    expect(only(parts, 'pass')).toEqual(['10 ms store m1/1/c0 0 <- deliver']);
    expect(only(parts, 'mark')).toEqual(['10 ms store m1/1/c0 1 <- effect']);
    expect(only(parts, 'suppress')).toEqual(['10 ms store m1/1/c1 0 <- deliver']);
  });

  it('suppress with detail 1: the effect had run before the check found the key', () => {
    const parts = { api: { handler: ['effect', 'check', 'mark', 'ack'] }, there: { duplicate: 1 } };
    expect(only(parts, 'suppress')).toEqual(['10 ms store m1/1/c1 1 <- effect']);
  });

  it('mark says how many entries are held; evict whose key was forgotten', () => {
    const shop = { messages: 3, arrivals: { kind: 'burst', size: 3 } };
    const parts = { shop, api: { ...FULL, dedup: { capacity: 2 } } };
    expect(only(parts, 'mark').map((row) => row.split(' ').slice(3).join(' '))).toEqual([
      'm1/1/c0 1 <- effect',
      'm2/1/c0 2 <- effect',
      'm3/1/c0 2 <- effect',
    ]);
    expect(only(parts, 'evict')).toEqual(['10 ms store m1 0 <- mark']);
  });

  it('effect counts its repeats; a repeated set is an execution without effect', () => {
    const parts = { there: { duplicate: 1 } };
    expect(only(parts, 'effect')).toEqual([
      '10 ms sink m1/1/c0 1 <- deliver',
      '10 ms sink m1/1/c1 2 <- deliver',
    ]);
    const set = { ...parts, ledger: { operation: 'set' } };
    expect(only(set, 'effect')).toEqual(['10 ms sink m1/1/c0 1 <- deliver']);
    expect(only(set, 'execute')).toEqual(['10 ms sink m1/1/c1 0 <- deliver']);
  });
});

afterAll(() => {
  // Rule 48: each kind of fact is produced by a test above.
  expect([...met].sort()).toEqual([...FACT_KINDS].sort());
});
