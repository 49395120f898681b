// Same weather, different policy (DESIGN.md 3.1): a choice that comes up in two runs comes out alike in both,
// whatever else happens; conditions are a function of place and time; an override changes its own choice alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../sim/core/distributions.ts';
import { FACT, LOSS_REASONS, PLACE } from '../../sim/core/fact.ts';
import { choiceName, type Stream } from '../../sim/nature/choice.ts';
import type { Nature } from '../../sim/nature/nature.ts';
import { SeededNature } from '../../sim/nature/seeded.ts';
import type { Choices } from '../../sim/nature/scripted.ts';
import { run, type RunResult } from '../../sim/run.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import { POLICIES } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { scenarios } from './arbitrary-scenario.ts';
import { runs } from './checks.ts';

const SEED = 20_260_301;

/** Another nature that writes down every choice by its name. */
class RecordingNature implements Nature {
  readonly seen = new Map<string, boolean | number>();
  private readonly inner: Nature;
  private readonly streams: readonly Stream[];

  constructor(inner: Nature, streams: readonly Stream[]) {
    this.inner = inner;
    this.streams = streams;
  }

  possible(): boolean {
    return true; // so that every choice is asked
  }

  chance(stream: number, message: number, packet: number, probability: number): boolean {
    return this.note(stream, message, packet, this.inner.chance(stream, message, packet, probability));
  }

  value(stream: number, message: number, packet: number, distribution: Distribution): number {
    return this.note(stream, message, packet, this.inner.value(stream, message, packet, distribution));
  }

  between(stream: number, message: number, packet: number, lowUs: number, highUs: number): number {
    return this.note(stream, message, packet, this.inner.between(stream, message, packet, lowUs, highUs));
  }

  private note<T extends boolean | number>(stream: number, message: number, packet: number, value: T): T {
    const name = choiceName(this.streams[stream], message, packet);
    // Two questions of one name would share one fate, and an override would change both.
    if (this.seen.has(name)) throw new Error(`${name} came up twice in one run`);
    this.seen.set(name, value);
    return value;
  }
}

interface Watched {
  readonly plan: Plan;
  readonly result: RunResult;
  readonly seen: ReadonlyMap<string, boolean | number>;
}

function watch(scenario: Scenario, overrides: Choices = {}): Watched {
  const plan = planOf(scenario);
  const nature = new RecordingNature(new SeededNature(scenario.seed, plan.streams), plan.streams);
  return { plan, result: run(plan, { nature, overrides, trace: true }), seen: nature.seen };
}

/** Names that both runs asked for and that came out differently. */
function differences(a: Watched, b: Watched, apart: (name: string) => boolean = () => false): string[] {
  return [...a.seen]
    .filter(([name, value]) => b.seen.has(name) && b.seen.get(name) !== value && !apart(name))
    .map(([name]) => name);
}

describe('same weather', () => {
  it(`a choice that exists under two policies is the same under both [seed ${SEED}]`, () => {
    let common = 0;
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const [custom, ...others] = (['custom', ...POLICIES] as const).map((policy) =>
          watch({ ...scenario, policy }),
        );
        for (const other of others) {
          expect(differences(custom, other)).toEqual([]);
          common += [...custom.seen.keys()].filter((name) => other.seen.has(name)).length;
        }
        expect(differences(others[1], others[2])).toEqual([]);
      }),
      runs(SEED, 250),
    );
    // A comparison of nothing with nothing would hold too.
    expect(common).toBeGreaterThan(20_000);
  });

  it(`an outage is a stretch of time, whatever the traffic and the policy [seed ${SEED + 1}]`, () => {
    let inside = 0;
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        for (const policy of POLICIES) {
          const { plan, result } = watch({ ...scenario, policy });
          inside += checkConditions(scenario, plan, result);
        }
      }),
      runs(SEED + 1, 150),
    );
    expect(inside).toBeGreaterThan(500);
  });
});

/** Whether each packet met the outages of its link as the scenario lists them; answers how many met one. */
function checkConditions(scenario: Scenario, plan: Plan, { trace }: RunResult): number {
  if (trace === null) throw new Error('asked for a trace');
  const hold = (id: string, timeUs: number) =>
    scenario.links[id].outages.some(({ from, for: length }) => from <= timeUs && timeUs < from + length);
  const refused = (timeUs: number) =>
    plan.receiver.outages.some(({ fromUs, untilUs }) => fromUs <= timeUs && timeUs < untilUs);
  let inside = 0;
  const lostInOutage = new Set<number>();
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kind[row] === FACT.lost && LOSS_REASONS[trace.detail[row]] === 'outage')
      lostInOutage.add(trace.cause[row]);
  }
  for (let row = 0; row < trace.rowCount; row++) {
    const { kind, place, timeUs } = {
      kind: trace.kind[row],
      place: trace.place[row],
      timeUs: trace.timeUs[row],
    };
    if (kind === FACT.deliver && refused(timeUs)) expect.fail(`row ${row} was delivered inside an outage`);
    const isRequest = kind === FACT.send || (kind === FACT.copy && place === PLACE.requestLink);
    const isAnswer =
      kind === FACT.answer || kind === FACT.nack || (kind === FACT.copy && place === PLACE.answerLink);
    if (!isRequest && !isAnswer) continue;
    const down = hold(isRequest ? 'shop>api' : 'api>shop', timeUs);
    if (down !== lostInOutage.has(row)) expect.fail(`row ${row}: outage ${down}, lost in it ${!down}`);
    if (down) inside++;
  }
  return inside;
}

describe('overrides', () => {
  it(`change their own choice and no other [seed ${SEED + 2}]`, () => {
    let changed = 0;
    fc.assert(
      fc.property(scenarios(), fc.nat(), (scenario, pick) => {
        const before = watch(scenario);
        const names = [...before.seen.keys()];
        if (names.length === 0) return;
        const name = names[pick % names.length];
        const drawn = before.seen.get(name);
        const value = typeof drawn === 'boolean' ? !drawn : (drawn ?? 0) + 12_345;
        const after = watch(scenario, { [name]: value });

        expect(after.result.unusedOverrides).toEqual([]);
        // A decorrelated wait is drawn between bounds that the wait before it sets.
        const { retry } = after.plan.sender;
        const follows = (other: string) => retry.jitter === 'decorrelated' && other.endsWith('/wait');
        expect(differences(before, after, follows)).toEqual([]);
        expect(after.seen.has(name)).toBe(false); // it never reached the seeded nature
        if (after.result.digests.trace !== before.result.digests.trace) changed++;
      }),
      runs(SEED + 2, 250),
    );
    expect(changed).toBeGreaterThan(100);
  });

  it(`that never came up are listed, in the order given; those that did are not [seed ${SEED + 3}]`, () => {
    fc.assert(
      fc.property(scenarios(), fc.nat(), (scenario, pick) => {
        const before = watch(scenario);
        const names = [...before.seen.keys()];
        const strange = [
          'shop>api/request/m999/1/c0/lost',
          'shop/retry/m999/1/wait',
          'api/handler/m999/1/c0/mark/crash',
        ];
        const given: Record<string, boolean | number> = { [strange[0]]: true, [strange[1]]: 5 };
        if (names.length > 0) {
          // As it was drawn: the run stays the same, so the name comes up.
          const name = names[pick % names.length];
          given[name] = before.seen.get(name) ?? false;
        }
        given[strange[2]] = true;
        const { unusedOverrides, digests } = watch(scenario, given).result;
        expect(unusedOverrides).toEqual(strange);
        expect(digests).toEqual(before.result.digests);
      }),
      runs(SEED + 3, 150),
    );
  });

  it(`as faults of the scenario do the same as overrides of the run [seed ${SEED + 4}]`, () => {
    fc.assert(
      fc.property(scenarios(), fc.nat(), (scenario, pick) => {
        const before = watch(scenario);
        const names = [...before.seen.keys()];
        if (names.length === 0) return;
        const name = names[pick % names.length];
        const drawn = before.seen.get(name);
        const fault: Choices = { [name]: typeof drawn === 'boolean' ? !drawn : 77_000 };
        const asOverride = run(planOf(scenario), { overrides: fault });
        const asFault = run(planOf({ ...scenario, faults: fault }));
        expect(asFault.digests).toEqual(asOverride.digests);
        expect(asFault.unusedOverrides).toEqual([]);
      }),
      runs(SEED + 4, 100),
    );
  });
});
