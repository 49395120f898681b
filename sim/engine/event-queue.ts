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

export class EventQueue {
  /** Events after this instant are not popped, µs. */
  untilUs = Infinity;

  /** The instant that pushes count from; a pop moves it. */
  private readonly clock: Clock;

  // The heap proper. Keys behind its last event are Infinity, so that a missing right child is never the smaller.
  private keys = new Float64Array(FIRST_CAPACITY + 2).fill(Infinity);
  private slots = new Int32Array(FIRST_CAPACITY + 2);
  private heapSize = 0;
  /** Whether the root has been popped and not been filled yet. */
  private rootIsOpen = false;

  // The lane: a ring of keys and slots, the keys never falling.
  private laneKeys = new Float64Array(FIRST_CAPACITY);
  private laneSlots = new Int32Array(FIRST_CAPACITY);
  private laneHead = 0;
  private laneSize = 0;

  // One record per slot: kind, subject, packet and cause side by side, so that one event is read from one place.
  private records = new Int32Array(4 * FIRST_CAPACITY);
  private sequence = new Uint32Array(FIRST_CAPACITY);
  private nextSequence = 0;
  private free = new Int32Array(FIRST_CAPACITY);
  private freeCount = 0;
  private slotCount = 0;
  private cancelledCount = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Events pending. */
  get size(): number {
    return this.heapSize + this.laneSize - this.cancelledCount;
  }

  /** `time × 8 + rank` of the next event; Infinity when there is none. */
  get nextKey(): number {
    const heapKey = this.heapKey();
    const laneKey = this.laneKey();
    return laneKey < heapKey ? laneKey : heapKey;
  }

  clear(): void {
    this.keys.fill(Infinity);
    this.heapSize = 0;
    this.rootIsOpen = false;
    this.laneHead = 0;
    this.laneSize = 0;
    this.nextSequence = 0;
    this.freeCount = 0;
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
    if (this.rootIsOpen) {
      this.rootIsOpen = false;
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
    this.records[4 * slot] = CANCELLED;
    this.cancelledCount++;
  }

  /** Whether an event of this rank, pushed now for now, would be the next to pop. */
  comesFirst(rank: number): boolean {
    return this.nextKey > this.clock.nowUs * 8 + rank;
  }

  /**
   * Removes the next event, moves the clock to it and answers its slot; −1 when there is none up to `untilUs`. Read
   * `kind`, `subject`, `packet` and `cause` of the slot before the next push, which may use it again.
   */
  pop(): number {
    for (;;) {
      const heapKey = this.heapKey();
      const laneKey = this.laneKey();
      const key = laneKey < heapKey ? laneKey : heapKey;
      const timeUs = Math.floor(key / 8);
      if (timeUs > this.untilUs || key === Infinity) return -1;
      const fromLane = laneKey < heapKey || (laneKey === heapKey && this.laneIsEarlier());
      const slot = fromLane ? this.popLane() : this.popHeap();
      this.free[this.freeCount++] = slot;
      if (this.records[4 * slot] !== CANCELLED) {
        this.clock.nowUs = timeUs;
        return slot;
      }
      this.cancelledCount--;
    }
  }

  kind(slot: number): number {
    return this.records[4 * slot];
  }

  subject(slot: number): number {
    return this.records[4 * slot + 1];
  }

  packet(slot: number): number {
    return this.records[4 * slot + 2];
  }

  cause(slot: number): number {
    return this.records[4 * slot + 3];
  }

  /** All pending events in the order they would be popped, as (key, slot) pairs. */
  inOrder(): { readonly key: number; readonly slot: number }[] {
    this.closeRoot();
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
      .filter(({ slot }) => this.records[4 * slot] !== CANCELLED)
      .sort((a, b) => a.key - b.key || this.sequence[a.slot] - this.sequence[b.slot]);
  }

  private heapKey(): number {
    const { keys } = this;
    if (!this.rootIsOpen) return keys[0];
    return keys[1] < keys[2] ? keys[1] : keys[2];
  }

  private laneKey(): number {
    return this.laneSize > 0 ? this.laneKeys[this.laneHead] : Infinity;
  }

  private laneIsEarlier(): boolean {
    this.closeRoot();
    return this.sequence[this.laneSlots[this.laneHead]] < this.sequence[this.slots[0]];
  }

  private popLane(): number {
    const slot = this.laneSlots[this.laneHead];
    this.laneHead = (this.laneHead + 1) & (this.laneKeys.length - 1);
    this.laneSize--;
    return slot;
  }

  private popHeap(): number {
    this.closeRoot();
    this.rootIsOpen = true;
    this.heapSize--;
    return this.slots[0];
  }

  /** Fills an open root with the last event. */
  private closeRoot(): void {
    if (!this.rootIsOpen) return;
    this.rootIsOpen = false;
    const last = this.heapSize; // the open root still took a place
    const key = this.keys[last];
    const slot = this.slots[last];
    this.keys[last] = Infinity;
    if (last > 0) this.sink(key, slot, last >> 1);
  }

  /** Lets an event sink from the root to its place; places from `leaves` on have no children. */
  private sink(key: number, slot: number, leaves: number): void {
    const { keys, slots, sequence } = this;
    const order = sequence[slot];
    let at = 0;
    while (at < leaves) {
      const left = 2 * at + 1;
      const leftKey = keys[left];
      const rightKey = keys[left + 1];
      let child = left + +(rightKey < leftKey);
      if (rightKey === leftKey && sequence[slots[left + 1]] < sequence[slots[left]]) child = left + 1;
      const childKey = keys[child];
      if (childKey > key || (childKey === key && sequence[slots[child]] > order)) break;
      keys[at] = childKey;
      slots[at] = slots[child];
      at = child;
    }
    keys[at] = key;
    slots[at] = slot;
  }

  private newSlot(kind: number, subject: number, packet: number, cause: number): number {
    let slot: number;
    if (this.freeCount > 0) {
      slot = this.free[--this.freeCount];
    } else {
      if (this.slotCount === this.sequence.length) this.growSlots();
      slot = this.slotCount++;
    }
    const { records } = this;
    const record = 4 * slot;
    records[record] = kind;
    records[record + 1] = subject;
    records[record + 2] = packet;
    records[record + 3] = cause;
    this.sequence[slot] = this.nextSequence++;
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

  private growSlots(): void {
    const capacity = 2 * this.sequence.length;
    this.records = enlarged(this.records, 4 * capacity);
    this.free = enlarged(this.free, capacity);
    const sequence = new Uint32Array(capacity);
    sequence.set(this.sequence);
    this.sequence = sequence;
  }
}

function enlarged(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(old);
  return larger;
}
