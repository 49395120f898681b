/**
 * Outages, section 2.5, and the half-open intervals of T1 they rest on: the rows R09, R10 and R12 and the table of
 * both readings of the 7-attempt schedule.
 */
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { ordinalOf } from '../../sim/core/packet-name.ts';
import { run } from '../../sim/run.ts';
import * as f from './formulas.ts';
import { exactly, gapsFromSend, hop, mean, meanOf, proportion, study, us } from './lab.ts';
import { testRow } from './row.ts';
import { horizon, lostPerAnswer, lostPerRequest, Tally } from './tally.ts';

const HOUR = 3_600;
/** The same list of seven numbers read as ages of the attempts, and as waits between them. */
const CUMULATIVE = [60, 240, 1_500, 5_400, 36_000, 43_200];
const INCREMENTAL = [60, 300, 1_800, 7_200, 43_200, 86_400];

/** One message, sent at 0 into an outage of `length` seconds: where it lands. */
function landing(gaps: readonly number[], length: number, where: 'link' | 'receiver' = 'link') {
  const outages = [{ from: 0, for: us(length) }];
  const tally = new Tally(1);
  study({
    plan: hop({
      producer: { retry: gapsFromSend(gaps) },
      request: where === 'link' ? { outages } : {},
      consumer: where === 'receiver' ? { outages } : {},
    }),
    seed: 'theory/R09',
    watcher: tally,
  });
  return { attempt: ordinalOf(tally.landedPacket[1]), atUs: tally.landedUs[1], attempts: tally.attempts[1] };
}

describe('R09: the landing attempt of both readings of the 7-attempt schedule', () => {
  it.each([
    { reading: 'cumulative', gaps: CUMULATIVE, hours: 1, attempt: 5, at: 7_200, overshoot: 3_600 },
    { reading: 'cumulative', gaps: CUMULATIVE, hours: 24, attempt: 7, at: 86_400, overshoot: 0 },
    { reading: 'cumulative', gaps: CUMULATIVE, hours: 24.5, attempt: 0, at: Infinity, overshoot: Infinity },
    { reading: 'cumulative', gaps: CUMULATIVE, hours: 38.6, attempt: 0, at: Infinity, overshoot: Infinity },
    { reading: 'cumulative', gaps: CUMULATIVE, hours: 38.7, attempt: 0, at: Infinity, overshoot: Infinity },
    { reading: 'incremental', gaps: INCREMENTAL, hours: 1, attempt: 5, at: 9_360, overshoot: 5_760 },
    { reading: 'incremental', gaps: INCREMENTAL, hours: 24, attempt: 7, at: 138_960, overshoot: 52_560 },
    { reading: 'incremental', gaps: INCREMENTAL, hours: 24.5, attempt: 7, at: 138_960, overshoot: 50_760 },
    { reading: 'incremental', gaps: INCREMENTAL, hours: 38.6, attempt: 7, at: 138_960, overshoot: 0 },
    { reading: 'incremental', gaps: INCREMENTAL, hours: 38.7, attempt: 0, at: Infinity, overshoot: Infinity },
  ])('$reading, $hours h: attempt $attempt at $at s', ({ gaps, hours, attempt, at, overshoot }) => {
    const landed = landing(gaps, hours * HOUR);
    expect(landed).toMatchObject({ attempt, atUs: us(at) });
    expect(landed.atUs - us(hours * HOUR)).toBe(us(overshoot));
    expect(f.landingAttempt(gaps, hours * HOUR)).toBe(attempt);
  });

  it('the schedules are the published ones', () => {
    expect(f.sendTimes(CUMULATIVE)).toEqual([0, 60, 300, 1_800, 7_200, 43_200, 86_400]);
    expect(f.sendTimes(INCREMENTAL)).toEqual([0, 60, 360, 2_160, 9_360, 52_560, 138_960]);
  });

  it('2.5: every outage length at, before and after a send: the first attempt with τ ≥ D lands', () => {
    for (const gaps of [CUMULATIVE, INCREMENTAL, [1, 1, 1], [5, 3, 1]]) {
      for (const time of f.sendTimes(gaps)) {
        for (const length of [time - 1e-6, time, time + 1e-6].filter((each) => each >= 1e-6)) {
          expect(landing(gaps, length).attempt, `D = ${length}`).toBe(f.landingAttempt(gaps, length));
          expect(landing(gaps, length, 'receiver').attempt).toBe(f.landingAttempt(gaps, length));
        }
      }
    }
  });
});

describe('T1: intervals are half open, and each acts where it is', () => {
  const TRIP = 0.25;
  /** One message at 1 s over a link of 0.25 s: whether its request is delivered. */
  const delivered = (fields: Parameters<typeof hop>[0]) =>
    run(
      hop({
        ...fields,
        producer: { arrivals: { kind: 'fixed', start: us(1) } },
        request: { delay: us(TRIP), ...fields.request },
      }),
    ).metrics.deliveries === 1;
  const lasting = (fromUs: number, untilUs: number) => [{ from: fromUs, for: untilUs - fromUs }];

  it('a link outage loses what is sent from its first instant on, and not at its end', () => {
    expect(delivered({ request: { outages: lasting(us(1), us(1) + 1) } })).toBe(false);
    expect(delivered({ request: { outages: lasting(0, us(1)) } })).toBe(true);
    expect(delivered({ request: { outages: lasting(0, us(1) + 1) } })).toBe(false);
    expect(delivered({ request: { outages: lasting(us(1) + 1, us(9)) } })).toBe(true);
  });

  it('a receiver outage acts at arrival, not at send', () => {
    const arrival = us(1 + TRIP);
    expect(delivered({ consumer: { outages: lasting(arrival, arrival + 1) } })).toBe(false);
    expect(delivered({ consumer: { outages: lasting(0, arrival) } })).toBe(true);
    expect(delivered({ consumer: { outages: lasting(0, arrival + 1) } })).toBe(false);
    expect(delivered({ consumer: { outages: lasting(arrival + 1, us(9)) } })).toBe(true);
    expect(delivered({ consumer: { outages: lasting(0, us(1) + 1) } })).toBe(true);
  });

  it('packets in the air survive the beginning of an outage, unless it cuts them', () => {
    const during = { from: us(1.1), for: us(1) };
    expect(delivered({ request: { outages: [during] } })).toBe(true);
    expect(delivered({ request: { outages: [{ ...during, cutsInFlight: true }] } })).toBe(false);
    // One that begins at the very instant of arrival comes too late, one that begins an instant earlier does not.
    const cutting = (from: number) => [{ from, for: us(1), cutsInFlight: true }];
    expect(delivered({ request: { outages: cutting(us(1 + TRIP)) } })).toBe(true);
    expect(delivered({ request: { outages: cutting(us(1 + TRIP) - 1) } })).toBe(false);
  });

  it('an outage of the answers loses acks, not requests', () => {
    const { metrics } = run(
      hop({
        producer: { retry: gapsFromSend([1, 1]), ackTimeout: us(1) },
        answer: { outages: [{ from: 0, for: us(1) }] },
      }),
    );
    // The ack of attempt 1 is sent at 0, inside; that of attempt 2 at 1 s, the end: it passes.
    expect(metrics).toMatchObject({ attempts: 2, deliveries: 2, answersLost: 1, confirmed: 1 });
  });
});

/** For how long after the outage landings are counted. */
const WITHIN = 5;

testRow({
  id: 'R10',
  claim: 'births Poisson from the start of an outage: wasted attempts, and the backlog that lands after it',
  book: { rate: 3, length: 20, gaps: [1, 2, 4, 8, 16, 32] },
  size: { small: 2_500, full: 10_000 },
  observe: ({ rate, length, gaps }, replicas, seed) => {
    const plan = hop({
      producer: {
        messages: 100_000,
        arrivals: { kind: 'poisson', mean: us(1 / rate) },
        retry: gapsFromSend(gaps),
      },
      request: { outages: [{ from: 0, for: us(length) }] },
      limits: { time: us(length + WITHIN) - 1 },
    });
    const wasted = new Float64Array(replicas);
    const landed = new Float64Array(replicas);
    let horizonUs = 0;
    for (let replica = 0; replica < replicas; replica++) {
      let firstUs = Infinity;
      study({
        plan,
        seed: `${seed}/${replica}`,
        ends: 'time',
        watcher: {
          see: (timeUs, kind, message, _place, _detail, packet) => {
            if (kind === FACT.send && message === 1) {
              firstUs = Math.min(firstUs, timeUs);
              horizonUs = Math.max(horizonUs, timeUs - firstUs);
            }
            if (kind === FACT.lost) wasted[replica]++;
            if (kind === FACT.deliver && ordinalOf(packet) > 1) landed[replica]++;
          },
        },
      });
    }
    return { wasted: meanOf(wasted), landed: meanOf(landed), fifthSend: exactly(horizonUs / us(1)) };
  },
  expected: ({ rate, length, gaps }) => ({
    wasted: f.wastedAttempts(gaps, rate, length),
    landed: f.backlogLandings(gaps, rate, length, WITHIN),
    fifthSend: f.sendTimes(gaps)[4], // the last one before the run ends
  }),
  twoPercentUp: {
    rate: { by: 'wasted', takes: 2_500 },
    length: { by: 'wasted', takes: 2_000 },
    gaps: { by: 'fifthSend', takes: 200, companion: true },
  },
  wrong: [{ what: 'rate 2 % up', off: { rate: 3.06 }, by: 'landed', takes: 5_000, fullOnly: true }],
});

testRow({
  id: 'R12',
  claim: 'one message at a uniform instant of an outage',
  book: { length: 40, gaps: [1, 2, 4, 8, 16] },
  size: { small: 200_000, full: 1_000_000 },
  observe: ({ length, gaps }, births, seed) => {
    // Poisson births: given how many fall into the outage, each falls at a uniform instant of it. A twentieth more
    // than are needed are sent, so that the outage is always filled.
    const messages = Math.ceil(births * 1.05);
    const tally = new Tally(messages);
    study({
      plan: hop({
        producer: {
          messages,
          arrivals: { kind: 'poisson', mean: us(length / births) },
          retry: gapsFromSend(gaps),
        },
        request: { outages: [{ from: 0, for: us(length) }] },
      }),
      seed,
      watcher: tally,
    });
    let born = 0;
    while (born < messages && tally.bornUs[born + 1] < us(length)) born++;
    if (born === messages) throw new Error('births ended inside the outage');
    const overshoots = tally.landedUs.slice(1, born + 1).filter((landedUs) => landedUs < Infinity);
    return {
      lost: proportion(born, (i) => tally.copies[i] === 0),
      overshootGivenSurvival: mean(overshoots.length, (i) => overshoots[i - 1] / us(1) - length),
    };
  },
  expected: ({ length, gaps }) => f.bornInOutage(gaps, length),
  twoPercentUp: {
    length: { by: 'lost', takes: 40_000 },
    gaps: { by: 'overshootGivenSurvival', takes: 100_000 },
  },
});

interface OutageThenLoss {
  readonly p: number;
  readonly q: number;
  readonly length: number;
  readonly gaps: readonly number[];
}

testRow({
  id: '2.5 outage, then loss',
  claim: 'an outage eats the first m attempts, iid loss takes the rest on',
  book: { p: 0.3, q: 0.4, length: 3, gaps: [1, 2, 4, 8] } satisfies OutageThenLoss,
  size: { small: 130_000, full: 1_500_000 },
  observe: ({ p, q, length, gaps }, messages, seed) => {
    const tally = new Tally(messages);
    study({
      plan: hop({
        producer: {
          messages,
          arrivals: { kind: 'burst', size: messages },
          ackTimeout: us(1),
          retry: gapsFromSend(gaps),
        },
        request: { loss: p, delay: us(0.1), outages: [{ from: 0, for: us(length) }] },
        answer: { loss: q, delay: us(0.1) },
      }),
      seed,
      watcher: tally,
    });
    return {
      never: proportion(messages, (i) => tally.copies[i] === 0),
      attempts: mean(messages, (i) => tally.attempts[i]),
      copies: mean(messages, (i) => tally.copies[i]),
      lostPerRequest: lostPerRequest(tally),
      lostPerAnswer: lostPerAnswer(tally),
      horizon: horizon(tally),
    };
  },
  expected: ({ p, q, length, gaps }) => {
    const eaten = f.sendTimes(gaps).filter((time) => time < length).length;
    const rest = f.baseForms({ p, q, n: gaps.length + 1 - eaten });
    return {
      never: rest.never,
      attempts: eaten + rest.attempts,
      copies: rest.copies,
      lostPerRequest: p,
      lostPerAnswer: q,
      horizon: f.sendTimes(gaps)[gaps.length],
    };
  },
  twoPercentUp: {
    p: { by: 'lostPerRequest', takes: 130_000, companion: true },
    q: { by: 'lostPerAnswer', takes: 110_000, companion: true },
    length: { by: 'attempts', takes: 10_000 },
    // Only how many sends fall into the outage enters the quantities: all gaps longer by 2 %, as many do.
    gaps: { by: 'horizon', takes: 5_000, companion: true },
  },
  swapped: { by: 'copies', takes: 20_000 },
  wrong: [
    { what: 'outage 1 µs longer', off: { length: 3.000_001 }, by: 'attempts', takes: 10_000 },
    { what: 'p 2 % up', off: { p: 0.306 }, by: 'never', takes: 1_500_000, fullOnly: true },
  ],
});
