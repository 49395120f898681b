/**
 * The world: everything the model is at one instant, as plain data on typed arrays. Nodes change it, the loop moves
 * it on; encode.ts turns it into bytes and back.
 */
import { bytes, doubles, ints } from '../core/columns.ts';
import { DedupStore } from '../dedup/store.ts';
import type { Plan } from '../scenario/plan.ts';
import { EventQueue } from './event-queue.ts';

export interface World {
  nowUs: number;
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
  /** Handlers at work. */
  busy: number;
  /** Deliveries that wait for a handler: job slots, first come first. */
  readonly waiting: IntQueue;
}

/** A message under way: what the sender keeps of it, and what still refers to it. One slot each, given back when nothing does. */
export class MessageTable {
  capacity = 16;
  /** Message, 1-based; 0 for an unused slot. */
  id = new Int32Array(16);
  /** A number of STATUS. */
  status = new Uint8Array(16);
  /** Attempts made. */
  attempts = new Int32Array(16);
  /** Requests the network has counted. */
  ordinal = new Int32Array(16);
  /** Attempts neither answered nor timed out. */
  outstanding = new Int32Array(16);
  /** Attempts refused. */
  refusals = new Int32Array(16);
  /** Timeouts fire in order: every attempt up to this one has. */
  timedOutThrough = new Int32Array(16);
  /** Bit i: attempt timedOutThrough + 1 + i was refused. Later ones than 32 are not told apart. */
  refusedBits = new Int32Array(16);
  /** Whether a retry is scheduled. */
  retryPending = new Uint8Array(16);
  firstSentUs = new Float64Array(16);
  /** The wait before, for decorrelated jitter. */
  lastWaitUs = new Float64Array(16);
  /** Whether the sink has been set by it. */
  applied = new Uint8Array(16);
  /** Whether its outcome has been told. */
  concluded = new Uint8Array(16);
  /** Timers pending plus WORK for each packet in the air and each delivery in hand. */
  holds = new Int32Array(16);

  private free: number[] = [];
  private slotCount = 0;

  /** A slot for message `id`, all fields at their start. */
  add(id: number): number {
    const slot = this.free.pop() ?? this.newSlot();
    this.id[slot] = id;
    this.status[slot] = 0;
    this.attempts[slot] = 0;
    this.ordinal[slot] = 0;
    this.outstanding[slot] = 0;
    this.refusals[slot] = 0;
    this.timedOutThrough[slot] = 0;
    this.refusedBits[slot] = 0;
    this.retryPending[slot] = 0;
    this.firstSentUs[slot] = 0;
    this.lastWaitUs[slot] = 0;
    this.applied[slot] = 0;
    this.concluded[slot] = 0;
    this.holds[slot] = 0;
    return slot;
  }

  remove(slot: number): void {
    this.id[slot] = 0;
    this.free.push(slot);
  }

  clear(): void {
    this.id.fill(0, 0, this.slotCount);
    this.free.length = 0;
    this.slotCount = 0;
  }

  /** Slots in use, in order of message. */
  slotsInOrder(): number[] {
    const used: number[] = [];
    for (let slot = 0; slot < this.slotCount; slot++) if (this.id[slot] > 0) used.push(slot);
    return used.sort((a, b) => this.id[a] - this.id[b]);
  }

  private newSlot(): number {
    if (this.slotCount === this.capacity) this.grow();
    return this.slotCount++;
  }

  private grow(): void {
    this.capacity *= 2;
    this.id = ints(this.id);
    this.status = bytes(this.status);
    this.attempts = ints(this.attempts);
    this.ordinal = ints(this.ordinal);
    this.outstanding = ints(this.outstanding);
    this.refusals = ints(this.refusals);
    this.timedOutThrough = ints(this.timedOutThrough);
    this.refusedBits = ints(this.refusedBits);
    this.retryPending = bytes(this.retryPending);
    this.firstSentUs = doubles(this.firstSentUs);
    this.lastWaitUs = doubles(this.lastWaitUs);
    this.applied = bytes(this.applied);
    this.concluded = bytes(this.concluded);
    this.holds = ints(this.holds);
  }
}

/** What one packet in the air or one delivery in hand adds to a message's `holds`. */
export const WORK = 65_536;

/** A delivery in the receiver's hands: waiting for a handler, or in one. */
export class JobTable {
  capacity = 16;
  /** Slot of its message. */
  message = new Int32Array(16);
  packet = new Int32Array(16);
  /** The group it is in, or about to begin. */
  group = new Int32Array(16);
  /** FREE, WAITING, BEGINNING, IN_GROUP or DEAD. */
  state = new Uint8Array(16);
  /** Whether its check found the key. */
  duplicate = new Uint8Array(16);
  /** Whether its effect ran. */
  ran = new Uint8Array(16);
  /** Trace row of what it did last. */
  row = new Int32Array(16);

  private free: number[] = [];
  slotCount = 0;

  add(message: number, packet: number, row: number): number {
    const slot = this.free.pop() ?? this.newSlot();
    this.message[slot] = message;
    this.packet[slot] = packet;
    this.group[slot] = 0;
    this.state[slot] = JOB.waiting;
    this.duplicate[slot] = 0;
    this.ran[slot] = 0;
    this.row[slot] = row;
    return slot;
  }

  remove(slot: number): void {
    this.state[slot] = JOB.free;
    this.free.push(slot);
  }

  clear(): void {
    this.state.fill(JOB.free);
    this.free.length = 0;
    this.slotCount = 0;
  }

  private newSlot(): number {
    if (this.slotCount === this.capacity) {
      this.capacity *= 2;
      this.message = ints(this.message);
      this.packet = ints(this.packet);
      this.group = ints(this.group);
      this.state = bytes(this.state);
      this.duplicate = bytes(this.duplicate);
      this.ran = bytes(this.ran);
      this.row = ints(this.row);
    }
    return this.slotCount++;
  }
}

/** States of a job. DEAD: its process crashed; the slot waits for its event to pop. */
export const JOB = { free: 0, waiting: 1, beginning: 2, inGroup: 3, dead: 4 } as const;

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
    return Array.from({ length: this.size }, (_, i) => this.ring[(this.head + i) & (this.ring.length - 1)]);
  }
}

/** An empty world for a plan. */
export function newWorld(plan: Plan): World {
  return {
    nowUs: 0,
    queue: new EventQueue(),
    messages: new MessageTable(),
    jobs: new JobTable(),
    store: new DedupStore(plan.store),
    receiver: { down: false, busy: 0, waiting: new IntQueue() },
    lastArrivalUs: new Float64Array(2),
  };
}

/** Back to empty, keeping the memory. */
export function resetWorld(world: World): void {
  world.nowUs = 0;
  world.queue.clear();
  world.messages.clear();
  world.jobs.clear();
  world.store.clear();
  world.receiver.down = false;
  world.receiver.busy = 0;
  world.receiver.waiting.clear();
  world.lastArrivalUs.fill(0);
}
