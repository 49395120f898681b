/**
 * The future event list: a binary heap over (time, rank, sequence) on typed arrays.
 *
 * Time and rank share one safe integer, time × 8 + rank, so a sift moves a number and a slot. What an event is about
 * waits in its slot; the sequence is looked at only when keys are equal. The smaller child is chosen without a
 * branch, which would be mispredicted every second time (measured: a quarter to two fifths of a heap operation).
 * A pop leaves the root open, since most events schedule another: the next push then sinks from the root, and one
 * sift does for two.
 */
import { assert } from '../core/assert.ts';

const FIRST_CAPACITY = 64;

export class EventQueue {
  /** Events pending. */
  size = 0;
  /** The instant that `push` counts from, µs; the loop moves it. */
  nowUs = 0;

  // The heap proper. keys[size] is always Infinity: the missing right child of the last parent.
  private keys = new Float64Array(FIRST_CAPACITY + 2);
  private slots = new Int32Array(FIRST_CAPACITY + 2);
  // One record per slot.
  private sequence = new Uint32Array(FIRST_CAPACITY);
  /** Kind, subject, packet and cause of each slot, side by side: one event is read from one place. */
  private records = new Int32Array(4 * FIRST_CAPACITY);
  // Slots given back.
  private free = new Int32Array(FIRST_CAPACITY);
  private freeCount = 0;
  /** Whether the root has been popped and not been filled yet. */
  private rootIsOpen = false;
  private slotCount = 0;
  private nextSequence = 0;
  private capacity = FIRST_CAPACITY;

  constructor() {
    this.keys.fill(Infinity);
  }

  clear(): void {
    this.keys.fill(Infinity, 0, this.size + 2);
    this.size = 0;
    this.rootIsOpen = false;
    this.freeCount = 0;
    this.slotCount = 0;
    this.nextSequence = 0;
    this.nowUs = 0;
  }

  /** `time × 8 + rank` of the next event; Infinity when there is none. */
  get nextKey(): number {
    const { keys } = this;
    return this.rootIsOpen ? (keys[1] < keys[2] ? keys[1] : keys[2]) : keys[0];
  }

  /**
   * Puts an event on the list. The time is relative so that a call passes small integers only: a double that crosses
   * a call is put into an object of its own.
   *
   * @param inUs time from `nowUs`, µs
   * @param rank order at one instant, a value of RANK
   * @param kind a number of EVENT
   * @param subject what it is about: a slot of the message table, or of the job table for a step
   * @param packet packet name (core/packet-name.ts), 0 for none
   * @param cause trace row of its cause
   */
  push(inUs: number, rank: number, kind: number, subject: number, packet: number, cause: number): void {
    const key = (this.nowUs + inUs) * 8 + rank;
    if (this.size === this.capacity) this.grow();
    const slot = this.freeCount > 0 ? this.free[--this.freeCount] : this.slotCount++;
    this.sequence[slot] = this.nextSequence++;
    const { keys, slots, records } = this;
    const record = 4 * slot;
    records[record] = kind;
    records[record + 1] = subject;
    records[record + 2] = packet;
    records[record + 3] = cause;
    if (this.rootIsOpen) {
      this.rootIsOpen = false;
      this.size++;
      this.sink(key, slot, this.size >> 1);
      return;
    }
    let at = this.size++;
    keys[this.size] = Infinity;
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
  }

  /**
   * Removes the next event and answers its slot; read `kind`, `subject`, `packet` and `cause` of that slot before the
   * next push, which may use it again.
   */
  pop(): number {
    if (this.size === 0) assert(false, 'pop from an empty event queue');
    if (this.rootIsOpen) this.closeRoot();
    this.rootIsOpen = true;
    this.size--;
    const slot = this.slots[0];
    this.free[this.freeCount++] = slot;
    return slot;
  }

  /** Fills the open root with the last event. */
  private closeRoot(): void {
    const last = this.size; // the open root still takes a place
    const key = this.keys[last];
    const slot = this.slots[last];
    this.keys[last] = Infinity;
    this.rootIsOpen = false;
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
    if (this.rootIsOpen) this.closeRoot();
    const pending = Array.from({ length: this.size }, (_, at) => ({
      key: this.keys[at],
      slot: this.slots[at],
    }));
    return pending.sort((a, b) => a.key - b.key || this.sequence[a.slot] - this.sequence[b.slot]);
  }

  private grow(): void {
    const capacity = 2 * this.capacity;
    const keys = new Float64Array(capacity + 2).fill(Infinity);
    keys.set(this.keys.subarray(0, this.size));
    this.keys = keys;
    this.slots = enlarged(this.slots, capacity + 2);
    this.records = enlarged(this.records, 4 * capacity);
    this.free = enlarged(this.free, capacity);
    const sequence = new Uint32Array(capacity);
    sequence.set(this.sequence);
    this.sequence = sequence;
    this.capacity = capacity;
  }
}

function enlarged(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(old);
  return larger;
}
