/**
 * The observer: outside the model, told every fact, crossing what the sender believes with what really happened. It
 * keeps a message only while something about it is under way, so memory does not grow with messages.
 */
import { FACT, PLACE, type Listener } from '../core/fact.ts';
import type { Plan } from '../scenario/plan.ts';
import { OutcomeDigest, TraceDigest } from '../trace/digest.ts';
import type { Recorder } from '../trace/recorder.ts';
import { STATUS } from '../protocol/retry-until-answered.ts';
import { lossReason, repeatReason, type Evidence } from './reasons.ts';
import { TruthTable } from './truth-table.ts';

/** The first proof of a violation. */
export interface Proof {
  readonly message: number;
  readonly why: string;
  readonly rows: readonly number[];
}

/** Totals that are not counts of one kind of fact. */
export interface Totals {
  requestsLost: number;
  duplicateDeliveries: number;
  suppressed: number;
  once: number;
  lost: number;
  duplicated: number;
  falseDeadLettered: number;
  dedupPeak: number;
  certaintySumUs: number;
  certaintyMaxUs: number;
  /** By number of STATUS; trying is in doubt. */
  readonly beliefs: number[];
  readonly violations: { duplicate: number; falseConfirmation: number; loss: number };
}

export class Observer implements Listener {
  /** Facts told so far. */
  rowCount = 0;
  /** Facts told, by number of FACT. */
  readonly counts = new Float64Array(26);
  readonly totals: Totals = {
    requestsLost: 0,
    duplicateDeliveries: 0,
    suppressed: 0,
    once: 0,
    lost: 0,
    duplicated: 0,
    falseDeadLettered: 0,
    dedupPeak: 0,
    certaintySumUs: 0,
    certaintyMaxUs: 0,
    beliefs: [0, 0, 0, 0],
    violations: { duplicate: 0, falseConfirmation: 0, loss: 0 },
  };
  readonly proofs: { duplicate: Proof | null; falseConfirmation: Proof | null; loss: Proof | null } = {
    duplicate: null,
    falseConfirmation: null,
    loss: null,
  };

  private readonly plan: Plan;
  private readonly recorder: Recorder;
  private readonly traceDigest = new TraceDigest();
  private readonly outcomeDigest = new OutcomeDigest();
  private readonly truths = new TruthTable();
  private nowUs = 0;
  /** When a crash last erased a store that is not durable, µs; −1 for never. */
  private wipedUs = -1;
  /** Row of the latest crash. */
  private crashRow = -1;

  constructor(plan: Plan, recorder: Recorder) {
    this.plan = plan;
    this.recorder = recorder;
  }

  clock(nowUs: number): void {
    this.nowUs = nowUs;
    this.traceDigest.clock(nowUs);
    this.recorder.clock(nowUs);
  }

  tell(kind: number, message: number, place: number, detail: number, packet: number, cause: number): number {
    const row = this.rowCount++;
    this.counts[kind]++;
    const said = this.learn(kind, message, place, detail, row);
    this.traceDigest.add(kind, message, place, said, packet);
    this.recorder.add(kind, message, place, said, packet, cause);
    return row;
  }

  conclude(message: number): void {
    const { truths, totals } = this;
    const slot = truths.slotOf(message);
    const effects = truths.effects[slot];
    if (effects === 1) totals.once++;
    else if (effects > 1) totals.duplicated++;
    else {
      totals.lost++;
      this.provesLoss(slot);
    }
    if (truths.deadLettered[slot] === 1 && effects > 0) totals.falseDeadLettered++;
    this.enter(slot);
    truths.close(slot);
  }

  /** Enters messages that a limit left open, and answers the digests and how many were open. */
  finish(): { readonly outcome: string; readonly trace: string; readonly open: number } {
    const open = this.truths.openSlots();
    for (const slot of open) this.enter(slot);
    return { outcome: this.outcomeDigest.text(), trace: this.traceDigest.text(), open: open.length };
  }

  /** Enters a message into the books of the run. */
  private enter(slot: number): void {
    const { truths } = this;
    this.totals.beliefs[truths.belief[slot]]++;
    this.outcomeDigest.add(
      truths.message[slot],
      truths.effects[slot],
      truths.belief[slot],
      truths.firstEffectUs[slot],
      truths.settledUs[slot],
    );
  }

  /** Takes in one fact; answers the detail to record, which only for an effect is the observer's own. */
  private learn(kind: number, message: number, place: number, detail: number, row: number): number {
    const { truths, totals, nowUs } = this;
    if (kind === FACT.arrive) {
      truths.open(message, nowUs, row);
      return detail;
    }
    if (kind === FACT.mark && detail > totals.dedupPeak) totals.dedupPeak = detail;
    const slot = truths.slotOf(message);
    if (slot < 0) return detail; // about no message, or one that is concluded: nothing can change its outcome
    switch (kind) {
      case FACT.send:
        truths.lastSendRow[slot] = row;
        truths.lastSentUs[slot] = nowUs;
        break;
      case FACT.lost:
        if (place === PLACE.requestLink) {
          totals.requestsLost++;
          truths.lastFaultRow[slot] = row;
          if (detail === 0) truths.lostByChance[slot]++;
          else truths.lostInOutage[slot]++;
        }
        break;
      case FACT.deliver:
        if (truths.deliveries[slot]++ > 0) totals.duplicateDeliveries++;
        break;
      case FACT.turnedAway:
        truths.turnedAway[slot]++;
        truths.lastFaultRow[slot] = row;
        break;
      case FACT.pass:
        truths.passedUs[slot] = nowUs;
        break;
      case FACT.suppress:
        if (detail === 0) totals.suppressed++;
        if (this.plan.store.slides) truths.anchorUs[slot] = nowUs;
        break;
      case FACT.effect:
        return this.applied(slot, row);
      case FACT.mark:
        truths.anchorUs[slot] = nowUs;
        truths.markRow[slot] = row;
        truths.evictRow[slot] = -1;
        break;
      case FACT.evict:
        truths.evictRow[slot] = row;
        break;
      case FACT.crash:
        truths.crashRow[slot] = row;
        this.crashRow = row;
        if (!this.plan.store.durable) this.wipedUs = nowUs;
        break;
      case FACT.confirm:
        this.settle(slot, STATUS.confirmed, row);
        totals.certaintySumUs += nowUs - truths.arrivedUs[slot];
        totals.certaintyMaxUs = Math.max(totals.certaintyMaxUs, nowUs - truths.arrivedUs[slot]);
        break;
      case FACT.giveUp:
        this.settle(slot, STATUS.gaveUp, row);
        break;
      case FACT.refuse:
        this.settle(slot, STATUS.refused, row);
        break;
      case FACT.deadLetter:
        truths.deadLettered[slot] = 1;
        break;
    }
    return detail;
  }

  private settle(slot: number, belief: number, row: number): void {
    this.truths.belief[slot] = belief;
    this.truths.settledUs[slot] = this.nowUs;
    this.truths.settledRow[slot] = row;
  }

  private applied(slot: number, row: number): number {
    const { truths } = this;
    const effects = ++truths.effects[slot];
    if (effects === 1) {
      truths.firstEffectUs[slot] = this.nowUs;
      truths.firstEffectRow[slot] = row;
    } else if (effects === 2) {
      this.totals.violations.duplicate++;
      const message = truths.message[slot];
      this.proofs.duplicate ??= { message, ...repeatReason(this.plan, this.evidenceOf(slot), row) };
    }
    return effects;
  }

  private provesLoss(slot: number): void {
    const { violations } = this.totals;
    const message = this.truths.message[slot];
    violations.loss++;
    this.proofs.loss ??= { message, ...lossReason(this.plan, this.evidenceOf(slot)) };
    if (this.truths.belief[slot] !== STATUS.confirmed) return;
    violations.falseConfirmation++;
    this.proofs.falseConfirmation ??= { message, ...lossReason(this.plan, this.evidenceOf(slot)) };
  }

  private evidenceOf(slot: number): Evidence {
    const { truths } = this;
    const ownCrash = truths.crashRow[slot];
    return {
      deliveries: truths.deliveries[slot],
      arrivedUs: truths.arrivedUs[slot],
      lastSentUs: truths.lastSentUs[slot],
      anchorUs: truths.anchorUs[slot],
      passedUs: truths.passedUs[slot],
      wipedUs: this.wipedUs,
      arriveRow: truths.arriveRow[slot],
      lastSendRow: truths.lastSendRow[slot],
      firstEffectRow: truths.firstEffectRow[slot],
      settledRow: truths.settledRow[slot],
      markRow: truths.markRow[slot],
      evictRow: truths.evictRow[slot],
      // A crash in another message's hands may have taken this one's delivery along.
      crashRow: ownCrash < 0 && this.crashRow > truths.arriveRow[slot] ? this.crashRow : ownCrash,
      lastFaultRow: truths.lastFaultRow[slot],
      lostByChance: truths.lostByChance[slot],
      lostInOutage: truths.lostInOutage[slot],
      turnedAway: truths.turnedAway[slot],
    };
  }
}
