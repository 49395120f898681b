/**
 * What the observer knows of each message that is under way: one slot each in typed arrays, given back when the
 * message is concluded. Objects would cost an allocation for every time that is noted.
 */
import { bytes, doubles, ints } from '../core/columns.ts';
import { IntMap } from '../core/int-map.ts';

export class TruthTable {
  message = new Int32Array(16);
  effects = new Int32Array(16);
  deliveries = new Int32Array(16);
  /** A number of STATUS. */
  belief = new Uint8Array(16);
  deadLettered = new Uint8Array(16);
  arrivedUs = new Float64Array(16);
  lastSentUs = new Float64Array(16);
  /** −1 for never, like all times below. */
  firstEffectUs = new Float64Array(16);
  settledUs = new Float64Array(16);
  /** When its key was last written, or met under a sliding window. */
  anchorUs = new Float64Array(16);
  /** When its latest check passed. */
  passedUs = new Float64Array(16);
  /** Rows, −1 for none. */
  arriveRow = new Int32Array(16);
  lastSendRow = new Int32Array(16);
  firstEffectRow = new Int32Array(16);
  settledRow = new Int32Array(16);
  markRow = new Int32Array(16);
  evictRow = new Int32Array(16);
  crashRow = new Int32Array(16);
  lastFaultRow = new Int32Array(16);
  /** Requests of it that never reached a working receiver, by what became of them. */
  lostByChance = new Int32Array(16);
  lostInOutage = new Int32Array(16);
  turnedAway = new Int32Array(16);

  private readonly slots = new IntMap();
  private readonly free: number[] = [];
  private slotCount = 0;
  // Facts about one message mostly come in a row: the latest answer is remembered.
  private latestMessage = -1;
  private latestSlot = -1;

  /** The slot of a message under way, −1 for any other. */
  slotOf(message: number): number {
    if (message !== this.latestMessage) {
      this.latestSlot = this.slots.get(message);
      this.latestMessage = message;
    }
    return this.latestSlot;
  }

  open(message: number, nowUs: number, row: number): void {
    const slot = this.free.pop() ?? this.newSlot();
    this.slots.set(message, slot);
    this.latestMessage = message;
    this.latestSlot = slot;
    this.message[slot] = message;
    this.effects[slot] = 0;
    this.deliveries[slot] = 0;
    this.belief[slot] = 0;
    this.deadLettered[slot] = 0;
    this.arrivedUs[slot] = nowUs;
    this.lastSentUs[slot] = nowUs;
    this.firstEffectUs[slot] = -1;
    this.settledUs[slot] = -1;
    this.anchorUs[slot] = -1;
    this.passedUs[slot] = -1;
    this.arriveRow[slot] = row;
    this.lastSendRow[slot] = -1;
    this.firstEffectRow[slot] = -1;
    this.settledRow[slot] = -1;
    this.markRow[slot] = -1;
    this.evictRow[slot] = -1;
    this.crashRow[slot] = -1;
    this.lastFaultRow[slot] = -1;
    this.lostByChance[slot] = 0;
    this.lostInOutage[slot] = 0;
    this.turnedAway[slot] = 0;
  }

  close(slot: number): void {
    this.slots.delete(this.message[slot]);
    this.message[slot] = 0;
    this.latestMessage = -1;
    this.latestSlot = -1;
    this.free.push(slot);
  }

  /** Slots of the messages still under way, in order of message. */
  openSlots(): number[] {
    const open: number[] = [];
    for (let slot = 0; slot < this.slotCount; slot++) if (this.message[slot] > 0) open.push(slot);
    return open.sort((a, b) => this.message[a] - this.message[b]);
  }

  private newSlot(): number {
    if (this.slotCount === this.message.length) this.grow();
    return this.slotCount++;
  }

  private grow(): void {
    this.message = ints(this.message);
    this.effects = ints(this.effects);
    this.deliveries = ints(this.deliveries);
    this.belief = bytes(this.belief);
    this.deadLettered = bytes(this.deadLettered);
    this.arrivedUs = doubles(this.arrivedUs);
    this.lastSentUs = doubles(this.lastSentUs);
    this.firstEffectUs = doubles(this.firstEffectUs);
    this.settledUs = doubles(this.settledUs);
    this.anchorUs = doubles(this.anchorUs);
    this.passedUs = doubles(this.passedUs);
    this.arriveRow = ints(this.arriveRow);
    this.lastSendRow = ints(this.lastSendRow);
    this.firstEffectRow = ints(this.firstEffectRow);
    this.settledRow = ints(this.settledRow);
    this.markRow = ints(this.markRow);
    this.evictRow = ints(this.evictRow);
    this.crashRow = ints(this.crashRow);
    this.lastFaultRow = ints(this.lastFaultRow);
    this.lostByChance = ints(this.lostByChance);
    this.lostInOutage = ints(this.lostInOutage);
    this.turnedAway = ints(this.turnedAway);
  }
}
