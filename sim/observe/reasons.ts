/**
 * Why an effect happened twice, or not at all: the assumption that failed, in a sentence, and the rows that show it.
 * Pure functions of what the observer knows of the message.
 */
import { formatDuration } from '../core/duration.ts';
import type { Plan } from '../scenario/plan.ts';

/** Why the store did not hold a key when a delivery of its message passed the check. Rows of the trace. */
export type Unheld =
  /** No copy had come as far as its mark, and none had died on the way. */
  | { readonly kind: 'not yet marked' }
  | { readonly kind: 'died before the mark'; readonly crashRow: number }
  | { readonly kind: 'evicted'; readonly markRow: number; readonly evictRow: number }
  | { readonly kind: 'erased'; readonly markRow: number; readonly crashRow: number }
  /** `lateUs`: for how long it had been expired, µs. */
  | { readonly kind: 'expired'; readonly markRow: number; readonly lateUs: number };

/** What is known of a message whose effect runs a second time. */
export interface Repeat {
  readonly firstEffectRow: number;
  readonly unheld: Unheld;
}

/** What is known of a message that is settled without an effect; times in µs, rows −1 for none. */
export interface Loss {
  readonly isConfirmed: boolean;
  readonly deliveries: number;
  readonly arrivedUs: number;
  readonly lastSentUs: number;
  readonly arriveRow: number;
  readonly lastSendRow: number;
  readonly settledRow: number;
  readonly markRow: number;
  readonly suppressRow: number;
  readonly crashRow: number;
  readonly lastFaultRow: number;
  /** Request packets of it that reached no working receiver, by what became of them. */
  readonly lostByChance: number;
  readonly lostInOutage: number;
  readonly turnedAway: number;
}

export interface Reason {
  readonly why: string;
  readonly rows: readonly number[];
}

/** Why the effect in `row` ran although the first one had. */
export function repeatReason(plan: Plan, { firstEffectRow, unheld }: Repeat, row: number): Reason {
  const rows = (...extra: readonly number[]) => known([firstEffectRow, ...extra, row]);
  const { check, effect, mark } = placesOf(plan.receiver.handler);
  if (check < 0 || mark < 0) {
    return {
      why: 'The receiver keeps no memory of what it has applied: every delivery runs the effect.',
      rows: rows(),
    };
  }
  if (check > effect) return { why: 'The handler runs the effect before its check.', rows: rows() };
  switch (unheld.kind) {
    case 'not yet marked':
      return {
        why: 'Two copies passed the check before either was marked: check, effect and mark are not one atomic step.',
        rows: rows(),
      };
    case 'died before the mark':
      return {
        why: 'The process died after the effect and before the mark: they are not one atomic step.',
        rows: rows(unheld.crashRow),
      };
    case 'evicted':
      return {
        why: `The store was full (${plan.store.capacity} ${plan.store.capacity === 1 ? 'entry' : 'entries'}) and forgot the key early.`,
        rows: rows(unheld.markRow, unheld.evictRow),
      };
    case 'erased':
      return {
        why: 'The store is not durable: a crash of the receiver erased the key.',
        rows: rows(unheld.markRow, unheld.crashRow),
      };
    case 'expired': {
      const memory = `${formatDuration(plan.store.windowUs)} (from ${plan.store.slides ? 'last seen' : 'first seen'})`;
      const since = unheld.lateUs === 0 ? 'at that very instant' : `${formatDuration(unheld.lateUs)} before`;
      return {
        why: `The dedup window of ${memory} had expired ${since}: the copy came later than the store remembers.`,
        rows: rows(unheld.markRow),
      };
    }
  }
}

/** Why a message that is settled has no effect. */
export function lossReason(plan: Plan, of: Loss): Reason {
  const rows = known([
    ...[of.arriveRow, of.lastSendRow, of.lastFaultRow],
    ...[of.markRow, of.suppressRow, of.crashRow, of.settledRow],
  ]);
  const { check, effect, mark, ack } = placesOf(plan.receiver.handler);
  if (of.deliveries === 0) return { why: neverArrived(of), rows };
  if (of.markRow >= 0 && of.suppressRow >= 0 && mark < check) {
    return {
      why: 'The handler met its own mark: it writes the mark before its check, so the effect never runs.',
      rows,
    };
  }
  if (of.markRow >= 0) {
    const later = of.suppressRow >= 0 ? ': every later copy was suppressed' : '';
    return {
      why: `The mark was written before the effect and the process died between them${later}.`,
      rows,
    };
  }
  if (of.isConfirmed && ack < effect) {
    return {
      why: 'The ack left before the effect, and the process died between them: the sender had no reason to try again.',
      rows,
    };
  }
  return { why: 'The process died before the effect, and no later attempt made up for it.', rows };
}

function neverArrived({ lostByChance, lostInOutage, turnedAway, lastSentUs, arrivedUs }: Loss): string {
  const packets = lostByChance + lostInOutage + turnedAway;
  if (packets === 1) {
    const fate =
      lostByChance > 0
        ? 'lost on the link'
        : lostInOutage > 0
          ? 'lost in an outage'
          : 'turned away by a receiver that was down';
    return `The only request was ${fate}.`;
  }
  const fates = [
    lostByChance > 0 ? `${lostByChance} lost on the link` : '',
    lostInOutage > 0 ? `${lostInOutage} lost in an outage` : '',
    turnedAway > 0 ? `${turnedAway} turned away by a receiver that was down` : '',
  ].filter((fate) => fate !== '');
  return `None of ${packets} requests over ${formatDuration(lastSentUs - arrivedUs)} arrived: ${fates.join(', ')}. Attempts and retry horizon did not outlast the faults.`;
}

/** The group of each step, −1 where the handler has no such step. */
function placesOf(handler: Plan['receiver']['handler']) {
  const place = (step: 'check' | 'effect' | 'mark' | 'ack') =>
    handler.findIndex((group) => group.includes(step));
  return { check: place('check'), effect: place('effect'), mark: place('mark'), ack: place('ack') };
}

function known(rows: readonly number[]): number[] {
  return [...new Set(rows.filter((row) => row >= 0))].sort((a, b) => a - b);
}
