/**
 * One step through the space of schedules, on the engine itself: take up a situation, let the world go on until
 * something was chosen, and say what the situation is then.
 */
import { readWorld, writeWorld } from '../engine/encode.ts';
import { assert } from '../core/assert.ts';
import { Loop } from '../engine/loop.ts';
import { newWorld, resetWorld, type World } from '../engine/world.ts';
import type { Listener } from '../core/fact.ts';
import type { Nature } from '../nature/nature.ts';
import { ExploringNature, type Alphabet, type Budget, type Hearer } from '../nature/exploring.ts';
import { SeededNature } from '../nature/seeded.ts';
import type { Plan } from '../scenario/plan.ts';
import { ScenarioAlphabet } from './alphabet.ts';
import { NumberReader, NumberWriter } from './bytes.ts';
import { Ledger } from './ledger.ts';
import { AnyOrder, type Pending, type Reductions } from './any-order.ts';
import { Path } from './path.ts';
import { timelessAlphabet, timelessPlan } from './timeless.ts';

export interface WalkerOptions {
  readonly budget: Budget;
  readonly anyDelay: boolean;
  readonly reductions: Reductions;
  /** Whether times of settling and faults are part of the situation. */
  readonly keepsTimes: boolean;
  readonly heard?: Hearer;
  /** What the scenario's own weather is; by its seed when left out. Arrivals are as it says. */
  readonly weather?: Nature;
  /** Other durations than the usual ones of the mode. */
  readonly alphabet?: Alphabet;
  /** Who hears the facts beside the ledger. */
  readonly also?: Listener;
}

export class Walker {
  readonly path = new Path();
  readonly ledger: Ledger;
  /** Faults of the latest step. */
  faults = 0;
  /** Whether nothing is left to happen. */
  isOver = false;
  /** Whether the run may end here, all that is under way being lost; only where losses are lazy. */
  couldEnd = false;

  private readonly options: WalkerOptions;
  private readonly nature: ExploringNature;
  private readonly anyOrder: AnyOrder | null;
  private readonly writer = new NumberWriter();
  private readonly reader = new NumberReader();
  /** When the last outage is over, µs: up to then the time itself matters, and is part of the situation. */
  private readonly outagesEndUs: number;
  private readonly world: World;
  private readonly loop: Loop;

  constructor(asked: Plan, options: WalkerOptions) {
    const plan = options.anyDelay ? timelessPlan(asked) : asked;
    this.options = options;
    this.ledger = new Ledger(plan.sender.messages, options.keepsTimes, options.also);
    const usual = () =>
      options.anyDelay ? timelessAlphabet(plan) : new ScenarioAlphabet(plan, () => this.world);
    const alphabet = options.alphabet ?? usual();
    const weatherOf = () => options.weather ?? new SeededNature(plan.scenario.seed, plan.streams);
    this.nature = new ExploringNature(options.budget, alphabet, this.path, weatherOf, options.heard ?? null);
    this.anyOrder = options.anyDelay
      ? new AnyOrder(plan, this.nature, this.ledger, this.path, options.reductions, options.budget.losses)
      : null;
    const outages = [...plan.request.outages, ...plan.answer.outages, ...plan.receiver.outages];
    this.outagesEndUs = Math.max(0, ...outages.map(({ untilUs }) => untilUs));
    this.world = newWorld(plan);
    this.loop = new Loop(plan, this.world, this.nature, this.ledger);
    this.start();
  }

  /** How many packets may still be lost. */
  get lossesLeft(): number {
    return this.nature.left.losses;
  }

  /** Takes up the beginning of a run. */
  start(): void {
    Object.assign(this.nature.left, this.options.budget);
    this.anyOrder?.start();
    this.nature.faults = 0;
    resetWorld(this.world);
    this.ledger.clear();
    this.loop.resume();
    this.isOver = this.world.queue.size === 0;
    this.couldEnd = false;
  }

  /** Takes up a situation that `save` answered. */
  load(state: Uint8Array): void {
    const { reader, nature, ledger } = this;
    reader.open(state);
    nature.faults = 0;
    nature.left.losses = reader.next();
    nature.left.copies = reader.next();
    nature.left.delays = reader.next();
    nature.left.crashes = reader.next();
    const nowUs = reader.next();
    ledger.load(reader, nowUs);
    readWorld(this.world, reader, nowUs);
    if (!reader.isDone) assert(false, `${state.length} bytes of a situation were read to ${reader.at}`);
    this.loop.resume();
    this.isOver = false;
    this.couldEnd = false;
  }

  /** Lets the world go on until something was chosen and its event is over, or nothing is left. */
  step(): void {
    const { nature, ledger, path, anyOrder } = this;
    const before = nature.faults;
    if (anyOrder !== null) {
      const pending = anyOrder.step(this.world, this.loop);
      this.isOver = anyOrder.next(this.world, pending).length === 0;
      this.couldEnd = anyOrder.couldEnd(pending);
    } else {
      const made = path.made;
      while (path.made === made && !this.isOver) this.isOver = this.loop.advance(1);
    }
    this.faults = nature.faults - before;
    if (this.faults > 0) ledger.lastFaultUs = this.world.clock.nowUs;
  }

  /** Lets the world go on to its end, whatever is chosen on the way. Not in any order. */
  finish(): void {
    while (!this.isOver) this.isOver = this.loop.advance(1_000_000);
  }

  /** Told each event that is picked where any order is explored. */
  set onPick(listener: (pending: Pending) => void) {
    if (this.anyOrder !== null) this.anyOrder.onPick = listener;
  }

  /** What is pending, where any order is explored. */
  get pending(): readonly Pending[] {
    return this.anyOrder?.pending(this.world) ?? [];
  }

  /**
   * The situation as bytes: the same whenever everything that can still matter is the same. A view, good until the next
   * save: an array for each situation would keep the allocator busier than the engine.
   */
  save(): Uint8Array {
    const { writer, nature } = this;
    const { losses, copies, delays, crashes } = nature.left;
    writer.clear();
    writer.add(losses);
    writer.add(copies);
    writer.add(delays);
    writer.add(crashes);
    writer.add(Math.min(this.world.clock.nowUs, this.outagesEndUs));
    this.ledger.save(writer);
    writeWorld(this.world, writer);
    return writer.written;
  }

  /**
   * What tells this situation from others: where order and names do not matter, fewer than `save`, which it takes. A
   * view like that.
   */
  key(saved = this.save()): Uint8Array {
    return this.anyOrder === null ? saved : this.anyOrder.key(this.world);
  }
}
