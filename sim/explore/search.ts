/**
 * All situations within bounds, each once, the ones with the fewest faults first and of those the ones with the
 * fewest rows: the first situation that answers the question is the smallest answer. (Dijkstra's algorithm over the
 * graph of situations; costs are whole numbers, so that a list of buckets is the queue.)
 *
 * A search can be one of several that share the work: each looks after the situations that fall to it (`ownerOf`), and
 * hands over those that do not. Whoever looks after a situation, any of them can expand it.
 */
import type { Plan } from '../scenario/plan.ts';
import type { Bounds } from './bounds.ts';
import { ByteList, ByteSet, hashOf, NOTHING } from './bytes.ts';
import { ALL_REDUCTIONS, reductionsFor, type Reductions } from './any-order.ts';
import { isAnswered, outcomeOf, type Question } from './question.ts';
import { pushArrival, pushWaiting, readArrival, readWaiting, type Arrival, type Waiting } from './records.ts';
import { Walker } from './walker.ts';

/** A row weighs more than all steps without one, and a fault more than all rows of a bounded run. */
const ROW_COST = 1_000;
export const FAULT_COST = 1_000_000 * ROW_COST;
/** What a step without a row weighs: every step does, so that all that waits at a cost is there when its turn comes. */
const STEP_COST = 1;

/** Which part of the work is this search's own. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

const ALONE: Share = { index: 0, of: 1 };

/** Where to put a situation of this cost that this share looks after. */
export type HandOver = (owner: number, cost: number) => ByteList;

/** A schedule that answers the question: what was picked where there was a choice, and what it costs. */
export interface Found {
  /** Faults first, then rows. */
  readonly cost: number;
  readonly faults: number;
  readonly rows: number;
  readonly picks: readonly number[];
}

export interface Counts {
  readonly states: number;
  readonly transitions: number;
  /** Situations in which nothing is left to happen. */
  readonly ends: number;
  /** Situations reached and not yet expanded. */
  readonly waiting: number;
  readonly bytes: number;
}

export class Search {
  /** Everything that can become of the messages, over all schedules seen so far. */
  readonly outcomes = new Set<string>();
  /** Answers, cheapest first; those of one cost are all there, in the order of their picks, when its bucket is done. */
  readonly found: Found[] = [];

  private readonly question: Question;
  private readonly share: Share;
  /** See `ownerOf`. */
  private readonly ownsByLosses: boolean;
  private readonly walker: Walker;
  private readonly seen = new ByteSet();
  private readonly buckets = new Map<number, ByteList>();
  /** The least cost at which each situation was reached so far, by number. */
  private costs = new Float64Array(1024);
  /** Where the situation waits in the bucket of that cost, by number. */
  private places = new Float64Array(1024);
  /** From and to, situation by situation: for counting schedules. */
  private edges = new Float64Array(1024);
  private edgeCount = 0;
  private readonly overs: number[] = [];
  private transitions = 0;
  private waiting = 0;
  /** What `joined` writes into. */
  private longer = new Uint8Array(256);

  constructor(
    plan: Plan,
    bounds: Bounds,
    question: Question,
    reductions: Reductions = ALL_REDUCTIONS,
    share: Share = ALONE,
  ) {
    this.question = question;
    this.share = share;
    const { losses, copies, delays, crashes } = bounds;
    this.ownsByLosses = !bounds.anyDelay && losses >= share.of - 1;
    this.walker = new Walker(plan, {
      budget: { losses, copies, delays, crashes },
      anyDelay: bounds.anyDelay,
      reductions: reductionsFor(question, reductions),
      keepsTimes: question.kind === 'settles',
    });
    const { walker } = this;
    walker.start();
    const state = walker.save();
    const key = walker.key(state);
    const hash = hashOf(key);
    if (this.ownerOf(hash) !== share.index) return;
    const beginning: Arrival = {
      cost: 0,
      from: -1,
      isAnswer: isAnswered(question, walker.ledger, walker.isOver, walker.couldEnd),
      isOver: walker.isOver,
      path: NOTHING,
      key,
      hash,
      state,
    };
    this.take(beginning);
    if (walker.isOver) this.outcomes.add(outcomeOf(walker.ledger));
  }

  get counts(): Counts {
    return {
      states: this.seen.size,
      transitions: this.transitions,
      ends: this.overs.length,
      waiting: this.waiting,
      bytes: this.seen.byteLength,
    };
  }

  /** The least cost of what waits here; Infinity when nothing does. */
  get nextCost(): number {
    let least = Infinity;
    for (const cost of this.buckets.keys()) if (cost < least) least = cost;
    return least;
  }

  /** Expands up to `most` of the situations that wait at `cost`. True when nothing waits at this cost any more. */
  expand(cost: number, most: number): boolean {
    const bucket = this.buckets.get(cost);
    if (bucket === undefined) return true;
    for (let count = 0; count < most && bucket.start < bucket.end; count++) {
      const waiting = this.takeNext(cost, bucket);
      if (waiting !== null) this.follow(cost, waiting, noOthers);
    }
    if (bucket.start < bucket.end) return false;
    this.endCost(cost);
    return true;
  }

  /** Takes all that waits at `cost` off the list: what is to be expanded, by this search or others (`expandWaiting`). */
  takeAll(cost: number): ByteList {
    const taken = new ByteList();
    const bucket = this.buckets.get(cost);
    if (bucket === undefined) return taken;
    while (bucket.start < bucket.end) {
      const waiting = this.takeNext(cost, bucket);
      if (waiting !== null) pushWaiting(taken, waiting);
    }
    this.endCost(cost);
    return taken;
  }

  /** Expands one of what some search's `takeAll` answered. What others look after goes where `handOver` says. */
  expandWaiting(cost: number, list: ByteList, at: number, handOver: HandOver): void {
    this.follow(cost, readWaiting(list, at), handOver);
  }

  /** Takes over what another share put into a batch. */
  accept(batch: ByteList): void {
    for (let at = batch.start; at < batch.end; at = batch.after(at)) this.take(readArrival(batch, at));
  }

  /** Edges between situations and which of them are ends, by number over all shares: for `countSchedules`. */
  graph(): { readonly edges: Float64Array; readonly ends: readonly number[] } {
    return { edges: this.edges.slice(0, 2 * this.edgeCount), ends: this.overs };
  }

  /** The next of a bucket that is to be expanded; null for one that was reached again for less, or is an answer. */
  private takeNext(cost: number, bucket: ByteList): Waiting | null {
    const at = bucket.start;
    const waiting = readWaiting(bucket, at);
    bucket.start = bucket.after(at);
    this.waiting--;
    const number = Math.floor(waiting.number / this.share.of);
    if (cost !== this.costs[number] || at !== this.places[number]) return null;
    if (!waiting.isAnswer) return waiting;
    this.found.push({
      cost,
      faults: Math.floor(cost / FAULT_COST),
      rows: Math.floor((cost % FAULT_COST) / ROW_COST),
      picks: [...waiting.path],
    });
    return null;
  }

  /** Nothing waits at this cost any more. */
  private endCost(cost: number): void {
    this.buckets.delete(cost);
    this.found.sort(compareFound);
  }

  /** All that can come of a situation in one step. */
  private follow(cost: number, { number, path, state }: Waiting, handOver: HandOver): void {
    const { walker, question } = this;
    walker.path.clear();
    do {
      walker.load(state);
      walker.step();
      this.transitions++;
      const { isOver, couldEnd, ledger } = walker;
      if (isOver || couldEnd) this.outcomes.add(outcomeOf(ledger));
      const longer = this.joined(path, walker.path.picks);
      const after = walker.save();
      const key = walker.key(after);
      const hash = hashOf(key);
      const arrival: Arrival = {
        cost: cost + (walker.faults * FAULT_COST + ledger.rowCount * ROW_COST || STEP_COST),
        from: number,
        isAnswer: isAnswered(question, ledger, isOver, couldEnd),
        isOver,
        path: longer,
        key,
        hash,
        state: after,
      };
      const owner = this.ownerOf(hash);
      if (owner === this.share.index) this.take(arrival);
      else pushArrival(handOver(owner, arrival.cost), arrival);
    } while (walker.path.next());
  }

  /** A path and what was picked after it: a view, good until the next one. */
  private joined(path: Uint8Array, picks: readonly number[]): Uint8Array {
    const length = path.length + picks.length;
    if (length > this.longer.length) this.longer = new Uint8Array(2 * length);
    this.longer.set(path);
    for (let i = 0; i < picks.length; i++) this.longer[path.length + i] = picks[i];
    return this.longer.subarray(0, length);
  }

  /**
   * A situation reached: known already for less, or put where its cost says. Of several ways of one cost the first in
   * the order of picks is kept, so that the answer does not depend on who came first.
   */
  private take({ cost, from, isAnswer, isOver, path, key, hash, state }: Arrival): void {
    const answered = isAnswer ? this.seen.add(flagged(key)) : this.seen.add(key, hash);
    const number = answered < 0 ? -answered - 1 : answered;
    if (from >= 0) this.addEdge(from, this.globalNumber(number));
    if (answered < 0 && cost > this.costs[number]) return;
    if (isOver && answered >= 0) this.overs.push(this.globalNumber(number));
    if (isOver && !isAnswer) return;
    if (answered < 0 && cost === this.costs[number] && comparePaths(this.pathOf(number), path) <= 0) return;
    let bucket = this.buckets.get(cost);
    if (bucket === undefined) {
      bucket = new ByteList();
      this.buckets.set(cost, bucket);
    }
    const place = pushWaiting(bucket, { number: this.globalNumber(number), isAnswer, path, state });
    this.setCost(number, cost, place);
    this.waiting++;
  }

  /**
   * Which share looks after the situation the walker is in, by what is part of its key. By the losses that are left,
   * where there are enough for all shares to have some: they change in few steps, so that most of what a share reaches
   * is its own, and at most costs all numbers of them occur. In any order packets are lost at the end only; there, by
   * the hash. Not by the bits of it that say where in `seen` a situation stands: each share would fill parts of it only.
   */
  private ownerOf(hash: number): number {
    const { of } = this.share;
    if (of === 1) return 0;
    return this.ownsByLosses ? this.walker.lossesLeft % of : (Math.imul(hash, 0xc2b2ae35) >>> 16) % of;
  }

  private globalNumber(number: number): number {
    return number * this.share.of + this.share.index;
  }

  /** The picks that lead to a situation that waits. */
  private pathOf(number: number): Uint8Array {
    const bucket = this.buckets.get(this.costs[number]);
    if (bucket === undefined) return NOTHING; // its turn is over
    return readWaiting(bucket, this.places[number]).path;
  }

  private setCost(number: number, cost: number, place: number): void {
    while (number >= this.costs.length) {
      this.costs = twiceAsLong(this.costs);
      this.places = twiceAsLong(this.places);
    }
    this.costs[number] = cost;
    this.places[number] = place;
  }

  private addEdge(from: number, to: number): void {
    if (2 * this.edgeCount === this.edges.length) this.edges = twiceAsLong(this.edges);
    this.edges[2 * this.edgeCount] = from;
    this.edges[2 * this.edgeCount + 1] = to;
    this.edgeCount++;
  }
}

function twiceAsLong(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

/** The smallest first; of those of one size, in the order of their picks. */
export function compareFound(a: Found, b: Found): number {
  return a.cost - b.cost || comparePaths(a.picks, b.picks);
}

function noOthers(): never {
  throw new Error('a search that is alone has nobody to hand over to');
}

/** In the order of a dictionary. */
function comparePaths(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/** A situation that answers the question is not the same as one that does not, though they go on alike. */
function flagged(key: Uint8Array): Uint8Array {
  const longer = new Uint8Array(key.length + 1);
  longer.set(key);
  longer[key.length] = 255;
  return longer;
}
