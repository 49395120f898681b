// From a file to a complete scenario, or to all of its problems at once, each said so that a person can mend it.
import { describe, expect, it } from 'vitest';
import { hopOf } from '../../../sim/scenario/hop.ts';
import { parseScenario, parseScenarioText } from '../../../sim/scenario/parse.ts';
import { formatProblem, showValue } from '../../../sim/scenario/problem.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { USUAL_LIMITS } from '../../../sim/scenario/terms.ts';

type Input = Record<string, unknown>;

const HOP = {
  format: 1,
  nodes: { shop: { kind: 'producer' }, api: { kind: 'consumer' }, ledger: { kind: 'sink' } },
  links: { 'shop>api': {}, 'api>shop': {} },
};

function good(more: Input = {}): Scenario {
  const result = parseScenario({ ...HOP, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.scenario;
}

/** Each problem in a line. */
function problems(input: unknown): string[] {
  const result = parseScenario(input);
  return result.ok ? [] : result.problems.map(formatProblem);
}

const nodes = (shop: Input, api: Input = {}, ledger: Input = {}) => ({
  nodes: {
    shop: { kind: 'producer', ...shop },
    api: { kind: 'consumer', ...api },
    ledger: { kind: 'sink', ...ledger },
  },
});
const links = (there: Input, back: Input = {}) => ({ links: { 'shop>api': there, 'api>shop': back } });

describe('a scenario', () => {
  it('that sets no limits has the usual ones', () => {
    const { limits } = good();
    expect(limits).toEqual(USUAL_LIMITS);
    expect(limits).toEqual({ events: 1e7, time: 3650 * 24 * 3600e6, rows: 2e7, queue: 1e6 });
  });

  it('has every default filled in, in microseconds', () => {
    const { producer, consumer, sink, requestLink } = hopOf(good());
    expect(producer).toEqual({
      kind: 'producer',
      messages: 1,
      arrivals: { kind: 'fixed', every: 1_000_000, start: 0 },
      ackTimeout: 1_000_000,
      lateReplies: 'accept',
      retry: { kind: 'none' },
      deadLetter: false,
    });
    expect(consumer).toEqual({
      kind: 'consumer',
      sink: '',
      handler: [['effect'], ['ack']],
      processing: { kind: 'constant', value: 0 },
      stepTimes: {
        check: { kind: 'constant', value: 0 },
        mark: { kind: 'constant', value: 0 },
        ack: { kind: 'constant', value: 0 },
      },
      concurrency: 'unlimited',
      outages: [],
      crash: {
        after: { start: 0, check: 0, effect: 0, mark: 0, ack: 0 },
        restartAfter: 0,
        whileDown: 'hang',
      },
      dedup: {
        key: 'message-id',
        window: 'forever',
        anchor: 'first-seen',
        capacity: 'unlimited',
        eviction: 'fifo',
        durable: true,
      },
    });
    expect(sink).toEqual({ kind: 'sink', operation: 'increment' });
    expect(requestLink).toEqual({
      loss: 0,
      delay: { kind: 'constant', value: 40_000 },
      order: 'reorder',
      duplicate: 0,
      outages: [],
    });
  });

  it('reads durations, percentages and jitter as people write them', () => {
    const scenario = good({
      ...nodes({ ackTimeout: '1m30s', retry: { kind: 'fixed', delay: '27h35m5s', jitter: '±20%' } }),
      ...links({ loss: '2.5%', delay: '1.5s' }),
    });
    const { producer, requestLink } = hopOf(scenario);
    expect(producer.ackTimeout).toBe(90_000_000);
    expect(producer.retry).toMatchObject({
      delay: 99_305_000_000,
      jitter: { kind: 'proportional', spread: 0.2 },
    });
    expect(requestLink).toMatchObject({ loss: 0.025, delay: { kind: 'constant', value: 1_500_000 } });
  });

  it.each(['±20%', '+-20%', '+/-20%'])('jitter %s', (jitter) => {
    expect(hopOf(good(nodes({ retry: { kind: 'fixed', delay: 1, jitter } }))).producer.retry).toMatchObject({
      jitter: { kind: 'proportional', spread: 0.2 },
    });
  });

  it('a handler may leave out the inner list of a single step', () => {
    expect(
      hopOf(good(nodes({}, { handler: [['check', 'mark'], 'effect', ['ack']] }))).consumer.handler,
    ).toEqual([['check', 'mark'], ['effect'], ['ack']]);
  });
});

describe('problems', () => {
  it('all are reported at once, each with its path, what was found and what is allowed', () => {
    const input = {
      ...HOP,
      ...nodes({ messages: -1, ackTimeout: 'soon' }, { dedup: { window: 'yes', capacity: 0 } }),
      ...links({ loss: 2, delay: { kind: 'uniform', min: '2s' } }),
      titel: 'x',
    };
    expect(problems(input)).toEqual([
      'shop.messages: found -1, expected a whole number from 0 to 100,000,000',
      expect.stringMatching(
        /^shop\.ackTimeout: found "soon", expected "none" or a duration such as .*, greater than 0, at most 3650d$/,
      ) as string,
      expect.stringMatching(/^api\.dedup\.window: found "yes", expected "forever" or a duration/) as string,
      'api.dedup.capacity: found 0, expected "unlimited" or a whole number from 1 to 100,000,000',
      'shop>api.loss: found 2, expected a probability from 0 to 1, or a percentage such as "20%"',
      'shop>api.delay.max: found (missing), expected this field to be given',
      'titel: found "x", expected nothing: there is no such field here',
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 5, /^the scenario: found 5, expected an object with "format", "nodes" and "links"/],
    ['a list', [], /^the scenario: found \[\], expected an object/],
    ['no format', { ...HOP, format: undefined }, /^format: found \(missing\)/],
    ['another format', { ...HOP, format: 2 }, /^format: found 2, expected 1/],
    [
      'a node that is no object',
      { ...HOP, nodes: { ...HOP.nodes, shop: 5 } },
      /^shop: found 5, expected an object/,
    ],
    [
      'an unknown kind of node',
      { ...HOP, nodes: { ...HOP.nodes, shop: { kind: 'broker' } } },
      /^shop\.kind: found "broker", expected one of "producer", "consumer", "sink"/,
    ],
    [
      'no consumer',
      { ...HOP, nodes: { shop: { kind: 'producer' }, ledger: { kind: 'sink' } } },
      /^nodes: found \[\], expected exactly one consumer/,
    ],
    [
      'two sinks',
      { ...HOP, nodes: { ...HOP.nodes, log: { kind: 'sink' } } },
      /^nodes: found \["ledger","log"\], expected exactly one sink/,
    ],
    [
      'a link is missing',
      { ...HOP, links: { 'shop>api': {} } },
      /^links: found \["shop>api"\], expected a link "api>shop"/,
    ],
    [
      'a link to nowhere',
      { ...HOP, links: { ...HOP.links, 'shop>ledger': {} } },
      /^links\.shop>ledger: .* expected only the links/,
    ],
    [
      'a sink that is not there',
      { ...HOP, ...nodes({}, { sink: 'log' }) },
      /^api\.sink: found "log", expected the id of a sink: "ledger"/,
    ],
    [
      'an id that is the name of a field',
      { ...HOP, nodes: { seed: { kind: 'sink' }, shop: { kind: 'producer' }, api: { kind: 'consumer' } } },
      /^nodes: found "seed", expected another node id/,
    ],
    [
      'an id that objects have of their own',
      { ...HOP, nodes: { ...HOP.nodes, constructor: { kind: 'sink' } } },
      /^nodes\.constructor: .* expected another name/,
    ],
    [
      'a fault with such a name',
      { ...HOP, faults: JSON.parse('{"__proto__": true}') as Input },
      /^faults\.__proto__: .* expected another name/,
    ],
    [
      'an upper-case id',
      { ...HOP, nodes: { ...HOP.nodes, Shop: { kind: 'sink' } } },
      /^Shop: .* expected a node id/,
    ],
    [
      'a uniform upside down',
      { ...HOP, ...links({ delay: { kind: 'uniform', min: 5, max: 4 } }) },
      /^shop>api\.delay\.max: found 4, expected at least min/,
    ],
    [
      'a step whose shortest time is longer than its longest',
      { ...HOP, ...nodes({}, { stepTimes: { mark: { kind: 'uniform', min: 5, max: 4 } } }) },
      /^api\.stepTimes\.mark\.max: found 4, expected at least min/,
    ],
    [
      'a time of the effect beside its processing',
      { ...HOP, ...nodes({}, { stepTimes: { effect: '1ms' } }) },
      /^api\.stepTimes\.effect: found "1ms", expected nothing: there is no such field here/,
    ],
    [
      'outages out of order',
      {
        ...HOP,
        ...links(
          {},
          {
            outages: [
              { from: 10, for: 5 },
              { from: 14, for: 1 },
            ],
          },
        ),
      },
      /^api>shop\.outages\.1\.from: found 14, expected not before/,
    ],
    [
      'an effect that is missing',
      { ...HOP, ...nodes({}, { handler: ['check', 'ack'] }) },
      /^api\.handler: .* "effect" exactly once/,
    ],
    ['an effect twice', { ...HOP, ...nodes({}, { handler: ['effect', ['effect']] }) }, /^api\.handler: /],
    ['an empty group', { ...HOP, ...nodes({}, { handler: [[], 'effect'] }) }, /^api\.handler: /],
    [
      'more than any double',
      JSON.parse(JSON.stringify({ ...HOP, ...links({ loss: 0.123 }) }).replace('0.123', '1e999')),
      /^shop>api\.loss: found Infinity, /,
    ],
    [
      'a fault on no choice',
      { ...HOP, faults: { 'shop>api/request/m0/1/c0/lost': true } },
      /^faults\.shop>api\/request\/m0\/1\/c0\/lost: found true, expected the name of a choice/,
    ],
    [
      'a duration for a yes or no',
      { ...HOP, faults: { 'shop>api/request/m1/1/c0/lost': '5s' } },
      /expected true or false$/,
    ],
    [
      'a yes for a duration',
      { ...HOP, faults: { 'shop>api/request/m1/1/c0/delay': true } },
      /expected a duration such as "40ms"$/,
    ],
    [
      'a jitter without a size',
      { ...HOP, ...nodes({ retry: { kind: 'fixed', delay: 1, jitter: 'proportional' } }) },
      /^shop\.retry\.jitter\.spread: found \(missing\)/,
    ],
    [
      'a jitter of more than all',
      { ...HOP, ...nodes({ retry: { kind: 'fixed', delay: 1, jitter: '±120%' } }) },
      /^shop\.retry\.jitter\.spread: found 1\.2/,
    ],
  ])('%s', (_, input, expected) => {
    const found = problems(input);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toMatch(new RegExp(expected.source, 'm'));
  });

  it('outages that touch are apart enough, and may be listed', () => {
    expect(
      problems({
        ...HOP,
        ...links({
          outages: [
            { from: 10, for: 5 },
            { from: 15, for: 1 },
          ],
        }),
      }),
    ).toEqual([]);
  });

  it('text that is no JSON, and text that is too long', () => {
    const words = (json: string) => {
      const result = parseScenarioText(json);
      return result.ok ? '' : result.problems.map(formatProblem).join('\n');
    };
    expect(words('{"format": 1,}')).toMatch(/^the scenario: found .* expected JSON \(/);
    expect(words(`"${'x'.repeat(2_000_000)}"`)).toMatch(
      /^the scenario: found 2000002 characters, expected at most 2000000/,
    );
  });
});

describe('showValue', () => {
  it.each<[unknown, string]>([
    [undefined, '(missing)'],
    [null, 'null'],
    ['5s', '"5s"'],
    [Infinity, 'Infinity'],
    [NaN, 'NaN'],
    [-0, '0'],
    [{ a: [1, { b: true }] }, '{"a":[1,{"b":true}]}'],
    [[[[[[1]]]]], '[[[[…]]]]'],
  ])('%j', (value, text) => {
    expect(showValue(value)).toBe(text);
  });

  it('is cut at 80 characters, never inside a character', () => {
    expect(showValue('x'.repeat(200))).toBe(`"${'x'.repeat(78)}…`);
    const smiles = showValue('🙂'.repeat(100));
    expect(smiles.length).toBeLessThanOrEqual(80);
    expect(smiles).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });

  it('does not follow what has no end', () => {
    const ring: Input = {};
    ring['self'] = ring;
    expect(showValue(ring)).toContain('…');
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(showValue(deep)).toBe('[[[[…]]]]');
  });
});
