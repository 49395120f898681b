/**
 * The observer: outside the model, told every fact, crossing what the sender believes with what really happened. It
 * keeps a message only while something about it is under way, so memory does not grow with messages.
 */
import { assert } from '../core/assert.ts';
import { Clock } from '../core/clock.ts';
import { FACT, FACT_KINDS, PLACE, type About, type Listener, type Places } from '../core/fact.ts';
import type { Plan } from '../scenario/plan.ts';
import { OutcomeDigest, TraceDigest } from '../trace/digest.ts';
import type { Recorder } from '../trace/recorder.ts';
import { STATUS } from '../protocol/retry-until-answered.ts';
import { lossReason, repeatReason, type Loss, type Unheld } from './reasons.ts';
import { TruthTable, type Truth } from './truth-table.ts';

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

/** 1 for the kinds of facts that `learn` takes in, by number of FACT. */
const CHANGES_TRUTH = new Uint8Array(FACT_KINDS.length).fill(1);
for (const kind of [FACT.copy, FACT.queue, FACT.start, FACT.execute, FACT.answer, FACT.nack, FACT.restart])
  CHANGES_TRUTH[kind] = 0;
for (const kind of [FACT.reject, FACT.late, FACT.stale, FACT.timeout]) CHANGES_TRUTH[kind] = 0;

export class Observer implements Listener {
  /** Facts told so far. */
  rowCount = 0;
  /** Facts told, by number of FACT. */
  readonly counts = new Uint32Array(FACT_KINDS.length);
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
  private readonly truths: TruthTable;
  private clock = new Clock();
  /** Row of the latest crash. */
  private crashRow = -1;

  constructor(plan: Plan, recorder: Recorder) {
    this.plan = plan;
    this.recorder = recorder;
    this.truths = new TruthTable(plan.store.capacity < Infinity); // an eviction knows no more than the key
  }

  follow(clock: Clock, places: Places): void {
    this.clock = clock;
    this.truths.follow(clock, places);
    this.recorder?.follow(clock);
    this.traceDigest.follow(clock);
  }

  /** One function on purpose: it is the most frequent of all, and each call it makes would cost more than what is done. */
  tell(kind: number, about: About, place: number, detail: number, packet: number, cause: number): number {
    const { truths, totals } = this;
    const message = about.id;
    const row = this.rowCount++;
    this.counts[kind]++;
    let said = detail;
    if (kind === FACT.arrive) {
      truths.open(about, row);
    } else if (CHANGES_TRUTH[kind] === 1) {
      if (kind === FACT.mark && detail > totals.dedupPeak) totals.dedupPeak = detail;
      const truth = truths.of(about);
      // About no message, or one that is concluded: nothing can change its outcome.
      if (truth !== null) {
        const { nowUs } = this.clock;
        switch (kind) {
          // The most frequent first: they are asked one after another.
          case FACT.send:
            truth.lastSendRow = row;
            truth.lastSentUs = nowUs;
            break;
          case FACT.deliver:
            if (truth.deliveries++ > 0) totals.duplicateDeliveries++;
            break;
          case FACT.pass:
            if (truth.markRow >= 0 || truth.firstEffectRow >= 0) this.passed(truth, packet);
            break;
          case FACT.mark: {
            const isRepeat = this.isHeld(truth);
            if (isRepeat && !this.plan.store.slides) break;
            truth.anchorUs = nowUs;
            if (isRepeat) break;
            truth.markRow = row;
            truth.evictRow = -1;
            break;
          }
          case FACT.effect:
            said = this.applied(truth, packet, row); // only the observer knows how often by now
            break;
          case FACT.confirm:
            this.settle(truth, STATUS.confirmed, row);
            totals.certaintySumUs += nowUs - truth.arrivedUs;
            totals.certaintyMaxUs = Math.max(totals.certaintyMaxUs, nowUs - truth.arrivedUs);
            break;
          case FACT.lost:
            if (place === PLACE.requestLink) {
              totals.requestsLost++;
              truth.lastFaultRow = row;
              if (detail === 0) truth.lostByChance++;
              else truth.lostInOutage++;
            }
            break;
          case FACT.suppress:
            if (detail === 0) totals.suppressed++;
            if (this.plan.store.slides) truth.anchorUs = nowUs;
            truth.suppressRow = row;
            break;
          case FACT.turnedAway:
            truth.turnedAway++;
            truth.lastFaultRow = row;
            break;
          case FACT.evict:
            truth.evictRow = row;
            break;
          case FACT.crash:
            truth.crashRow = row;
            this.crashRow = row;
            break;
          case FACT.giveUp:
            this.settle(truth, STATUS.gaveUp, row);
            break;
          case FACT.refuse:
            this.settle(truth, STATUS.refused, row);
            break;
          case FACT.deadLetter:
            truth.deadLettered = true;
            break;
        }
      }
    }
    this.traceDigest.add(kind, message, place, said, packet);
    this.recorder?.add(kind, message, place, said, packet, cause);
    return row;
  }

  conclude(about: About): void {
    const { truths, totals } = this;
    const truth = truths.of(about);
    if (truth === null) return assert(false, `message ${about.id} was concluded twice`); // the words cost more than the check
    const { effects } = truth;
    if (effects === 1) totals.once++;
    else if (effects > 1) totals.duplicated++;
    else {
      totals.lost++;
      this.provesLoss(truth);
    }
    if (truth.deadLettered && effects > 0) totals.falseDeadLettered++;
    this.enter(truth);
    truths.close(truth);
  }

  /** Enters messages that a limit left open, and answers the digests and how many were open. */
  finish(): { readonly outcome: string; readonly trace: string; readonly open: number } {
    const open = this.truths.stillOpen();
    for (const truth of open) this.enter(truth);
    return { outcome: this.outcomeDigest.text(), trace: this.traceDigest.text(), open: open.length };
  }

  /** Enters a message into the books of the run. */
  private enter(truth: Truth): void {
    this.totals.beliefs[truth.belief]++;
    this.outcomeDigest.add(truth);
  }

  /** A delivery of a message that was applied or marked before has passed its check. */
  private passed(truth: Truth, packet: number): void {
    assert(!this.isHeld(truth), 'a delivery passed a check although its key is held');
    truth.passes ??= new Map();
    truth.passes.set(packet, this.whyUnheld(truth));
  }

  private settle(truth: Truth, belief: number, row: number): void {
    truth.belief = belief;
    truth.settledUs = this.clock.nowUs;
    truth.settledRow = row;
  }

  private applied(truth: Truth, packet: number, row: number): number {
    const effects = ++truth.effects;
    if (effects === 1) {
      truth.firstEffectUs = this.clock.nowUs;
      truth.firstEffectRow = row;
    } else if (effects === 2) {
      this.totals.violations.duplicate++;
      const message = truth.message;
      const unheld = truth.passes?.get(packet) ?? { kind: 'not yet marked' };
      this.proofs.duplicate ??= {
        message,
        ...repeatReason(this.plan, { firstEffectRow: truth.firstEffectRow, unheld }, row),
      };
    }
    return effects;
  }

  private provesLoss(truth: Truth): void {
    const { violations } = this.totals;
    const message = truth.message;
    violations.loss++;
    this.proofs.loss ??= { message, ...lossReason(this.plan, this.lossOf(truth)) };
    if (truth.belief !== STATUS.confirmed) return;
    violations.falseConfirmation++;
    this.proofs.falseConfirmation ??= { message, ...lossReason(this.plan, this.lossOf(truth)) };
  }

  /** Whether the store holds the message's key now. */
  private isHeld(truth: Truth): boolean {
    const { store } = this.plan;
    if (truth.markRow < 0 || truth.evictRow >= 0) return false;
    if (!store.durable && this.crashRow > truth.markRow) return false;
    return this.clock.nowUs < truth.anchorUs + store.windowUs;
  }

  /** Why it does not. */
  private whyUnheld(truth: Truth): Unheld {
    const { markRow, evictRow, firstEffectRow } = truth;
    const { store } = this.plan;
    if (markRow < 0) {
      // Every delivery in hand dies with the process: the one that ran the effect had no time to mark.
      return firstEffectRow >= 0 && this.crashRow > firstEffectRow
        ? { kind: 'died before the mark', crashRow: this.crashRow }
        : { kind: 'not yet marked' };
    }
    if (evictRow >= 0) return { kind: 'evicted', markRow, evictRow };
    if (!store.durable && this.crashRow > markRow)
      return { kind: 'erased', markRow, crashRow: this.crashRow };
    return { kind: 'expired', markRow, lateUs: this.clock.nowUs - (truth.anchorUs + store.windowUs) };
  }

  private lossOf(truth: Truth): Loss {
    const ownCrash = truth.crashRow;
    return {
      isConfirmed: truth.belief === STATUS.confirmed,
      deliveries: truth.deliveries,
      arrivedUs: truth.arrivedUs,
      lastSentUs: truth.lastSentUs,
      arriveRow: truth.arriveRow,
      lastSendRow: truth.lastSendRow,
      settledRow: truth.settledRow,
      markRow: truth.markRow,
      suppressRow: truth.suppressRow,
      // A crash in another message's hands may have taken this one's delivery along.
      crashRow: ownCrash < 0 && this.crashRow > truth.arriveRow ? this.crashRow : ownCrash,
      lastFaultRow: truth.lastFaultRow,
      lostByChance: truth.lostByChance,
      lostInOutage: truth.lostInOutage,
      turnedAway: truth.turnedAway,
    };
  }
}
