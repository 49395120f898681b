/**
 * A table of small integers on typed arrays: each key present has a slot, under which its owner keeps what belongs to
 * it. No allocation per key and no garbage; a slot is used again when its key is gone.
 *
 * Keys with the same low bits are chained. They are mostly consecutive message numbers, so a chain is mostly one key
 * long, and neighbours in number are neighbours in memory.
 */
import { assert } from './assert.ts';

const NONE = -1;
const SMALLEST = 16;

/** Words of a record: the key in this slot, and the next slot of its chain (or of the chain of free slots). */
const RECORD = 2;
const NEXT = 1;

export class KeyTable {
  /** Keys present. */
  size = 0;

  /** The first slot of each chain, or NONE. A power of two of them, at least one for each key. */
  private heads = new Int32Array(SMALLEST).fill(NONE);
  private records = new Int32Array(RECORD * SMALLEST);
  private firstFree = NONE;
  /** Slots that were ever in use. */
  private slotCount = 0;

  /** The slot of `key` (int32), or −1 when it is absent. */
  find(key: number): number {
    const { records, heads } = this;
    let slot = heads[key & (heads.length - 1)];
    while (slot !== NONE && records[RECORD * slot] !== key) slot = records[RECORD * slot + NEXT];
    return slot;
  }

  /** The key in a slot that is in use. */
  keyAt(slot: number): number {
    return this.records[RECORD * slot];
  }

  /** A slot for a key (int32 ≥ 0) that is absent: one that was free, or the number of slots so far. */
  add(key: number): number {
    // The words cost more than the check.
    if (!(key >= 0 && key === (key | 0))) assert(false, `a key must be an int32 ≥ 0, not ${key}`);
    if (this.size === this.heads.length) this.grow();
    const slot = this.freeSlot();
    const { heads, records } = this;
    const home = key & (heads.length - 1);
    records[RECORD * slot] = key;
    records[RECORD * slot + NEXT] = heads[home];
    heads[home] = slot;
    this.size++;
    return slot;
  }

  /** Removes the key in a slot that is in use; the slot is free then. Throws for one that holds no key. */
  remove(slot: number): void {
    const { heads, records } = this;
    const home = records[RECORD * slot] & (heads.length - 1);
    const next = records[RECORD * slot + NEXT];
    if (heads[home] === slot) {
      heads[home] = next;
    } else {
      let before = heads[home];
      while (before !== NONE && records[RECORD * before + NEXT] !== slot)
        before = records[RECORD * before + NEXT];
      if (before === NONE) assert(false, `slot ${slot} holds no key`);
      records[RECORD * before + NEXT] = next;
    }
    records[RECORD * slot + NEXT] = this.firstFree;
    this.firstFree = slot;
    this.size--;
  }

  /** Removes every key and keeps the memory. */
  clear(): void {
    this.heads.fill(NONE);
    this.size = 0;
    this.firstFree = NONE;
    this.slotCount = 0;
  }

  private freeSlot(): number {
    const slot = this.firstFree;
    if (slot === NONE) return this.slotCount++;
    this.firstFree = this.records[RECORD * slot + NEXT];
    return slot;
  }

  /** Twice as many chains and slots. Called when all slots are in use: each holds a key. */
  private grow(): void {
    const { records } = this;
    this.heads = new Int32Array(2 * this.heads.length).fill(NONE);
    this.records = new Int32Array(2 * records.length);
    this.records.set(records);
    const mask = this.heads.length - 1;
    for (let slot = 0; slot < this.slotCount; slot++) {
      const home = records[RECORD * slot] & mask;
      this.records[RECORD * slot + NEXT] = this.heads[home];
      this.heads[home] = slot;
    }
  }
}
