/**
 * The future event list, ordered by (time, rank, sequence), on typed arrays: a binary heap, and beside it a lane for
 * timers.
 *
 * Time and rank share one safe integer, time × 8 + rank, so a sift moves a number and a slot. What an event is about
 * waits in its slot; the sequence is looked at only when keys are equal. The smaller child is chosen without a
 * branch, which would be mispredicted every second time (measured: a quarter to two fifths of a heap operation).
 * A pop leaves the root open, since most events schedule another: the next push then sinks from the root, and one
 * sift does for two. Ack timeouts all run equally long, so they expire in the order they were set: a plain queue
 * holds them, and the heap stays small.
 */
import { assert } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';

const FIRST_CAPACITY = 64;

/** Kind of an event that was cancelled. */
const CANCELLED = -1;

/** Words of a record, and what stands where: a free slot holds the next free one in place of its sequence. */
const RECORD = 8;
const KIND = 0;
const SUBJECT = 1;
const PACKET = 2;
const CAUSE = 3;
const SEQUENCE = 4;
const NEXT_FREE = SEQUENCE;
const NONE = -1;

export class EventQueue {
  /** Events after this instant are not popped, µs. */
  untilUs = Infinity;

  /** The instant that pushes count from; a pop moves it. */
  private readonly clock: Clock;

  // The heap proper. Keys behind its last event are Infinity, so that a missing right child is never the smaller.
  private keys = new Float64Array(FIRST_CAPACITY + 2).fill(Infinity);
  private slots = new Int32Array(FIRST_CAPACITY + 2);
  private heapSize = 0;
  /** 1 when the root has been popped and not been filled yet. */
  private rootIsOpen = 0;

  // The lane: a ring of keys and slots, the keys never falling.
  private laneKeys = new Float64Array(FIRST_CAPACITY);
  private laneSlots = new Int32Array(FIRST_CAPACITY);
  private laneHead = 0;
  private laneSize = 0;

  // One record per slot, its fields side by side, so that one event is read from one place.
  private records = new Int32Array(RECORD * FIRST_CAPACITY);
  private nextSequence = 0;
  /** The first slot of the chain of free ones, or NONE. */
  private firstFree = NONE;
  private slotCount = 0;
  private cancelledCount = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Events pending. */
  get size(): number {
    return this.heapSize + this.laneSize - this.cancelledCount;
  }

  clear(): void {
    this.keys.fill(Infinity);
    this.heapSize = 0;
    this.rootIsOpen = 0;
    this.laneHead = 0;
    this.laneSize = 0;
    this.nextSequence = 0;
    this.firstFree = NONE;
    this.slotCount = 0;
    this.cancelledCount = 0;
  }

  /**
   * Puts an event on the list and answers its slot. The time is relative so that a call passes small integers only: a double that crosses
   * a call is put into an object of its own.
   *
   * @param inUs time from now, µs
   * @param rank order at one instant, a value of RANK
   * @param kind a number of EVENT
   * @param subject what it is about: a slot of the message table, or of the job table for a step
   * @param packet packet name (core/packet-name.ts), 0 for none
   * @param cause trace row of its cause
   */
  push(inUs: number, rank: number, kind: number, subject: number, packet: number, cause: number): number {
    const key = (this.clock.nowUs + inUs) * 8 + rank;
    const slot = this.newSlot(kind, subject, packet, cause);
    if (this.rootIsOpen === 1) {
      this.rootIsOpen = 0;
      this.heapSize++;
      this.sink(key, slot, this.heapSize >> 1);
      return slot;
    }
    if (this.heapSize + 2 === this.keys.length) this.growHeap();
    const { keys, slots } = this;
    let at = this.heapSize++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentKey = keys[parent];
      if (parentKey <= key) break; // the newest event never passes an equal key
      keys[at] = parentKey;
      slots[at] = slots[parent];
      at = parent;
    }
    keys[at] = key;
    slots[at] = slot;
    return slot;
  }

  /**
   * `push` for an event that is never due before one that was pushed so earlier: a timer that always runs
   * equally long. Answers its slot, by which it can be cancelled.
   */
  pushTimer(
    inUs: number,
    rank: number,
    kind: number,
    subject: number,
    packet: number,
    cause: number,
  ): number {
    const key = (this.clock.nowUs + inUs) * 8 + rank;
    if (this.laneSize === this.laneKeys.length) this.growLane();
    const mask = this.laneKeys.length - 1;
    const at = (this.laneHead + this.laneSize) & mask;
    if (this.laneSize > 0 && this.laneKeys[(at - 1) & mask] > key)
      assert(false, `a timer due at ${key} overtakes another`);
    const slot = this.newSlot(kind, subject, packet, cause);
    this.laneKeys[at] = key;
    this.laneSlots[at] = slot;
    this.laneSize++;
    return slot;
  }

  /** Cancels a pending event: it never pops. */
  cancel(slot: number): void {
    this.records[RECORD * slot + KIND] = CANCELLED;
    this.cancelledCount++;
  }

  /** Whether an event of this rank, pushed now for now, would be the next to pop. */
  comesFirst(rank: number): boolean {
    const { keys } = this;
    const key = this.clock.nowUs * 8 + rank;
    if (this.laneSize > 0 && !(this.laneKeys[this.laneHead] > key)) return false;
    return this.rootIsOpen === 1 ? keys[1] > key && keys[2] > key : keys[0] > key;
  }

  /**
   * Removes the next event, moves the clock to it and answers its slot; −1 when there is none up to `untilUs`. Read
   * `kind`, `subject`, `packet` and `cause` of the slot before the next push, which may use it again.
   */
  pop(): number {
    for (;;) {
      if (this.rootIsOpen === 1) this.closeRoot();
      const slot = this.laneIsNext() ? this.popLane() : this.popHeap();
      if (slot === NONE) return NONE;
      const record = RECORD * slot;
      this.records[record + NEXT_FREE] = this.firstFree;
      this.firstFree = slot;
      if (this.records[record + KIND] !== CANCELLED) return slot;
      this.cancelledCount--;
    }
  }

  kind(slot: number): number {
    return this.records[RECORD * slot + KIND];
  }

  subject(slot: number): number {
    return this.records[RECORD * slot + SUBJECT];
  }

  packet(slot: number): number {
    return this.records[RECORD * slot + PACKET];
  }

  cause(slot: number): number {
    return this.records[RECORD * slot + CAUSE];
  }

  /** All pending events in the order they would be popped, as (key, slot) pairs. */
  inOrder(): { readonly key: number; readonly slot: number }[] {
    if (this.rootIsOpen === 1) this.closeRoot();
    const mask = this.laneKeys.length - 1;
    const inHeap = Array.from({ length: this.heapSize }, (_, at) => ({
      key: this.keys[at],
      slot: this.slots[at],
    }));
    const inLane = Array.from({ length: this.laneSize }, (_, index) => {
      const at = (this.laneHead + index) & mask;
      return { key: this.laneKeys[at], slot: this.laneSlots[at] };
    });
    return [...inHeap, ...inLane]
      .filter(({ slot }) => this.records[RECORD * slot + KIND] !== CANCELLED)
      .sort((a, b) => a.key - b.key || (this.isEarlier(a.slot, b.slot) ? -1 : 1));
  }

  /** Whether one event was pushed before another. By their difference: sequences may run over. */
  private isEarlier(slot: number, other: number): boolean {
    const { records } = this;
    return ((records[RECORD * slot + SEQUENCE] - records[RECORD * other + SEQUENCE]) | 0) < 0;
  }

  /** Whether the lane's first event comes before the heap's. The root is not open. */
  private laneIsNext(): boolean {
    if (this.laneSize === 0) return false;
    const laneKey = this.laneKeys[this.laneHead];
    const heapKey = this.keys[0];
    if (laneKey !== heapKey) return laneKey < heapKey;
    return this.isEarlier(this.laneSlots[this.laneHead], this.slots[0]);
  }

  /** Takes the lane's first event. NONE when it is due after `untilUs`. */
  private popLane(): number {
    const timeUs = Math.floor(this.laneKeys[this.laneHead] / 8);
    if (timeUs > this.untilUs) return NONE;
    const slot = this.laneSlots[this.laneHead];
    this.laneHead = (this.laneHead + 1) & (this.laneKeys.length - 1);
    this.laneSize--;
    if (this.records[RECORD * slot + KIND] !== CANCELLED) this.clock.nowUs = timeUs;
    return slot;
  }

  /** Takes the heap's first event and leaves the root open. NONE when it is due after `untilUs`, or there is none. */
  private popHeap(): number {
    if (this.heapSize === 0) return NONE;
    const timeUs = Math.floor(this.keys[0] / 8);
    if (timeUs > this.untilUs) return NONE;
    const slot = this.slots[0];
    this.rootIsOpen = 1;
    this.heapSize--;
    if (this.records[RECORD * slot + KIND] !== CANCELLED) this.clock.nowUs = timeUs;
    return slot;
  }

  /** Fills an open root with the last event. */
  private closeRoot(): void {
    this.rootIsOpen = 0;
    const last = this.heapSize; // the open root still took a place
    const key = this.keys[last];
    const slot = this.slots[last];
    this.keys[last] = Infinity;
    if (last > 0) this.sink(key, slot, last >> 1);
  }

  /** Lets an event sink from the root to its place; places from `leaves` on have no children. */
  private sink(key: number, slot: number, leaves: number): void {
    const { keys, slots, records } = this;
    const sequence = records[RECORD * slot + SEQUENCE];
    let at = 0;
    while (at < leaves) {
      const left = 2 * at + 1;
      const leftKey = keys[left];
      const rightKey = keys[left + 1];
      let child = left + +(rightKey < leftKey);
      if (rightKey === leftKey) {
        const leftSequence = records[RECORD * slots[left] + SEQUENCE];
        child = left + +(((records[RECORD * slots[left + 1] + SEQUENCE] - leftSequence) | 0) < 0);
      }
      const childKey = keys[child];
      if (childKey > key) break;
      if (childKey === key && ((sequence - records[RECORD * slots[child] + SEQUENCE]) | 0) < 0) break;
      keys[at] = childKey;
      slots[at] = slots[child];
      at = child;
    }
    keys[at] = key;
    slots[at] = slot;
  }

  private newSlot(kind: number, subject: number, packet: number, cause: number): number {
    let slot = this.firstFree;
    if (slot !== NONE) {
      this.firstFree = this.records[RECORD * slot + NEXT_FREE];
    } else {
      if (RECORD * this.slotCount === this.records.length)
        this.records = enlarged(this.records, 2 * this.records.length);
      slot = this.slotCount++;
    }
    const { records } = this;
    const record = RECORD * slot;
    records[record + KIND] = kind;
    records[record + SUBJECT] = subject;
    records[record + PACKET] = packet;
    records[record + CAUSE] = cause;
    records[record + SEQUENCE] = this.nextSequence;
    this.nextSequence = (this.nextSequence + 1) | 0;
    return slot;
  }

  private growHeap(): void {
    const keys = new Float64Array(2 * this.keys.length).fill(Infinity);
    keys.set(this.keys);
    this.keys = keys;
    this.slots = enlarged(this.slots, keys.length);
  }

  private growLane(): void {
    const { laneKeys, laneSlots, laneHead } = this;
    const capacity = 2 * laneKeys.length;
    this.laneKeys = new Float64Array(capacity);
    this.laneSlots = new Int32Array(capacity);
    for (let index = 0; index < this.laneSize; index++) {
      const at = (laneHead + index) & (laneKeys.length - 1);
      this.laneKeys[index] = laneKeys[at];
      this.laneSlots[index] = laneSlots[at];
    }
    this.laneHead = 0;
  }
}

function enlarged(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(old);
  return larger;
}
