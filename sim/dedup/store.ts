/**
 * The dedup store: which keys are remembered, from when, and what is forgotten first.
 *
 * Entries stand in up to two orders, as doubly linked lists over slots: by expiry (oldest anchor first, since all
 * windows are equally long) and, when the store is bounded, by eviction. Purging looks at the front of the first
 * and never scans: expiry by scanning a Map was measured 7 to 18 times slower.
 */
import type { Clock } from '../core/clock.ts';
import { KeyTable } from '../core/key-table.ts';

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
  private readonly keys = new KeyTable();
  /** When each entry was written, or met under a sliding window, by its key's slot. */
  private anchorsUs = new Float64Array(16);
  private readonly byExpiry = new Order();
  private readonly byEviction: Order;

  constructor(terms: StoreTerms, clock: Clock) {
    this.terms = terms;
    this.clock = clock;
    // First seen and oldest first, or last seen and least recent first, are the same order.
    this.byEviction = terms.slides === terms.lru ? this.byExpiry : new Order();
  }

  /** Entries held; exact after a `holds` or `mark` of the same instant. */
  get size(): number {
    return this.keys.size;
  }

  /** Whether `key` is held now. */
  holds(key: number): boolean {
    this.purge();
    return this.keys.find(key) >= 0;
  }

  /** A delivery met the entry of `key`, which is held: it may restart the window and count as a use. */
  touch(key: number): void {
    const slot = this.keys.find(key);
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
    const evicted = this.keys.size < this.terms.capacity ? -1 : this.forget(this.byEviction.first);
    this.enter(key, this.clock.nowUs);
    return evicted;
  }

  /** Forgets everything: a crash of a store that is not durable. */
  clear(): void {
    this.keys.clear();
    this.byExpiry.clear();
    this.byEviction.clear();
  }

  /** The entries held now, in order of expiry. */
  entries(): StoreEntry[] {
    const found: StoreEntry[] = [];
    this.purge();
    for (let slot = this.byExpiry.first; slot >= 0; slot = this.byExpiry.after(slot))
      found.push({ key: this.keys.keyAt(slot), anchorUs: this.anchorsUs[slot] });
    return found;
  }

  /** From when `key` is remembered, µs; NaN when it is not held now. */
  anchorUs(key: number): number {
    this.purge();
    const slot = this.keys.find(key);
    return slot < 0 ? NaN : this.anchorsUs[slot];
  }

  /** The keys held now, in the order in which a full store would forget them. */
  evictionOrder(): number[] {
    const found: number[] = [];
    this.purge();
    for (let slot = this.byEviction.first; slot >= 0; slot = this.byEviction.after(slot))
      found.push(this.keys.keyAt(slot));
    return found;
  }

  /** Whether it can be full, so that what it would forget then matters. */
  get isBounded(): boolean {
    return this.terms.capacity < Infinity;
  }

  /** Puts an entry in behind all others: what `entries` of another store answered, one by one. */
  enter(key: number, anchorUs: number): void {
    const slot = this.keys.add(key);
    if (slot >= this.anchorsUs.length) this.anchorsUs = enlarged(this.anchorsUs);
    this.anchorsUs[slot] = anchorUs;
    this.byExpiry.append(slot);
    if (this.byEviction !== this.byExpiry) this.byEviction.append(slot);
  }

  /** Of all entries, a full store forgets this one last: for what `evictionOrder` of another store answered, one by one. */
  evictLast(key: number): void {
    if (this.byEviction !== this.byExpiry) this.byEviction.moveToEnd(this.keys.find(key));
  }

  /** Forgets one entry, if it is there. */
  drop(key: number): void {
    const slot = this.keys.find(key);
    if (slot >= 0) this.forget(slot);
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
    const key = this.keys.keyAt(slot);
    this.keys.remove(slot);
    this.byExpiry.remove(slot);
    if (this.byEviction !== this.byExpiry) this.byEviction.remove(slot);
    return key;
  }
}

function enlarged(old: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * old.length);
  larger.set(old);
  return larger;
}

/** A doubly linked list over small integers. */
class Order {
  /** The first slot, -1 when empty. */
  first = -1;
  private last = -1;
  /** (next, previous) of each slot side by side. */
  private links = new Int32Array(32);

  append(slot: number): void {
    if (2 * slot >= this.links.length) this.grow();
    const { links, last } = this;
    links[2 * slot] = -1;
    links[2 * slot + 1] = last;
    if (last >= 0) links[2 * last] = slot;
    else this.first = slot;
    this.last = slot;
  }

  remove(slot: number): void {
    const { links } = this;
    const next = links[2 * slot];
    const previous = links[2 * slot + 1];
    if (previous >= 0) links[2 * previous] = next;
    else this.first = next;
    if (next >= 0) links[2 * next + 1] = previous;
    else this.last = previous;
  }

  moveToEnd(slot: number): void {
    this.remove(slot);
    this.append(slot);
  }

  clear(): void {
    this.first = -1;
    this.last = -1;
  }

  /** The slot behind this one, -1 for none. */
  after(slot: number): number {
    return this.links[2 * slot];
  }

  private grow(): void {
    const links = new Int32Array(2 * this.links.length);
    links.set(this.links);
    this.links = links;
  }
}
