/**
 * The world: everything the model is at one instant, as plain data. Nodes change it, the loop moves
 * it on; encode.ts turns it into bytes and back.
 */
import { Clock } from '../core/clock.ts';
import { Pool } from '../core/pool.ts';
import { DedupStore } from '../dedup/store.ts';
import type { Plan } from '../scenario/plan.ts';
import { EventQueue } from './event-queue.ts';

export interface World {
  readonly clock: Clock;
  /** Whether arrivals have been scheduled: a world with nothing left to do is not one that has yet to begin. */
  started: boolean;
  readonly queue: EventQueue;
  readonly messages: MessageTable;
  readonly jobs: JobTable;
  readonly store: DedupStore;
  readonly receiver: ReceiverState;
  /** Latest arrival so far on each link, for FIFO: 0 requests, 1 answers. */
  readonly lastArrivalUs: Float64Array;
}

/** The receiver process. */
export interface ReceiverState {
  /** Whether it is down after a crash. */
  down: boolean;
  /** Crashes so far. */
  crashes: number;
  /** The latest instant at which it let the sender go first, µs; or NEVER. */
  waitedUs: number;
  /** Handlers at work. */
  busy: number;
  /** Deliveries that wait for a handler: job slots, first come first. */
  readonly waiting: IntQueue;
}

/** Stands for an instant that has not been. */
export const NEVER = -1;

/** Stands for an ack timeout that is not running. */
export const NO_TIMER = -1;

/** A message under way: what the sender keeps of it, and what still refers to it. */
export class Message {
  /** Its place in the table; events name it by this. */
  readonly slot: number;
  /** 1-based; 0 for a place that is not in use. */
  id = 0;
  /** A number of STATUS. */
  status = 0;
  /** Attempts made. */
  attempts = 0;
  /** Requests the network has counted. */
  ordinal = 0;
  /** Attempts neither answered nor timed out. */
  outstanding = 0;
  /** Attempts refused. */
  refusals = 0;
  /** Timeouts fire in order: every attempt up to this one has. */
  timedOutThrough = 0;
  /** Bit i: attempt timedOutThrough + 1 + i was refused. Later ones than 32 are not told apart. */
  refusedBits = 0;
  /** Event slot of the ack timeout of its latest attempt, or NO_TIMER. */
  timer = NO_TIMER;
  /** 1 while a retry is scheduled. */
  retryPending = 0;
  /** 1 once the sink has been set by it. */
  applied = 0;
  /** 1 once its outcome has been told. */
  concluded = 0;
  /** Timers pending, plus WORK for each packet in the air and each delivery in hand. */
  holds = 0;
  firstSentUs = NaN;
  /** The wait before, for decorrelated jitter. */
  lastWaitUs = NaN;

  constructor(slot: number) {
    this.slot = slot;
  }
}

/** The messages under way. A place is given back when nothing refers to its message any more. */
export class MessageTable {
  private readonly pool = new Pool((slot) => new Message(slot));
  private readonly places = this.pool.places;
  private readonly standIn = new Message(-1);

  /** A message that need not be under way, to tell a fact about it; the next call answers the same object. */
  mention(id: number): Message {
    this.standIn.id = id;
    return this.standIn;
  }

  at(slot: number): Message {
    return this.places[slot];
  }

  /** A place for message `id`, all fields at their start. */
  add(id: number): Message {
    const message = this.pool.take();
    message.id = id;
    message.status = 0;
    message.attempts = 0;
    message.ordinal = 0;
    message.outstanding = 0;
    message.refusals = 0;
    message.timedOutThrough = 0;
    message.refusedBits = 0;
    message.timer = NO_TIMER;
    message.retryPending = 0;
    message.applied = 0;
    message.concluded = 0;
    message.holds = 0;
    message.firstSentUs = 0;
    message.lastWaitUs = 0;
    return message;
  }

  remove(message: Message): void {
    message.id = 0;
    this.pool.give(message);
  }

  clear(): void {
    for (const message of this.pool.places) message.id = 0;
    this.pool.clear();
  }

  /** The place of message `id`, −1 when it is not under way. */
  slotOf(id: number): number {
    for (const message of this.places) if (message.id === id) return message.slot;
    return -1;
  }

  /** Messages under way, in order of their number. */
  inOrder(): Message[] {
    const found: Message[] = [];
    let isInOrder = true;
    for (const message of this.places) {
      if (message.id === 0) continue;
      if (found.length > 0 && found[found.length - 1].id > message.id) isInOrder = false;
      found.push(message);
    }
    return isInOrder ? found : found.sort((a, b) => a.id - b.id);
  }
}

/** What one packet in the air or one delivery in hand adds to a message's `holds`: more than it can have timers. */
export const WORK = 16_777_216;

/** States of a job. DEAD: its process crashed; the slot waits for its event to pop. */
export const JOB = { free: 0, waiting: 1, beginning: 2, inGroup: 3, dead: 4 } as const;

/** Whom a job that was never in use is about. */
const NO_MESSAGE = new Message(-1);

/** A delivery in the receiver's hands: waiting for a handler, or in one. */
export class Job {
  /** Its place in the table; events name it by this. */
  readonly slot: number;
  message = NO_MESSAGE;
  packet = 0;
  /** The group it is in, or about to begin. */
  group = 0;
  /** A number of JOB. */
  state: number = JOB.free;
  /** Whether its check found the key. */
  duplicate = false;
  /** Whether its effect ran. */
  ran = false;
  /** Trace row of what it did last. */
  row = -1;

  constructor(slot: number) {
    this.slot = slot;
  }
}

/** The deliveries in hand. */
export class JobTable {
  private readonly pool = new Pool((slot) => new Job(slot));
  /** All jobs there ever were, those not in use among them. */
  readonly places: readonly Job[] = this.pool.places;

  at(slot: number): Job {
    return this.places[slot];
  }

  add(message: Message, packet: number, row: number): Job {
    const job = this.pool.take();
    job.message = message;
    job.packet = packet;
    job.group = 0;
    job.state = JOB.waiting;
    job.duplicate = false;
    job.ran = false;
    job.row = row;
    return job;
  }

  remove(job: Job): void {
    job.state = JOB.free;
    this.pool.give(job);
  }

  clear(): void {
    for (const job of this.pool.places) job.state = JOB.free;
    this.pool.clear();
  }
}

/** First in, first out, on a ring that grows. */
export class IntQueue {
  size = 0;
  private ring = new Int32Array(16);
  private head = 0;

  push(value: number): void {
    if (this.size === this.ring.length) {
      const larger = new Int32Array(2 * this.ring.length);
      for (let i = 0; i < this.size; i++) larger[i] = this.ring[(this.head + i) & (this.ring.length - 1)];
      this.ring = larger;
      this.head = 0;
    }
    this.ring[(this.head + this.size++) & (this.ring.length - 1)] = value;
  }

  shift(): number {
    const value = this.ring[this.head];
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.size--;
    return value;
  }

  clear(): void {
    this.size = 0;
    this.head = 0;
  }

  values(): number[] {
    const values: number[] = [];
    for (let i = 0; i < this.size; i++) values.push(this.ring[(this.head + i) & (this.ring.length - 1)]);
    return values;
  }
}

/** An empty world for a plan. */
export function newWorld(plan: Plan): World {
  const clock = new Clock();
  return {
    clock,
    started: false,
    queue: new EventQueue(clock),
    messages: new MessageTable(),
    jobs: new JobTable(),
    store: new DedupStore(plan.store, clock),
    receiver: { down: false, crashes: 0, waitedUs: NEVER, busy: 0, waiting: new IntQueue() },
    lastArrivalUs: new Float64Array(2),
  };
}

/** Back to empty, keeping the memory. */
export function resetWorld(world: World): void {
  world.clock.nowUs = 0;
  world.started = false;
  world.queue.clear();
  world.messages.clear();
  world.jobs.clear();
  world.store.clear();
  world.receiver.down = false;
  world.receiver.crashes = 0;
  world.receiver.waitedUs = NEVER;
  world.receiver.busy = 0;
  world.receiver.waiting.clear();
  world.lastArrivalUs.fill(0);
}
