/**
 * The observer: outside the model, told every fact, crossing what the sender believes with what really happened. It
 * keeps a message only while something about it is under way, so memory does not grow with messages.
 */
import { IntMap } from '../core/int-map.ts';
import { FACT, PLACE, type Listener } from '../core/fact.ts';
import type { Plan } from '../scenario/plan.ts';
import { OutcomeDigest, TraceDigest } from '../trace/digest.ts';
import type { Recorder } from '../trace/recorder.ts';
import { STATUS } from '../protocol/retry-until-answered.ts';
import { lossReason, repeatReason, type LossEvidence } from './reasons.ts';

/** What the observer knows of one message that is under way. */
interface Truth {
  message: number;
  effects: number;
  deliveries: number;
  belief: number;
  deadLettered: boolean;
  arrivedUs: number;
  arriveRow: number;
  lastSendRow: number;
  lastSentUs: number;
  firstEffectUs: number;
  firstEffectRow: number;
  settledUs: number;
  settledRow: number;
  /** When its key was last written or met under a sliding window; −1 for never. */
  anchorUs: number;
  markRow: number;
  evictRow: number;
  /** When its latest check passed. */
  passedUs: number;
  crashRow: number;
  lostByChance: number;
  lostInOutage: number;
  turnedAway: number;
  lastFaultRow: number;
}

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
  private readonly slotOf = new IntMap();
  private readonly truths: Truth[] = [];
  private readonly free: number[] = [];
  private nowUs = 0;
  private wipedUs = -1;
  private wipeRow = -1;

  constructor(plan: Plan, recorder: Recorder) {
    this.plan = plan;
    this.recorder = recorder;
  }

  clock(nowUs: number): void {
    this.nowUs = nowUs;
    this.traceDigest.clock(nowUs);
  }

  tell(kind: number, message: number, place: number, detail: number, packet: number, cause: number): number {
    const row = this.rowCount++;
    this.counts[kind]++;
    const said = this.learn(kind, message, place, detail, row);
    this.traceDigest.add(kind, message, place, said, packet);
    this.recorder.add(this.nowUs, kind, message, place, said, packet, cause);
    return row;
  }

  conclude(message: number): void {
    const slot = this.slotOf.get(message);
    const truth = this.truths[slot];
    const { totals } = this;
    if (truth.effects === 1) totals.once++;
    else if (truth.effects === 0) totals.lost++;
    else totals.duplicated++;
    if (truth.effects === 0) this.provesLoss(truth);
    if (truth.deadLettered && truth.effects > 0) totals.falseDeadLettered++;
    this.close(truth);
    this.slotOf.delete(message);
    this.free.push(slot);
  }

  /** Closes the books on messages that a limit left open, and answers the digests and how many were open. */
  finish(): { readonly outcome: string; readonly trace: string; readonly open: number } {
    const open = this.truths.filter((truth, slot) => this.slotOf.get(truth.message) === slot);
    for (const truth of open.sort((a, b) => a.message - b.message)) this.close(truth);
    return { outcome: this.outcomeDigest.text(), trace: this.traceDigest.text(), open: open.length };
  }

  private close(truth: Truth): void {
    this.totals.beliefs[truth.belief]++;
    this.outcomeDigest.add(truth.message, truth.effects, truth.belief, truth.firstEffectUs, truth.settledUs);
  }

  /** Takes in one fact; answers the detail to record, which only for an effect is the observer's own. */
  private learn(kind: number, message: number, place: number, detail: number, row: number): number {
    if (kind === FACT.arrive) {
      this.open(message, row);
      return detail;
    }
    if (kind === FACT.mark && detail > this.totals.dedupPeak) this.totals.dedupPeak = detail;
    const slot = this.slotOf.get(message);
    if (slot < 0) return detail; // about no message, or one that is concluded: nothing can change its outcome
    const truth = this.truths[slot];
    switch (kind) {
      case FACT.send:
        truth.lastSendRow = row;
        truth.lastSentUs = this.nowUs;
        break;
      case FACT.deliver:
        if (truth.deliveries++ > 0) this.totals.duplicateDeliveries++;
        break;
      case FACT.lost:
        if (place === PLACE.requestLink) {
          this.totals.requestsLost++;
          truth.lastFaultRow = row;
          if (detail === 0) truth.lostByChance++;
          else truth.lostInOutage++;
        }
        break;
      case FACT.turnedAway:
        truth.turnedAway++;
        truth.lastFaultRow = row;
        break;
      case FACT.pass:
        truth.passedUs = this.nowUs;
        break;
      case FACT.suppress:
        if (detail === 0) this.totals.suppressed++;
        if (this.plan.store.slides) truth.anchorUs = this.nowUs;
        break;
      case FACT.mark:
        truth.anchorUs = this.nowUs;
        truth.markRow = row;
        truth.evictRow = -1;
        break;
      case FACT.evict:
        truth.evictRow = row;
        break;
      case FACT.crash:
        truth.crashRow = row;
        if (!this.plan.store.durable) {
          this.wipedUs = this.nowUs;
          this.wipeRow = row;
        }
        break;
      case FACT.effect:
        return this.applied(truth, row);
      case FACT.confirm:
        this.settle(truth, STATUS.confirmed, row);
        this.totals.certaintySumUs += this.nowUs - truth.arrivedUs;
        if (this.nowUs - truth.arrivedUs > this.totals.certaintyMaxUs)
          this.totals.certaintyMaxUs = this.nowUs - truth.arrivedUs;
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
    return detail;
  }

  private open(message: number, row: number): void {
    let slot = this.free.pop();
    if (slot === undefined) {
      slot = this.truths.length;
      this.truths.push(newTruth());
    }
    const truth = this.truths[slot];
    Object.assign(truth, BLANK);
    truth.message = message;
    truth.arrivedUs = this.nowUs;
    truth.arriveRow = row;
    this.slotOf.set(message, slot);
  }

  private settle(truth: Truth, belief: number, row: number): void {
    truth.belief = belief;
    truth.settledUs = this.nowUs;
    truth.settledRow = row;
  }

  private applied(truth: Truth, row: number): number {
    truth.effects++;
    if (truth.effects === 1) {
      truth.firstEffectUs = this.nowUs;
      truth.firstEffectRow = row;
    } else if (truth.effects === 2) {
      this.totals.violations.duplicate++;
      this.proofs.duplicate ??= {
        message: truth.message,
        ...repeatReason(this.plan, this.evidenceOf(truth), row),
      };
    }
    return truth.effects;
  }

  private provesLoss(truth: Truth): void {
    const { violations } = this.totals;
    violations.loss++;
    this.proofs.loss ??= { message: truth.message, ...lossReason(this.evidenceOf(truth)) };
    if (truth.belief !== STATUS.confirmed) return;
    violations.falseConfirmation++;
    this.proofs.falseConfirmation ??= {
      message: truth.message,
      ...lossReason(this.evidenceOf(truth)),
    };
  }

  private evidenceOf(truth: Truth): LossEvidence {
    return { ...truth, nowUs: this.nowUs, wipedUs: this.wipedUs, wipeRow: this.wipeRow };
  }
}

const BLANK: Truth = {
  message: 0,
  effects: 0,
  deliveries: 0,
  belief: STATUS.trying,
  deadLettered: false,
  arrivedUs: 0,
  arriveRow: -1,
  lastSendRow: -1,
  lastSentUs: 0,
  firstEffectUs: -1,
  firstEffectRow: -1,
  settledUs: -1,
  settledRow: -1,
  anchorUs: -1,
  markRow: -1,
  evictRow: -1,
  passedUs: -1,
  crashRow: -1,
  lostByChance: 0,
  lostInOutage: 0,
  turnedAway: 0,
  lastFaultRow: -1,
};

function newTruth(): Truth {
  return { ...BLANK };
}
