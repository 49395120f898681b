/**
 * What an exploration asks and answers, in words: bounds, alphabet, faults, outcomes, answer. Pure, and shared by the
 * command line and the app, so that both name the same bounds beside every answer.
 */
import { assertNever } from '../core/assert.ts';
import { longest, shortest, type Distribution } from '../core/distributions.ts';
import { formatDuration } from '../core/duration.ts';
import type { FactKind } from '../core/fact.ts';
import { extremes } from '../nature/exploring.ts';
import type { Choices } from '../nature/scripted.ts';
import type { Plan } from '../scenario/plan.ts';
import type { Clause } from '../scenario/terms.ts';
import type { Bounds } from './bounds.ts';
import type { Answer } from './explore.ts';
import type { Question } from './question.ts';

// ── the question ─────────────────────────────────────────────────────────────────────────────────────────────────

const CLAUSE_ASKED: Readonly<Record<Clause, string>> = {
  'no-duplicate': 'Can a message be applied more than once?',
  'no-false-confirmation': 'Can a message be confirmed and never applied?',
  'no-loss': 'Can a settled message never be applied?',
};

/** What each kind of fact says of a run: "can it happen that …". */
export const FACT_SAYS: Readonly<Record<FactKind, string>> = {
  arrive: 'new work reaches the sender',
  send: 'a request is sent',
  lost: 'a packet is lost',
  copy: 'the network copies a packet',
  deliver: 'a request arrives',
  'turned-away': 'a request meets a receiver that is down',
  queue: 'a delivery waits for a handler',
  start: 'a waiting delivery gets a handler',
  pass: 'a check finds no key',
  suppress: 'a check finds the key',
  execute: 'an effect runs again and changes nothing',
  effect: 'a message is applied',
  mark: 'a key is written',
  evict: 'a key is forgotten early, for space',
  answer: 'an ack is sent',
  nack: 'a nack is sent',
  crash: 'the receiver crashes',
  restart: 'the receiver comes back',
  confirm: 'a message is confirmed',
  reject: 'the sender accepts a nack',
  late: 'an answer comes after the sender gave up',
  stale: 'an answer comes that changes nothing',
  timeout: 'an attempt times out',
  'give-up': 'the sender gives up',
  refuse: 'all attempts of a message are refused',
  'dead-letter': 'a message is dead-lettered',
};

/** As it is asked on the command line: `no-loss`, `sometimes:late`, `settles:30s`. */
export function questionName(question: Question): string {
  switch (question.kind) {
    case 'clause':
      return question.clause;
    case 'sometimes':
      return `sometimes:${question.fact}`;
    case 'settles':
      return `settles:${formatDuration(question.withinUs)}`;
    default:
      return assertNever(question);
  }
}

export function questionWords(question: Question): string {
  switch (question.kind) {
    case 'clause':
      return CLAUSE_ASKED[question.clause];
    case 'sometimes':
      return `Can it happen at all that ${FACT_SAYS[question.fact]}?`;
    case 'settles':
      return `Can it take longer than ${formatDuration(question.withinUs)} from the last fault until every message is settled?`;
    default:
      return assertNever(question);
  }
}

// ── bounds and alphabet ──────────────────────────────────────────────────────────────────────────────────────────

/** "2 messages, up to 4 attempts each; at most 2 packets lost, 1 copied, 1 slow, 1 crash." */
export function boundsWords(bounds: Bounds): string {
  const { messages, attempts, losses, copies, delays, crashes, anyDelay } = bounds;
  const tries = attempts === 1 ? '1 attempt' : `up to ${attempts} attempts`;
  const faults = [
    `${packets(losses)} lost`,
    `${copies} copied by the network`,
    ...(anyDelay ? [] : [`${delays} slow`]),
    counted(crashes, 'crash', 'crashes'),
  ];
  return `${counted(messages, 'message', 'messages')}, ${tries}${messages > 1 ? ' each' : ''}; in a whole run at most ${faults.join(', ')}.`;
}

/** The delays a packet of one link can take. */
export interface DelayLetters {
  readonly shortestUs: number;
  /** The same as the shortest where there is only one. */
  readonly longestUs: number;
  /** Whether the distribution has no longest, and `longestUs` is what 99.9 % of all draws stay below. */
  readonly isQuantile: boolean;
  readonly justAfterNextTimer: boolean;
  readonly justAsKeyExpires: boolean;
}

/** The finite alphabet of an exploration; null stands for every order, whatever the durations. */
export interface AlphabetTold {
  readonly requests: DelayLetters;
  readonly answers: DelayLetters;
  /** Times of the handler's steps that have more than one, µs. */
  readonly steps: readonly { readonly step: string; readonly lettersUs: readonly number[] }[];
  /** Whether waits between attempts are the shortest or the longest that jitter allows, or as scheduled. */
  readonly waits: 'shortest or longest' | 'as scheduled';
  /** The seed that says when new work arrives; null where the scenario's schedule says it. */
  readonly arrivalsOfSeed: string | null;
}

export function alphabetOf(plan: Plan, bounds: Bounds): AlphabetTold | null {
  if (bounds.anyDelay) return null;
  const { sender, receiver, store } = plan;
  const hasTimers = sender.ackTimeoutUs < Infinity;
  const expires = store.windowUs < Infinity && receiver.handler.some((group) => group.includes('mark'));
  const timed: Readonly<Record<string, Distribution>> = {
    check: receiver.checkTime,
    effect: receiver.processing,
    mark: receiver.markTime,
    ack: receiver.ackTime,
  };
  return {
    requests: delayLetters(plan.request.delay, hasTimers, expires),
    answers: delayLetters(plan.answer.delay, hasTimers, false),
    steps: receiver.handler
      .flat()
      .map((step) => ({ step, lettersUs: extremes(timed[step], longest(timed[step])) }))
      .filter(({ lettersUs }) => lettersUs.length > 1),
    waits:
      sender.retry.kind !== 'none' && sender.retry.jitter !== 'none' ? 'shortest or longest' : 'as scheduled',
    arrivalsOfSeed:
      shortest(sender.gap) === longest(sender.gap) && !sender.gapFirst ? null : plan.scenario.seed,
  };
}

function delayLetters(delay: Distribution, hasTimers: boolean, expires: boolean): DelayLetters {
  const [shortestUs, longestUs = shortestUs] = extremes(delay, longest(delay));
  const canBeSlow = longestUs > shortestUs;
  return {
    shortestUs,
    longestUs,
    isQuantile: canBeSlow && longest(delay) === Infinity,
    justAfterNextTimer: canBeSlow && hasTimers,
    justAsKeyExpires: canBeSlow && expires,
  };
}

/** The alphabet in sentences; with outages, scripted faults and arrivals, which stay or go. */
export function alphabetWords(plan: Plan, bounds: Bounds): readonly string[] {
  const alphabet = alphabetOf(plan, bounds);
  const outages = plan.request.outages.length + plan.answer.outages.length + plan.receiver.outages.length;
  const kept = (how: string) => (outages === 0 ? [] : [how]);
  if (alphabet === null)
    return [
      'Every order of timers and arrivals, whatever the delays: "none" here holds for all latencies.',
      ...kept('Outages have no time to be at: what they would take counts among the lost.'),
    ];
  const { requests, answers, steps, waits, arrivalsOfSeed } = alphabet;
  const alike = JSON.stringify(requests) === JSON.stringify(answers);
  return [
    ...(alike
      ? [delayWords('A packet', requests)]
      : [delayWords('A request', requests), delayWords('An answer', answers)]),
    steps.length === 0
      ? 'Handler steps take the time the scenario says.'
      : `Handler steps take the shortest or the longest time: ${steps.map(({ step, lettersUs }) => `${step} ${lettersUs.map(formatDuration).join(' or ')}`).join(', ')}.`,
    waits === 'as scheduled'
      ? 'Waits between attempts are as scheduled.'
      : 'Waits between attempts are the shortest or the longest that jitter allows.',
    'Events of one instant at different nodes come in either order.',
    arrivalsOfSeed === null
      ? 'New work arrives as the scenario says.'
      : `New work arrives as under seed ${arrivalsOfSeed}.`,
    ...kept('Outages are as in the scenario.'),
  ];
}

function delayWords(who: string, letters: DelayLetters): string {
  const { shortestUs, longestUs, isQuantile, justAfterNextTimer, justAsKeyExpires } = letters;
  if (longestUs === shortestUs)
    return `${who} takes ${formatDuration(shortestUs)}: its link has no other delay.`;
  const slow = [
    ...(justAfterNextTimer ? ["just longer than to the sender's next timer"] : []),
    ...(justAsKeyExpires ? ['just until the dedup entry it would meet expires'] : []),
    `${formatDuration(longestUs)} (${isQuantile ? 'the 99.9 % quantile: there is no longest' : 'the longest'})`,
  ];
  return `${who} takes ${formatDuration(shortestUs)} (the shortest) or, if slow, ${oneOf(slow)}.`;
}

// ── faults and outcomes ──────────────────────────────────────────────────────────────────────────────────────────

/** A choice that is a fault, in words: "request 2 of message 3 is lost". */
export function faultWords(name: string, value: boolean | number): string {
  const [, kind, message, ordinal, copyPath, ...purpose] = name.split('/');
  if (copyPath === undefined || purpose.length === 0) return `${name} is ${String(value)}`;
  const [requestCopy, answerCopy] = copyPath.slice(1).split('.');
  const request = `${requestCopy === '0' ? '' : 'a copy of '}request ${ordinal} of message ${message.slice(1)}`;
  const length = typeof value === 'number' ? formatDuration(value) : String(value);
  if (kind === 'handler') {
    const [step, what] = purpose;
    if (what !== 'crash') return `the ${step} of ${request} takes ${length}`;
    return `the receiver crashes ${step === 'start' ? 'before the first step' : `after the ${step}`} of ${request}`;
  }
  const packet =
    kind === 'request' ? request : `${answerCopy === undefined ? '' : 'a copy of '}the ${kind} to ${request}`;
  switch (purpose[0]) {
    case 'delay':
      return `${packet} takes ${length}`;
    case 'copied':
      return `${packet} is copied by the network`;
    default:
      return `${packet} is ${purpose[0]}`;
  }
}

/** The choices by which the sender went first at an instant, by name. */
export function ordersIn(overrides: Choices): readonly string[] {
  return Object.keys(overrides).filter((name) => isOrder(name) && overrides[name] === true);
}

/** Whether a choice is about the order of one instant. */
export function isOrder(name: string): boolean {
  return name.endsWith('/waits');
}

/** Such a choice in words: "the sender goes first at the instant request 2 of message 3 arrives". */
export function orderWords(name: string): string {
  const [, kind, message, ordinal, , step] = name.split('/');
  const request = `request ${ordinal} of message ${message.slice(1)}`;
  const what =
    kind === 'restart'
      ? 'the receiver is back'
      : kind === 'request'
        ? `${request} arrives`
        : step === 'start'
          ? `the handler of ${request} begins`
          : `the ${step} of ${request} ends`;
  return `the sender goes first at the instant ${what}`;
}

const BELIEF_WORDS: Readonly<Record<string, string>> = {
  A: 'confirmed',
  R: 'refused',
  G: 'gave up',
  D: 'in doubt',
};

const TIMES_WORDS = ['never applied', 'applied once', 'applied twice', 'applied three times or more'];

/** What `A1` says: "confirmed, applied once". */
export function outcomeWords(outcome: string): string {
  return `${BELIEF_WORDS[outcome[0]]}, ${TIMES_WORDS[Number(outcome.slice(1))]}`;
}

/** What became of single messages in all outcomes (`A1 G0`, …), each once, in order. */
export function outcomesOfMessages(outcomes: readonly string[]): readonly string[] {
  return [...new Set(outcomes.flatMap((outcome) => outcome.split(' ')))].sort();
}

// ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────

/** How strong an answer is; the words stand wherever it does. */
export function strengthOf(question: Question, answer: Answer): string {
  switch (answer.kind) {
    case 'none':
      return 'none within these bounds';
    case 'found':
      return question.kind === 'sometimes' ? 'witness' : 'counterexample';
    case 'gave up':
      return 'gave up';
    default:
      return assertNever(answer);
  }
}

/**
 * What was looked at, and what follows.
 *
 * @param told.depth faults of the schedules looked at last: all with fewer are done
 */
export function answerWords(
  question: Question,
  answer: Answer,
  told: { readonly bounds: Bounds; readonly depth: number },
): string {
  const { states, schedules } = answer.evidence;
  switch (answer.kind) {
    case 'none':
      return `${allSchedules(schedules ?? 0)} looked at (${counted(states, 'state', 'states')}): ${question.kind === 'sometimes' ? 'it never happens' : 'none is a counterexample'}.`;
    case 'found': {
      // In any order a timer that fires early counts like a fault, and is none.
      const isLeast = !told.bounds.anyDelay && answer.witnesses[0].faults.length > 0;
      return `${isLeast ? 'No schedule with fewer faults is one. ' : ''}${counted(states, 'state was', 'states were')} looked at.`;
    }
    case 'gave up': {
      if (answer.limit === 'latencies')
        return `All orders were looked at (${counted(states, 'state', 'states')}), and some ${question.kind === 'sometimes' ? 'show it' : 'are counterexamples'}, but no latencies were found that make one happen: it stays open.`;
      const why = answer.limit === 'states' ? 'the limit on states was reached' : 'it was cancelled';
      const done =
        told.depth === 0
          ? 'Not all schedules without a fault were looked at'
          : `All schedules ${told.depth === 1 ? 'without a fault' : `with fewer than ${told.depth} faults`} were looked at`;
      return `${done}, and ${question.kind === 'sometimes' ? 'it did not happen' : 'none was a counterexample'}; then ${why} (${counted(states, 'state', 'states')}).`;
    }
    default:
      return assertNever(answer);
  }
}

/** A count with its thousands parted; above 2^53, where it is rounded, as a power of ten. */
export function countWords(count: number): string {
  if (count > Number.MAX_SAFE_INTEGER) return `about ${count.toExponential(1).replace('e+', ' × 10^')}`;
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "All 18,075 schedules were", of which there is at least one. */
export function allSchedules(schedules: number): string {
  return schedules === 1 ? 'The only schedule was' : `All ${countWords(schedules)} schedules were`;
}

export function counted(count: number, one: string, many: string): string {
  return `${countWords(count)} ${count === 1 ? one : many}`;
}

function packets(count: number): string {
  return count === 0 ? 'no packet' : counted(count, 'packet', 'packets');
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}
