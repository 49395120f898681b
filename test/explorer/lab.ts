/**
 * The bench between the explorer and what it is held against: one-hop scenarios in abstract units (1 unit = 1 s), and
 * a yardstick that shares neither the walker nor the search with it: every schedule is one plain run of the engine from
 * its first instant to its last, and nothing is merged.
 */
import type { Clock } from '../../sim/core/clock.ts';
import { FACT, FACT_KINDS, type About, type FactKind, type Places } from '../../sim/core/fact.ts';
import { Loop, type CountingListener } from '../../sim/engine/loop.ts';
import { newWorld } from '../../sim/engine/world.ts';
import { ScenarioAlphabet } from '../../sim/explore/alphabet.ts';
import { NO_REDUCTIONS } from '../../sim/explore/any-order.ts';
import type { Bounds } from '../../sim/explore/bounds.ts';
import { explore, type Answer, type Inquiry } from '../../sim/explore/explore.ts';
import { isAnswered, type Question } from '../../sim/explore/question.ts';
import { Path } from '../../sim/explore/path.ts';
import { Walker } from '../../sim/explore/walker.ts';
import { ExploringNature } from '../../sim/nature/exploring.ts';
import { SeededNature } from '../../sim/nature/seeded.ts';
import { Observer } from '../../sim/observe/observer.ts';
import type { Plan } from '../../sim/scenario/plan.ts';
import { NO_RECORDER } from '../../sim/trace/recorder.ts';
import { CLAUSES, type Clause } from '../../sim/scenario/terms.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { oneHop, us, type HopFields } from '../one-hop.ts';

export { us, type HopFields };

/** `FULL=1`: everything at full size. */
export const FULL = process.env['FULL'] === '1';

// ── scenarios ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A hop whose links take 0.04 units. */
export function hop({ request, answer, ...others }: HopFields): Scenario {
  const delay = us(0.04);
  return oneHop({ ...others, request: { delay, ...request }, answer: { delay, ...answer } });
}

/** Bounds within which nothing goes wrong, but for what is said. */
export function bounds(some: Partial<Bounds>): Bounds {
  const none = { losses: 0, copies: 0, delays: 0, crashes: 0 };
  return { messages: 1, attempts: 1, ...none, anyDelay: false, states: 5_000_000, ...some };
}

// ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** The clauses a scenario can be made to break within the bounds; gives up on nothing. */
export function broken(inquiry: Omit<Inquiry, 'question'>): Clause[] {
  return CLAUSES.filter((clause) => isBroken(inquiry, clause));
}

export function isBroken(inquiry: Omit<Inquiry, 'question'>, clause: Clause): boolean {
  return decided({ ...inquiry, question: { kind: 'clause', clause } }).kind === 'found';
}

/** An answer that is one: giving up is an error here. */
export function decided(inquiry: Inquiry): Exclude<Answer, { kind: 'gave up' }> {
  const answer = explore(inquiry);
  if (answer.kind === 'gave up') throw new Error(`gave up after ${answer.evidence.states} states`);
  return answer;
}

// ── the yardstick ────────────────────────────────────────────────────────────────────────────────────────────────

/** One complete schedule, run by itself. */
export interface Schedule {
  /** Such as `A1 G0`, by message. */
  readonly outcome: string;
  readonly faults: number;
  readonly rows: number;
  readonly violated: readonly Clause[];
  readonly facts: readonly FactKind[];
  readonly picks: readonly number[];
}

/** All schedules of a plan within bounds, each from the start; null when there are more than `most`. `Letters` may take fewer letters. */
export function everySchedule(
  plan: Plan,
  { losses, copies, delays, crashes }: Bounds,
  most: number,
  Letters: typeof ExploringNature = ExploringNature,
): Schedule[] | null {
  const path = new Path();
  const weather = new SeededNature(plan.scenario.seed, plan.streams);
  const schedules: Schedule[] = [];
  do {
    if (schedules.length === most) return null;
    const world = newWorld(plan);
    const alphabet = new ScenarioAlphabet(plan, () => world);
    const nature = new Letters({ losses, copies, delays, crashes }, alphabet, path, () => weather);
    const observer = new Observer(plan, NO_RECORDER);
    const truths = new Truths(plan.sender.messages, observer);
    const loop = new Loop(plan, world, nature, truths);
    while (!loop.advance(1_000_000));
    if (loop.ended !== 'done') throw new Error(`ended by ${loop.ended}`);
    observer.finish();
    schedules.push({
      outcome: truths.outcome(),
      faults: nature.faults,
      rows: observer.rowCount,
      violated: CLAUSES.filter((clause) => observer.totals.violations[TOTAL[clause]] > 0),
      facts: FACT_KINDS.filter((_, kind) => observer.counts[kind] > 0),
      picks: [...path.picks],
    });
  } while (path.next());
  return schedules;
}

/**
 * Faults and rows after which the cheapest schedule answers a question, counted when its event is over; null when none
 * does. Each schedule is walked from its start, nothing is taken up again or merged.
 */
export function cheapestAnswer(
  plan: Plan,
  { losses, copies, delays, crashes, anyDelay }: Bounds,
  question: Question,
  most: number,
): { readonly faults: number; readonly rows: number } | null | 'too many' {
  const walker = new Walker(plan, {
    budget: { losses, copies, delays, crashes },
    anyDelay,
    reductions: NO_REDUCTIONS,
    keepsTimes: question.kind === 'settles',
  });
  let cheapest: { faults: number; rows: number } | null = null;
  let count = 0;
  do {
    if (count++ === most) return 'too many';
    walker.start();
    let faults = 0;
    while (!walker.isOver) {
      walker.step();
      faults += walker.faults;
      if (!isAnswered(question, walker.ledger, walker.isOver, walker.couldEnd)) continue;
      const rows = walker.ledger.rowCount;
      if (
        cheapest === null ||
        faults < cheapest.faults ||
        (faults === cheapest.faults && rows < cheapest.rows)
      )
        cheapest = { faults, rows };
      break;
    }
    while (!walker.isOver) walker.step();
  } while (walker.path.next());
  return cheapest;
}

const TOTAL = {
  'no-duplicate': 'duplicate',
  'no-false-confirmation': 'falseConfirmation',
  'no-loss': 'loss',
} as const satisfies Record<Clause, keyof Observer['totals']['violations']>;

/** Keeps what became of each message, and passes every fact on. */
class Truths implements CountingListener {
  private readonly effects: number[];
  private readonly beliefs: string[];
  private readonly observer: Observer;

  constructor(messages: number, observer: Observer) {
    this.effects = Array.from({ length: messages }, () => 0);
    this.beliefs = Array.from({ length: messages }, () => 'D');
    this.observer = observer;
  }

  get rowCount(): number {
    return this.observer.rowCount;
  }

  follow(clock: Clock, places: Places): void {
    this.observer.follow(clock, places);
  }

  conclude(about: About): void {
    this.observer.conclude(about);
  }

  tell(...fact: Parameters<Observer['tell']>): number {
    const [kind, { id: message }] = fact;
    if (kind === FACT.effect) this.effects[message - 1] = Math.min(3, this.effects[message - 1] + 1);
    if (kind === FACT.confirm) this.beliefs[message - 1] = 'A';
    if (kind === FACT.giveUp) this.beliefs[message - 1] = 'G';
    if (kind === FACT.refuse) this.beliefs[message - 1] = 'R';
    return this.observer.tell(...fact);
  }

  outcome(): string {
    return this.effects.map((count, i) => `${this.beliefs[i]}${count}`).join(' ');
  }
}
