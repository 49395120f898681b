/**
 * The crash tables of the theory (its section 3), reproduced cell by cell with the engine under an enumerator, and the
 * proof that the enumerator sees everything: what the named choices leave open is nothing.
 *
 * The crash point "after j groups" is the choice `crash` of the last step that really ran in the first j groups;
 * after a step that did not run nothing has changed, so there is no crash point of its own. `start/crash` is c0.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACT } from '../../sim/core/fact.ts';
import { formatPacketName } from '../../sim/core/packet-name.ts';
import { checkChoice, choiceName } from '../../sim/nature/choice.ts';
import type { Nature } from '../../sim/nature/nature.ts';
import { ScriptedNature } from '../../sim/nature/scripted.ts';
import { SeededNature } from '../../sim/nature/seeded.ts';
import { run, type RunResult } from '../../sim/run.ts';
import { hopOf } from '../../sim/scenario/hop.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { GROUPINGS_DURABLE, ORDER_TABLES, RACE_SAFE, SAFE_FOR_BOTH } from './crash-table-data.ts';
import { everyRun, oneRun } from './enumerate.ts';
import {
  WORDS,
  allGroupings,
  closure,
  grouping,
  groupingText,
  interleavings,
  outcomeOf,
  raceOutcome,
  stepsOf,
  type Grouping,
  type Letter,
  type Outcome,
} from './handlers.ts';
import { hop, us } from './lab.ts';

const DURABILITY = ['durable', 'volatile'] as const;

/** One message, redelivered until an ack arrives; the process is back long before the next attempt. */
function redelivering(groups: Grouping, durability: (typeof DURABILITY)[number], attempts = 6): Plan {
  return hop({
    producer: {
      ackTimeout: us(1),
      retry: { kind: 'fixed', delay: us(10), maxAttempts: attempts, countFrom: 'send' },
    },
    request: { delay: us(0.04) },
    answer: { delay: us(0.04) },
    consumer: { handler: stepsOf(groups), dedup: { durable: durability === 'durable' } },
  });
}

function outcome({ metrics, ended }: RunResult): Outcome {
  expect(ended).toBe('done');
  expect(metrics.open).toBe(0);
  const found = outcomeOf(metrics.effects);
  expect(metrics).toMatchObject({
    lost: 0,
    once: 0,
    duplicated: 0,
    [found === 'twice' ? 'duplicated' : found]: 1,
  });
  return found;
}

const inOrder = (outcomes: ReadonlySet<Outcome>) =>
  (['lost', 'once', 'twice'] as const).filter((each) => outcomes.has(each));

const ACK_LOST = 'api>shop/ack/m1/1/c0/lost';
const crashName = (step: string) => `api/handler/m1/1/c0/${step}/crash`;

/** Crashes and ack losses of the first `deliveries` deliveries. */
function faultsOfFirst(deliveries: number) {
  return (name: string) => {
    const match = /^(?:api\/handler\/m1\/(\d+)\/c\d+\/\w+\/crash|api>shop\/ack\/m1\/(\d+)\/.*lost)$/.exec(
      name,
    );
    return match !== null && Number(match[1] ?? match[2]) <= deliveries;
  };
}

/** What a crash after `done` groups of the first delivery leads to: `x/y` where the ack's fate matters. */
function crashCell(plan: Plan, groups: Grouping, done: number): string {
  const reached = ['start', ...stepsOf(groups).slice(0, done).flat()].map(crashName);
  const { asked } = oneRun(plan, []);
  const point = asked.filter((name) => reached.includes(name)).at(-1);
  if (point === undefined) throw new Error(`no crash point after ${done} groups`);
  const received = oneRun(plan, [point]);
  expect(received.result.metrics.crashes).toBe(1);
  const withAck = outcome(received.result);
  if (!received.asked.includes(ACK_LOST)) return withAck;
  const without = outcome(oneRun(plan, [point, ACK_LOST]).result);
  return withAck === without ? withAck : `${withAck}/${without}`;
}

/** Outcomes with any faults in the first three deliveries: more faults reach no further state of (mark, effects). */
function anyFaults(plan: Plan): Outcome[] {
  const found = new Set<Outcome>();
  for (const { result } of everyRun(plan, { branch: faultsOfFirst(3), maxRuns: 20_000 })) {
    expect(result.metrics.confirmed).toBe(1);
    found.add(outcome(result));
  }
  return inOrder(found);
}

describe.each(DURABILITY)('3.2 and 3.3: all 24 orders, %s mark, lossy ack', (durability) => {
  it('the table has every order once', () => {
    const orders = ORDER_TABLES[durability].map(({ order }) => order);
    const wanted = allGroupings().filter((groups) => groups.length === 4);
    expect([...orders].sort()).toEqual(wanted.map(groupingText).sort());
  });

  it.each(ORDER_TABLES[durability])('$order', (row) => {
    const groups = grouping(row.order);
    const plan = redelivering(groups, durability);
    expect({
      order: row.order,
      noFault: outcome(oneRun(plan, []).result),
      ackLost: outcome(oneRun(plan, [ACK_LOST]).result),
      crash: [0, 1, 2, 3, 4].map((done) => crashCell(plan, groups, done)),
      anyFaults: `{${anyFaults(plan).join(', ')}}`,
    }).toEqual(row);
  });
});

describe('3.4: all 75 groupings, lossy ack, any faults', () => {
  it('there are 75, in five classes of 4, 32, 16, 11 and 12', () => {
    expect(allGroupings()).toHaveLength(75);
    const counts = Object.fromEntries(
      Object.entries(GROUPINGS_DURABLE).map(([outcomes, members]) => [outcomes, members.length]),
    );
    expect(counts).toEqual({ once: 4, 'once twice': 32, 'lost once': 16, 'lost once twice': 11, lost: 12 });
    expect(Object.values(GROUPINGS_DURABLE).flat().sort()).toEqual(allGroupings().map(groupingText).sort());
  });

  it.each(Object.entries(GROUPINGS_DURABLE))(
    'durable mark: exactly the listed ones are “%s”',
    (outcomes, members) => {
      for (const text of members)
        expect(anyFaults(redelivering(grouping(text), 'durable')).join(' '), text).toBe(outcomes);
    },
  );

  it('volatile mark: no grouping is safe, and each has the outcomes of the independent fixpoint', () => {
    for (const groups of allGroupings()) {
      const found = anyFaults(redelivering(groups, 'volatile'));
      expect(found, groupingText(groups)).toEqual(inOrder(closure(groups, false)));
      expect(found, groupingText(groups)).not.toEqual(['once']);
    }
  });

  it('the independent fixpoint gives the printed classes as well', () => {
    for (const [outcomes, members] of Object.entries(GROUPINGS_DURABLE))
      for (const text of members)
        expect(inOrder(closure(grouping(text), true)).join(' '), text).toBe(outcomes);
    for (const durability of DURABILITY)
      for (const { order, anyFaults: printed } of ORDER_TABLES[durability])
        expect(`{${inOrder(closure(grouping(order), durability === 'durable')).join(', ')}}`).toBe(printed);
  });

  it('theorem: safe exactly if E and M are one group, C is in it or earlier, A in it or later', () => {
    const at = (groups: Grouping, letter: 'C' | 'E' | 'M' | 'A') =>
      groups.findIndex((group) => group.includes(letter));
    const safe = allGroupings().filter(
      (groups) =>
        at(groups, 'E') === at(groups, 'M') &&
        at(groups, 'C') <= at(groups, 'E') &&
        at(groups, 'A') >= at(groups, 'E'),
    );
    expect(safe.map(groupingText).sort()).toEqual([...GROUPINGS_DURABLE['once']].sort());
  });
});

// ── two copies ───────────────────────────────────────────────────────────────────────────────────────────────────

/** How a second copy comes while the first is at work: made by the network, or sent by a sender that waits too short. */
const MEETINGS = {
  'network copy': { copies: ['1/c0', '1/c1'], beginAt: [0, 0] },
  'early retry': { copies: ['1/c0', '2/c0'], beginAt: [0, 1] },
} as const;
type Meeting = keyof typeof MEETINGS;

/** One message, delivered twice at nearly the same time, and then again until an ack arrives. */
function meeting(groups: Grouping, by: Meeting, attempts: number): Plan {
  return hop({
    producer: {
      ackTimeout: 'none',
      retry: {
        ...{ kind: 'custom', delays: by === 'early retry' ? [us(1), us(20), us(20)] : [us(20), us(20)] },
        ...{ countFrom: 'send', maxAttempts: attempts },
      },
    },
    consumer: { handler: stepsOf(groups) },
  });
}

/** When the first group of the two ends, in units; the others follow one unit apart. Both copies have begun by then. */
const FIRST_END = 2;

/** When each group of each copy ends. */
function endsOf(order: readonly number[]): readonly [number[], number[]] {
  const ends: [number[], number[]] = [[], []];
  order.forEach((which, index) => ends[which].push(FIRST_END + index));
  return ends;
}

/**
 * Choices of nature by which the groups of the two copies end in this order. One step takes a group's whole time: one
 * that runs in any case, if there is one. Where there is none and a duplicate passes the group in no time, nothing that
 * is left of that copy writes anything but an ack.
 */
function paced(groups: Grouping, by: Meeting, order: readonly number[]): Record<string, boolean | number> {
  const { copies, beginAt } = MEETINGS[by];
  const given: Record<string, boolean | number> = {};
  if (by === 'network copy') given['shop>api/request/m1/1/c0/copied'] = true;
  endsOf(order).forEach((ends, which) => {
    groups.forEach((group, index) => {
      const slow = (['C', 'A', 'E', 'M'] as const).find((letter) => group.includes(letter))!;
      const since = index === 0 ? beginAt[which] : ends[index - 1];
      given[`api/handler/m1/${copies[which]}/${WORDS[slow]}/processing`] = us(ends[index] - since);
    });
  });
  return given;
}

const LETTER_OF = new Map<number, Letter>([
  [FACT.pass, 'C'],
  [FACT.suppress, 'C'],
  [FACT.effect, 'E'],
  [FACT.mark, 'M'],
  [FACT.answer, 'A'],
]);

/** Holds the rows of both copies against the order they were meant to come in, up to where a copy is suppressed. */
function expectPaced(groups: Grouping, by: Meeting, order: readonly number[], trace: Trace): void {
  const ends = endsOf(order);
  MEETINGS[by].copies.forEach((copy, which) => {
    const found: string[] = [];
    const wanted: string[] = [];
    let isSuppressed = false;
    for (let row = 0; row < trace.rowCount && !isSuppressed; row++) {
      const letter = LETTER_OF.get(trace.kind[row]);
      if (letter === undefined || formatPacketName(trace.packet[row]) !== copy) continue;
      found.push(`${letter} ${trace.timeUs[row]}`);
      wanted.push(`${letter} ${us(ends[which][groups.findIndex((group) => group.includes(letter))])}`);
      isSuppressed = trace.kind[row] === FACT.suppress;
    }
    expect(found).toEqual(wanted);
    if (!isSuppressed) expect(found).toHaveLength(4);
  });
}

describe('3.5: two copies interleaved at group granularity', () => {
  it('two copies of n groups can come in (2n)! / n!² orders', () => {
    expect([1, 2, 3, 4].map((count) => interleavings(count).length)).toEqual([2, 6, 20, 70]);
    expect(new Set(interleavings(4).map((order) => order.join(''))).size).toBe(70);
  });

  it.each(['network copy', 'early retry'] as const)(
    '%s, no crash: exactly the 8 printed groupings have one effect in every order',
    (by) => {
      const safe: string[] = [];
      for (const groups of allGroupings()) {
        const plan = meeting(groups, by, by === 'early retry' ? 2 : 1);
        const outcomes = new Set<Outcome>();
        for (const order of interleavings(groups.length)) {
          const nature = new ScriptedNature(plan.streams, paced(groups, by, order));
          const result = run(plan, { nature, trace: true });
          const found = outcome(result);
          expect(found, `${groupingText(groups)} ${order.join('')}`).toBe(raceOutcome(groups, order));
          expect(result.metrics.deliveries).toBe(2);
          expectPaced(groups, by, order, result.trace!);
          outcomes.add(found);
        }
        if (inOrder(outcomes).join() === 'once') safe.push(groupingText(groups));
      }
      expect(safe.sort()).toEqual([...RACE_SAFE].sort());
    },
  );

  it('the 8 are those with check and mark in one group that no effect precedes', () => {
    const at = (groups: Grouping, letter: Letter) => groups.findIndex((group) => group.includes(letter));
    const safe = allGroupings().filter(
      (groups) => at(groups, 'C') === at(groups, 'M') && at(groups, 'E') >= at(groups, 'C'),
    );
    expect(safe.map(groupingText).sort()).toEqual([...RACE_SAFE].sort());
  });

  it.each(['network copy', 'early retry'] as const)(
    '%s, under crashes and ack loss as well: of all 75 exactly [CEM]→A and [CEMA] are safe',
    (by) => {
      const isSafe = (groups: Grouping) => {
        const plan = meeting(groups, by, by === 'early retry' ? 4 : 3);
        for (const order of interleavings(groups.length)) {
          const given = paced(groups, by, order);
          for (const { result } of everyRun(plan, { branch: faultsOfFirst(2), maxRuns: 20_000, given }))
            if (outcome(result) !== 'once') return false;
        }
        return true;
      };
      expect(allGroupings().filter(isSafe).map(groupingText).sort()).toEqual([...SAFE_FOR_BOTH].sort());
    },
  );

  it('the two that crashes leave alone, C→[EM]→A and C→[EMA], race in one way: both copies pass before either is marked', () => {
    for (const text of ['C→[EM]→A', 'C→[EMA]']) {
      const groups = grouping(text);
      const orders = interleavings(groups.length);
      const racing = orders.filter((order) => raceOutcome(groups, order) === 'twice');
      const expected = orders.filter((order) => {
        const [one, other] = endsOf(order);
        return Math.max(one[0], other[0]) < Math.min(one[1], other[1]);
      });
      expect(racing).toEqual(expected);
    }
  });
});

// ── every nondeterministic choice passes the door ────────────────────────────────────────────────────────────────

/** A nature that keeps what was asked and answered, by name. */
class RecordedNature implements Nature {
  readonly answers = new Map<string, boolean | number>();
  private readonly inner: Nature;
  private readonly plan: Plan;

  constructor(inner: Nature, plan: Plan) {
    this.inner = inner;
    this.plan = plan;
  }

  possible(): boolean {
    return true; // so that every choice is asked
  }

  chance(stream: number, message: number, packet: number, probability: number): boolean {
    return this.keep(stream, message, packet, this.inner.chance(stream, message, packet, probability));
  }

  value(...of: Parameters<Nature['value']>): number {
    return this.keep(of[0], of[1], of[2], this.inner.value(...of));
  }

  between(...of: Parameters<Nature['between']>): number {
    return this.keep(of[0], of[1], of[2], this.inner.between(...of));
  }

  private keep<T extends boolean | number>(stream: number, message: number, packet: number, answer: T): T {
    const name = choiceName(this.plan.streams[stream], message, packet);
    if (this.answers.has(name)) throw new Error(`${name} was asked twice`);
    this.answers.set(name, answer);
    return answer;
  }
}

/** A hop in which everything that can be uncertain is. */
function stormy(of: {
  readonly jitter: unknown;
  readonly handler: readonly unknown[];
  readonly order: string;
}) {
  const link = {
    loss: 0.2,
    duplicate: 0.2,
    order: of.order,
    delay: { kind: 'lognormal', median: us(0.1), sigma: 0.5 },
    outages: [{ from: us(20), for: us(5), cutsInFlight: true }],
  };
  return hop({
    producer: {
      messages: 30,
      arrivals: { kind: 'poisson', mean: us(1) },
      ackTimeout: us(1),
      retry: { kind: 'exponential', delay: us(0.5), maxAttempts: 5, jitter: of.jitter },
      deadLetter: true,
    },
    request: link,
    answer: link,
    consumer: {
      handler: of.handler,
      processing: { kind: 'exponential', mean: us(0.2) },
      concurrency: 2,
      outages: [{ from: us(10), for: us(2), kind: 'refuse' }],
      crash: {
        after: { start: 0.03, check: 0.03, effect: 0.03, mark: 0.03, ack: 0.03 },
        restartAfter: us(0.3),
        whileDown: 'refuse',
      },
      dedup: { window: us(10), capacity: 8, durable: false },
    },
  });
}

const STORMS = ['none', '±20%', 'equal', 'full', 'decorrelated', { kind: 'additive', max: us(1) }].flatMap(
  (jitter) =>
    [
      ['effect', 'ack'],
      ['check', 'effect', 'mark', 'ack'],
      [
        ['check', 'mark'],
        ['effect', 'ack'],
      ],
    ].map((handler, i) => ({ jitter, handler, order: i === 1 ? 'fifo' : 'reorder' })),
);

/** Same rows at the same times, same outcomes. */
const sameRun = (a: RunResult, b: RunResult) => {
  expect(a.digests).toEqual(b.digests);
  expect(a.metrics).toEqual(b.metrics);
};

/** A seeded run is replayed from its recorded answers alone; names that never came up change nothing. */
function passesTheDoor(plan: Plan, seed: string, producer: string, consumer: string): void {
  const recorded = new RecordedNature(new SeededNature(seed, plan.streams), plan);
  const seeded = run(plan, { nature: recorded });
  const { answers } = recorded;
  for (const [name, answer] of answers)
    expect(checkChoice(name, answer, producer, consumer), name).toBeNull();

  const asked: string[] = [];
  const script = Object.fromEntries(answers);
  const replay = new ScriptedNature(plan.streams, script, (name) => asked.push(name));
  sameRun(run(plan, { nature: replay }), seeded);
  expect(asked).toEqual([...answers.keys()]);

  const noise: Record<string, boolean | number> = {};
  for (const [name, answer] of answers) {
    const elsewhere = name.replace(/\/m(\d+)/, (_, message: string) => `/m${Number(message) + 1}`);
    if (!answers.has(elsewhere)) noise[elsewhere] = typeof answer === 'boolean' ? !answer : answer + 1;
  }
  sameRun(run(plan, { nature: new ScriptedNature(plan.streams, { ...noise, ...script }) }), seeded);
}

describe('every nondeterministic choice passes the door', () => {
  it.each(STORMS)(
    'a storm with jitter $jitter and handler $handler is replayed from its named choices',
    (of) => {
      const plan = stormy(of);
      for (let seed = 1; seed <= 5; seed++) passesTheDoor(plan, `theory/door/${seed}`, 'shop', 'api');
    },
  );

  const folder = path.resolve(import.meta.dirname, '../../scenarios');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'order.json');
  it.each(files)('scenario %s', (file) => {
    const parsed = parseScenario(JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { producerId, consumerId } = hopOf(parsed.scenario);
    const plan = planOf({ ...parsed.scenario, faults: {} });
    passesTheDoor(plan, parsed.scenario.seed, producerId, consumerId);
  });

  it('under the enumerator: answers to what was asked decide, answers to anything else do not', () => {
    const plan = redelivering(grouping('C→E→M→A'), 'volatile');
    const everything = new Set<string>();
    const branches = [...everyRun(plan, { branch: faultsOfFirst(2), maxRuns: 20_000 })];
    for (const { asked } of branches) for (const name of asked) everything.add(name);
    const digests = new Set<string>();
    for (const { yes, asked, result } of branches) {
      expect(new Set(asked).size).toBe(asked.length);
      const others = [...everything].filter((name) => !asked.includes(name));
      sameRun(
        oneRun(plan, [...yes, ...others.filter((name) => /(lost|copied|crash)$/.test(name))]).result,
        result,
      );
      digests.add(result.digests.trace);
    }
    expect(branches.length).toBeGreaterThan(30);
    expect(digests.size).toBe(branches.length); // no combination of answers is visited twice, each is its own run
  });

  it('the enumerator finds every combination: as many runs as can be counted by hand', () => {
    // E→A, one delivery: crash at start, after E, after A, ack lost: 2 early crashes, and 2 × 2 ways after the ack.
    const one = redelivering(grouping('E→A'), 'durable', 1);
    expect([...everyRun(one, { branch: faultsOfFirst(1), maxRuns: 100 })]).toHaveLength(6);
    // Four of these six go on (no ack, or a lost one), each with 6 endings of the second delivery: 2 + 4 × 6.
    const two = redelivering(grouping('E→A'), 'durable', 2);
    expect([...everyRun(two, { branch: faultsOfFirst(2), maxRuns: 100 })]).toHaveLength(26);
    expect(() => [...everyRun(two, { branch: faultsOfFirst(2), maxRuns: 25 })]).toThrow('more than 25 runs');
  });
});
