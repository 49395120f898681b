/**
 * Scenario format 1: the one source of truth for what a scenario may say. Types, checks, defaults, the JSON Schema
 * and the field reference are all read from here. A default that was released never changes.
 */
import * as v from 'valibot';
import { formatDuration } from '../core/duration.ts';
import { ORDINAL_MAX } from '../core/packet-name.ts';
import { OUTAGE_KINDS, type CrashPoint } from '../core/fact.ts';
import {
  choice,
  duration,
  durationOr,
  flag,
  integer,
  integerOr,
  leaf,
  probability,
  readDuration,
  readPercent,
  real,
  text,
  textOrNumber,
} from './field.ts';
import { POLICIES, STEPS, USUAL_LIMITS, type Clause, type Handler, type Step } from './terms.ts';

// ── distributions ────────────────────────────────────────────────────────────────────────────────────────────────

const distributionKinds = v.variant('kind', [
  v.strictObject({ kind: v.literal('constant'), value: duration('Always this long.') }),
  v.strictObject({ kind: v.literal('uniform'), min: duration('Shortest.'), max: duration('Longest.') }),
  v.strictObject({
    kind: v.literal('exponential'),
    mean: duration('Mean of the exponential part.', { min: 1 }),
    min: v.optional(duration('Added to every draw.'), '0s'),
  }),
  v.strictObject({
    kind: v.literal('normal'),
    mean: duration('Mean; a negative draw becomes 0.'),
    sd: duration('Standard deviation.'),
  }),
  v.strictObject({
    kind: v.literal('lognormal'),
    median: duration('Median.', { min: 1 }),
    sigma: real('Standard deviation of the logarithm.', { min: 0, max: 10 }),
  }),
  v.strictObject({
    kind: v.literal('pareto'),
    min: duration('Shortest.', { min: 1 }),
    alpha: real('Tail index; smaller is heavier.', { min: 0.1, max: 100 }),
  }),
  v.strictObject({
    kind: v.literal('empirical'),
    values: v.pipe(
      v.array(duration('A measured value; each is equally likely.')),
      v.minLength(1, 'at least one value'),
      v.maxLength(10_000, 'at most 10,000 values'),
    ),
  }),
]);

/** A duration stands for the constant distribution. */
const distribution = (doc: string) =>
  v.pipe(
    v.unknown(),
    v.metadata({
      shorthand: {
        doc,
        unit: 'duration',
        allowed: 'a duration, or {"kind": …}',
        json: { type: ['string', 'integer'] },
      },
      structured: distributionKinds,
    }),
    v.transform((input) =>
      typeof input === 'string' || typeof input === 'number' ? { kind: 'constant', value: input } : input,
    ),
    distributionKinds,
  );

// ── producer: arrivals and the sender end ────────────────────────────────────────────────────────────────────────

const arrivals = v.variant('kind', [
  v.strictObject({
    kind: v.literal('fixed'),
    every: v.optional(duration('Time between two messages.'), '1s'),
    start: v.optional(duration('When the first message arrives.'), '0s'),
  }),
  v.strictObject({
    kind: v.literal('poisson'),
    mean: duration('Mean time between two messages; each gap is exponential.', { min: 1 }),
    start: v.optional(duration('When arrivals begin; the first gap counts from here.'), '0s'),
  }),
  v.strictObject({
    kind: v.literal('burst'),
    size: integer('Messages that arrive at one instant.', { min: 1, max: 10_000_000 }),
    every: v.optional(duration('Time between two bursts.'), '1m'),
    start: v.optional(duration('When the first burst arrives.'), '0s'),
  }),
]);

const jitterKinds = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({
    kind: v.literal('proportional'),
    spread: real('The wait varies by ± this share of itself, uniformly.', { min: 0, max: 1 }),
  }),
  v.strictObject({ kind: v.literal('equal') }),
  v.strictObject({ kind: v.literal('full') }),
  v.strictObject({ kind: v.literal('decorrelated') }),
  v.strictObject({
    kind: v.literal('additive'),
    max: duration('Up to this much is added to the wait, uniformly.'),
  }),
]);

const jitter = v.pipe(
  v.unknown(),
  v.metadata({
    shorthand: {
      doc: 'How each wait is spread: none, "±20%", equal (half to whole), full (0 to whole), decorrelated (base to 3 × the last wait), additive.',
      unit: '',
      allowed: '"none", "±20%", "equal", "full", "decorrelated" or {"kind": …}',
      json: { type: 'string' },
    },
    structured: jitterKinds,
  }),
  v.transform((input) => {
    if (typeof input !== 'string') return input;
    const spread = /^(±|\+-|\+\/-)/.test(input)
      ? readPercent(input.replace(/^(±|\+-|\+\/-)/, ''))
      : undefined;
    return spread === undefined ? { kind: input } : { kind: 'proportional', spread };
  }),
  jitterKinds,
);

const retryCommon = {
  countFrom: v.optional(
    choice(
      'What a wait is counted from: the moment an attempt is known to have failed, or its send, whether it has failed yet or not.',
      ['detection', 'send'],
    ),
    'detection',
  ),
  jitter: v.optional(jitter, 'none'),
  maxAttempts: v.optional(
    integerOr('unlimited', 'Attempts in all, the first included.', {
      min: 1,
      max: ORDINAL_MAX,
      unit: 'attempts',
    }),
    'unlimited',
  ),
  horizon: v.optional(
    durationOr('unlimited', 'No attempt is sent later than this after the first.'),
    'unlimited',
  ),
};

const retry = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.literal('fixed'), delay: duration('Every wait.'), ...retryCommon }),
  v.strictObject({
    kind: v.literal('linear'),
    delay: duration('Wait before the first retry; the k-th wait is k times as long.'),
    cap: v.optional(durationOr('none', 'No wait is longer than this, before jitter.'), 'none'),
    ...retryCommon,
  }),
  v.strictObject({
    kind: v.literal('exponential'),
    delay: duration('Wait before the first retry.'),
    factor: v.optional(real('Each wait is this many times the one before.', { min: 1, max: 100 }), 2),
    cap: v.optional(durationOr('none', 'No wait is longer than this, before jitter.'), 'none'),
    ...retryCommon,
  }),
  v.strictObject({
    kind: v.literal('custom'),
    delays: v.pipe(
      v.array(duration('Wait before the next attempt.')),
      v.minLength(1, 'at least one wait'),
      v.maxLength(10_000, 'at most 10,000 waits'),
    ),
    ...retryCommon,
  }),
]);

const producer = v.strictObject({
  kind: v.literal('producer'),
  messages: v.optional(integer('Messages in all.', { min: 0, max: 100_000_000, unit: 'messages' }), 1),
  arrivals: v.optional(arrivals, { kind: 'fixed' }),
  ackTimeout: v.optional(
    durationOr(
      'none',
      'How long the sender waits for an answer to one attempt; "none": it never looks back.',
      { min: 1 },
    ),
    '1s',
  ),
  lateReplies: v.optional(
    choice(
      'Whether an answer that comes after its attempt timed out still counts (queues accept, HTTP ignores).',
      ['accept', 'ignore'],
    ),
    'accept',
  ),
  retry: v.optional(retry, { kind: 'none' }),
  deadLetter: v.optional(
    flag('Whether messages whose attempts are used up are kept in a dead-letter queue.'),
    false,
  ),
});

// ── link ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const linkOutage = v.strictObject({
  from: duration('When it begins.'),
  for: duration('How long it lasts; the end is not part of it.', { min: 1 }),
  cutsInFlight: v.optional(flag('Whether packets already in the air when it begins are lost too.'), false),
});

const link = v.strictObject({
  loss: v.optional(probability('Each packet is lost with this probability, independently.'), 0),
  delay: v.optional(distribution('Time from one end to the other.'), '40ms'),
  order: v.optional(choice('Whether packets may overtake each other.', ['reorder', 'fifo']), 'reorder'),
  duplicate: v.optional(
    probability('The network delivers a second copy of a surviving packet with this probability.'),
    0,
  ),
  outages: v.optional(v.pipe(v.array(linkOutage), v.maxLength(1_000, 'at most 1,000 outages')), []),
});

// ── consumer: receiver end, handler and dedup store ──────────────────────────────────────────────────────────────

const receiverOutage = v.strictObject({
  from: duration('When it begins.'),
  for: duration('How long it lasts; the end is not part of it.', { min: 1 }),
  kind: v.optional(
    choice(
      'What a request meets: a refused connection (fast nack), silence, or an error answer (nack).',
      OUTAGE_KINDS,
    ),
    'hang',
  ),
});

const STEP_WORDS = STEPS.map((step) => `"${step}"`).join(', ');

const handler = leaf<Handler>(
  {
    doc: 'What the receiver does with a delivery, in order. Steps in one inner list are atomic: their writes appear together at its end.',
    unit: '',
    allowed: `a list of steps ${STEP_WORDS} or inner lists of them, each step at most once, "effect" exactly once`,
    json: {
      type: 'array',
      minItems: 1,
      items: { anyOf: [{ enum: STEPS }, { type: 'array', items: { enum: STEPS }, minItems: 1 }] },
    },
  },
  (input) => {
    if (!Array.isArray(input)) return undefined;
    const groups: Step[][] = [];
    const seen: Step[] = [];
    for (const item of input) {
      const words: unknown[] = Array.isArray(item) ? item : [item];
      const group: Step[] = [];
      for (const word of words) {
        const step = STEPS.find((known) => known === word);
        if (step === undefined || seen.includes(step)) return undefined;
        seen.push(step);
        group.push(step);
      }
      if (group.length === 0) return undefined;
      groups.push(group);
    }
    return seen.includes('effect') ? groups : undefined;
  },
);

const stepTimes = v.strictObject({
  check: v.optional(distribution('How long the check takes.'), '0s'),
  mark: v.optional(distribution('How long the mark takes where it is written.'), '0s'),
  ack: v.optional(distribution('How long it takes to make the answer; the link comes after it.'), '0s'),
} satisfies Record<Exclude<Step, 'effect'>, unknown>);

const crash = v.strictObject({
  after: v.optional(
    v.strictObject({
      start: v.optional(probability('Before the first step.'), 0),
      check: v.optional(probability('After the check.'), 0),
      effect: v.optional(probability('After the effect really ran.'), 0),
      mark: v.optional(probability('After the mark was really written.'), 0),
      ack: v.optional(probability('After the answer was sent.'), 0),
    } satisfies Record<CrashPoint, unknown>),
    {},
  ),
  restartAfter: v.optional(duration('How long the process is down.'), '0s'),
  whileDown: v.optional(
    choice('What a request meets meanwhile: a refused connection or silence.', ['hang', 'refuse']),
    'hang',
  ),
});

const dedup = v.strictObject({
  key: v.optional(choice('What makes two deliveries the same.', ['message-id']), 'message-id'),
  window: v.optional(
    durationOr('forever', 'How long an entry is valid; at exactly this age it has expired.'),
    'forever',
  ),
  anchor: v.optional(
    choice('What the window counts from: the mark, or the last delivery that met the entry.', [
      'first-seen',
      'last-seen',
    ]),
    'first-seen',
  ),
  capacity: v.optional(
    integerOr('unlimited', 'Entries the store can hold.', { min: 1, max: 100_000_000, unit: 'entries' }),
    'unlimited',
  ),
  eviction: v.optional(
    choice('Which entry a full store forgets: the oldest, or the least recently used.', ['fifo', 'lru']),
    'fifo',
  ),
  durable: v.optional(flag('Whether entries survive a crash of the receiver.'), true),
});

const consumer = v.strictObject({
  kind: v.literal('consumer'),
  sink: v.optional(text('Id of the sink that effects go to; may be left out when there is one.', 24), ''),
  handler: v.optional(handler, ['effect', 'ack']),
  processing: v.optional(distribution('How long the effect takes.'), '0s'),
  stepTimes: v.optional(stepTimes, {}),
  concurrency: v.optional(
    integerOr('unlimited', 'Deliveries handled at one time; others wait.', {
      min: 1,
      max: 1_000_000,
      unit: 'handlers',
    }),
    'unlimited',
  ),
  outages: v.optional(v.pipe(v.array(receiverOutage), v.maxLength(1_000, 'at most 1,000 outages')), []),
  crash: v.optional(crash, {}),
  dedup: v.optional(dedup, {}),
});

const sink = v.strictObject({
  kind: v.literal('sink'),
  operation: v.optional(
    choice(
      'What the effect does: increment (each execution changes state) or set (a repeat changes nothing).',
      ['increment', 'set'],
    ),
    'increment',
  ),
});

// ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────

const id = leaf<string>(
  {
    doc: 'A short name.',
    unit: '',
    allowed: 'an id: at most 64 of a–z, 0–9, "-"',
    json: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' },
  },
  (input) => (typeof input === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(input) ? input : undefined),
);
const nodeId = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]{0,23}$/, 'a node id: a lower-case letter, then at most 23 of a–z, 0–9, "-"'),
);
const linkId = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]{0,23}>[a-z][a-z0-9-]{0,23}$/, 'a link id such as "shop>api"'),
);

const source = v.strictObject({
  claim: text('What the source says.', 500),
  evidence: choice(
    'How it was established: seen at the source, seen second-hand, derived by arithmetic, or assumed.',
    ['seen', 'second-hand', 'derived', 'assumed'],
  ),
  from: text('Where: a page, a file, a specification.', 500),
  date: v.optional(text('When it was read or is dated.', 40), ''),
});

const expectation = (clause: string) =>
  choice(`What this scenario is expected to show for ${clause}.`, ['upheld', 'violated', 'either']);

const expect = v.strictObject({
  'no-duplicate': v.optional(expectation('no duplicate'), 'either'),
  'no-false-confirmation': v.optional(expectation('no false confirmation'), 'either'),
  'no-loss': v.optional(expectation('no loss'), 'either'),
} satisfies Record<Clause, unknown>);

const limits = v.strictObject({
  events: v.optional(
    integer('Events after which the run stops.', { min: 1, max: 4_000_000_000, unit: 'events' }),
    USUAL_LIMITS.events,
  ),
  time: v.optional(
    duration('Simulated time at which the run stops.', { min: 1 }),
    formatDuration(USUAL_LIMITS.time),
  ),
  rows: v.optional(
    integer('Facts after which the run stops.', { min: 1, max: 2_000_000_000, unit: 'rows' }),
    USUAL_LIMITS.rows,
  ),
  queue: v.optional(
    integer('Waiting deliveries after which the run stops.', {
      min: 1,
      max: 100_000_000,
      unit: 'deliveries',
    }),
    USUAL_LIMITS.queue,
  ),
});

/** Fields that can change a run. */
export const runFields = {
  nodes: v.record(nodeId, v.variant('kind', [producer, consumer, sink])),
  links: v.record(linkId, link),
  faults: v.optional(
    v.record(
      v.string(),
      leaf<boolean | number>(
        {
          doc: 'What nature is told to choose: true or false (lost, copied, crash), or a duration (delay, processing, wait, gap).',
          unit: '',
          allowed: 'true, false or a duration such as "40ms"',
          json: { type: ['boolean', 'string', 'integer'] },
        },
        (input) => (typeof input === 'boolean' ? input : readDuration(input, 0)),
      ),
    ),
    {},
  ),
  limits: v.optional(limits, {}),
};

/** Fields that cannot change a run (or are named beside it: the seed). */
export const storyFields = {
  format: v.literal(1),
  id: v.optional(id, 'untitled'),
  title: v.optional(text('What the scenario is called.', 120), ''),
  question: v.optional(text('The question it answers.', 400), ''),
  lesson: v.optional(text('What it teaches, a few short paragraphs of Markdown.', 4_000), ''),
  tags: v.optional(
    v.pipe(v.array(text('A word to find it by.', 40)), v.maxLength(20, 'at most 20 tags')),
    [],
  ),
  sources: v.optional(v.pipe(v.array(source), v.maxLength(50, 'at most 50 sources')), []),
  expect: v.optional(expect, {}),
  seed: v.optional(textOrNumber('The seed: any text.', 200), '1'),
  policy: v.optional(
    choice('The policy whose patch is applied, or "custom": as written.', [...POLICIES, 'custom']),
    'custom',
  ),
  claims: v.optional(
    choice('For a custom policy: the policy whose clauses it claims.', POLICIES),
    'effectively-once',
  ),
};

export const scenarioSchema = v.strictObject({ ...storyFields, ...runFields });

/** A complete scenario: every default filled in, every duration in whole microseconds. */
export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type Producer = v.InferOutput<typeof producer>;
export type Consumer = v.InferOutput<typeof consumer>;
export type Sink = v.InferOutput<typeof sink>;
export type Link = v.InferOutput<typeof link>;
export type Retry = v.InferOutput<typeof retry>;
export type Jitter = v.InferOutput<typeof jitterKinds>;
export type ScenarioDistribution = v.InferOutput<typeof distributionKinds>;
export type Limits = v.InferOutput<typeof limits>;
