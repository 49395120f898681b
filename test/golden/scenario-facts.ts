// The exact numbers that the lessons of the bundled scenarios name, as data. Each fact quotes its lesson; the test
// finds the words there, then runs the scenario (changed as `set` says) to see that they are true.
import type { Metrics } from '../../sim/observe/result.ts';

export interface Fact {
  /** Words of the lesson. */
  readonly says: string;
  /** Fields to change before the run, as `--set` and `--policy` do. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Counts that must come out. */
  readonly metrics?: Partial<Metrics>;
  /** All effects: message → the attempts that applied it, in order. */
  readonly effects?: Readonly<Record<number, readonly number[]>>;
  /** When attempts left: `m1/8` is the eighth attempt of message 1. */
  readonly sent?: Readonly<Record<string, string>>;
}

/** Each of the first `messages` messages was applied by exactly these attempts. */
function each(messages: number, attempts: readonly number[]): Record<number, readonly number[]> {
  return Object.fromEntries(Array.from({ length: messages }, (_, index) => [index + 1, attempts]));
}

const ONE_TRANSACTION = { 'api.handler': [['check', 'effect', 'mark'], 'ack'] };

export const FACTS: Readonly<Record<string, readonly Fact[]>> = {
  'fire-and-forget': [
    {
      says: 'messages 2 and 6 were never applied',
      metrics: { messages: 8, attempts: 8, effects: 6, lost: 2, duplicated: 0 },
      effects: { 1: [1], 3: [1], 4: [1], 5: [1], 7: [1], 8: [1] },
    },
    { says: 'All eight are *in doubt*', metrics: { inDoubt: 8, confirmed: 0, answers: 0 } },
    { says: 'No message is ever applied twice', metrics: { duplicated: 0, executions: 6 } },
    {
      says: 'Change `shop>api.loss` to `0`: all eight are applied. The shop still believes the same.',
      set: { 'shop>api.loss': 0 },
      metrics: { once: 8, inDoubt: 8 },
    },
  ],

  'retry-until-acknowledged': [
    { says: 'No message is lost, and every one ends *confirmed*', metrics: { lost: 0, confirmed: 8 } },
    {
      says: 'messages 3 and 6 are applied twice',
      metrics: { duplicated: 2, effects: 10 },
      effects: { 1: [1], 2: [2], 3: [1, 2], 4: [1], 5: [1], 6: [2, 3], 7: [1], 8: [1] },
    },
    {
      says: 'Change `api>shop.loss` to `0`: no ack is lost, and no message is applied twice',
      set: { 'api>shop.loss': 0 },
      metrics: { once: 8, answersLost: 0, confirmed: 8 },
    },
    {
      says: 'Change `shop>api.loss` instead, and message 3 is still applied twice',
      set: { 'shop>api.loss': 0 },
      metrics: { requestsLost: 0, duplicated: 1 },
      effects: { ...each(8, [1]), 3: [1, 2] },
    },
  ],

  'retry-plus-dedup': [
    {
      says: 'Every message is applied once and ends confirmed',
      metrics: { once: 8, confirmed: 8, suppressed: 2 },
    },
    {
      says: 'ten deliveries reached the receiver for eight messages',
      metrics: { deliveries: 10, messages: 8 },
    },
    {
      says: 'Change `api.dedup.window` to `500ms`',
      set: { 'api.dedup.window': '500ms' },
      metrics: { duplicated: 2, suppressed: 0 },
      effects: { 1: [1], 2: [2], 3: [1, 2], 4: [1], 5: [1], 6: [2, 3], 7: [1], 8: [1] },
    },
  ],

  'two-generals': [
    {
      says: 'one was applied, the other never',
      metrics: { attempts: 2, timeouts: 2, gaveUp: 2, once: 1, lost: 1, answers: 0 },
      effects: { 2: [1] },
    },
    {
      says: 'set `shop.retry.maxAttempts` to `2`. Message 1 is now applied once, and message 2 twice',
      set: { 'shop.retry.maxAttempts': 2 },
      metrics: { confirmed: 2 },
      effects: { 1: [2], 2: [1, 2] },
    },
    {
      says: "What helps is the receiver's memory, which makes the second attempt harmless",
      set: { 'shop.retry.maxAttempts': 2, policy: 'effectively-once' },
      metrics: { once: 2, confirmed: 2, suppressed: 1 },
    },
  ],

  'network-duplicates': [
    { says: 'sends each of six messages once and never retries', metrics: { messages: 6, attempts: 6 } },
    {
      says: 'Messages 3 and 5 reach the receiver twice and are applied twice',
      metrics: { networkCopies: 2, deliveries: 8, duplicated: 2, effects: 8 },
      effects: { 1: [1], 2: [1], 3: [1, 1], 4: [1], 5: [1, 1], 6: [1] },
    },
    { says: 'The shop gets an ack for each copy', metrics: { answers: 8, confirmed: 6 } },
    {
      says: 'The same copies arrive, and each message is applied once',
      set: { policy: 'at-most-once' },
      metrics: { networkCopies: 2, once: 6, suppressed: 2 },
    },
  ],

  'ack-early-crash': [
    {
      says: 'the message is *confirmed* and will never be sent again. The ledger has no effect',
      metrics: { confirmed: 4, attempts: 4, once: 3, lost: 1, crashes: 1 },
      effects: { 1: [1], 3: [1], 4: [1] },
    },
    {
      says: 'The same crash now strikes after the work, and all four messages are applied once',
      set: { 'api.handler': ['effect', 'ack'] },
      metrics: { once: 4, confirmed: 4, crashes: 1 },
    },
  ],

  'effect-crash-before-mark': [
    {
      says: 'the check passes, and the message is applied twice',
      metrics: { crashes: 1, suppressed: 0, once: 3, duplicated: 1, confirmed: 4 },
      effects: { 1: [1], 2: [1, 2], 3: [1], 4: [1] },
    },
    {
      says: 'The crash undoes all three steps, and the second attempt applies message 2 once',
      set: ONE_TRANSACTION,
      metrics: { crashes: 1, once: 4, confirmed: 4 },
      effects: { 1: [1], 2: [2], 3: [1], 4: [1] },
    },
  ],

  'mark-crash-before-effect': [
    {
      says: 'The shop counts it as confirmed, and it was never applied',
      metrics: { crashes: 1, suppressed: 1, once: 3, lost: 1, confirmed: 4 },
      effects: { 1: [1], 3: [1], 4: [1] },
    },
    {
      says: 'The retry is suppressed again, this time rightly: message 2 is applied once',
      set: ONE_TRANSACTION,
      metrics: { crashes: 1, suppressed: 1, once: 4, confirmed: 4 },
      effects: each(4, [1]),
    },
  ],

  'seven-attempts-gaps': [
    { says: 'The seventh attempt then leaves after 38 h 36 m', sent: { 'm1/1': '0s', 'm1/7': '38h36m' } },
    {
      says: 'six of every message are lost',
      metrics: { attempts: 21, requestsLost: 18 },
      effects: each(3, [7]),
    },
    { says: 'The sixth leaves 14 h 36 m after the first', sent: { 'm1/6': '14h36m' } },
    {
      says: 'All three messages are applied once, on their last attempt',
      metrics: { once: 3, confirmed: 3 },
    },
    {
      says: 'Messages 1 and 2 are lost: their last attempts leave after 38 h 36 m and 38 h 56 m',
      set: { 'shop>api.outages.0.for': '39h' },
      metrics: { lost: 2, gaveUp: 2, deadLettered: 2 },
      effects: { 3: [7] },
      sent: { 'm1/7': '38h36m', 'm2/7': '38h56m' },
    },
  ],

  'seven-attempts-offsets': [
    {
      says: 'The seventh attempt then leaves after 24 h',
      sent: { 'm1/2': '1m', 'm1/3': '5m', 'm1/4': '30m', 'm1/5': '2h', 'm1/6': '12h', 'm1/7': '24h' },
    },
    {
      says: 'They leave after 24 h and 24 h 20 m, into the same outage',
      sent: { 'm1/7': '24h', 'm2/7': '24h20m' },
    },
    {
      says: 'both messages go to the dead-letter queue',
      metrics: { lost: 2, deadLettered: 2, falseDeadLettered: 0 },
    },
    {
      says: 'Its last attempt leaves after 24 h 40 m, ten minutes after the network is back',
      sent: { 'm3/7': '24h40m' },
      effects: { 3: [7] },
    },
    {
      says: 'Message 1 is sent at the very instant the outage ends, and all three are applied',
      set: { 'shop>api.outages.0.for': '24h' },
      effects: each(3, [7]),
    },
  ],

  'standard-webhooks-5min-window': [
    { says: 'ten attempts over 75 h 35 m 5 s', metrics: { attempts: 10 } },
    {
      says: 'it arrives after 20 s and is suppressed',
      metrics: { suppressed: 1 },
      sent: { 'm1/2': '20s' },
    },
    { says: 'Attempt 3 arrives after 5 m 35 s', sent: { 'm1/3': '5m35s' } },
    {
      says: 'The message is applied nine times, at attempts 1 and 3 to 10',
      metrics: { effects: 9, gaveUp: 1 },
      effects: { 1: [1, 3, 4, 5, 6, 7, 8, 9, 10] },
    },
    {
      says: 'The tenth attempt leaves after 75 h 37 m 20 s, finds the entry, and the message is applied once',
      set: { 'endpoint.dedup.window': '76h' },
      metrics: { suppressed: 9 },
      effects: { 1: [1] },
      sent: { 'm1/10': '3d3h37m20s' },
    },
  ],

  'github-one-attempt': [
    { says: 'Six push events, one a minute', metrics: { messages: 6, attempts: 6 }, sent: { 'm6/1': '5m' } },
    {
      says: 'Events 3 and 4 never arrived',
      metrics: { lost: 2 },
      effects: { 1: [1], 2: [1], 5: [1], 6: [1] },
    },
    {
      says: 'In the list of deliveries all three read the same: failed',
      metrics: { gaveUp: 3, confirmed: 3 },
    },
    {
      says: 'All six are built once, because the endpoint knows the id',
      set: { 'github.retry': { kind: 'fixed', delay: '1h', maxAttempts: 5 } },
      metrics: { once: 6, confirmed: 6, suppressed: 1 },
    },
  ],

  'stripe-three-days': [
    {
      says: 'They give 15 attempts, the last after 65 h 3 m',
      metrics: { attempts: 45 },
      sent: { 'm1/15': '65h3m' },
    },
    {
      says: 'Only the third is applied, on its 15th attempt, after 89 h 3 m',
      metrics: { lost: 2, refused: 2, confirmed: 1 },
      effects: { 3: [15] },
      sent: { 'm3/15': '3d17h3m' },
    },
    { says: 'its last attempt came at 77 h 3 m', sent: { 'm2/15': '3d5h3m' } },
    {
      says: 'all three arrive',
      set: { 'endpoint.outages.0.for': '60h' },
      metrics: { once: 3, confirmed: 3 },
    },
  ],

  'svix-24h-window': [
    { says: 'Svix publishes eight attempts', metrics: { attempts: 8 } },
    {
      says: 'attempt 7 leaves at 17 h 36 m 35 s, and attempt 8 at 27 h 36 m 50 s',
      sent: { 'm1/7': '17h36m35s', 'm1/8': '27h36m50s' },
    },
    {
      says: 'so attempts 2 to 7 are suppressed. Look at attempt 8: it comes 3 h 36 m 50 s too late, and *the customer is charged twice*',
      metrics: { suppressed: 6, effects: 2, duplicated: 1, gaveUp: 1 },
      effects: { 1: [1, 8] },
    },
    {
      says: 'Change `endpoint.dedup.window` to `28h`: charged once',
      set: { 'endpoint.dedup.window': '28h' },
      effects: { 1: [1] },
    },
    {
      // The extremes of ±20 %: every wait at 0.8 and at 1.2 of its length.
      says: 'between 22 h 5 m 49 s',
      set: { 'svix.retry.delays': ['4s', '4m', '24m', '96m', '4h', '8h', '8h'] },
      sent: { 'm1/8': '22h5m49s' },
      effects: { 1: [1] },
    },
    {
      says: 'and 33 h 7 m 51 s, so 34 h are safe',
      set: {
        'svix.retry.delays': ['6s', '6m', '36m', '144m', '6h', '12h', '12h'],
        'endpoint.dedup.window': '34h',
      },
      sent: { 'm1/8': '33h7m51s' },
      effects: { 1: [1] },
    },
  ],
};
