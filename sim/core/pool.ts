/**
 * Records that are used again: each has its slot for good, and is given back when nothing needs it any more. Memory
 * grows with what is in use at one time, and nothing is left for a garbage collector.
 */

/** What a pool can hold: a record that knows its place. */
export interface Pooled {
  readonly slot: number;
}

export class Pool<T extends Pooled> {
  /** Every record ever made, by its slot. */
  readonly places: T[] = [];
  private readonly make: (slot: number) => T;
  private free = new Int32Array(16);
  private freeCount = 0;

  constructor(make: (slot: number) => T) {
    this.make = make;
  }

  /** The record in `slot`. */
  at(slot: number): T {
    return this.places[slot];
  }

  /** A record that is not in use; its fields are as its last user left them. */
  take(): T {
    if (this.freeCount > 0) return this.places[this.free[--this.freeCount]];
    const made = this.make(this.places.length);
    this.places.push(made);
    return made;
  }

  give(record: T): void {
    if (this.freeCount === this.free.length) {
      const larger = new Int32Array(2 * this.free.length);
      larger.set(this.free);
      this.free = larger;
    }
    this.free[this.freeCount++] = record.slot;
  }

  /** Takes all records back; the first to be taken then is the first that was made. */
  clear(): void {
    this.freeCount = 0;
    for (let slot = this.places.length - 1; slot >= 0; slot--) this.give(this.places[slot]);
  }
}
