// The command line as other programs and people use it: exit codes, what goes to which stream, the run record, and
// errors that say where, what was found and what is allowed. Each run is a process of its own.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCli, type Said } from './cli.ts';

const cli = useCli();
const scenarioFolder = new URL('../../scenarios/', import.meta.url);
const ids = readdirSync(scenarioFolder)
  .filter((name) => name.endsWith('.json') && name !== 'order.json')
  .map((name) => name.replace(/\.json$/, ''));
const textOf = (id: string): string => readFileSync(new URL(`${id}.json`, scenarioFolder), 'utf8');

const METRICS = [
  ...['messages', 'attempts', 'packets', 'deliveries', 'duplicateDeliveries', 'suppressed', 'executions'],
  ...['effects', 'once', 'lost', 'duplicated', 'open', 'confirmed', 'refused', 'inDoubt', 'gaveUp'],
  ...['deadLettered', 'falseDeadLettered', 'lateAnswers', 'dedupPeak', 'events'],
] as const;

interface RunRecord {
  readonly format: number;
  readonly engine: number;
  readonly scenario: { readonly id: string; readonly hash: string };
  readonly config: object;
  readonly seed: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly unusedOverrides: readonly string[];
  readonly limits: object;
  readonly ended: string;
  readonly digests: { readonly outcome: string; readonly trace: string };
  readonly metrics: Readonly<Record<(typeof METRICS)[number], number>>;
  readonly verdict: {
    readonly policy: string;
    readonly clauses: readonly {
      readonly clause: string;
      readonly result: string;
      readonly expected: string;
      readonly strength: string;
      readonly why: string;
      readonly rows: readonly number[];
    }[];
  };
  readonly command: string;
  readonly link: string;
}

function recordOf({ stdout }: Said): RunRecord {
  return JSON.parse(stdout) as RunRecord;
}

describe('command line: run --json', () => {
  it.each(ids)(
    '%s: exits 0 with one record of format 1, whose books balance, and nothing on stderr',
    async (id) => {
      const said = await cli()(['run', id, '--json']);
      expect(said).toMatchObject({ code: 0, stderr: '' });
      const record = recordOf(said);
      expect(record).toMatchObject({
        format: 1,
        engine: expect.any(Number),
        scenario: { id, hash: expect.stringMatching(/^s\d+:[0-9a-f]{16}$/) },
        config: { nodes: expect.any(Object), links: expect.any(Object) },
        seed: expect.any(String),
        overrides: {},
        unusedOverrides: [],
        limits: { events: expect.any(Number), time: expect.any(Number) },
        ended: expect.any(String),
        digests: {
          outcome: expect.stringMatching(/^o\d+:[0-9a-f]{16}$/),
          trace: expect.stringMatching(/^t\d+:[0-9a-f]{16}$/),
        },
        link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4173\/#v1\.[\w-]+$/),
        command: expect.stringMatching(`^delivery-lab run ${id} --seed `),
      });
      for (const name of METRICS) expect(record.metrics[name], name).toSatisfy(isCount);
      const m = record.metrics;
      expect(m.once + m.lost + m.duplicated + m.open).toBe(m.messages);
      expect(m.confirmed + m.refused + m.inDoubt + m.gaveUp).toBe(m.messages);
      expect(record.verdict.clauses.map(({ clause }) => clause)).toEqual([
        'no-duplicate',
        'no-false-confirmation',
        'no-loss',
      ]);
      for (const { result, expected, strength, why, rows } of record.verdict.clauses) {
        expect(expected === 'either' || expected === result).toBe(true);
        expect(strength).toBe('one run');
        expect(why).toMatch(/\.$/);
        expect(rows.length > 0).toBe(result === 'violated');
      }
    },
  );

  it('the same run in another process, from a file, from standard input and by its record’s command', async () => {
    const text = textOf('two-generals');
    writeFileSync(path.join(cli().folder, 'mine.json'), text);
    const [byId, again, fromFile, fromInput] = await Promise.all([
      cli()(['run', 'two-generals', '--json']),
      cli()(['run', 'two-generals', '--json']),
      cli()(['run', 'mine.json', '--json']),
      cli()(['run', '-', '--json'], `\uFEFF${text}`),
    ]);
    expect(again).toEqual(byId);
    for (const other of [fromFile, fromInput]) {
      const { command, ...rest } = recordOf(other);
      const { command: _command, ...expected } = recordOf(byId);
      expect(rest).toEqual(expected);
      expect(command).toMatch(/^delivery-lab run (mine\.json|-) --seed /);
    }
  });

  it.each([
    [['run', 'retry-plus-dedup']],
    [['run', 'retry-until-acknowledged', '--seed', `it's a "storm" $HOME \\ é`]],
    [['run', 'retry-until-acknowledged', '--seed', '']],
    [['run', 'svix-24h-window', '--policy', 'at-least-once', '--set', 'svix.ackTimeout=20s']],
    [['run', 'svix-24h-window', '--set', 'svix.retry={"kind":"fixed","delay":"1h","maxAttempts":4}']],
    [['run', 'svix-24h-window', '--set', 'svix>endpoint.delay={"kind":"normal","mean":"2s","sd":"500ms"}']],
    [['run', 'svix-24h-window', '--override', 'endpoint>svix/ack/m1/1/c0/lost=false']],
    [['run', 'svix-24h-window', '--override', 'svix>endpoint/request/m1/1/c0/delay=90ms', '--seed', '7']],
  ])('the command of its record reruns %j, pasted into a shell', async (args) => {
    const first = await cli()([...args, '--json']);
    expect(first.stderr).toBe('');
    const { command, digests, metrics } = recordOf(first);
    const second = await cli().shell(`${command} --json`);
    expect(second.stderr).toBe('');
    expect(second.code).toBe(first.code);
    expect(recordOf(second)).toMatchObject({ digests, metrics, command });
  });

  it('lists an override whose name never came up', async () => {
    const name = 'svix>endpoint/request/m1/9/c0/lost';
    const said = await cli()(['run', 'svix-24h-window', '--override', `${name}=true`, '--json']);
    const record = recordOf(said);
    expect(record.unusedOverrides).toEqual([name]);
    expect(record.overrides).toEqual({ [name]: true });
  });

  it('--app is where the link leads', async () => {
    const said = await cli()(['run', 'two-generals', '--json', '--app', 'https://example.org/lab/']);
    expect(recordOf(said).link).toMatch(/^https:\/\/example\.org\/lab\/#v1\./);
  });
});

describe('command line: exit codes and streams', () => {
  it('1 when a clause comes out otherwise than the policy claims; the report is on stdout all the same', async () => {
    const said = await cli()(['run', 'svix-24h-window', '--set', 'endpoint.dedup.window=20h']);
    expect(said).toMatchObject({ code: 1, stderr: '' });
    expect(said.stdout).toMatch(/no-duplicate\s+violated/);
  });

  it('0 when the same is what the scenario expects, or the change cures it', async () => {
    expect((await cli()(['run', 'svix-24h-window'])).code).toBe(0);
    expect((await cli()(['run', 'svix-24h-window', '--set', 'endpoint.dedup.window=28h'])).code).toBe(0);
  });

  it('the report says outcomes, verdict, price, digest and the line that reruns it', async () => {
    const [report, record] = await Promise.all([
      cli()(['run', 'svix-24h-window']),
      cli()(['run', 'svix-24h-window', '--json']).then(recordOf),
    ]);
    expect(report.stdout).toContain('1 applied more than once');
    expect(report.stdout).toContain('1 gave up');
    expect(report.stdout).toContain('16.00 packets per message');
    expect(report.stdout).toContain(record.digests.outcome);
    expect(report.stdout).toContain(record.command);
    expect(report.stdout).not.toContain('\u001b');
  });

  it('--trace writes the facts to a file and says so on stderr; stdout stays one record', async () => {
    const said = await cli()(['run', 'svix-24h-window', '--json', '--trace', 'facts.txt']);
    const record = recordOf(said);
    const lines = readFileSync(path.join(cli().folder, 'facts.txt'), 'utf8').trimEnd().split('\n');
    expect(said.stderr).toMatch(/^\d+ rows written to facts\.txt\n$/);
    expect(lines.length).toBeGreaterThanOrEqual(Number(/^\d+/.exec(said.stderr)?.[0]));
    const untraced = recordOf(await cli()(['run', 'svix-24h-window', '--json']));
    expect(record.digests).toEqual(untraced.digests);
  });

  it('compare prints three records in the same weather, and exits 1 unless every claim holds', async () => {
    const said = await cli()(['compare', 'retry-plus-dedup', '--json']);
    const records = JSON.parse(said.stdout) as readonly RunRecord[];
    expect(records.map(({ verdict }) => verdict.policy)).toEqual([
      'at-most-once',
      'at-least-once',
      'effectively-once',
    ]);
    expect(new Set(records.map(({ seed }) => seed)).size).toBe(1);
    const claimsHold = records.every(({ verdict }) =>
      verdict.clauses.every(({ expected, result }) => expected === 'either' || expected === result),
    );
    expect(said.code).toBe(claimsHold ? 0 : 1);
    const single = await cli()(['run', 'retry-plus-dedup', '--policy', 'at-least-once', '--json']);
    expect(records[1].digests).toEqual(recordOf(single).digests);
  });

  it('scenarios, schema and help are data on stdout with exit code 0', async () => {
    const [list, schema, paths, help] = await Promise.all([
      cli()(['scenarios', '--json']),
      cli()(['schema']),
      cli()(['schema', '--paths', '--json']),
      cli()(['help', 'run']),
    ]);
    for (const said of [list, schema, paths, help]) expect(said).toMatchObject({ code: 0, stderr: '' });
    const listed = JSON.parse(list.stdout) as readonly { id: string; question: string }[];
    expect(listed.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(JSON.parse(schema.stdout)).toMatchObject({ type: 'object' });
    const fields = JSON.parse(paths.stdout) as readonly { path: string; allowed: string }[];
    expect(fields.map(({ path }) => path)).toContain('api.dedup.window');
  });

  it('validate lists every problem of every file at once, and exits 2 if there is any', async () => {
    const broken = textOf('two-generals').replace(
      '"format": 1',
      '"format": 1, "limits": {"events": 0}, "colour": 1',
    );
    writeFileSync(path.join(cli().folder, 'broken.json'), broken);
    const said = await cli()(['validate', 'two-generals', 'broken.json']);
    expect(said.code).toBe(2);
    expect(said.stdout).toMatch(/^two-generals: ok\nbroken\.json: 2 problems\n/);
    expect(said.stdout).toContain('limits.events: found 0, expected a whole number from 1');
    expect(said.stdout).toContain('colour: found 1');
    expect(await cli()(['validate', ...ids])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('command line: mistakes are exit code 2, nothing on stdout, and told on stderr', () => {
  const window = 'svix-24h-window';
  it.each([
    ['no such scenario', ['run', 'nosuch'], ['"nosuch"', 'two-generals', window]],
    ['no such file', ['run', './nosuch.json'], ['./nosuch.json', 'no such file']],
    ['a folder', ['run', '.'], ['.', 'folder']],
    ['standard input that is not JSON', ['run', '-'], ['Standard input', 'not JSON']],
    ['an unknown command', ['fly'], ["'fly'", '--help']],
    ['no command', [], ['Usage']],
    ['an unknown flag', ['run', window, '--nosuch'], ["'--nosuch'"]],
    ['two scenarios', ['run', window, 'other'], ['too many arguments']],
    ['a policy', ['run', window, '--policy', 'best'], ['best', 'at-most-once', 'effectively-once']],
    ['a long seed', ['run', window, '--seed', 'x'.repeat(201)], ['--seed', '201', '200']],
    ['--set without =', ['run', window, '--set', 'foo'], ['foo', 'path=value']],
    ['--set of no node', ['run', window, '--set', 'api.b=1'], ['api.b', 'endpoint', 'schema --paths']],
    [
      '--set of no field',
      ['run', window, '--set', 'endpoint.dedup.windw=3h'],
      ['endpoint.dedup.windw', '"3h"', 'no such field'],
    ],
    [
      '--set to a bad value',
      ['run', window, '--set', 'endpoint.dedup.window=-3'],
      ['endpoint.dedup.window', '-3', '"forever" or a duration'],
    ],
    [
      '--override of no choice',
      ['run', window, '--override', 'x=true'],
      ['x', 'true', 'svix>endpoint/request/m1/1/c0/lost'],
    ],
    [
      '--override to a bad value',
      ['run', window, '--override', 'svix>endpoint/request/m1/1/c0/lost=4s'],
      ['m1/1/c0/lost', '4s', 'true or false'],
    ],
    [
      '--override to nothing',
      ['run', window, '--override', 'svix>endpoint/request/m1/1/c0/delay=soon'],
      ['m1/1/c0/delay', 'soon', '40ms'],
    ],
    [
      '--trace where nothing can be written',
      ['run', window, '--trace', 'no/such/folder'],
      ['no/such/folder'],
    ],
    ['no file to validate', ['validate'], ['files']],
  ] as const)('%s', async (_what, args, words) => {
    const said = await cli()(args, 'not json');
    expect(said).toMatchObject({ code: 2, stdout: '' });
    for (const word of words) expect(said.stderr).toContain(word);
    expect(said.stderr).not.toMatch(/internal error:|\bat .*\.js:\d/);
  });

  it('tells all problems of a scenario at once, each with path, value and what is allowed', async () => {
    const input = JSON.stringify({
      ...{ format: 1, seed: true, policy: 'sometimes' },
      nodes: {
        shop: { kind: 'producer', ackTimeout: 'soon' },
        api: { kind: 'consumer' },
        ledger: { kind: 'sink' },
      },
      links: { 'shop>api': { loss: 2 }, 'api>shop': {} },
    });
    const said = await cli()(['run', '-'], input);
    expect(said).toMatchObject({ code: 2, stdout: '' });
    expect(said.stderr).toContain('4 problems');
    for (const line of [
      /seed: found true, expected text/,
      /policy: found "sometimes", expected one of "at-most-once"/,
      /shop\.ackTimeout: found "soon", expected "none" or a duration/,
      /shop>api\.loss: found 2, expected a probability/,
    ])
      expect(said.stderr).toMatch(line);
  });
});

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
