/**
 * What the observer knows of each message that is under way: one record each, used again once the message is
 * concluded, so that neither memory nor garbage grows with messages.
 */
import { Clock } from '../core/clock.ts';
import type { About, Places } from '../core/fact.ts';
import type { Unheld } from './reasons.ts';

/** Times in µs, −1 for never; rows −1 for none. */
export class Truth {
  /** Its number; 0 for a record that is not in use. */
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
}

export class TruthTable {
  /** By the place of the message among those under way. */
  private readonly places: Truth[] = [];
  /** By number, where facts can come that know no place; else there is no need to keep it. */
  private readonly byNumber: Map<number, Truth> | null;
  private clock = new Clock();

  constructor(findsByNumber: boolean) {
    this.byNumber = findsByNumber ? new Map() : null;
  }

  /** Messages under way keep what is known of them, wherever their places are from now on. */
  follow(clock: Clock, places: Places): void {
    this.clock = clock;
    const open = this.stillOpen();
    this.places.length = 0;
    for (const truth of open) {
      const slot = places.slotOf(truth.message);
      this.makePlace(slot);
      this.places[slot] = truth;
    }
  }

  /** What is known of a message under way; null for any other. */
  of({ id, slot }: About): Truth | null {
    const truth = slot < 0 ? this.byNumber?.get(id) : this.places[slot];
    return truth !== undefined && truth.message === id ? truth : null;
  }

  open({ id, slot }: About, row: number): void {
    const { nowUs } = this.clock;
    this.makePlace(slot);
    const truth = this.places[slot];
    this.byNumber?.set(id, truth);
    truth.message = id;
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
  }

  close(truth: Truth): void {
    this.byNumber?.delete(truth.message);
    truth.message = 0;
  }

  /** What is known of the messages still under way, in their order. */
  stillOpen(): Truth[] {
    return this.places.filter(({ message }) => message > 0).sort((a, b) => a.message - b.message);
  }

  private makePlace(slot: number): void {
    while (this.places.length <= slot) this.places.push(new Truth());
  }
}
