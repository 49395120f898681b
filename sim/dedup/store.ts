/**
 * The dedup store: which keys are remembered, from when, and what is forgotten first.
 *
 * Entries stand in up to two orders, as doubly linked lists over slots: by expiry (oldest anchor first, since all
 * windows are equally long) and, when the store is bounded, by eviction. Purging looks at the front of the first
 * and never scans: expiry by scanning a Map was measured 7 to 18 times slower.
 */
import type { Clock } from '../core/clock.ts';
import { IntMap } from '../core/int-map.ts';

/** What a store is told to do; times in µs, Infinity for "no limit". */
export interface StoreTerms {
  /** How long an entry is valid: at exactly this age it has expired. */
  readonly windowUs: number;
  /** Whether a delivery that meets an entry restarts its window (last seen) or not (first seen). */
  readonly slides: boolean;
  readonly capacity: number;
  /** Whether a full store forgets the least recently used entry, or the oldest. */
  readonly lru: boolean;
}

/** One entry in plain form. */
export interface StoreEntry {
  readonly key: number;
  readonly anchorUs: number;
}

export class DedupStore {
  private readonly terms: StoreTerms;
  private readonly clock: Clock;
  private readonly slotOf = new IntMap();
  private keys = new Int32Array(16);
  private anchorsUs = new Float64Array(16);
  private readonly byExpiry = new Order();
  private readonly byEviction: Order;
  private readonly free: number[] = [];
  private slotCount = 0;

  constructor(terms: StoreTerms, clock: Clock) {
    this.terms = terms;
    this.clock = clock;
    // First seen and oldest first, or last seen and least recent first, are the same order.
    this.byEviction = terms.slides === terms.lru ? this.byExpiry : new Order();
  }

  /** Entries held; exact after a `holds` or `mark` of the same instant. */
  get size(): number {
    return this.slotOf.size;
  }

  /** Whether `key` is held now. */
  holds(key: number): boolean {
    this.purge();
    return this.slotOf.get(key) >= 0;
  }

  /** A delivery met the entry of `key`, which is held: it may restart the window and count as a use. */
  touch(key: number): void {
    const slot = this.slotOf.get(key);
    if (this.terms.slides) {
      this.anchorsUs[slot] = this.clock.nowUs;
      this.byExpiry.moveToEnd(slot);
    }
    if (this.terms.lru && this.byEviction !== this.byExpiry) this.byEviction.moveToEnd(slot);
  }

  /** Remembers `key` from now; if it is held already, that is a use and no more. Answers the key forgotten for space, or -1. */
  mark(key: number): number {
    if (this.holds(key)) {
      this.touch(key);
      return -1;
    }
    return this.insert(key);
  }

  /** `mark` for a key that is known not to be held now. */
  insert(key: number): number {
    const evicted = this.slotOf.size < this.terms.capacity ? -1 : this.forget(this.byEviction.first);
    const slot = this.free.pop() ?? this.newSlot();
    this.keys[slot] = key;
    this.anchorsUs[slot] = this.clock.nowUs;
    this.slotOf.set(key, slot);
    this.byExpiry.append(slot);
    if (this.byEviction !== this.byExpiry) this.byEviction.append(slot);
    return evicted;
  }

  /** Forgets everything: a crash of a store that is not durable. */
  clear(): void {
    this.slotOf.clear();
    this.byExpiry.clear();
    this.byEviction.clear();
    this.free.length = 0;
    this.slotCount = 0;
  }

  /** The entries held now, in order of expiry. */
  entries(): StoreEntry[] {
    this.purge();
    return this.byExpiry.slots().map((slot) => ({ key: this.keys[slot], anchorUs: this.anchorsUs[slot] }));
  }

  /** The keys held now, in the order in which a full store would forget them. */
  evictionOrder(): number[] {
    this.purge();
    return this.byEviction.slots().map((slot) => this.keys[slot]);
  }

  /** Takes over what `entries` and `evictionOrder` of another store answered. */
  restore(entries: readonly StoreEntry[], evictionOrder: readonly number[]): void {
    this.clear();
    for (const { key, anchorUs } of entries) {
      const slot = this.newSlot();
      this.keys[slot] = key;
      this.anchorsUs[slot] = anchorUs;
      this.slotOf.set(key, slot);
      this.byExpiry.append(slot);
    }
    if (this.byEviction !== this.byExpiry)
      for (const key of evictionOrder) this.byEviction.append(this.slotOf.get(key));
  }

  private purge(): void {
    const { windowUs } = this.terms;
    const { nowUs } = this.clock;
    for (
      let slot = this.byExpiry.first;
      slot >= 0 && this.anchorsUs[slot] + windowUs <= nowUs;
      slot = this.byExpiry.first
    )
      this.forget(slot);
  }

  private forget(slot: number): number {
    const key = this.keys[slot];
    this.slotOf.delete(key);
    this.byExpiry.remove(slot);
    if (this.byEviction !== this.byExpiry) this.byEviction.remove(slot);
    this.free.push(slot);
    return key;
  }

  private newSlot(): number {
    if (this.slotCount === this.keys.length) {
      const keys = new Int32Array(2 * this.slotCount);
      keys.set(this.keys);
      this.keys = keys;
      const anchorsUs = new Float64Array(2 * this.slotCount);
      anchorsUs.set(this.anchorsUs);
      this.anchorsUs = anchorsUs;
    }
    return this.slotCount++;
  }
}

/** A doubly linked list over small integers. */
class Order {
  /** The first slot, -1 when empty. */
  first = -1;
  private last = -1;
  private next = new Int32Array(16);
  private previous = new Int32Array(16);

  append(slot: number): void {
    if (slot >= this.next.length) this.grow(slot);
    this.next[slot] = -1;
    this.previous[slot] = this.last;
    if (this.last >= 0) this.next[this.last] = slot;
    else this.first = slot;
    this.last = slot;
  }

  remove(slot: number): void {
    const before = this.previous[slot];
    const after = this.next[slot];
    if (before >= 0) this.next[before] = after;
    else this.first = after;
    if (after >= 0) this.previous[after] = before;
    else this.last = before;
  }

  moveToEnd(slot: number): void {
    this.remove(slot);
    this.append(slot);
  }

  clear(): void {
    this.first = -1;
    this.last = -1;
  }

  slots(): number[] {
    const found: number[] = [];
    for (let slot = this.first; slot >= 0; slot = this.next[slot]) found.push(slot);
    return found;
  }

  private grow(slot: number): void {
    let capacity = this.next.length;
    while (capacity <= slot) capacity *= 2;
    const next = new Int32Array(capacity);
    next.set(this.next);
    this.next = next;
    const previous = new Int32Array(capacity);
    previous.set(this.previous);
    this.previous = previous;
  }
}
