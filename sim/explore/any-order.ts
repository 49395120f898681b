/**
 * Every order of everything, whatever the durations: the untimed reference model of theory 5.2, on the engine's own
 * handlers. The clock stands still; which of the pending events comes next is a pick. It holds more runs than any
 * choice of latencies allows, so that "none" here carries over to all of them.
 */
import { EVENT } from '../engine/event.ts';
import type { Loop } from '../engine/loop.ts';
import { inOrder, remove } from '../engine/pending.ts';
import { JOB, WORK, type Message, type World } from '../engine/world.ts';
import type { ExploringNature, Picker } from '../nature/exploring.ts';
import { STATUS } from '../protocol/retry-until-answered.ts';
import type { Plan } from '../scenario/plan.ts';
import type { Step } from '../scenario/terms.ts';
import { NumberWriter } from './bytes.ts';
import type { Ledger } from './ledger.ts';
import type { Question } from './question.ts';
import { mayRefuse } from './timeless.ts';

/** Ways to look at fewer situations with the same outcomes; theory 5.2. */
export interface Reductions {
  /**
   * No packet is lost when it is sent; one that never arrives is. Safe for every question about outcomes, not for
   * which packets were lost. Not on a FIFO link, where what never arrives would hold back all that comes after it.
   */
  readonly lazyLoss: boolean;
  /**
   * While the only handler is at work, nothing else comes first: it can neither be disturbed nor disturb. Safe for
   * outcomes, not for orders of facts, and so not for who knew what when. Not for a handler that marks and then
   * checks: its own mark may expire in between.
   */
  readonly ample: boolean;
  /**
   * Packets of one kind are counted, not told apart by attempt: nobody asks which attempt an answer is for. Only where
   * that is so (late replies accepted, no nacks); safe for outcomes.
   */
  readonly counters: boolean;
  /** Messages are interchangeable: safe for questions that treat them alike, which all clauses do. */
  readonly symmetry: boolean;
}

export const ALL_REDUCTIONS: Reductions = { lazyLoss: true, ample: true, counters: true, symmetry: true };
export const NO_REDUCTIONS: Reductions = {
  lazyLoss: false,
  ample: false,
  counters: false,
  symmetry: false,
};

/** Each by the name that people type. */
export const REDUCTION_FIELDS = {
  'lazy-loss': 'lazyLoss',
  ample: 'ample',
  counters: 'counters',
  symmetry: 'symmetry',
} as const satisfies Record<string, keyof Reductions>;
export type ReductionName = keyof typeof REDUCTION_FIELDS;

/** All but these. */
export function reductionsWithout(names: readonly ReductionName[]): Reductions {
  return { ...ALL_REDUCTIONS, ...Object.fromEntries(names.map((name) => [REDUCTION_FIELDS[name], false])) };
}

/** Those that leave the question what it is: where losses are asked about, a packet is lost when it is sent. */
export function reductionsFor(question: Question, reductions: Reductions): Reductions {
  const asksForLosses = question.kind === 'sometimes' && question.fact === 'lost';
  return { ...reductions, lazyLoss: reductions.lazyLoss && !asksForLosses };
}

/** One pending event, or the expiry of a dedup entry (`slot` −1). */
export interface Pending {
  readonly slot: number;
  readonly kind: number;
  readonly message: number;
  readonly packet: number;
}

/** In the place of a kind: the dedup entry of this message expires. */
export const EXPIRY = -1;
/** In the place of a kind: this request had arrived and was waiting when the process died, and died with it. */
export const DEATH = -2;

export class AnyOrder {
  /** Told which event was picked, before it is handled. */
  onPick: ((pending: Pending) => void) | null = null;

  private readonly plan: Plan;
  private readonly nature: ExploringNature;
  private readonly ledger: Ledger;
  private readonly picker: Picker;
  private readonly reductions: Reductions;
  private readonly losses: number;
  /** Whether packets need only be counted. */
  private readonly counts: boolean;
  private readonly writer = new NumberWriter();

  /** @param losses packets that may be lost in a run; where losses are lazy, counted when it is over */
  constructor(
    plan: Plan,
    nature: ExploringNature,
    ledger: Ledger,
    picker: Picker,
    reductions: Reductions,
    losses: number,
  ) {
    this.plan = plan;
    this.nature = nature;
    this.ledger = ledger;
    this.picker = picker;
    this.losses = losses;
    const { sender, receiver, request, answer, store } = plan;
    const groupOf = (step: Step) => receiver.handler.findIndex((group) => group.includes(step));
    const mayForgetItsMark =
      store.windowUs < Infinity && groupOf('mark') >= 0 && groupOf('mark') < groupOf('check');
    this.reductions = {
      ...reductions,
      lazyLoss: reductions.lazyLoss && !request.fifo && !answer.fifo,
      ample: reductions.ample && !mayForgetItsMark,
    };
    const asksWhich = (!sender.acceptLate && sender.ackTimeoutUs < Infinity) || mayRefuse(plan);
    this.counts = reductions.counters && !asksWhich && !request.fifo && !answer.fifo;
  }

  start(): void {
    if (this.reductions.lazyLoss) this.nature.left.losses = 0;
  }

  /** Handles one event, whichever is picked; answers what is pending then. */
  step(world: World, loop: Loop): readonly Pending[] {
    const events = this.next(world, this.pending(world));
    const picked = events[events.length === 1 ? 0 : this.picker.pick(events.length)];
    this.onPick?.(picked);
    if (picked.kind === EXPIRY) {
      world.store.drop(picked.message);
    } else if (picked.kind === DEATH) {
      loop.lose(picked.slot);
      remove(world.queue, picked.slot);
    } else {
      if (this.isHasty(world, picked)) this.nature.faults++;
      take(world, loop, picked.slot);
    }
    const pending = this.pending(world);
    if (picked.kind === EVENT.timeout && this.reductions.ample) {
      const retry = pending.find(({ kind, message }) => kind === EVENT.retry && message === picked.message);
      if (retry !== undefined) {
        // A timeout does no more than start the wait: it may as well come as late as that ends.
        this.onPick?.(retry);
        take(world, loop, retry.slot);
        return this.withoutIdleTimers(world, loop, this.pending(world));
      }
    }
    return this.withoutIdleTimers(world, loop, pending);
  }

  /** What can come next. */
  next(world: World, all: readonly Pending[]): readonly Pending[] {
    const { receiver } = world;
    if (this.reductions.ample && receiver.busy > 0 && this.plan.receiver.concurrency === 1)
      return all.filter(({ kind }) => kind === EVENT.step);
    const seen = { request: false, answer: false, timers: new Set<number>(), packets: new Set<number>() };
    const events = all.filter(({ kind, message }) => {
      if (this.counts && isPacket(kind)) {
        const alike = 8 * message + kind;
        if (seen.packets.has(alike)) return false; // which of those that are only counted comes first is no question
        seen.packets.add(alike);
      }
      if (kind === EVENT.request) {
        if (this.plan.request.fifo && seen.request) return false;
        seen.request = true;
        // A packet that waits for a handler is as good as one that is still under way.
        return receiver.down || receiver.busy < this.plan.receiver.concurrency;
      }
      if (kind === EVENT.answer || kind === EVENT.nack) {
        if (this.plan.answer.fifo && seen.answer) return false;
        seen.answer = true;
      }
      if (kind === EVENT.timeout) {
        if (seen.timers.has(message)) return false; // timeouts of one message expire in the order they were set
        seen.timers.add(message);
      }
      return true;
    });
    // Silence is the same as being met by a process that is down and silent: it needs no event of its own.
    if (receiver.down && mayRefuse(this.plan) && this.plan.receiver.concurrency < Infinity) {
      const waited = events.filter(({ kind }) => kind === EVENT.request);
      events.push(...waited.map((request) => ({ ...request, kind: DEATH })));
    }
    if (this.plan.store.windowUs === Infinity) return events;
    const entries = world.store
      .entries()
      .map(({ key }) => ({ slot: -1, kind: EXPIRY, message: key, packet: 0 }));
    return all.length > 0 ? [...events, ...entries] : events;
  }

  /**
   * The situation without what cannot matter: the order of pending events, and, by symmetry, which message is which. A
   * view, good until the next key.
   */
  key(world: World): Uint8Array {
    const { receiver, store, messages, jobs, queue } = world;
    const { copies, crashes, losses } = this.nature.left;
    const blocks = new Map<number, number[]>();
    for (let id = 1; id < this.ledger.effects.length; id++) {
      const { effects, beliefs, concluded } = this.ledger;
      blocks.set(id, [effects[id] + 4 * beliefs[id] + 16 * concluded[id]]);
    }
    for (const m of messages.inOrder()) {
      const block = blocks.get(m.id);
      block?.push(m.attempts, m.retryPending, m.applied);
      if (!this.counts) block?.push(m.outstanding, m.refusals, m.timedOutThrough, m.refusedBits);
    }
    const general: number[] = [copies, crashes, losses, receiver.busy, Number(receiver.down)];
    const parts: { readonly message: number; readonly numbers: number[] }[] = [];
    const named = (packet: number) => (this.counts ? 0 : packet);
    for (const { slot } of inOrder(queue)) {
      const kind = queue.kind(slot);
      const subject = queue.subject(slot);
      if (kind === EVENT.arrival || kind === EVENT.restart) general.push(kind, subject);
      else if (kind === EVENT.step) {
        const job = jobs.at(subject);
        const flags = Number(job.duplicate) + 2 * Number(job.ran);
        parts.push({
          message: job.state === JOB.dead ? 0 : job.message.id,
          numbers: [kind, named(job.packet), job.group, job.state, flags],
        });
      } else {
        const message = messages.at(subject).id;
        parts.push({ message, numbers: [kind, named(queue.packet(slot))] });
        const isInLine = kind === EVENT.request ? this.plan.request.fifo : this.plan.answer.fifo;
        if (isInLine) general.push(-4, kind, message, queue.packet(slot));
      }
    }
    for (const { key } of store.entries()) blocks.get(key)?.push(-1);
    if (this.plan.store.capacity < Infinity) general.push(-2, ...store.evictionOrder());
    parts.sort((a, b) => a.message - b.message || byNumbers(a.numbers, b.numbers));
    for (const { message, numbers } of parts) (blocks.get(message) ?? general).push(-3, ...numbers);
    const { writer } = this;
    const ordered = [...blocks.values()];
    const areAlike =
      this.plan.store.capacity === Infinity && !this.plan.request.fifo && !this.plan.answer.fifo;
    if (this.reductions.symmetry && areAlike) ordered.sort(byNumbers);
    writer.clear();
    writer.add(general.length);
    writer.addAll(general);
    for (const block of ordered) {
      writer.add(block.length);
      writer.addAll(block);
    }
    return writer.written;
  }

  /** All that is pending, in the order it was set. */
  pending({ queue, messages, jobs }: World): Pending[] {
    return inOrder(queue).map(({ slot }) => {
      const kind = queue.kind(slot);
      const subject = queue.subject(slot);
      const message =
        kind === EVENT.step
          ? jobs.at(subject).message.id
          : kind === EVENT.arrival
            ? subject
            : kind === EVENT.restart
              ? 0
              : messages.at(subject).id;
      return { slot, kind, message, packet: queue.packet(slot) };
    });
  }

  /** Whether a timer fires although the answer may still come: it counts as a fault, so that the plainest run is found first. */
  private isHasty({ queue, messages }: World, { slot, kind }: Pending): boolean {
    if (kind !== EVENT.timeout && kind !== EVENT.retry) return false;
    const message: Message = messages.at(queue.subject(slot));
    return message.status === STATUS.trying && message.holds >= WORK;
  }

  /** A timer of a message that is settled does nothing, whenever it fires: it fires now. */
  private withoutIdleTimers(world: World, loop: Loop, pending: readonly Pending[]): readonly Pending[] {
    const { messages, queue } = world;
    return pending.filter(({ slot, kind }) => {
      const isIdle =
        (kind === EVENT.timeout || kind === EVENT.retry) &&
        messages.at(queue.subject(slot)).status !== STATUS.trying;
      if (isIdle) take(world, loop, slot);
      return !isIdle;
    });
  }

  /** Whether nothing but packets is under way, no more of them than may be lost: then the run can end here. */
  couldEnd(pending: readonly Pending[]): boolean {
    return (
      this.reductions.lazyLoss && pending.length <= this.losses && pending.every(({ kind }) => isPacket(kind))
    );
  }
}

/** Handles a pending event, whether or not it would come next. */
function take(world: World, loop: Loop, slot: number): void {
  loop.take(slot);
  remove(world.queue, slot);
}

function isPacket(kind: number): boolean {
  return kind === EVENT.request || kind === EVENT.answer || kind === EVENT.nack;
}

function byNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
