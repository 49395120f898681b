/** What a node may touch while it handles an event: its world, its plan, nature, and the one it tells facts to. */
import type { Clock } from '../core/clock.ts';
import { longest } from '../core/distributions.ts';
import { groupsOf, type StepGroup } from '../dedup/steps.ts';
import type { DedupStore } from '../dedup/store.ts';
import { STREAM } from '../nature/choice.ts';
import type { Nature } from '../nature/nature.ts';
import type { Plan, ReceiverPlan, SenderPlan } from '../scenario/plan.ts';
import type { Listener } from '../core/fact.ts';
import { EVENT, RANK } from './event.ts';
import type { EventQueue } from './event-queue.ts';
import {
  WORK,
  type JobTable,
  type Message,
  type MessageTable,
  type ReceiverState,
  type World,
} from './world.ts';

/** The parts of world and plan stand side by side here: handlers run for every event, and each step down a path costs. */
export interface Context {
  readonly clock: Clock;
  readonly queue: EventQueue;
  readonly messages: MessageTable;
  readonly jobs: JobTable;
  readonly store: DedupStore;
  readonly receiver: ReceiverState;
  readonly lastArrivalUs: Float64Array;
  readonly plan: Plan;
  readonly sending: SenderPlan;
  readonly receiving: ReceiverPlan;
  readonly groups: readonly StepGroup[];
  readonly nature: Nature;
  /** Whether the handler can crash at all, and whether each link can make copies: most runs need not ask. */
  readonly mayCrash: boolean;
  readonly mayCopyRequests: boolean;
  readonly mayCopyAnswers: boolean;
  /** Whether any step but the effect can take time. */
  readonly stepsTakeTime: boolean;
  /** Whether an event at the receiver may let the sender go first at its instant. */
  readonly mayWait: boolean;
  readonly listener: Listener;
}

/** The context of a run. */
export function contextOf(plan: Plan, world: World, nature: Nature, listener: Listener): Context {
  const { clock, queue, messages, jobs, store, receiver, lastArrivalUs } = world;
  const { sender: sending, receiver: receiving } = plan;
  const groups = groupsOf(receiving.handler);
  const mayCrash = receiving.crashAfter.some((probability, point) =>
    nature.possible(STREAM.crash + point, probability),
  );
  const mayCopyRequests = nature.possible(STREAM.requestCopied, plan.request.duplicate);
  const mayCopyAnswers = [STREAM.ackCopied, STREAM.nackCopied].some((stream) =>
    nature.possible(stream, plan.answer.duplicate),
  );
  const stepsTakeTime =
    [receiving.checkTime, receiving.markTime, receiving.ackTime].some((time) => longest(time) > 0) ||
    [STREAM.checkTime, STREAM.markTime, STREAM.ackTime].some((stream) => nature.possible(stream, 0));
  const mayWait = plan.streams.some(
    (_, stream) => stream >= STREAM.requestWaits && nature.possible(stream, 0),
  );
  return {
    clock,
    queue,
    messages,
    jobs,
    store,
    receiver,
    lastArrivalUs,
    plan,
    sending,
    receiving,
    groups,
    nature,
    mayCrash,
    mayCopyRequests,
    mayCopyAnswers,
    stepsTakeTime,
    mayWait,
    listener,
  };
}

/** Puts an event on the list, `inUs` µs from now, and answers its slot. Ack timeouts all run equally long. */
export function schedule(
  ctx: Context,
  inUs: number,
  kind: number,
  subject: number,
  packet: number,
  cause: number,
): number {
  return ctx.queue.push(inUs, RANK[kind], kind, subject, packet, cause, kind === EVENT.timeout);
}

/** Something that referred to a message is over: `amount` is WORK for a packet or a delivery, 1 for a timer. */
export function release(ctx: Context, message: Message, amount: number): void {
  const holds = (message.holds -= amount);
  if (holds >= WORK) return;
  if (message.concluded === 0 && (message.status !== 0 || holds === 0)) {
    message.concluded = 1;
    ctx.listener.conclude(message);
  }
  if (holds === 0) ctx.messages.remove(message);
}
