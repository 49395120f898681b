/**
 * What an exploration must remember of a run, and no more: two situations that differ only in what no question asks
 * for are one. Effects are held at 3.
 */
import { Clock } from '../core/clock.ts';
import { FACT, FACT_KINDS, type About, type Listener, type Places } from '../core/fact.ts';
import { STATUS } from '../protocol/retry-until-answered.ts';
import type { Clause } from '../scenario/terms.ts';
import type { NumberSink, NumberSource } from '../engine/encode.ts';

const MOST_EFFECTS = 3;

export class Ledger implements Listener {
  /** Facts told since `clear` or `load`. */
  rowCount = 0;
  /** Facts told since then, by number of FACT. */
  readonly counts = new Int32Array(FACT_KINDS.length);
  /** By message (1-based): effects, belief (a number of STATUS), and whether its outcome is final. */
  readonly effects: Uint8Array;
  readonly beliefs: Uint8Array;
  readonly concluded: Uint8Array;
  /** When the last message so far was settled, and when the last fault happened, µs; kept only where asked for. */
  settledUs = 0;
  lastFaultUs = 0;

  private clock = new Clock();
  private readonly keepsTimes: boolean;
  private readonly also: Listener | null;

  /** @param also hears all facts too */
  constructor(messages: number, keepsTimes: boolean, also?: Listener) {
    this.also = also ?? null;
    this.effects = new Uint8Array(messages + 1);
    this.beliefs = new Uint8Array(messages + 1);
    this.concluded = new Uint8Array(messages + 1);
    this.keepsTimes = keepsTimes;
  }

  follow(clock: Clock, places: Places): void {
    this.clock = clock;
    this.also?.follow(clock, places);
  }

  tell(kind: number, about: About, place: number, detail: number, packet: number, cause: number): number {
    const message = about.id;
    this.also?.tell(kind, about, place, detail, packet, cause);
    this.counts[kind]++;
    switch (kind) {
      case FACT.effect:
        if (this.effects[message] < MOST_EFFECTS) this.effects[message]++;
        break;
      case FACT.confirm:
        this.settle(message, STATUS.confirmed);
        break;
      case FACT.giveUp:
        this.settle(message, STATUS.gaveUp);
        break;
      case FACT.refuse:
        this.settle(message, STATUS.refused);
        break;
    }
    return this.rowCount++;
  }

  conclude({ id }: About): void {
    this.concluded[id] = 1;
  }

  /** Messages whose sender has not settled them. */
  get unsettled(): number {
    let count = 0;
    for (let m = 1; m < this.beliefs.length; m++) if (this.beliefs[m] === STATUS.trying) count++;
    return count;
  }

  /** Whether what is known by now breaks the clause; `atEnd` when nothing more will happen to any message. */
  breaks(clause: Clause, atEnd: boolean): boolean {
    for (let m = 1; m < this.effects.length; m++) {
      const isLost = (atEnd || this.concluded[m] === 1) && this.effects[m] === 0;
      if (clause === 'no-duplicate' && this.effects[m] > 1) return true;
      if (clause === 'no-loss' && isLost) return true;
      if (clause === 'no-false-confirmation' && isLost && this.beliefs[m] === STATUS.confirmed) return true;
    }
    return false;
  }

  clear(): void {
    this.rowCount = 0;
    this.counts.fill(0);
    this.effects.fill(0);
    this.beliefs.fill(0);
    this.concluded.fill(0);
    this.settledUs = 0;
    this.lastFaultUs = 0;
  }

  save(out: NumberSink): void {
    for (let m = 1; m < this.effects.length; m++)
      out.add(this.effects[m] + 4 * this.beliefs[m] + 16 * this.concluded[m]);
    if (!this.keepsTimes) return;
    const { nowUs } = this.clock;
    out.add(nowUs - this.settledUs);
    out.add(nowUs - this.lastFaultUs);
  }

  /** Takes over what `save` wrote, at the instant `nowUs`. */
  load(from: NumberSource, nowUs: number): void {
    this.rowCount = 0;
    this.counts.fill(0);
    for (let m = 1; m < this.effects.length; m++) {
      const number = from.next();
      this.effects[m] = number & 3;
      this.beliefs[m] = (number >> 2) & 3;
      this.concluded[m] = number >> 4;
    }
    if (!this.keepsTimes) return;
    this.settledUs = nowUs - from.next();
    this.lastFaultUs = nowUs - from.next();
  }

  private settle(message: number, belief: number): void {
    this.beliefs[message] = belief;
    this.settledUs = this.clock.nowUs;
  }
}
