/**
 * Twins (theory 4.3): two runs with the same sender's history and different truths, counted exactly over all runs of n
 * attempts, and found for the scenario that is about them; and the ladder of knowledge over the same runs (4.2).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { boundScenario, boundsOf, type Bounds } from '../../sim/explore/bounds.ts';
import { Schedules } from '../../sim/explore/schedules.ts';
import { senderColumnOf, type World } from '../../sim/explore/twins.ts';
import { ladderOf, twinOf } from '../to-the-end.ts';
import { run } from '../../sim/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { bounds, FULL, hop, us } from './lab.ts';

function bundled(id: string): Scenario {
  const file = path.resolve(import.meta.dirname, `../../scenarios/${id}.json`);
  const parsed = parseScenario(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.scenario;
}

/** n attempts, one after the other, over a link that may lose anything. */
function attempts(n: number, handler: unknown, loss = { request: 0, answer: 0 }): Plan {
  return planOf(
    hop({
      producer: { ackTimeout: us(1), retry: { kind: 'fixed', delay: us(1), maxAttempts: n } },
      consumer: { handler },
      request: { loss: loss.request },
      answer: { loss: loss.answer },
    }),
  );
}

interface Seen {
  readonly sender: string;
  readonly copies: number;
  readonly effects: number;
}

/** Every run, with what its sender saw and what is true. */
function everyRun(n: number, handler: unknown): Seen[] {
  const schedules = new Schedules(attempts(n, handler), bounds({ attempts: n, losses: 2 * n }), {
    histories: true,
  });
  const seen: Seen[] = [];
  while (schedules.next()) {
    const { counts, effects } = schedules.ledger;
    seen.push({
      sender: schedules.histories.sender.hex(),
      copies: counts[FACT.deliver],
      effects: effects[1],
    });
  }
  return seen;
}

/** How many classes of runs that look alike to the sender have more than one value, and how many runs those are. */
function ambiguity(seen: readonly Seen[], of: 'copies' | 'effects') {
  const classes = new Map<string, Seen[]>();
  for (const one of seen) classes.set(one.sender, [...(classes.get(one.sender) ?? []), one]);
  const ambiguous = [...classes.values()].filter((runs) => new Set(runs.map((one) => one[of])).size > 1);
  return { classes: classes.size, ambiguous: ambiguous.length, runs: ambiguous.flat().length };
}

describe('4.3: runs of n attempts, counted', () => {
  const DEDUP = [['check', 'effect', 'mark'], 'ack'];

  it.each(FULL ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2, 3, 4])('n = %i', (n) => {
    const seen = everyRun(n, DEDUP);
    expect(seen).toHaveLength(2 ** (n + 1) - 1);
    expect(ambiguity(seen, 'copies')).toEqual({ classes: n + 1, ambiguous: n, runs: 2 ** (n + 1) - 2 });
    // Dedup makes the effect a function of what the sender knows in every class but one: no ack at all.
    expect(ambiguity(seen, 'effects')).toEqual({ classes: n + 1, ambiguous: 1, runs: 2 ** n });
  });

  it.each([1, 2, 3, 4])('n = %i, without dedup: effects are as uncertain as copies', (n) => {
    const seen = everyRun(n, ['effect', 'ack']);
    expect(ambiguity(seen, 'effects')).toEqual(ambiguity(seen, 'copies'));
  });
});

describe('4.2: the ladder over all runs of n attempts', () => {
  const [p, q] = [0.3, 0.2];
  const plan = (n: number) => attempts(n, ['effect', 'ack'], { request: p, answer: q });
  const climbed = (n: number, some: Partial<Bounds>, isCancelled?: () => boolean) =>
    ladderOf(
      plan(n),
      { seed: '1', overrides: {} },
      bounds({ attempts: n, losses: 2 * n, ...some }),
      isCancelled,
    );

  it.each(FULL ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2, 3, 4])(
    'n = %i: it ends where the receiver would have to know that its ack arrived, since a lost retry looks like none',
    (n) => {
      const answer = climbed(n, {});
      if (answer.kind !== 'ladder') throw new Error(answer.kind);
      const { runs, mass, rungs } = answer.ladder;
      expect(runs).toBe(2 ** (n + 1) - 1);
      expect(mass).toBeCloseTo(1, 12);
      // Delivered in all runs but the one that loses every request; acked in those that end with an ack.
      expect(rungs.map((rung) => rung.runs)).toEqual([runs - 1, runs - 1, 2 ** n - 1, 0]);
      const delivered = 1 - p ** n;
      const acked = 1 - (1 - (1 - p) * (1 - q)) ** n;
      for (const [i, probability] of [delivered, delivered, acked, 0].entries())
        expect(rungs[i].probability).toBeCloseTo(probability, 12);
    },
  );

  it('with a crash too, all runs together have the whole probability, and each rung its own', () => {
    const crashing = hop({
      producer: { ackTimeout: us(1), retry: { kind: 'fixed', delay: us(1), maxAttempts: 2 } },
      consumer: { handler: ['effect', 'ack'], crash: { after: { effect: 0.1 }, restartAfter: us(60) } },
      request: { loss: p },
      answer: { loss: q },
    });
    const run = { seed: '1', overrides: {} };
    const within = bounds({ attempts: 2, losses: 4, crashes: 1 });
    const answer = ladderOf(planOf(crashing), run, within);
    if (answer.kind !== 'ladder') throw new Error(answer.kind);
    const { runs, mass, rungs } = answer.ladder;
    expect(mass).toBeCloseTo(1, 12);
    const acked = (1 - p) * 0.9 * (1 - q);
    const silent = p + (1 - p) * 0.9 * q;
    expect(rungs[0]).toMatchObject({ runs: runs - 1 });
    expect(rungs[0].probability).toBeCloseTo(1 - p ** 2, 12);
    expect(rungs[2].probability).toBeCloseTo(acked + silent * acked, 12);
  });

  it('no packet lost: everybody knows, and knows that the other does, on every rung', () => {
    const answer = climbed(3, { losses: 0 });
    if (answer.kind !== 'ladder') throw new Error(answer.kind);
    expect(answer.ladder.runs).toBe(1);
    expect(new Set(answer.ladder.rungs.map((rung) => rung.runs))).toEqual(new Set([1]));
  });

  it('says nothing of who knows what unless all runs were looked at', () => {
    expect(climbed(3, { states: 14 })).toEqual({ kind: 'gave up', limit: 'states', runs: 14 });
    expect(climbed(3, { states: 15 }).kind).toBe('ladder');
    expect(climbed(3, {}, () => true)).toEqual({ kind: 'gave up', limit: 'cancelled', runs: 0 });
  });
});

describe('the nearest twin', () => {
  /** The sender's column of a world, replayed. */
  function senderOf(plan: Plan, seed: string, { overrides, result }: World): string {
    const again = run(plan, { seed, overrides, trace: true });
    expect(again.digests).toEqual(result.digests);
    // The scenario's own script tells of an ack that in the other world is never sent.
    expect(again.unusedOverrides.filter((name) => !(name in plan.scenario.faults))).toEqual([]);
    return senderColumnOf(
      again.trace ??
        (() => {
          throw new Error('no trace');
        })(),
    ).join('\n');
  }

  it('Two Generals, request lost or ack lost: the pair is found, and the sender’s column is the same byte for byte', () => {
    const scenario = bundled('two-generals');
    const plan = planOf(scenario);
    const answer = twinOf(plan, { seed: scenario.seed, overrides: {} }, boundsOf(scenario));
    if (answer.kind !== 'twins') throw new Error(answer.kind);
    const { here, there, seed, senderColumn, flipped, isOfThisRun, firstDifference } = answer.twins;
    const replayed = planOf(answer.twins.scenario);
    const columns = [here, there].map((world) => senderOf(replayed, seed, world));
    expect(Buffer.from(columns[0]).equals(Buffer.from(columns[1]))).toBe(true);
    expect(columns[0]).toBe(senderColumn.join('\n'));
    expect(senderColumn.length).toBeGreaterThan(1);
    expect(isOfThisRun).toBe(true);
    expect([here.effects, there.effects].sort()).toEqual([0, 1]);
    expect(here.belief).toBe(there.belief);
    expect(flipped.length).toBeGreaterThan(0);
    expect(firstDifference.row).toBeGreaterThan(0);
  });

  it.each(['two-generals', 'retry-plus-dedup', 'fire-and-forget', 'network-duplicates'])(
    'where nothing can go wrong: none within bounds (%s)',
    (id) => {
      const { seed, ...scenario } = bundled(id);
      const nothing = bounds({ messages: 2, attempts: 2 });
      const lossless = {
        ...scenario,
        seed,
        faults: {},
        links: Object.fromEntries(
          Object.entries(scenario.links).map(([name, link]) => [
            name,
            { ...link, loss: 0, duplicate: 0, outages: [] },
          ]),
        ),
      };
      const plan = planOf(boundScenario(lossless, nothing).scenario);
      const answer = twinOf(plan, { seed, overrides: {} }, nothing);
      expect(answer.kind).toBe('none');
    },
  );

  it('one attempt: twins once a packet may be lost, and not before', () => {
    const within = bounds({ attempts: 1, losses: 1 });
    const confirmed = attempts(1, ['effect', 'ack']);
    // Lost request or lost ack: the sender sees a timeout either way.
    expect(twinOf(confirmed, { seed: '1', overrides: {} }, within).kind).toBe('twins');
    expect(twinOf(confirmed, { seed: '1', overrides: {} }, bounds({ attempts: 1 })).kind).toBe('none');
  });
});
