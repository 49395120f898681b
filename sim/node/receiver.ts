/**
 * The receiver end: what meets a request, which handler takes it, and the handler's steps, group by group. A group's
 * writes appear at one instant, at its end; its check is read there. A crash inside a group undoes the group.
 */
import { release, schedule, type Context } from '../engine/context.ts';
import { EVENT, RANK } from '../engine/event.ts';
import { FACT, OUTAGE_KINDS, PLACE } from '../core/fact.ts';
import { JOB, WORK } from '../engine/world.ts';
import { STREAM } from '../nature/choice.ts';
import { stretchAt } from '../network/conditions.ts';
import type { StepGroup } from '../dedup/steps.ts';
import { applyEffect } from './sink.ts';
import { sendAnswer } from './transmit.ts';

const HANG = OUTAGE_KINDS.indexOf('hang');
const CRASH = { start: 0, check: 1, effect: 2, mark: 3, ack: 4 } as const;

/** A request arrives. */
export function onRequest(ctx: Context, slot: number, packet: number, cause: number): void {
  const { world, plan, listener } = ctx;
  const message = world.messages.id[slot];
  const outage = plan.receiver.outages.length > 0 ? stretchAt(plan.receiver.outages, world.nowUs) : undefined;
  if (world.receiver.down || outage !== undefined) {
    turnAway(ctx, slot, packet, cause, outage === undefined ? plan.receiver.whileDown : outage.kind);
    return;
  }
  const row = listener.tell(FACT.deliver, message, PLACE.receiver, 0, packet, cause);
  const job = world.jobs.add(slot, packet, row); // takes over the packet's hold
  if (world.receiver.busy < plan.receiver.concurrency) {
    occupy(ctx, job);
    // When nothing else can come before the event of its first step, that event is as good as popped.
    if (world.queue.nextKey > world.nowUs * 8 + RANK[EVENT.step]) onStep(ctx, job);
    else schedule(ctx, 0, EVENT.step, job, 0, -1);
  } else {
    listener.tell(FACT.queue, message, PLACE.receiver, 0, packet, row);
    world.receiver.waiting.push(job);
  }
}

/** A handler begins, or the group it is in ends. */
export function onStep(ctx: Context, job: number): void {
  const { jobs } = ctx.world;
  if (jobs.state[job] === JOB.dead) {
    const slot = jobs.message[job];
    jobs.remove(job);
    release(ctx, slot, 1);
  } else if (jobs.state[job] === JOB.beginning) {
    if (crashes(ctx, job, CRASH.start)) onCrash(ctx, job, CRASH.start);
    else work(ctx, job);
  } else if (commit(ctx, job)) {
    jobs.group[job]++;
    work(ctx, job);
  }
}

/** The process is back after a crash. */
export function onRestart(ctx: Context, cause: number): void {
  ctx.world.receiver.down = false;
  ctx.listener.tell(FACT.restart, 0, PLACE.receiver, 0, 0, cause);
}

/** A request met a receiver that is down: silence, or a nack. */
function turnAway(ctx: Context, slot: number, packet: number, cause: number, kind: number): void {
  const { listener } = ctx;
  const message = ctx.world.messages.id[slot];
  const row = listener.tell(FACT.turnedAway, message, PLACE.receiver, kind, packet, cause);
  if (kind !== HANG)
    sendAnswer(
      ctx,
      false,
      slot,
      packet,
      listener.tell(FACT.nack, message, PLACE.receiver, kind, packet, row),
    );
  release(ctx, slot, WORK);
}

/** Gives a job its handler. Its first step is an event of its own, so that all requests of an instant arrive first. */
function occupy(ctx: Context, job: number): void {
  ctx.world.receiver.busy++;
  ctx.world.jobs.state[job] = JOB.beginning;
}

/** Goes through the groups until one takes time, the handler is done, or the process dies. */
function work(ctx: Context, job: number): void {
  const { jobs } = ctx.world;
  while (jobs.group[job] < ctx.groups.length) {
    const takesUs = timeOf(ctx, job, ctx.groups[jobs.group[job]]);
    if (takesUs > 0) {
      jobs.state[job] = JOB.inGroup;
      schedule(ctx, takesUs, EVENT.step, job, 0, -1);
      return;
    }
    if (!commit(ctx, job)) return;
    jobs.group[job]++;
  }
  finish(ctx, job);
}

/** How long a group takes: the processing time if its effect is going to run, else nothing. */
function timeOf(ctx: Context, job: number, group: StepGroup): number {
  const { world, nature, plan } = ctx;
  const { jobs } = world;
  if (!group.effect || jobs.duplicate[job] === 1) return 0;
  const message = world.messages.id[jobs.message[job]];
  if (group.check && world.store.holds(message, world.nowUs)) return 0;
  return nature.value(STREAM.processing, message, jobs.packet[job], plan.receiver.processing);
}

/** Ends a group: all its writes at once, or none when the process dies inside it. False when it died. */
function commit(ctx: Context, job: number): boolean {
  const { world, listener } = ctx;
  const { jobs, store } = world;
  const group = ctx.groups[jobs.group[job]];
  const slot = jobs.message[job];
  const message = world.messages.id[slot];
  const packet = jobs.packet[job];

  const held = group.check && store.holds(message, world.nowUs);
  const duplicate = held || jobs.duplicate[job] === 1;
  const runs = group.effect && !duplicate;
  const marks = group.mark && !duplicate;
  // The steps that really run, in order; the last of them commits the group.
  const last = group.ack ? CRASH.ack : marks ? CRASH.mark : runs ? CRASH.effect : CRASH.check;
  if (group.check && last !== CRASH.check && crashes(ctx, job, CRASH.check))
    return onCrash(ctx, job, CRASH.check);
  if (runs && last !== CRASH.effect && crashes(ctx, job, CRASH.effect))
    return onCrash(ctx, job, CRASH.effect);
  if (marks && last !== CRASH.mark && crashes(ctx, job, CRASH.mark)) return onCrash(ctx, job, CRASH.mark);

  if (group.check) {
    if (held) {
      store.touch(message, world.nowUs);
      jobs.duplicate[job] = 1;
      jobs.row[job] = listener.tell(
        FACT.suppress,
        message,
        PLACE.store,
        jobs.ran[job],
        packet,
        jobs.row[job],
      );
    } else {
      jobs.row[job] = listener.tell(FACT.pass, message, PLACE.store, 0, packet, jobs.row[job]);
    }
  }
  if (runs) {
    jobs.ran[job] = 1;
    jobs.row[job] = listener.tell(
      applyEffect(ctx, slot) ? FACT.effect : FACT.execute,
      message,
      PLACE.sink,
      0,
      packet,
      jobs.row[job],
    );
  }
  if (marks) {
    const evicted = group.check ? store.insert(message, world.nowUs) : store.mark(message, world.nowUs);
    jobs.row[job] = listener.tell(FACT.mark, message, PLACE.store, store.size, packet, jobs.row[job]);
    if (evicted >= 0) listener.tell(FACT.evict, evicted, PLACE.store, 0, 0, jobs.row[job]);
  }
  if (group.ack) {
    jobs.row[job] = listener.tell(FACT.answer, message, PLACE.receiver, 0, packet, jobs.row[job]);
    sendAnswer(ctx, true, slot, packet, jobs.row[job]);
  }
  const reallyRan = group.ack || group.check || runs || marks;
  return reallyRan && crashes(ctx, job, last) ? onCrash(ctx, job, last) : true;
}

function crashes(ctx: Context, job: number, point: number): boolean {
  const { jobs, messages } = ctx.world;
  return ctx.nature.chance(
    STREAM.crash + point,
    messages.id[jobs.message[job]],
    jobs.packet[job],
    ctx.plan.receiver.crashAfter[point],
  );
}

/**
 * The process dies: every delivery in hand or waiting is gone, and with it a store that is not durable. What was
 * written or sent stays. Always false: the job is over.
 */
function onCrash(ctx: Context, crashed: number, point: number): false {
  const { world, plan, listener } = ctx;
  const { jobs, receiver } = world;
  const message = world.messages.id[jobs.message[crashed]];
  const row = listener.tell(
    FACT.crash,
    message,
    PLACE.receiver,
    point,
    jobs.packet[crashed],
    jobs.row[crashed],
  );
  if (!plan.store.durable) world.store.clear();
  while (receiver.waiting.size > 0) drop(ctx, receiver.waiting.shift());
  drop(ctx, crashed);
  for (let job = 0; job < jobs.slotCount; job++) {
    if (jobs.state[job] !== JOB.beginning && jobs.state[job] !== JOB.inGroup) continue;
    jobs.state[job] = JOB.dead; // its event is still on the list
    world.messages.holds[jobs.message[job]]++;
    release(ctx, jobs.message[job], WORK);
  }
  receiver.busy = 0;
  receiver.down = true;
  schedule(ctx, plan.receiver.restartAfterUs, EVENT.restart, 0, 0, row);
  return false;
}

function finish(ctx: Context, job: number): void {
  const { receiver, jobs, messages } = ctx.world;
  drop(ctx, job);
  receiver.busy--;
  if (receiver.waiting.size === 0) return;
  const next = receiver.waiting.shift();
  jobs.row[next] = ctx.listener.tell(
    FACT.start,
    messages.id[jobs.message[next]],
    PLACE.receiver,
    0,
    jobs.packet[next],
    jobs.row[next],
  );
  occupy(ctx, next);
  schedule(ctx, 0, EVENT.step, next, 0, -1);
}

function drop(ctx: Context, job: number): void {
  const slot = ctx.world.jobs.message[job];
  ctx.world.jobs.remove(job);
  release(ctx, slot, WORK);
}
