/**
 * What the observer knows of each message that is under way: one record each, used again once the message is
 * concluded, so that neither memory nor garbage grows with messages.
 */
import { Clock } from '../core/clock.ts';
import { KeyTable } from '../core/key-table.ts';
import type { Unheld } from './reasons.ts';

/** Times in µs, −1 for never; rows −1 for none. */
export class Truth {
  /** Its place in the table. */
  readonly slot: number;
  message = 0;
  effects = 0;
  deliveries = 0;
  /** A number of STATUS. */
  belief = 0;
  deadLettered = false;
  /** Requests of it that never reached a working receiver, by what became of them. */
  lostByChance = 0;
  lostInOutage = 0;
  turnedAway = 0;
  arriveRow = -1;
  lastSendRow = -1;
  firstEffectRow = -1;
  settledRow = -1;
  /** Where its key was last written; a repeat that changes nothing does not count. */
  markRow = -1;
  evictRow = -1;
  suppressRow = -1;
  crashRow = -1;
  lastFaultRow = -1;
  arrivedUs = NaN;
  lastSentUs = NaN;
  firstEffectUs = NaN;
  settledUs = NaN;
  /** When its key was last written, or met under a sliding window. */
  anchorUs = NaN;
  /** Why the key was not held when a delivery passed its check, by packet: only for what passed after another. */
  passes: Map<number, Unheld> | null = null;

  constructor(slot: number) {
    this.slot = slot;
  }
}

export class TruthTable {
  /** Messages under way; `places` keeps their records by slot. */
  private readonly slots = new KeyTable();
  private readonly places: Truth[] = [];
  // Facts about one message mostly come in a row: the latest answer is remembered.
  private latest: Truth | null = null;

  private clock = new Clock();

  follow(clock: Clock): void {
    this.clock = clock;
  }

  /** What is known of a message under way; null for any other. */
  of(message: number): Truth | null {
    if (this.latest !== null && this.latest.message === message) return this.latest;
    const slot = this.slots.find(message);
    if (slot < 0) return null;
    this.latest = this.places[slot];
    return this.latest;
  }

  open(message: number, row: number): void {
    const { nowUs } = this.clock;
    const slot = this.slots.add(message);
    if (slot === this.places.length) this.places.push(new Truth(slot));
    const truth = this.places[slot];
    truth.message = message;
    truth.effects = 0;
    truth.deliveries = 0;
    truth.belief = 0;
    truth.deadLettered = false;
    truth.lostByChance = 0;
    truth.lostInOutage = 0;
    truth.turnedAway = 0;
    truth.arriveRow = row;
    truth.lastSendRow = -1;
    truth.firstEffectRow = -1;
    truth.settledRow = -1;
    truth.markRow = -1;
    truth.evictRow = -1;
    truth.suppressRow = -1;
    truth.crashRow = -1;
    truth.lastFaultRow = -1;
    truth.arrivedUs = nowUs;
    truth.lastSentUs = nowUs;
    truth.firstEffectUs = -1;
    truth.settledUs = -1;
    truth.anchorUs = -1;
    truth.passes = null;
    this.latest = truth;
  }

  close(truth: Truth): void {
    this.slots.remove(truth.slot);
    truth.message = 0;
  }

  /** What is known of the messages still under way, in their order. */
  stillOpen(): Truth[] {
    return this.places.filter(({ message }) => message > 0).sort((a, b) => a.message - b.message);
  }
}
