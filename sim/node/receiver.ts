/**
 * The receiver end: what meets a request, which handler takes it, and the handler's steps, group by group. A group's
 * writes appear at one instant, at its end; its check is read there. A crash inside a group undoes the group.
 */
import { release, schedule, type Context } from '../engine/context.ts';
import { EVENT, RANK } from '../engine/event.ts';
import { FACT, OUTAGE_KINDS, PLACE } from '../core/fact.ts';
import { JOB, WORK, type Job, type Message } from '../engine/world.ts';
import { STREAM } from '../nature/choice.ts';
import { stretchAt } from '../network/conditions.ts';
import type { StepGroup } from '../dedup/steps.ts';
import { applyEffect } from './sink.ts';
import { sendAnswer } from './transmit.ts';

const HANG = OUTAGE_KINDS.indexOf('hang');
const CRASH = { start: 0, check: 1, effect: 2, mark: 3, ack: 4 } as const;

/** A request arrives. */
export function onRequest(ctx: Context, message: Message, packet: number, cause: number): void {
  const { receiver, receiving, jobs, listener } = ctx;
  const outage = receiving.outages.length > 0 ? stretchAt(receiving.outages, ctx.clock.nowUs) : undefined;
  if (receiver.down || outage !== undefined) {
    turnAway(ctx, message, packet, cause, outage === undefined ? receiving.whileDown : outage.kind);
    return;
  }
  const row = listener.tell(FACT.deliver, message, PLACE.receiver, 0, packet, cause);
  const job = jobs.add(message, packet, row); // takes over the packet's hold
  if (receiver.busy < receiving.concurrency) {
    occupy(ctx, job);
    // When nothing else can come before the event of its first step, that event is as good as popped.
    if (!ctx.mayWait && ctx.queue.comesFirst(RANK[EVENT.step])) onStep(ctx, job);
    else schedule(ctx, 0, EVENT.step, job.slot, 0, -1);
  } else {
    listener.tell(FACT.queue, message, PLACE.receiver, 0, packet, row);
    receiver.waiting.push(job.slot);
  }
}

/** A handler begins, or the group it is in ends. */
export function onStep(ctx: Context, job: Job): void {
  if (job.state === JOB.dead) {
    ctx.jobs.remove(job);
    release(ctx, job.message, 1);
  } else if (job.state === JOB.beginning) {
    if (crashes(ctx, job, CRASH.start)) onCrash(ctx, job, CRASH.start);
    else work(ctx, job);
  } else if (commit(ctx, job)) {
    job.group++;
    work(ctx, job);
  }
}

/** The process is back after a crash. */
export function onRestart(ctx: Context, cause: number): void {
  ctx.receiver.down = false;
  ctx.listener.tell(FACT.restart, ctx.messages.mention(0), PLACE.receiver, 0, 0, cause);
}

/** A request met a receiver that is down: silence, or a nack. */
function turnAway(ctx: Context, message: Message, packet: number, cause: number, kind: number): void {
  const { listener } = ctx;
  const row = listener.tell(FACT.turnedAway, message, PLACE.receiver, kind, packet, cause);
  if (kind !== HANG) {
    const nackRow = listener.tell(FACT.nack, message, PLACE.receiver, kind, packet, row);
    sendAnswer(ctx, false, message, packet, nackRow);
  }
  release(ctx, message, WORK);
}

/** Gives a job its handler. Its first step is an event of its own, so that all requests of an instant arrive first. */
function occupy(ctx: Context, job: Job): void {
  ctx.receiver.busy++;
  job.state = JOB.beginning;
}

/** Goes through the groups until one takes time, the handler is done, or the process dies. */
function work(ctx: Context, job: Job): void {
  while (job.group < ctx.groups.length) {
    const takesUs = timeOf(ctx, job, ctx.groups[job.group]);
    if (takesUs > 0) {
      job.state = JOB.inGroup;
      schedule(ctx, takesUs, EVENT.step, job.slot, 0, -1);
      return;
    }
    if (!commit(ctx, job)) return;
    job.group++;
  }
  finish(ctx, job);
}

/** How long a group takes: the processing time if its effect is going to run, else nothing; see also `timeOfSteps`. */
function timeOf(ctx: Context, job: Job, group: StepGroup): number {
  if (ctx.stepsTakeTime) return timeOfSteps(ctx, job, group);
  const { store, nature, receiving } = ctx;
  if (!group.effect || job.duplicate) return 0;
  const { id } = job.message;
  if (group.check && store.holds(id)) return 0;
  return nature.value(STREAM.processing, id, job.packet, receiving.processing);
}

/**
 * The sum of the times of the group's steps that are going to run. Which they are is read off the store when the group
 * begins; the check itself reads it at the end, so a key that comes or goes meanwhile costs the time of the others.
 */
function timeOfSteps({ store, nature, receiving }: Context, job: Job, group: StepGroup): number {
  const { packet } = job;
  const { id } = job.message;
  const duplicate = job.duplicate || (group.check && store.holds(id));
  let takesUs = 0;
  if (group.check) takesUs += nature.value(STREAM.checkTime, id, packet, receiving.checkTime);
  if (group.effect && !duplicate)
    takesUs += nature.value(STREAM.processing, id, packet, receiving.processing);
  if (group.mark && !duplicate) takesUs += nature.value(STREAM.markTime, id, packet, receiving.markTime);
  if (group.ack) takesUs += nature.value(STREAM.ackTime, id, packet, receiving.ackTime);
  return takesUs;
}

/** Ends a group: all its writes at once, or none when the process dies inside it. False when it died. */
function commit(ctx: Context, job: Job): boolean {
  const { store, listener, messages } = ctx;
  const { message, packet } = job;
  const { id } = message;
  const group = ctx.groups[job.group];

  const held = group.check && store.holds(id);
  const duplicate = held || job.duplicate;
  const runs = group.effect && !duplicate;
  const marks = group.mark && !duplicate;
  // The steps that really run, in order; the last of them commits the group.
  const last = group.ack ? CRASH.ack : marks ? CRASH.mark : runs ? CRASH.effect : CRASH.check;
  if (ctx.mayCrash) {
    if (group.check && last !== CRASH.check && crashes(ctx, job, CRASH.check))
      return onCrash(ctx, job, CRASH.check);
    if (runs && last !== CRASH.effect && crashes(ctx, job, CRASH.effect))
      return onCrash(ctx, job, CRASH.effect);
    if (marks && last !== CRASH.mark && crashes(ctx, job, CRASH.mark)) return onCrash(ctx, job, CRASH.mark);
  }

  let row = job.row;
  if (group.check) {
    if (held) {
      store.touch(id);
      job.duplicate = true;
      row = listener.tell(FACT.suppress, message, PLACE.store, job.ran ? 1 : 0, packet, row);
    } else {
      row = listener.tell(FACT.pass, message, PLACE.store, 0, packet, row);
    }
  }
  if (runs) {
    job.ran = true;
    row = listener.tell(
      applyEffect(ctx, message) ? FACT.effect : FACT.execute,
      message,
      PLACE.sink,
      0,
      packet,
      row,
    );
  }
  if (marks) {
    const evicted = group.check ? store.insert(id) : store.mark(id);
    row = listener.tell(FACT.mark, message, PLACE.store, store.size, packet, row);
    if (evicted >= 0) listener.tell(FACT.evict, messages.mention(evicted), PLACE.store, 0, 0, row);
  }
  if (group.ack) {
    row = listener.tell(FACT.answer, message, PLACE.receiver, 0, packet, row);
    sendAnswer(ctx, true, message, packet, row);
  }
  job.row = row;
  if (!ctx.mayCrash) return true;
  const reallyRan = group.ack || group.check || runs || marks;
  return reallyRan && crashes(ctx, job, last) ? onCrash(ctx, job, last) : true;
}

function crashes(ctx: Context, job: Job, point: number): boolean {
  if (!ctx.mayCrash) return false;
  return ctx.nature.chance(STREAM.crash + point, job.message.id, job.packet, ctx.receiving.crashAfter[point]);
}

/**
 * The process dies: every delivery in hand or waiting is gone, and with it a store that is not durable. What was
 * written or sent stays. Always false: the job is over.
 */
function onCrash(ctx: Context, crashed: Job, point: number): false {
  const { jobs, receiver, receiving, store, plan, listener } = ctx;
  const row = listener.tell(FACT.crash, crashed.message, PLACE.receiver, point, crashed.packet, crashed.row);
  if (!plan.store.durable) store.clear();
  while (receiver.waiting.size > 0) drop(ctx, jobs.at(receiver.waiting.shift()));
  drop(ctx, crashed);
  for (const job of jobs.places) {
    if (job.state !== JOB.beginning && job.state !== JOB.inGroup) continue;
    job.state = JOB.dead; // its event is still on the list
    job.message.holds++;
    release(ctx, job.message, WORK);
  }
  receiver.busy = 0;
  receiver.down = true;
  receiver.crashes++;
  schedule(ctx, receiving.restartAfterUs, EVENT.restart, 0, 0, row);
  return false;
}

function finish(ctx: Context, job: Job): void {
  const { receiver, jobs } = ctx;
  drop(ctx, job);
  receiver.busy--;
  if (receiver.waiting.size === 0) return;
  const next = jobs.at(receiver.waiting.shift());
  next.row = ctx.listener.tell(FACT.start, next.message, PLACE.receiver, 0, next.packet, next.row);
  occupy(ctx, next);
  schedule(ctx, 0, EVENT.step, next.slot, 0, -1);
}

function drop(ctx: Context, job: Job): void {
  ctx.jobs.remove(job);
  release(ctx, job.message, WORK);
}
