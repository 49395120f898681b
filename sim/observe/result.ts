/**
 * What a run answers with: metrics, price, verdict, digests. Plain data that crosses a worker boundary and stands in
 * a run record under these very names.
 */
import type { Clause, Policy } from '../scenario/terms.ts';

/** Counts over one run. `once + lost + duplicated + open = messages = confirmed + refused + inDoubt + gaveUp`. */
export interface Metrics {
  /** Messages that arrived at the sender. */
  readonly messages: number;
  /** Request packets put on the link by the sender, copies not counted. */
  readonly attempts: number;
  /** Every packet put on a link, either way, network copies included. */
  readonly packets: number;
  readonly requestsLost: number;
  readonly answersLost: number;
  /** Extra packets made by the network. */
  readonly networkCopies: number;
  /** Request packets that reached a working receiver. */
  readonly deliveries: number;
  /** Deliveries of a message after its first. */
  readonly duplicateDeliveries: number;
  /** Deliveries whose effect was skipped because the key was held. */
  readonly suppressed: number;
  /** Request packets that met a receiver that was down. */
  readonly turnedAway: number;
  /** Times the effect step ran. */
  readonly executions: number;
  /** Times the sink's state changed. */
  readonly effects: number;
  /** Messages with exactly one effect, whose outcome is final. */
  readonly once: number;
  /** Messages with none. */
  readonly lost: number;
  /** Messages with more than one. */
  readonly duplicated: number;
  /** Messages still under way when a limit ended the run. */
  readonly open: number;
  readonly confirmed: number;
  readonly refused: number;
  readonly inDoubt: number;
  readonly gaveUp: number;
  readonly deadLettered: number;
  /** Dead-lettered although the effect had happened. */
  readonly falseDeadLettered: number;
  /** Answers that came after the sender gave up. */
  readonly lateAnswers: number;
  /** Answers that could change nothing. */
  readonly staleAnswers: number;
  /** Answers (acks and nacks) that reached the sender. */
  readonly answers: number;
  readonly timeouts: number;
  readonly crashes: number;
  readonly evictions: number;
  /** Most entries the dedup store held at once. */
  readonly dedupPeak: number;
  /** Events popped from the future event list. */
  readonly events: number;
  /** Facts told to the observer: trace rows, recorded or not. */
  readonly rows: number;
}

/** What the guarantee costs. */
export interface Price {
  readonly packetsPerMessage: number;
  readonly dedupPeak: number;
  /** Mean and longest time from a message's arrival to its confirmation, µs; null when none was confirmed. */
  readonly certaintyMeanUs: number | null;
  readonly certaintyMaxUs: number | null;
}

export type ClauseResult = 'upheld' | 'violated' | 'undecided';

export interface ClauseVerdict {
  readonly clause: Clause;
  readonly result: ClauseResult;
  /** How many messages violate it. */
  readonly violations: number;
  readonly expected: 'upheld' | 'violated' | 'either';
  /** Whether the policy claims this clause. */
  readonly claimed: boolean;
  readonly strength: 'one run';
  /** One or two sentences; for a violation, the assumption that failed. */
  readonly why: string;
  /** Trace rows that prove it, in order of time: empty when upheld. */
  readonly rows: readonly number[];
  /** The message the rows are about; 0 when there is none. */
  readonly message: number;
}

export interface Verdict {
  readonly policy: Policy | 'custom';
  readonly claims: Policy;
  readonly clauses: readonly ClauseVerdict[];
  /** Whether every clause came out as expected. */
  readonly asExpected: boolean;
}

/** What ended a run: nothing was left to do, or the limit that was reached. */
export type Ended = 'done' | 'events' | 'time' | 'rows' | 'queue';
