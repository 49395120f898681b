// A map from small integers to small integers on typed arrays, for the hot path: no allocation per
// entry and no garbage. Keys are mostly consecutive message numbers, so a key's home is simply its
// low bits, and neighbours in number are neighbours in memory.

import { assert } from './assert.ts';

const EMPTY = -1;
const SMALLEST_CAPACITY = 16;

/**
 * Keys: int32 >= 0. Values: int32; store values >= 0 if -1 must mean absent.
 *
 * Linear probing, with the entries of a cluster kept in the order of their homes ("Robin Hood
 * hashing", P. Celis, 1986). Consecutive keys form one long cluster, and without that order a
 * failed lookup or a delete would walk to its end; with it both stop at the next entry at home.
 */
export class IntMap {
  /** (key, value) pairs side by side: slot i is at 2i and 2i + 1. A power of two of slots. */
  private slots = new Int32Array(2 * SMALLEST_CAPACITY).fill(EMPTY);
  private mask = SMALLEST_CAPACITY - 1;
  private count = 0;

  /** Number of keys present. */
  get size(): number {
    return this.count;
  }

  /** The value of `key`, or -1 when absent. */
  get(key: number): number {
    const slot = this.find(key);
    return this.slots[2 * slot] === key ? this.slots[2 * slot + 1] : -1;
  }

  /** Whether `key` is present. */
  has(key: number): boolean {
    return key >= 0 && this.slots[2 * this.find(key)] === key;
  }

  /** Stores `value` under `key`, replacing an earlier one. Grows when more than half full. */
  set(key: number, value: number): void {
    if (!(key >= 0 && key === (key | 0))) assert(false, `key must be an int32 >= 0, got ${key}`);
    const slot = this.find(key);
    if (this.slots[2 * slot] === key) {
      this.slots[2 * slot + 1] = value;
    } else if (2 * (this.count + 1) > this.mask + 1) {
      this.grow();
      this.set(key, value);
    } else {
      this.insert(slot, key, value);
      this.count++;
    }
  }

  /**
   * Removes `key`; says whether it was there. The entries behind it that are not at home move up
   * by one, so no tombstones gather and lookups stay short however long the run.
   */
  delete(key: number): boolean {
    const { slots, mask } = this;
    let hole = this.find(key);
    if (key < 0 || slots[2 * hole] !== key) return false;
    let next = (hole + 1) & mask;
    while (slots[2 * next] !== EMPTY && ((next - slots[2 * next]) & mask) > 0) {
      slots[2 * hole] = slots[2 * next];
      slots[2 * hole + 1] = slots[2 * next + 1];
      hole = next;
      next = (next + 1) & mask;
    }
    slots[2 * hole] = EMPTY;
    slots[2 * hole + 1] = EMPTY;
    this.count--;
    return true;
  }

  /** Removes every key and keeps the memory. */
  clear(): void {
    this.slots.fill(EMPTY);
    this.count = 0;
  }

  /** The slot of `key`; or, when absent, the slot where it belongs: empty, or to be shifted from. */
  private find(key: number): number {
    const { slots, mask } = this;
    let slot = key & mask;
    for (let distance = 0; ; distance++) {
      const other = slots[2 * slot];
      if (other === key || other === EMPTY) return slot;
      // `(slot - other) & mask` is how far `other` is from its home. Nearer than `key` would be
      // here: then `key`, whose home comes first, would have stood before it.
      if (((slot - other) & mask) < distance) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Puts an absent key at `slot` and shifts the rest of the cluster by one. */
  private insert(slot: number, key: number, value: number): void {
    const { slots, mask } = this;
    while (slots[2 * slot] !== EMPTY) {
      const shiftedKey = slots[2 * slot];
      const shiftedValue = slots[2 * slot + 1];
      slots[2 * slot] = key;
      slots[2 * slot + 1] = value;
      key = shiftedKey;
      value = shiftedValue;
      slot = (slot + 1) & mask;
    }
    slots[2 * slot] = key;
    slots[2 * slot + 1] = value;
  }

  private grow(): void {
    const old = this.slots;
    const capacity = 2 * (this.mask + 1);
    this.slots = new Int32Array(2 * capacity).fill(EMPTY);
    this.mask = capacity - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] !== EMPTY) this.insert(this.find(old[i]), old[i], old[i + 1]);
    }
  }
}
