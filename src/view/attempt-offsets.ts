/**
 * When a sender that never hears an answer makes its attempts, counted from the first: worked out from the schedule
 * alone, without a run. Where a wait has jitter, the earliest and latest it allows.
 */
import { ORDINAL_MAX } from '../../sim/core/packet-name.ts';
import { nominalWaitUs, longestWaitUs, shortestWaitUs } from '../../sim/policy/retry.ts';
import type { SenderPlan } from '../../sim/scenario/plan.ts';

export interface AttemptOffset {
  /** 1-based. */
  readonly attempt: number;
  /** µs after the first attempt, without jitter. */
  readonly nominalUs: number;
  readonly earliestUs: number;
  readonly latestUs: number;
}

export interface AttemptSchedule {
  readonly attempts: readonly AttemptOffset[];
  /** Whether the sender goes on beyond the attempts listed here. */
  readonly goesOn: boolean;
  /** Whether nothing ever stops it: no most attempts and no horizon. */
  readonly isEndless: boolean;
}

/** Attempts that are worked out; a chart can show no more. */
const MOST_ATTEMPTS = 64;

type Schedule = Pick<SenderPlan, 'ackTimeoutUs' | 'retry'>;

/** Waits counted from detection begin when the ack timeout is over; those counted from the send, at the send. */
export function attemptOffsets({ ackTimeoutUs, retry }: Schedule): AttemptSchedule {
  const attempts: AttemptOffset[] = [{ attempt: 1, nominalUs: 0, earliestUs: 0, latestUs: 0 }];
  const detectionUs = retry.countFromSend ? 0 : ackTimeoutUs;
  const looksBack = retry.kind !== 'none' && Number.isFinite(detectionUs);
  const limit = looksBack ? retry.maxAttempts : 1;
  let longestBeforeUs = retry.delayUs;
  while (attempts.length < Math.min(limit, MOST_ATTEMPTS)) {
    const last = attempts[attempts.length - 1];
    const longestUs = Math.min(
      longestWaitUs(retry, last.attempt, longestBeforeUs),
      retry.jitter === 'decorrelated' ? retry.capUs : Infinity,
    );
    const earliestUs = last.earliestUs + detectionUs + shortestWaitUs(retry, last.attempt);
    if (earliestUs > retry.horizonUs) return { attempts, goesOn: false, isEndless: false };
    attempts.push({
      attempt: last.attempt + 1,
      nominalUs: Math.min(last.nominalUs + detectionUs + nominalWaitUs(retry, last.attempt), retry.horizonUs),
      earliestUs,
      latestUs: Math.min(last.latestUs + detectionUs + longestUs, retry.horizonUs),
    });
    longestBeforeUs = longestUs;
  }
  const goesOn = attempts.length < limit;
  return { attempts, goesOn, isEndless: goesOn && limit >= ORDINAL_MAX && !Number.isFinite(retry.horizonUs) };
}
