/**
 * The future event list, ordered by (time, rank, sequence), on typed arrays: a binary heap, and beside it a lane for
 * timers.
 *
 * Time and rank share one safe integer, time × 8 + rank, so a sift moves a number and a slot. What an event is about
 * waits in its slot; the sequence is looked at only when keys are equal. The smaller child is chosen without a
 * branch, which would be mispredicted every second time (measured: a quarter to two fifths of a heap operation).
 * A pop leaves the root open, since most events schedule another: the next push then sinks from the root, and one
 * sift does for two. Ack timeouts all run equally long, so they expire in the order they were set: a chain holds
 * them, from which one that is cancelled is simply taken out, and the heap stays small.
 */
import { assert } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';

const FIRST_CAPACITY = 64;

/** Words of a record, and what stands where. NEXT and PREVIOUS chain timers in the lane; NEXT chains free slots too. */
const RECORD = 8;
const KIND = 0;
const SUBJECT = 1;
const PACKET = 2;
const CAUSE = 3;
const SEQUENCE = 4;
const NEXT = 5;
const PREVIOUS = 6;
const NONE = -1;

/** An event on the list: `time × 8 + rank`, and its slot. */
export interface Pending {
  readonly key: number;
  readonly slot: number;
}

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

  // The lane: a chain through the records, and the key of each slot in it; the keys never fall.
  private laneKeys = new Float64Array(FIRST_CAPACITY);
  private laneFirst = NONE;
  private laneLast = NONE;
  private laneSize = 0;

  // One record per slot, its fields side by side, so that one event is read from one place.
  private records = new Int32Array(RECORD * FIRST_CAPACITY);
  private nextSequence = 0;
  /** The first slot of the chain of free ones, or NONE. */
  private firstFree = NONE;
  // Slots of events that were taken out: a chain of its own, so that none is used again before the next pop.
  private firstResting = NONE;
  private lastResting = NONE;
  private slotCount = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Events pending. */
  get size(): number {
    return this.heapSize + this.laneSize;
  }

  clear(): void {
    this.keys.fill(Infinity);
    this.heapSize = 0;
    this.rootIsOpen = 0;
    this.laneFirst = NONE;
    this.laneLast = NONE;
    this.laneSize = 0;
    this.nextSequence = 0;
    this.firstFree = NONE;
    this.firstResting = NONE;
    this.slotCount = 0;
  }

  /**
   * Puts an event on the list and answers its slot. The time is relative so that a call passes small integers only: a double that crosses
   * a call is put into an object of its own. One function on purpose: V8 inlines shorter ones wherever an event is
   * scheduled, and then has no room left for what matters more there (measured: 2 to 4 % of a run).
   *
   * @param inUs time from now, µs
   * @param rank order at one instant, a value of RANK
   * @param kind a number of EVENT
   * @param subject what it is about: a slot of the message table, or of the job table for a step
   * @param packet packet name (core/packet-name.ts), 0 for none
   * @param cause trace row of its cause
   * @param isTimer for an event that is never due before one that was pushed so earlier: a timer that always runs equally
   * long. By its slot it can be cancelled.
   */
  push(
    inUs: number,
    rank: number,
    kind: number,
    subject: number,
    packet: number,
    cause: number,
    isTimer = false,
  ): number {
    const key = (this.clock.nowUs + inUs) * 8 + rank;
    let slot = this.firstFree;
    if (slot !== NONE) {
      this.firstFree = this.records[RECORD * slot + NEXT];
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

    if (isTimer) {
      const last = this.laneLast;
      // The words cost more than the check.
      if (last !== NONE && this.laneKeys[last] > key)
        assert(false, `a timer due at ${key} overtakes another`);
      if (slot >= this.laneKeys.length) this.growLane();
      this.laneKeys[slot] = key;
      records[record + NEXT] = NONE;
      records[record + PREVIOUS] = last;
      if (last === NONE) this.laneFirst = slot;
      else records[RECORD * last + NEXT] = slot;
      this.laneLast = slot;
      this.laneSize++;
    } else if (this.rootIsOpen === 1) {
      this.rootIsOpen = 0;
      this.heapSize++;
      this.sink(key, slot, this.heapSize >> 1);
    } else {
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
    }
    return slot;
  }

  /** Cancels a pending timer: it never pops. Its slot is not used again before the next pop. */
  cancelTimer(slot: number): void {
    this.leaveLane(slot);
    this.restSlot(slot);
  }

  /** Whether an event of this rank, pushed now for now, would be the next to pop. */
  comesFirst(rank: number): boolean {
    const { keys } = this;
    const key = this.clock.nowUs * 8 + rank;
    if (this.laneFirst !== NONE && !(this.laneKeys[this.laneFirst] > key)) return false;
    return this.rootIsOpen === 1 ? keys[1] > key && keys[2] > key : keys[0] > key;
  }

  /** Whether an event of one of these ranks is due at this instant; timers, whose rank is one of them, are in the lane. */
  isDue(fromRank: number, throughRank: number): boolean {
    const { keys } = this;
    const instant = this.clock.nowUs * 8;
    if (this.laneFirst !== NONE && this.laneKeys[this.laneFirst] <= instant + throughRank) return true;
    for (let at = this.rootIsOpen; at < this.heapSize + this.rootIsOpen; at++)
      if (keys[at] >= instant + fromRank && keys[at] <= instant + throughRank) return true;
    return false;
  }

  /**
   * Removes the next event, moves the clock to it and answers its slot; −1 when there is none up to `untilUs`. Read
   * `kind`, `subject`, `packet` and `cause` of the slot before the next push, which may use it again.
   */
  pop(): number {
    if (this.firstResting !== NONE) this.freeResting();
    if (this.rootIsOpen === 1) this.closeRoot();
    return this.laneIsNext() ? this.popLane() : this.popHeap();
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

  /** Calls `visit` for every pending event, in no order; `pending.ts` puts them in one. */
  each(visit: (key: number, slot: number, isTimer: boolean) => void): void {
    if (this.rootIsOpen === 1) this.closeRoot();
    for (let at = 0; at < this.heapSize; at++) visit(this.keys[at], this.slots[at], false);
    for (let slot = this.laneFirst; slot !== NONE; slot = this.records[RECORD * slot + NEXT])
      visit(this.laneKeys[slot], slot, true);
  }

  /** Puts these events, in order, in the place of all that were not pushed as timers, but for `out`: that one never pops. */
  keep(events: readonly Pending[], out: number): void {
    this.heapSize = events.length;
    this.keys.fill(Infinity);
    events.forEach(({ key, slot }, at) => {
      this.keys[at] = key; // in order is a heap, too
      this.slots[at] = slot;
    });
    this.restSlot(out);
  }

  /** Whether one event was pushed before another. By their difference: sequences may run over. */
  isEarlier(slot: number, other: number): boolean {
    const { records } = this;
    return ((records[RECORD * slot + SEQUENCE] - records[RECORD * other + SEQUENCE]) | 0) < 0;
  }

  /** Whether the lane's first event comes before the heap's. The root is not open. */
  private laneIsNext(): boolean {
    const first = this.laneFirst;
    if (first === NONE) return false;
    const laneKey = this.laneKeys[first];
    const heapKey = this.keys[0];
    return laneKey === heapKey ? this.isEarlier(first, this.slots[0]) : laneKey < heapKey;
  }

  /** Takes the lane's first event. NONE when it is due after `untilUs`. */
  private popLane(): number {
    const slot = this.laneFirst;
    const timeUs = Math.floor(this.laneKeys[slot] / 8);
    if (timeUs > this.untilUs) return NONE;
    this.clock.nowUs = timeUs;
    this.leaveLane(slot);
    this.freeSlot(slot);
    return slot;
  }

  /** Takes the heap's first event and leaves the root open. NONE when it is due after `untilUs`, or there is none. */
  private popHeap(): number {
    if (this.heapSize === 0) return NONE;
    const timeUs = Math.floor(this.keys[0] / 8);
    if (timeUs > this.untilUs) return NONE;
    this.clock.nowUs = timeUs;
    const slot = this.slots[0];
    this.rootIsOpen = 1;
    this.heapSize--;
    this.freeSlot(slot);
    return slot;
  }

  private leaveLane(slot: number): void {
    const { records } = this;
    const next = records[RECORD * slot + NEXT];
    const previous = records[RECORD * slot + PREVIOUS];
    if (previous === NONE) this.laneFirst = next;
    else records[RECORD * previous + NEXT] = next;
    if (next === NONE) this.laneLast = previous;
    else records[RECORD * next + PREVIOUS] = previous;
    this.laneSize--;
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

  private freeSlot(slot: number): void {
    this.records[RECORD * slot + NEXT] = this.firstFree;
    this.firstFree = slot;
  }

  private restSlot(slot: number): void {
    if (this.firstResting === NONE) this.lastResting = slot;
    this.records[RECORD * slot + NEXT] = this.firstResting;
    this.firstResting = slot;
  }

  private freeResting(): void {
    this.records[RECORD * this.lastResting + NEXT] = this.firstFree;
    this.firstFree = this.firstResting;
    this.firstResting = NONE;
  }

  private growHeap(): void {
    const keys = new Float64Array(2 * this.keys.length).fill(Infinity);
    keys.set(this.keys);
    this.keys = keys;
    this.slots = enlarged(this.slots, keys.length);
  }

  private growLane(): void {
    const laneKeys = new Float64Array(this.records.length / RECORD);
    laneKeys.set(this.laneKeys);
    this.laneKeys = laneKeys;
  }
}

function enlarged(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(old);
  return larger;
}
