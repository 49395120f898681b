/**
 * Why an effect happened twice, or not at all: the assumption that failed, in a sentence, and the rows that show it.
 * Pure functions of what the observer knows of the message.
 */
import { formatDuration } from '../core/duration.ts';
import type { Plan } from '../scenario/plan.ts';

/** What is known of a message at the moment a clause breaks; times in µs, −1 for never; rows −1 for none. */
export interface Evidence {
  readonly deliveries: number;
  readonly arrivedUs: number;
  readonly lastSentUs: number;
  /** When its key was last written, or met under a sliding window. */
  readonly anchorUs: number;
  /** When its latest check passed. */
  readonly passedUs: number;
  /** When a crash last erased the store. */
  readonly wipedUs: number;
  readonly arriveRow: number;
  readonly lastSendRow: number;
  readonly firstEffectRow: number;
  readonly settledRow: number;
  readonly markRow: number;
  readonly evictRow: number;
  readonly crashRow: number;
  readonly lastFaultRow: number;
  readonly lostByChance: number;
  readonly lostInOutage: number;
  readonly turnedAway: number;
}

export interface Reason {
  readonly why: string;
  readonly rows: readonly number[];
}

/** Why the effect in `row` ran although the first one had. */
export function repeatReason(plan: Plan, of: Evidence, row: number): Reason {
  const steps = plan.receiver.handler.flat();
  const effectGroup = plan.receiver.handler.findIndex((group) => group.includes('effect'));
  const checkGroup = plan.receiver.handler.findIndex((group) => group.includes('check'));
  const rows = (...extra: readonly number[]) => known([of.firstEffectRow, ...extra, row]);
  if (!steps.includes('check') || !steps.includes('mark')) {
    return {
      why: 'The receiver keeps no memory of what it has applied: every delivery runs the effect.',
      rows: rows(),
    };
  }
  if (checkGroup > effectGroup) return { why: 'The handler runs the effect before its check.', rows: rows() };
  if (of.markRow < 0) {
    return of.crashRow >= 0
      ? {
          why: 'The process died after the effect and before the mark: they are not one atomic step.',
          rows: rows(of.crashRow),
        }
      : {
          why: 'Two copies passed the check before either was marked: check, effect and mark are not one atomic step.',
          rows: rows(),
        };
  }
  const race = {
    why: 'Two copies passed the check before either was marked: check and mark are not one atomic step.',
    rows: rows(of.markRow),
  };
  if (of.anchorUs > of.passedUs) return race;
  if (of.evictRow >= 0) {
    return {
      why: `The store was full (${plan.store.capacity} entries) and forgot the key early.`,
      rows: rows(of.markRow, of.evictRow),
    };
  }
  if (of.wipedUs >= of.anchorUs) {
    return {
      why: 'The store is not durable: a crash of the receiver erased the key.',
      rows: rows(of.markRow, of.crashRow),
    };
  }
  const lateUs = of.passedUs - (of.anchorUs + plan.store.windowUs);
  if (lateUs < 0) return race;
  const anchored = plan.store.slides ? 'last seen' : 'first seen';
  return {
    why: `The dedup window of ${formatDuration(plan.store.windowUs)} (from ${anchored}) had expired ${lateUs === 0 ? 'at that very instant' : `${formatDuration(lateUs)} before`}: the retry came later than the store remembers.`,
    rows: rows(of.markRow),
  };
}

/** Why a message that is settled has no effect. */
export function lossReason(plan: Plan, of: Evidence): Reason {
  const rows = known([of.arriveRow, of.lastFaultRow, of.markRow, of.crashRow, of.lastSendRow, of.settledRow]);
  if (of.deliveries === 0) {
    const causes = [
      of.lostByChance > 0 ? `${of.lostByChance} lost on the link` : '',
      of.lostInOutage > 0 ? `${of.lostInOutage} sent into an outage` : '',
      of.turnedAway > 0 ? `${of.turnedAway} met a receiver that was down` : '',
    ].filter((cause) => cause !== '');
    const attempts = of.lostByChance + of.lostInOutage + of.turnedAway;
    const why =
      attempts === 1
        ? `The only attempt was ${causes.join('').replace('1 met', 'made, and met').replace(/^1 /, '')}.`
        : `All ${attempts} attempts, over ${formatDuration(of.lastSentUs - of.arrivedUs)}, were in vain: ${causes.join(', ')}. Attempts and retry horizon did not outlast the faults.`;
    return { why, rows };
  }
  if (of.markRow >= 0 && of.crashRow >= 0) {
    return {
      why: 'The mark was written before the effect and the process died between them: every later copy was suppressed.',
      rows,
    };
  }
  if (of.markRow >= 0)
    return {
      why: 'The handler met its own mark: it writes the mark before its check, so the effect never runs.',
      rows,
    };
  const groupOf = (step: 'ack' | 'effect') =>
    plan.receiver.handler.findIndex((group) => group.includes(step));
  if (of.crashRow >= 0 && groupOf('ack') >= 0 && groupOf('ack') < groupOf('effect')) {
    return {
      why: 'The ack left before the effect, and the process died between them: the sender had no reason to try again.',
      rows,
    };
  }
  if (of.crashRow >= 0)
    return { why: 'The process died before the effect, and no later attempt made up for it.', rows };
  return { why: 'A delivery did not reach its effect.', rows };
}

function known(rows: readonly number[]): number[] {
  return [...new Set(rows.filter((row) => row >= 0))].sort((a, b) => a - b);
}
