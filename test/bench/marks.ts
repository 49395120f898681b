// What the standard workload must give whatever the generator: expected counts per message, by
// arithmetic, and how far a run of n messages may stray from them. Ratios of speed mean nothing between
// programs that do different work.
import type { Metrics } from '../../sim/observe/result.ts';

export interface Mark {
  readonly name: string;
  /** Per message. */
  readonly expected: number;
  /** Standard deviation of one message's count. */
  readonly deviation: number;
  readonly count: (metrics: Metrics) => number;
}

export interface MarkResult {
  readonly name: string;
  readonly expected: number;
  readonly measured: number;
  /** Standard errors away from what is expected. */
  readonly distance: number;
  readonly ok: boolean;
}

const REQUEST_LOSS = 0.2;
const ACK_LOSS = 0.1;
const ATTEMPTS_MAX = 8;
/** More than this many standard errors away is another workload: by chance once in 16,000 counts. */
const DISTANCE_MAX = 4;

/** What one attempt adds to a count when its request is lost, when its ack is lost, and when it is answered. */
type Reward = readonly [lost: number, unanswered: number, answered: number];

const PROBABILITIES = [
  REQUEST_LOSS,
  (1 - REQUEST_LOSS) * ACK_LOSS,
  (1 - REQUEST_LOSS) * (1 - ACK_LOSS),
] as const;
const ANSWERED = 2;

/** Late acks move these by less than 0.001 of themselves: under one standard error up to 2 million messages. */
export const MARKS: readonly Mark[] = [
  perAttempt('attempts', [1, 1, 1], (metrics) => metrics.attempts),
  perAttempt('requests lost', [1, 0, 0], (metrics) => metrics.requestsLost),
  perAttempt('deliveries', [0, 1, 1], (metrics) => metrics.deliveries),
  perAttempt('acks lost', [0, 1, 0], (metrics) => metrics.answersLost),
  perMessage('effects', 1 - REQUEST_LOSS ** ATTEMPTS_MAX, (metrics) => metrics.effects),
  perMessage('gave up', (PROBABILITIES[0] + PROBABILITIES[1]) ** ATTEMPTS_MAX, (metrics) => metrics.gaveUp),
];

export function checkMarks(metrics: Metrics): MarkResult[] {
  return MARKS.map(({ name, expected, deviation, count }) => {
    const measured = count(metrics) / metrics.messages;
    const distance = (measured - expected) / (deviation / Math.sqrt(metrics.messages));
    return { name, expected, measured, distance, ok: Math.abs(distance) <= DISTANCE_MAX };
  });
}

/** Sums that hold exactly, message by message. */
export function checkSums(metrics: Metrics): string[] {
  const sums: [string, number, number][] = [
    ['attempts = requests lost + deliveries', metrics.attempts, metrics.requestsLost + metrics.deliveries],
    ['deliveries = effects + suppressed', metrics.deliveries, metrics.effects + metrics.suppressed],
    ['deliveries = acks lost + acks', metrics.deliveries, metrics.answersLost + metrics.answers],
    ['messages = confirmed + gave up', metrics.messages, metrics.confirmed + metrics.gaveUp],
  ];
  return sums
    .filter(([, left, right]) => left !== right)
    .map(([sum, left, right]) => `${sum}: ${left} ≠ ${right}`);
}

/** Mean and deviation of the sum of rewards over a message's attempts, from the last attempt backwards. */
function perAttempt(name: string, reward: Reward, count: Mark['count']): Mark {
  let mean = 0;
  let square = 0;
  for (let attempt = ATTEMPTS_MAX; attempt >= 1; attempt--) {
    const [meanAfter, squareAfter] = [mean, square];
    mean = 0;
    square = 0;
    PROBABILITIES.forEach((probability, outcome) => {
      const now = reward[outcome];
      const [meanLater, squareLater] = outcome === ANSWERED ? [0, 0] : [meanAfter, squareAfter];
      mean += probability * (now + meanLater);
      square += probability * (now * now + 2 * now * meanLater + squareLater);
    });
  }
  return { name, expected: mean, deviation: Math.sqrt(square - mean * mean), count };
}

function perMessage(name: string, probability: number, count: Mark['count']): Mark {
  return { name, expected: probability, deviation: Math.sqrt(probability * (1 - probability)), count };
}
