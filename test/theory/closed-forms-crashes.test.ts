/**
 * Crashes of the receiver, section 2.17: the row R36 with its four orders of steps, and several crash points at once.
 */
import type { CrashPoint } from '../../sim/core/fact.ts';
import * as f from './formulas.ts';
import { gapsFromSend, hop, mean, proportion, study, us } from './lab.ts';
import { testRow } from './row.ts';
import { crashesAfter, horizon, lostPerAnswer, lostPerRequest, Tally } from './tally.ts';

interface Crashes {
  readonly p: number;
  readonly q: number;
  readonly gaps: readonly number[];
  readonly after: { readonly [Point in CrashPoint]?: number };
}

/** Messages so far apart that a crash meets nothing of another one; the process is back at once. */
function crashing(
  { p, q, gaps, after }: Crashes,
  handler: readonly string[],
  messages: number,
  seed: string,
) {
  const tally = new Tally(messages);
  study({
    plan: hop({
      producer: {
        messages,
        arrivals: { kind: 'fixed', every: us(100) },
        ackTimeout: us(1),
        retry: gapsFromSend(gaps),
      },
      request: { loss: p, delay: us(0.1) },
      answer: { loss: q, delay: us(0.1) },
      consumer: { handler, crash: { after } },
    }),
    seed,
    watcher: tally,
  });
  return {
    tally,
    effects: mean(messages, (i) => tally.effects[i]),
    twice: proportion(messages, (i) => tally.effects[i] >= 2),
    none: proportion(messages, (i) => tally.effects[i] === 0),
  };
}

/** The links and the schedule around the handler do what they are told. */
const companions = (tally: Tally) => ({
  lostPerRequest: lostPerRequest(tally),
  lostPerAnswer: lostPerAnswer(tally),
  horizon: horizon(tally),
});

const companionsOf = ({ p, q, gaps }: Omit<Crashes, 'after'>) => ({
  lostPerRequest: p,
  lostPerAnswer: q,
  horizon: f.sendTimes(gaps)[gaps.length],
});

const COMPANIONS_NOTICE = {
  p: { by: 'lostPerRequest', takes: 215_000, companion: true },
  q: { by: 'lostPerAnswer', takes: 165_000, companion: true },
  // Only their number enters the quantities.
  gaps: { by: 'horizon', takes: 5_000, companion: true },
} as const;

const R36 = { p: 0.2, q: 0.3, gaps: [1, 2, 4], c: 0.15 };
const of36 = ({ p, q, gaps, c }: typeof R36) => ({ p, q, n: gaps.length + 1, c });

testRow({
  id: 'R36 C→E→M→A',
  claim: 'a crash between effect and mark duplicates, as ack loss does without dedup',
  book: R36,
  size: { small: 450_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const crashes = { ...of, after: { effect: of.c } };
    const { effects, twice, tally } = crashing(crashes, ['check', 'effect', 'mark', 'ack'], messages, seed);
    return { effects, twice, crashesPerEffect: crashesAfter(tally, 'effect'), ...companions(tally) };
  },
  expected: (of) => ({ ...f.crashAfterEffect(of36(of)), crashesPerEffect: of.c, ...companionsOf(of) }),
  twoPercentUp: { ...COMPANIONS_NOTICE, c: { by: 'crashesPerEffect', takes: 450_000, companion: true } },
  // Without q in the formula; with p in the place of q, fewer copies come.
  swapped: { by: 'twice', takes: 80_000 },
  wrong: [
    { what: 'p and c swapped', off: { p: 0.15, c: 0.2 }, by: 'twice', takes: 10_000 },
    { what: 'c 2 % up', off: { c: 0.153 }, by: 'twice', takes: 800_000, fullOnly: true },
  ],
});

testRow({
  id: 'R36 C→M→E→A',
  claim: 'a crash between mark and effect loses',
  book: R36,
  size: { small: 530_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const crashes = { ...of, after: { mark: of.c } };
    const { none, tally } = crashing(crashes, ['check', 'mark', 'effect', 'ack'], messages, seed);
    return { none, crashesPerMark: crashesAfter(tally, 'mark'), ...companions(tally) };
  },
  expected: (of) => ({ none: f.crashAfterMark(of36(of)), crashesPerMark: of.c, ...companionsOf(of) }),
  twoPercentUp: { ...COMPANIONS_NOTICE, c: { by: 'crashesPerMark', takes: 530_000, companion: true } },
  swapped: { by: 'none', takes: 170_000 },
  wrong: [
    { what: 'p and c swapped', off: { p: 0.15, c: 0.2 }, by: 'none', takes: 10_000 },
    { what: 'c 2 % up', off: { c: 0.153 }, by: 'none', takes: 800_000, fullOnly: true },
  ],
});

testRow({
  id: 'R36 C→A→E→M',
  claim: 'a crash after an early ack loses what was confirmed',
  book: R36,
  size: { small: 390_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const crashes = { ...of, after: { ack: of.c } };
    const { none, tally } = crashing(crashes, ['check', 'ack', 'effect', 'mark'], messages, seed);
    return { none, crashesPerAck: crashesAfter(tally, 'ack'), ...companions(tally) };
  },
  expected: (of) => ({ none: f.crashAfterAck(of36(of)), crashesPerAck: of.c, ...companionsOf(of) }),
  twoPercentUp: { ...COMPANIONS_NOTICE, c: { by: 'crashesPerAck', takes: 390_000, companion: true } },
  swapped: { by: 'none', takes: 20_000 },
  wrong: [
    { what: 'c 2 % up', off: { c: 0.153 }, by: 'none', takes: 1_200_000, fullOnly: true },
    { what: 'q 5 % up', off: { q: 0.315 }, by: 'none', takes: 1_000_000, fullOnly: true },
  ],
});

testRow({
  id: 'R36 E→A',
  claim: 'without dedup a crash after the effect acts like ack loss',
  book: R36,
  size: { small: 350_000, full: 3_000_000 },
  observe: (of, messages, seed) => {
    const crashes = { ...of, after: { effect: of.c } };
    const { effects, twice, tally } = crashing(crashes, ['effect', 'ack'], messages, seed);
    return { effects, twice, crashesPerEffect: crashesAfter(tally, 'effect'), ...companions(tally) };
  },
  expected: (of) => {
    const { copies, anyDuplicate } = f.crashWithoutDedup(of36(of));
    return { effects: copies, twice: anyDuplicate, crashesPerEffect: of.c, ...companionsOf(of) };
  },
  twoPercentUp: { ...COMPANIONS_NOTICE, c: { by: 'crashesPerEffect', takes: 350_000, companion: true } },
  swapped: { by: 'effects', takes: 20_000 },
  wrong: [
    { what: 'q 2 % up', off: { q: 0.306 }, by: 'twice', takes: 700_000, fullOnly: true },
    { what: 'c 2 % up', off: { c: 0.153 }, by: 'twice', takes: 3_000_000, fullOnly: true },
  ],
});

/**
 * A crash point after each step: before the first protected step they act like loss, after the last like nothing.
 * Crashes are frequent and attempts many, so that each step runs and fails often.
 */
const SEVERAL = {
  p: 0.3,
  q: 0.5,
  gaps: [1, 2, 4, 8, 16, 32],
  start: 0.3,
  check: 0.3,
  effect: 0.4,
  mark: 0.5,
  ack: 0.5,
};
const POINTS = ['start', 'check', 'effect', 'mark', 'ack'] as const;

const SEVERAL_NOTICE = {
  p: { by: 'lostPerRequest', takes: 50_000, companion: true },
  q: { by: 'lostPerAnswer', takes: 130_000, companion: true },
  gaps: { by: 'horizon', takes: 5_000, companion: true },
  start: { by: 'start', takes: 65_000, companion: true },
  check: { by: 'check', takes: 90_000, companion: true },
  effect: { by: 'effect', takes: 130_000, companion: true },
  mark: { by: 'mark', takes: 120_000, companion: true },
  ack: { by: 'ack', takes: 120_000, companion: true },
} as const;

function severalCrashes(
  { p, q, gaps, ...after }: typeof SEVERAL,
  handler: readonly string[],
  messages: number,
  seed: string,
) {
  const { tally, ...samples } = crashing({ p, q, gaps, after }, handler, messages, seed);
  const perStep = Object.fromEntries(POINTS.map((point) => [point, crashesAfter(tally, point)]));
  return { ...samples, all: { ...companions(tally), ...perStep } };
}

testRow({
  id: '2.17 several, C→E→M→A',
  claim:
    'only a crash between effect and mark duplicates; earlier ones act like loss, later ones do not matter',
  book: SEVERAL,
  size: { small: 130_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const { effects, twice, all } = severalCrashes(of, ['check', 'effect', 'mark', 'ack'], messages, seed);
    return { effects, twice, ...all };
  },
  expected: ({ p, q, gaps, ...crashes }) => {
    const { start, check, effect } = crashes;
    const forms = { p: f.lossWithEarlyCrashes(p, start, check), n: gaps.length + 1, c: effect };
    return { ...f.crashAfterEffect(forms), ...companionsOf({ p, q, gaps }), ...crashes };
  },
  twoPercentUp: SEVERAL_NOTICE,
  swapped: { by: 'effects', takes: 20_000 },
  wrong: [{ what: 'effect 2 % up', off: { effect: 0.408 }, by: 'twice', takes: 250_000, fullOnly: true }],
});

testRow({
  id: '2.17 several, C→M→E→A',
  claim: 'only a crash between mark and effect loses for good',
  // The effect step runs at most once, so it has to fail more often to be measured as well.
  book: { ...SEVERAL, effect: 0.6 },
  size: { small: 130_000, full: 2_000_000 },
  observe: (of, messages, seed) => {
    const { none, all } = severalCrashes(of, ['check', 'mark', 'effect', 'ack'], messages, seed);
    return { none, ...all };
  },
  expected: ({ p, q, gaps, ...crashes }) => {
    const { start, check, mark } = crashes;
    const forms = { p: f.lossWithEarlyCrashes(p, start, check), n: gaps.length + 1, c: mark };
    return { none: f.crashAfterMark(forms), ...companionsOf({ p, q, gaps }), ...crashes };
  },
  twoPercentUp: SEVERAL_NOTICE,
  swapped: { by: 'none', takes: 60_000 },
  wrong: [
    { what: 'mark 2 % up', off: { mark: 0.51 }, by: 'none', takes: 200_000, fullOnly: true },
    { what: 'p 5 % up', off: { p: 0.315 }, by: 'none', takes: 2_000_000, fullOnly: true },
  ],
});
