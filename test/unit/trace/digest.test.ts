// The two digests tell runs apart: any one thing said differently, and any order of facts, changes the trace digest;
// the outcome digest does not care for order and notices every field of an outcome.
import { describe, expect, it } from 'vitest';
import { Clock } from '../../../sim/core/clock.ts';
import { OutcomeDigest, TraceDigest, type Outcome } from '../../../sim/trace/digest.ts';

interface Fact {
  readonly us: number;
  readonly kind: number;
  readonly message: number;
  readonly place: number;
  readonly detail: number;
  readonly packet: number;
}

function traceDigest(facts: readonly Fact[]): string {
  const clock = new Clock();
  const digest = new TraceDigest();
  digest.follow(clock);
  for (const { us, kind, message, place, detail, packet } of facts) {
    clock.nowUs = us;
    digest.add(kind, message, place, detail, packet);
  }
  return digest.text();
}

const FACT: Fact = { us: 1_000_000, kind: 4, message: 7, place: 2, detail: 0, packet: 4_096 };

describe('trace digest', () => {
  it('every field of every one of three facts counts, small changes and large', () => {
    const seen = new Set<string>([traceDigest([FACT, FACT, FACT])]);
    let changed = 1;
    for (const at of [0, 1, 2])
      for (const field of ['us', 'kind', 'message', 'place', 'detail', 'packet'] as const)
        for (const by of field === 'us'
          ? [1, 2, 4_096, 2 ** 32]
          : field === 'kind'
            ? [1, 2, 16]
            : [1, 2, 3, 4_096]) {
          const facts = [FACT, FACT, FACT].map((fact, index) =>
            index === at ? { ...fact, [field]: fact[field] + by } : fact,
          );
          seen.add(traceDigest(facts));
          changed++;
        }
    expect(seen.size).toBe(changed);
  });

  it('no two of 200,000 single facts of one instant, and no two orders of five, are alike', () => {
    const seen = new Set<string>();
    for (let message = 1; message <= 2_000; message++)
      for (let kind = 0; kind < 10; kind++)
        for (let ordinal = 1; ordinal <= 10; ordinal++)
          seen.add(traceDigest([{ ...FACT, message, kind, packet: ordinal << 12 }]));
    expect(seen.size).toBe(200_000);
    const orders = new Set<string>();
    const permute = (rest: readonly number[], done: readonly number[]): void => {
      if (rest.length === 0) orders.add(traceDigest(done.map((message) => ({ ...FACT, message }))));
      for (const next of rest)
        permute(
          rest.filter((other) => other !== next),
          [...done, next],
        );
    };
    permute([1, 2, 3, 4, 5], []);
    expect(orders.size).toBe(120);
  });
});

describe('outcome digest', () => {
  const OUTCOME: Outcome = {
    message: 3,
    effects: 1,
    belief: 1,
    firstEffectUs: 5_000_000_000,
    settledUs: 5_000_040_000,
  };
  const digestOf = (outcomes: readonly Outcome[]): string => {
    const digest = new OutcomeDigest();
    for (const outcome of outcomes) digest.add(outcome);
    return digest.text();
  };

  it('does not depend on the order of messages', () => {
    const other = { ...OUTCOME, message: 4, effects: 0 };
    expect(digestOf([OUTCOME, other])).toBe(digestOf([other, OUTCOME]));
  });

  it('every field counts, up to the last microsecond and past 32 bits', () => {
    const changes = (['message', 'effects', 'belief', 'firstEffectUs', 'settledUs'] as const).flatMap(
      (field) => [1, 2, 2 ** 20].map((by) => ({ ...OUTCOME, [field]: OUTCOME[field] + by })),
    );
    const late = [2 ** 32, 2 ** 33].map((by) => ({ ...OUTCOME, settledUs: OUTCOME.settledUs + by }));
    const all = [
      OUTCOME,
      { ...OUTCOME, firstEffectUs: -1 },
      { ...OUTCOME, settledUs: -1 },
      ...changes,
      ...late,
    ];
    expect(new Set(all.map((outcome) => digestOf([outcome]))).size).toBe(all.length);
  });
});
