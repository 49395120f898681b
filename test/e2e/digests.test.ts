// The same seed gives the same bits in Node, Chromium, Firefox and WebKit, on a page and in a worker, traced and
// not: digests, metrics, verdicts and every row. Node runs the sources, the browsers a minified build of them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundsOf } from '../../sim/explore/bounds.ts';
import { explore } from '../../sim/explore/explore.ts';
import { withoutDefaults } from '../../sim/scenario/canonical.ts';
import { jsonSchemaOf } from '../../sim/scenario/json-schema.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { CLAUSES } from '../../sim/scenario/terms.ts';
import { scenarioSchema } from '../../sim/scenario/schema.ts';
import { ENGINE_NAMES, useEngines } from './browsers.ts';
import { answer, type DigestAnswer, type DigestQuestion } from './digest-engine.ts';
import { GENERATED_COUNT, generatedScenario } from './digest-scenarios.ts';
import { serve, type Site } from './serve.ts';

const bundledFolder = new URL('../../scenarios/', import.meta.url);
const bundled = readdirSync(bundledFolder)
  .filter((name) => name.endsWith('.json') && name !== 'order.json')
  .map((name): unknown => JSON.parse(readFileSync(new URL(name, bundledFolder), 'utf8')));
const generated = Array.from({ length: GENERATED_COUNT }, (_, n) => generatedScenario(n));
/** Its first counterexample needs no fault, but the other order of one instant. */
const atTheInstant = {
  format: 1,
  id: 'at-the-instant',
  policy: 'at-least-once',
  nodes: {
    shop: {
      kind: 'producer',
      ackTimeout: '1s',
      retry: { kind: 'fixed', delay: 0, maxAttempts: 2 },
    },
    api: { kind: 'consumer', handler: ['effect', 'ack'], processing: '1s' },
    ledger: { kind: 'sink' },
  },
  links: { 'shop>api': { delay: 0 }, 'api>shop': { delay: 0 } },
};
const counterexamples = [...bundled, atTheInstant].flatMap(smallestCounterexamples);
const question: DigestQuestion = {
  scenarios: [...bundled, ...generated, ...counterexamples.map(({ scenario }) => scenario)],
  seeds: ['2', 'über 🜁', ''],
};

/** A run that the explorer found, as a scenario whose faults are its choices, and the digest it was shown with. */
interface Counterexample {
  readonly scenario: unknown;
  readonly digest: string;
}

/** The smallest run that breaks each clause, in the scenario's own durations and in any order, if it is soon found. */
function smallestCounterexamples(input: unknown): Counterexample[] {
  const parsed = parseScenario(input);
  if (!parsed.ok) throw new Error('a bundled scenario does not parse');
  const { scenario } = parsed;
  return [false, true].flatMap((anyDelay) =>
    CLAUSES.flatMap((clause) => {
      const bounds = boundsOf(scenario, { states: 1_000, anyDelay });
      const found = explore({ scenario, question: { kind: 'clause', clause }, bounds });
      if (found.kind !== 'found') return [];
      const [{ scenario: bounded, overrides, digest }] = found.witnesses;
      const id = `${scenario.id}-${clause}-${anyDelay ? 'any-order' : 'timed'}`;
      return [{ scenario: withoutDefaults({ ...bounded, id, faults: { ...overrides } }), digest }];
    }),
  );
}

const engines = useEngines();
const here = answer(question);
let site: Site;
let pageUrl = '';

beforeAll(async () => {
  site = await serve();
  site.setPage('/engine.js', await engineScript(), { contentType: 'text/javascript' });
  pageUrl = site.setPage(
    '/digests',
    '<!doctype html><title>Digests</title><script src="/engine.js"></script>',
  );
});
afterAll(() => site.close());

async function engineScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      rolldownOptions: {
        input: fileURLToPath(new URL('digest-engine.ts', import.meta.url)),
        output: { format: 'iife' },
      },
    },
  });
  const outputs = Array.isArray(built)
    ? built.flatMap(({ output }) => output)
    : 'output' in built
      ? built.output
      : [];
  const script = outputs.find((output) => output.type === 'chunk');
  if (script?.type !== 'chunk') throw new Error('The build gave no script');
  return script.code;
}

function askPage(asked: DigestQuestion): DigestAnswer {
  const ask = globalThis.deliveryLabDigests;
  if (ask === undefined) throw new Error('the script did not run');
  return ask(asked);
}

function askWorker(asked: DigestQuestion): Promise<DigestAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker('/engine.js');
    worker.onmessage = ({ data }: MessageEvent<DigestAnswer>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
    worker.postMessage(asked);
  });
}

describe.each(ENGINE_NAMES)('digests: %s', (name) => {
  it.each([
    ['page', askPage],
    ['worker', askWorker],
  ] as const)('on a %s, every run has the bits it has in Node', async (place, ask) => {
    const engine = engines()[name];
    await engine.open(pageUrl);
    const there = await engine.evaluate(ask, question);
    expect(there.where).toBe(place);
    expect(there.math).toEqual(here.math);
    expect(there.runs).toEqual(here.runs);
  });
});

describe('digests: what is compared', () => {
  it('is every run of every scenario with four seeds, traced and not, and they differ from each other', () => {
    expect(here.runs).toHaveLength(question.scenarios.length * 4 * 2);
    expect(here.runs.filter((line) => line.startsWith('not a scenario'))).toEqual([]);
    const digests = new Set(here.runs.map((line) => /t1:\w+/.exec(line)?.[0]));
    // Of 14 generated ones, each seed gives another trace; a bundled one may draw nothing at all.
    expect(digests.size).toBeGreaterThanOrEqual(GENERATED_COUNT * 4 + bundled.length);
  });

  it('and among them every counterexample that was found, with the digest it was shown with', () => {
    expect(counterexamples.length).toBeGreaterThan(20);
    expect(JSON.stringify(counterexamples)).toContain('effect/waits');
    const lines = here.runs.slice(-8 * counterexamples.length); // four seeds, traced and not; its own comes first
    expect(counterexamples.map((_, n) => /o1:\w+/.exec(lines[8 * n])?.[0])).toEqual(
      counterexamples.map(({ digest }) => digest),
    );
  });

  it('and the generated scenarios use every kind that the format has', () => {
    const kinds = new Set(kindsIn(jsonSchemaOf(scenarioSchema, toJsonSchema)));
    expect(kinds.size).toBeGreaterThan(15);
    // A text is the short way to write a jitter.
    const used = JSON.stringify(generated);
    expect(
      [...kinds].filter((kind) => !used.includes(`"kind":"${kind}"`) && !used.includes(`"jitter":"${kind}"`)),
    ).toEqual([]);
  });
});

/** Every word that stands as a constant under "kind", anywhere in a JSON Schema. */
function kindsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    const isKind = key === 'kind' && typeof value === 'object' && value !== null && 'const' in value;
    return isKind ? [String(value.const)] : kindsIn(value);
  });
}
