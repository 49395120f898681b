// Field paths: setting one by its path, whatever stands there, and listing all of them.
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { fieldPaths, setField } from '../../../sim/scenario/paths.ts';

type Input = Record<string, unknown>;

function hop(): Input {
  return {
    format: 1,
    nodes: {
      shop: { kind: 'producer', retry: { kind: 'custom', delays: ['1s', '2s'] } },
      'shop-2': { kind: 'consumer', dedup: { window: '1h' } },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>shop-2': { delay: '40ms', outages: [{ from: '1s', for: '2s' }] }, 'shop-2>shop': {} },
  };
}

/** What stands at the end of `keys` after setting `path`. */
function after(path: string, text: string, ...keys: string[]): unknown {
  const input = hop();
  expect(setField(input, path, text)).toBeNull();
  return keys.reduce<unknown>((at, key) => (at as Input)[key], input);
}

describe('setField', () => {
  it.each([
    ['shop.messages', '5', ['nodes', 'shop', 'messages'], 5],
    ['shop-2.dedup.window', '24h', ['nodes', 'shop-2', 'dedup', 'window'], '24h'], // "shop" is a prefix of this id
    ['shop-2.crash.after.mark', '0.5', ['nodes', 'shop-2', 'crash', 'after', 'mark'], 0.5], // makes what is missing
    ['shop>shop-2.loss', '"20%"', ['links', 'shop>shop-2', 'loss'], '20%'],
    ['shop-2>shop.delay', '{"kind":"uniform","min":0,"max":5}', ['links', 'shop-2>shop', 'delay', 'max'], 5],
    ['shop>shop-2.delay.kind', 'uniform', ['links', 'shop>shop-2', 'delay', 'kind'], 'uniform'], // in place of a shorthand
    ['shop>shop-2.outages.0.for', '9s', ['links', 'shop>shop-2', 'outages', '0', 'for'], '9s'],
    ['shop>shop-2.outages.1.from', '9s', ['links', 'shop>shop-2', 'outages', '1', 'from'], '9s'], // one more
    ['shop.retry.delays.2', '4s', ['nodes', 'shop', 'retry', 'delays', '2'], '4s'],
    ['shop.retry.delays', '["1s"]', ['nodes', 'shop', 'retry', 'delays', '0'], '1s'],
    ['shop-2.handler', '[["check","effect","mark"],"ack"]', ['nodes', 'shop-2', 'handler', '1'], 'ack'],
    ['policy', 'at-most-once', ['policy'], 'at-most-once'],
    ['seed', 'rain', ['seed'], 'rain'],
    ['limits.events', '100', ['limits', 'events'], 100],
    ['expect.no-loss', 'violated', ['expect', 'no-loss'], 'violated'],
    ['faults.shop>shop-2/request/m1/1/c0/lost', 'true', ['faults', 'shop>shop-2/request/m1/1/c0/lost'], true],
    ['faults.shop-2>shop/ack/m1/1/c0.1/delay', '5s', ['faults', 'shop-2>shop/ack/m1/1/c0.1/delay'], '5s'], // a dot in the name
    ['nodes.shop.messages', '5', ['nodes', 'shop', 'messages'], 5],
    ['links.shop>shop-2.loss', '0.5', ['links', 'shop>shop-2', 'loss'], 0.5],
  ] as const)('%s = %s', (path, text, keys, value) => {
    expect(after(path, text, ...keys)).toEqual(value);
  });

  it('replaces a null on the way', () => {
    const input = hop();
    (input['nodes'] as Record<string, Input>)['shop']['retry'] = null;
    expect(setField(input, 'shop.retry.kind', 'none')).toBeNull();
    expect((input['nodes'] as Record<string, Input>)['shop']['retry']).toEqual({ kind: 'none' });
  });

  it('leaves everything else as it was', () => {
    const input = hop();
    setField(input, 'shop.messages', '5');
    const expected = hop();
    (expected['nodes'] as Record<string, Input>)['shop']['messages'] = 5;
    expect(input).toEqual(expected);
  });

  it('a value that is not allowed is for parse to refuse', () => {
    const input = hop();
    expect(setField(input, 'shop.mesages', '5')).toBeNull();
    const result = parseScenario(input);
    expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(['shop.mesages']);
  });

  it.each(['nowhere', 'nowhere.loss', 'shop', 'shop>shop-2', '', '.', 'sho', 'shop>nowhere.loss'])(
    'no such place: "%s"',
    (path) => {
      const input = hop();
      const problem = setField(input, path, '1');
      expect(problem?.path).toBe(path);
      expect(problem?.allowed).not.toBe('');
      expect(input).toEqual(hop());
    },
  );

  it.each(['first', '-1', '01', '7', 'length', '00000001', '1e0'])(
    'a list has places 0, 1, …: not "%s"',
    (key) => {
      const input = hop();
      const problem = setField(input, `shop>shop-2.outages.${key}`, '5');
      expect(problem?.allowed).toContain('outages');
      expect(input).toEqual(hop());
    },
  );

  it.each([
    '__proto__.polluted',
    'constructor.polluted',
    'shop.__proto__.polluted',
    'shop.constructor.prototype.polluted',
    'nodes.__proto__',
    'toString.polluted',
    'faults.__proto__',
    'shop>shop-2.__proto__.polluted',
  ])('never reaches into a prototype: %s', (path) => {
    const input = hop();
    expect(setField(input, path, '{"polluted":1}')).not.toBeNull();
    expect(input).toEqual(hop());
    expect(({} as Input)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
  });
});

describe('fieldPaths', () => {
  const fields = fieldPaths();
  const paths = fields.map(({ path }) => path);

  it('lists each field once, with a meaning and what is allowed', () => {
    expect(new Set(paths).size).toBe(paths.length);
    for (const { path, doc, allowed } of fields) {
      expect(doc, path).toMatch(/\S.*\.$/);
      expect(allowed, path).not.toBe('');
    }
  });

  it('lists every leaf of a scenario that has everything', () => {
    const everything = {
      format: 1,
      id: 'x',
      title: 'x',
      question: 'x',
      lesson: 'x',
      tags: ['x'],
      seed: 'x',
      policy: 'custom',
      claims: 'at-most-once',
      sources: [{ claim: 'x', evidence: 'seen', from: 'x', date: 'x' }],
      expect: { 'no-duplicate': 'either', 'no-false-confirmation': 'either', 'no-loss': 'either' },
      nodes: {
        shop: {
          kind: 'producer',
          messages: 1,
          arrivals: { kind: 'poisson', mean: 1, start: 0 },
          ackTimeout: 1,
          lateReplies: 'accept',
          deadLetter: true,
          retry: {
            kind: 'exponential',
            delay: 1,
            factor: 2,
            cap: 1,
            countFrom: 'send',
            jitter: { kind: 'additive', max: 1 },
            maxAttempts: 1,
            horizon: 1,
          },
        },
        api: {
          kind: 'consumer',
          sink: 'ledger',
          handler: ['effect'],
          processing: { kind: 'lognormal', median: 1, sigma: 1 },
          stepTimes: {
            check: 1,
            mark: { kind: 'normal', mean: 1, sd: 1 },
            ack: { kind: 'uniform', min: 0, max: 1 },
          },
          concurrency: 1,
          outages: [{ from: 0, for: 1, kind: 'hang' }],
          crash: {
            after: { start: 0, check: 0, effect: 0, mark: 0, ack: 0 },
            restartAfter: 0,
            whileDown: 'hang',
          },
          dedup: {
            key: 'message-id',
            window: 1,
            anchor: 'first-seen',
            capacity: 1,
            eviction: 'lru',
            durable: true,
          },
        },
        ledger: { kind: 'sink', operation: 'set' },
      },
      links: {
        'shop>api': {
          loss: 0,
          delay: { kind: 'empirical', values: [1] },
          order: 'fifo',
          duplicate: 0,
          outages: [{ from: 0, for: 1, cutsInFlight: true }],
        },
        'api>shop': {},
      },
      faults: { 'shop>api/request/m1/1/c0/lost': true },
      limits: { events: 1, time: 1, rows: 1, queue: 1 },
    };
    const parsed = parseScenario(everything);
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    const missing = leavesOf(everything).filter((leaf) => !paths.some((path) => covers(path, leaf)));
    // What a thing is, is said where its fields are: `shop.retry[fixed].delay`.
    expect(missing).toEqual([
      'format',
      'shop.kind',
      'shop.retry.jitter.kind',
      'api.kind',
      'api.processing.kind',
      'api.stepTimes.mark.kind',
      'api.stepTimes.ack.kind',
      'ledger.kind',
      'shop>api.delay.kind',
    ]);
  });

  it('a field that has a default says so; one that must be given does not', () => {
    const defaultOf = (path: string) => fields.find((field) => field.path === path)?.default;
    expect(defaultOf('api.dedup.window')).toBe('"forever"');
    expect(defaultOf('shop.retry.kind')).toBe('"none"');
    expect(defaultOf('shop.arrivals.kind')).toBe('"fixed"');
    expect(defaultOf('api.outages.<n>.kind')).toBe('"hang"');
    expect(defaultOf('api.handler')).toBe('["effect","ack"]');
    for (const step of ['check', 'mark', 'ack']) expect(defaultOf(`api.stepTimes.${step}`)).toBe('"0s"');
    expect(defaultOf('shop.retry[fixed].delay')).toBe('');
    expect(defaultOf('shop>api.outages.<n>.from')).toBe('');
  });
});

/** `api.dedup.window`, with `<n>` for places of lists and ids in place of `nodes.` and `links.`. */
function leavesOf(value: unknown, path: readonly string[] = []): string[] {
  const isHandler = path[path.length - 1] === 'handler';
  if (Array.isArray(value) && !isHandler) return value.flatMap((item) => leavesOf(item, [...path, '<n>']));
  if (typeof value === 'object' && value !== null && !isHandler)
    return Object.entries(value).flatMap(([key, item]) =>
      leavesOf(item, [...path, path[0] === 'faults' ? '<name>' : key]),
    );
  return [(path[0] === 'nodes' || path[0] === 'links' ? path.slice(1) : path).join('.')];
}

/** `shop.retry[fixed].delay` covers `shop.retry.delay`. */
function covers(path: string, leaf: string): boolean {
  return path.replace(/\[\w+\]/g, '') === leaf;
}
