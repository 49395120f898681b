/**
 * A plan where time stands still, and durations say nothing: what depends on a time is taken out of it, or becomes a
 * choice.
 */
import { OUTAGE_KINDS } from '../core/fact.ts';
import type { Alphabet } from '../nature/exploring.ts';
import { nominalWaitUs } from '../policy/retry.ts';
import type { LinkPlan, Plan, RetryPlan } from '../scenario/plan.ts';

/** A wait that is over within the horizon, and one that is not, where that is a choice. */
const WITHIN_HORIZON_US = 1;
const BEYOND_HORIZON_US = 3;

/** The plan without its outages, which are stretches of time, and without a horizon in time. */
export function timelessPlan(plan: Plan): Plan {
  const without = (link: LinkPlan): LinkPlan => ({ ...link, outages: [] });
  return {
    ...plan,
    sender: { ...plan.sender, retry: timelessRetry(plan) },
    request: without(plan.request),
    answer: without(plan.answer),
    receiver: { ...plan.receiver, outages: [] },
  };
}

/** All durations are one; see `timelessRetry` for waits. */
export function timelessAlphabet({ sender }: Plan): Alphabet {
  const waits =
    sender.retry.horizonUs < Infinity ? [WITHIN_HORIZON_US, BEYOND_HORIZON_US] : [WITHIN_HORIZON_US];
  return { shortest: () => 1, delays: () => [1], steps: () => [1], waits: () => waits, eitherOrder: false };
}

/** Whether the receiver may answer that it did not do it. */
export function mayRefuse({ receiver }: Plan): boolean {
  const isLoud = (kind: number) => kind !== OUTAGE_KINDS.indexOf('hang');
  return isLoud(receiver.whileDown) || receiver.outages.some(({ kind }) => isLoud(kind));
}

/** Where the waits add up to the same in every run, a horizon is a number of attempts; else each wait may pass it. */
function timelessRetry(plan: Plan): RetryPlan {
  const { retry, ackTimeoutUs } = plan.sender;
  if (retry.horizonUs === Infinity) return retry;
  if (retry.jitter !== 'none' || (!retry.countFromSend && mayRefuse(plan)))
    return { ...retry, jitter: 'additive', jitterSize: 1, horizonUs: WITHIN_HORIZON_US };
  let maxAttempts = 1;
  for (let elapsedUs = 0; maxAttempts < retry.maxAttempts; maxAttempts++) {
    elapsedUs += nominalWaitUs(retry, maxAttempts) + (retry.countFromSend ? 0 : ackTimeoutUs);
    if (elapsedUs > retry.horizonUs) break;
  }
  return { ...retry, maxAttempts, horizonUs: Infinity };
}
