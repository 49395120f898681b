/**
 * A scenario made ready to run: the patched fields in the engine's own terms (microseconds, numbers, codes), worked
 * out once so that the loop looks nothing up by name.
 */
import type { Distribution } from '../core/distributions.ts';
import { ORDINAL_MAX } from '../core/packet-name.ts';
import { streamsOfHop, type Stream } from '../nature/choice.ts';
import { CRASH_POINTS } from '../core/fact.ts';
import { hopOf } from './hop.ts';
import { applyPolicy } from './policies.ts';
import type { Handler } from './terms.ts';
import type { Link, Producer, Retry, Scenario, ScenarioDistribution } from './schema.ts';

/** Stands for "never", "unlimited" and "forever" where a number is asked for. */
export const NEVER = Infinity;

/** A stretch of time, half open: `fromUs` is in it, `untilUs` is not. */
export interface Interval {
  readonly fromUs: number;
  readonly untilUs: number;
}

export interface SenderPlan {
  readonly messages: number;
  readonly firstArrivalUs: number;
  /** Messages that arrive together. */
  readonly burst: number;
  /** Gap between two arrivals (or bursts). */
  readonly gap: Distribution;
  /** Whether the first message too waits a gap (Poisson), or arrives at the start. */
  readonly gapFirst: boolean;
  /** NEVER: the sender does not look back. */
  readonly ackTimeoutUs: number;
  readonly acceptLate: boolean;
  readonly retry: RetryPlan;
  readonly deadLetter: boolean;
}

export interface RetryPlan {
  readonly countFromSend: boolean;
  readonly maxAttempts: number;
  readonly horizonUs: number;
  /** Wait before retry k (1-based) without jitter: baseUs × k (linear), × factor^(k−1) (exponential), or a list. */
  readonly kind: 'none' | 'fixed' | 'linear' | 'exponential' | 'custom';
  readonly delayUs: number;
  readonly factor: number;
  readonly capUs: number;
  readonly delaysUs: readonly number[];
  readonly jitter: 'none' | 'proportional' | 'equal' | 'full' | 'decorrelated' | 'additive';
  /** Share (proportional) or µs (additive). */
  readonly jitterSize: number;
}

export interface LinkOutage extends Interval {
  readonly cutsInFlight: boolean;
}

export interface LinkPlan {
  readonly loss: number;
  readonly delay: Distribution;
  readonly fifo: boolean;
  readonly duplicate: number;
  readonly outages: readonly LinkOutage[];
}

export interface ReceiverOutage extends Interval {
  /** Index into OUTAGE_KINDS. */
  readonly kind: number;
}

export interface ReceiverPlan {
  readonly handler: Handler;
  /** How long the effect takes, and how long the other steps do: each counts where its step runs. */
  readonly processing: Distribution;
  readonly checkTime: Distribution;
  readonly markTime: Distribution;
  readonly ackTime: Distribution;
  readonly concurrency: number;
  readonly outages: readonly ReceiverOutage[];
  /** Crash probability after CRASH_POINTS[i]. */
  readonly crashAfter: readonly number[];
  readonly restartAfterUs: number;
  /** Index into OUTAGE_KINDS: what requests meet while the process is down. */
  readonly whileDown: number;
}

export interface StorePlan {
  readonly windowUs: number;
  readonly slides: boolean;
  readonly capacity: number;
  readonly lru: boolean;
  readonly durable: boolean;
}

export interface Plan {
  /** As it runs: with its policy's patch applied. */
  readonly scenario: Scenario;
  readonly sender: SenderPlan;
  readonly request: LinkPlan;
  readonly answer: LinkPlan;
  readonly receiver: ReceiverPlan;
  readonly store: StorePlan;
  /** Whether a repeated effect leaves the sink as it was. */
  readonly sinkSets: boolean;
  readonly limits: Scenario['limits'];
  readonly streams: readonly Stream[];
}

/** Makes a parsed scenario ready to run. */
export function planOf(written: Scenario): Plan {
  const scenario = applyPolicy(written);
  const { producerId, producer, consumerId, consumer, sink, requestLink, answerLink } = hopOf(scenario);
  return {
    scenario,
    sender: senderPlan(producer),
    request: linkPlan(requestLink),
    answer: linkPlan(answerLink),
    receiver: {
      handler: consumer.handler,
      processing: distributionOf(consumer.processing),
      checkTime: distributionOf(consumer.stepTimes.check),
      markTime: distributionOf(consumer.stepTimes.mark),
      ackTime: distributionOf(consumer.stepTimes.ack),
      concurrency: unlimited(consumer.concurrency),
      outages: consumer.outages.map((outage) => ({
        ...intervalOf(outage),
        kind: ['refuse', 'hang', 'error'].indexOf(outage.kind),
      })),
      crashAfter: CRASH_POINTS.map((point) => consumer.crash.after[point]),
      restartAfterUs: consumer.crash.restartAfter,
      whileDown: consumer.crash.whileDown === 'refuse' ? 0 : 1,
    },
    store: {
      windowUs: unlimited(consumer.dedup.window),
      slides: consumer.dedup.anchor === 'last-seen',
      capacity: unlimited(consumer.dedup.capacity),
      lru: consumer.dedup.eviction === 'lru',
      durable: consumer.dedup.durable,
    },
    sinkSets: sink.operation === 'set',
    limits: scenario.limits,
    streams: streamsOfHop(producerId, consumerId),
  };
}

function senderPlan(producer: Producer): SenderPlan {
  const { arrivals } = producer;
  return {
    messages: producer.messages,
    firstArrivalUs: arrivals.start,
    burst: arrivals.kind === 'burst' ? arrivals.size : 1,
    gap:
      arrivals.kind === 'poisson'
        ? { kind: 'exponential', meanUs: arrivals.mean, minUs: 0 }
        : { kind: 'constant', valueUs: arrivals.every },
    gapFirst: arrivals.kind === 'poisson',
    ackTimeoutUs: unlimited(producer.ackTimeout),
    acceptLate: producer.lateReplies === 'accept',
    retry: retryPlan(producer.retry),
    deadLetter: producer.deadLetter,
  };
}

function retryPlan(retry: Retry): RetryPlan {
  if (retry.kind === 'none') {
    return {
      kind: 'none',
      countFromSend: false,
      maxAttempts: 1,
      horizonUs: NEVER,
      delayUs: 0,
      factor: 1,
      capUs: NEVER,
      delaysUs: [],
      jitter: 'none',
      jitterSize: 0,
    };
  }
  const listed = retry.kind === 'custom' ? retry.delays.length + 1 : ORDINAL_MAX;
  return {
    kind: retry.kind,
    countFromSend: retry.countFrom === 'send',
    maxAttempts: Math.min(unlimited(retry.maxAttempts), listed),
    horizonUs: unlimited(retry.horizon),
    delayUs: retry.kind === 'custom' ? retry.delays[0] : retry.delay,
    factor: retry.kind === 'exponential' ? retry.factor : 1,
    capUs: retry.kind === 'linear' || retry.kind === 'exponential' ? unlimited(retry.cap) : NEVER,
    delaysUs: retry.kind === 'custom' ? retry.delays : [],
    jitter: retry.jitter.kind,
    jitterSize:
      retry.jitter.kind === 'proportional'
        ? retry.jitter.spread
        : retry.jitter.kind === 'additive'
          ? retry.jitter.max
          : 0,
  };
}

function linkPlan(link: Link): LinkPlan {
  return {
    loss: link.loss,
    delay: distributionOf(link.delay),
    fifo: link.order === 'fifo',
    duplicate: link.duplicate,
    outages: link.outages.map((outage) => ({ ...intervalOf(outage), cutsInFlight: outage.cutsInFlight })),
  };
}

function intervalOf(outage: { readonly from: number; readonly for: number }): Interval {
  return { fromUs: outage.from, untilUs: outage.from + outage.for };
}

function unlimited(value: number | string): number {
  return typeof value === 'number' ? value : NEVER;
}

/** A scenario's distribution in the core's terms. */
export function distributionOf(d: ScenarioDistribution): Distribution {
  switch (d.kind) {
    case 'constant':
      return { kind: 'constant', valueUs: d.value };
    case 'uniform':
      return { kind: 'uniform', minUs: d.min, maxUs: d.max };
    case 'exponential':
      return { kind: 'exponential', meanUs: d.mean, minUs: d.min };
    case 'normal':
      return { kind: 'normal', meanUs: d.mean, sdUs: d.sd };
    case 'lognormal':
      return { kind: 'lognormal', medianUs: d.median, sigma: d.sigma };
    case 'pareto':
      return { kind: 'pareto', minUs: d.min, alpha: d.alpha };
    case 'empirical':
      return { kind: 'empirical', valuesUs: [...d.values].sort((a, b) => a - b) };
  }
}
