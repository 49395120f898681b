// `explore` and `twin` as people and programs use them: exit codes, records, the line that replays what was found to
// the same digest, Ctrl-C, several workers with the answer of one, and errors that say what is allowed.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readPermalink } from '../../src/state/permalink.ts';
import { useCli, type Said } from './cli.ts';

const cli = useCli();
/** The ack is made at the very instant of the timeout: whether it is there first is a choice. */
const AT_THE_INSTANT = [
  ...[
    '--set',
    'shop>api.delay=0',
    '--set',
    'api>shop.delay=0',
    '--set',
    'api.processing=400ms',
    '--set',
    'shop.retry.delay=0',
  ],
  ...['--ask', 'no-duplicate', '--losses', '0', '--copies', '0', '--delays', '0', '--crashes', '0'],
];
const BUILT = fileURLToPath(new URL('../../dist/cli/delivery-lab.js', import.meta.url));

interface Named {
  readonly name: string;
  readonly words: string;
}

interface WitnessRecord {
  readonly faults: readonly Named[];
  readonly orders: readonly Named[];
  readonly why: string;
  readonly rows: number;
  readonly digest: string;
  readonly command: string;
  readonly link: string;
}

interface ExploreRecord {
  readonly bounds: Readonly<Record<string, unknown>>;
  readonly alphabet: object | null;
  readonly notes: readonly string[];
  readonly answers: readonly {
    readonly ask: string;
    readonly answer: string;
    readonly strength: string;
    readonly limit: string | null;
    readonly evidence: {
      readonly states: number;
      readonly transitions: number;
      readonly schedules: number | null;
      readonly outcomes: readonly string[];
    };
    readonly witnesses: readonly WitnessRecord[];
  }[];
}

interface WorldRecord {
  readonly effects: number;
  readonly belief: string;
  readonly digests: { readonly outcome: string };
  readonly command: string;
  readonly link: string;
}

interface TwinRecord {
  readonly answer: string;
  readonly schedules: number;
  readonly limit: string | null;
  readonly twins: {
    readonly message: number;
    readonly senderColumn: readonly string[];
    readonly here: WorldRecord;
    readonly there: WorldRecord;
    readonly flipped: readonly string[];
  } | null;
  readonly ladder: {
    readonly answer: string;
    readonly limit?: string;
    readonly runs: number;
    readonly rungs?: readonly { readonly runs: number }[];
  };
}

/** Bounds that nobody waits for to the end: of a search that merges what is alike, and of one that does not. */
const WIDE = ['--losses', '4', '--copies', '2', '--delays', '3', '--crashes', '3', '--states', '20000000'];
const WIDE_FOR_TWINS = ['--copies', '3', '--delays', '3', '--states', '20000000'];

/** What a command says that is told to stop, by Ctrl-C, when it is well under way. */
async function interrupted(args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [BUILT, ...args]);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (part: string) => (said[stream] += part));
  setTimeout(() => child.kill('SIGINT'), 4_000);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

const exploredIn = ({ stdout }: Said): ExploreRecord => JSON.parse(stdout) as ExploreRecord;
const twinsIn = ({ stdout }: Said): TwinRecord => JSON.parse(stdout) as TwinRecord;

/** The outcome digest of a run that is started by pasting its line into a shell. */
async function replayed(command: string): Promise<string> {
  const { stdout, stderr } = await cli().shell(`${command} --json`);
  expect(stderr).toBe('');
  const record = JSON.parse(stdout) as { digests: { outcome: string }; unusedOverrides: readonly string[] };
  // What the scenario itself scripts may come to nothing in another world; what the line forces may not.
  expect(record.unusedOverrides.filter((name) => command.includes(name))).toEqual([]);
  return record.digests.outcome;
}

async function digestInLink(link: string): Promise<string> {
  const read = await readPermalink(new URL(link).hash);
  if (read?.ok !== true) throw new Error(`no run in ${link}`);
  return read.state.digest;
}

describe('command line: explore', () => {
  it('none within the bounds → 0, with bounds, alphabet and how much was looked at', async () => {
    const said = await cli()(['explore', 'svix-24h-window', '--json']);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(exploredIn(said)).toMatchObject({
      format: 1,
      engine: expect.any(Number),
      scenario: { id: 'svix-24h-window', hash: expect.stringMatching(/^s\d+:/) },
      policy: 'effectively-once',
      bounds: { messages: 1, attempts: 4, losses: 2, copies: 1, delays: 1, crashes: 1, anyDelay: false },
      alphabet: { requests: { shortestUs: 40_000, longestUs: 40_000 }, waits: 'as scheduled' },
      answers: ['no-duplicate', 'no-false-confirmation', 'no-loss'].map((ask) => ({
        ask,
        answer: 'none',
        strength: 'none within these bounds',
        limit: null,
        evidence: { states: expect.any(Number), schedules: expect.any(Number), outcomes: ['A1'] },
        witnesses: [],
      })),
    });
    const report = await cli()(['explore', 'svix-24h-window']);
    expect(report.stdout).toContain('at most 2 packets lost');
    expect(report.stdout).toContain('A packet takes 40ms');
    expect(report.stdout).toMatch(/no-duplicate {2}none within these bounds/);
    expect(report.stdout).toMatch(/A1 {2}confirmed, applied once/);
  });

  it.each([
    [['mark-crash-before-effect'], 'no-loss', 1],
    [['effect-crash-before-mark'], 'no-duplicate', 1],
    [['network-duplicates', '--policy', 'at-least-once', '--ask', 'no-duplicate'], 'no-duplicate', 1],
    [['retry-plus-dedup', '--attempts', '3', '--messages', '1'], 'no-loss', 3],
    [['svix-24h-window', '--set', 'endpoint.dedup.window=1s', '--ask', 'no-duplicate'], 'no-duplicate', 1],
    [['retry-until-acknowledged', ...AT_THE_INSTANT, '--messages', '1'], 'no-duplicate', 0],
    [['mark-crash-before-effect', '--messages', '1', '--any-delay'], 'no-loss', 1],
    [['retry-plus-dedup', '--messages', '1', '--any-delay', '--ask', 'no-duplicate'], 'no-duplicate', 1],
  ] as const)(
    'explore %j → 1, and the %s it found replays to its digest by line and by link',
    async (args, ask, faults) => {
      const said = await cli()(['explore', ...args, '--json']);
      expect(said).toMatchObject({ code: 1, stderr: '' });
      const answer = exploredIn(said).answers.find((one) => one.ask === ask);
      expect(answer).toMatchObject({ answer: 'found', strength: 'counterexample' });
      const [witness] = answer?.witnesses ?? [];
      expect(witness.faults).toHaveLength(faults);
      expect(witness.why).toMatch(/\.$/);
      expect(await replayed(witness.command)).toBe(witness.digest);
      expect(await digestInLink(witness.link)).toBe(witness.digest);
      const report = await cli()(['explore', ...args]);
      expect(report.stdout).toContain(witness.command);
      expect(report.stdout).toContain(witness.link);
      for (const { words } of [...witness.faults, ...witness.orders])
        expect(report.stdout.replace(/\s+/g, ' ')).toContain(words);
    },
  );

  it('--several shows more counterexamples, the smallest first, all of them different', async () => {
    const said = await cli()([
      'explore',
      'mark-crash-before-effect',
      '--ask',
      'no-loss',
      '--several',
      '4',
      '--json',
    ]);
    const [{ witnesses }] = exploredIn(said).answers;
    expect(witnesses).toHaveLength(4);
    expect(new Set(witnesses.map(({ command }) => command)).size).toBe(4);
    const faults = witnesses.map((witness) => witness.faults.length);
    expect(faults).toEqual([...faults].sort());
    for (const { command, digest } of witnesses) expect(await replayed(command)).toBe(digest);
  });

  it('a limit on states → 4, named, with what was looked at', async () => {
    const said = await cli()(['explore', 'retry-plus-dedup', '--states', '500', '--json']);
    expect(said).toMatchObject({ code: 4, stderr: '' });
    for (const { answer, strength, limit, evidence } of exploredIn(said).answers) {
      expect({ answer, strength, limit }).toEqual({
        answer: 'gave up',
        strength: 'gave up',
        limit: 'states',
      });
      expect(evidence.states).toBeGreaterThanOrEqual(500);
      expect(evidence.schedules).toBeNull();
    }
    const report = await cli()(['explore', 'retry-plus-dedup', '--states', '500']);
    expect(report.stdout).not.toContain('none within');
    expect(report.stdout).toContain('the limit on states was reached');
  });

  it.each(['1', '2'])(
    'Ctrl-C with %s workers → 4, cancelled, and what was looked at by then',
    async (workers) => {
      const args = ['explore', 'retry-plus-dedup', ...WIDE, '--workers', workers, '--json'];
      const said = await interrupted(args);
      expect(said).toMatchObject({ code: 4, stderr: '' });
      const { answers } = exploredIn(said);
      expect(answers.map(({ limit }) => limit)).toEqual(['cancelled', 'cancelled', 'cancelled']);
      expect(answers[0].evidence.states).toBeGreaterThan(1_000);
    },
  );

  it('sometimes: a witness is what was hoped for → 0, replayable; none → 1', async () => {
    const found = await cli()(['explore', 'two-generals', '--ask', 'sometimes:copy', '--json']);
    expect(found.code).toBe(0);
    const [{ strength, witnesses }] = exploredIn(found).answers;
    expect(strength).toBe('witness');
    expect(await replayed(witnesses[0].command)).toBe(witnesses[0].digest);
    const none = await cli()(['explore', 'two-generals', '--ask', 'sometimes:late', '--json']);
    expect(none.code).toBe(1);
    expect(exploredIn(none).answers[0].answer).toBe('none');
  });

  it('settles: within a long time none → 0; within a short one a counterexample → 1', async () => {
    const asked = (within: string) =>
      cli()(['explore', 'retry-plus-dedup', '--messages', '1', '--ask', `settles:${within}`, '--json']);
    expect((await asked('10s')).code).toBe(0);
    expect((await asked('100ms')).code).toBe(1);
  });

  it('more than the scenario has is not explored, and said', async () => {
    const said = await cli()(['explore', 'svix-24h-window', '--messages', '3', '--json']);
    const { bounds, notes } = exploredIn(said);
    expect(bounds['messages']).toBe(1);
    expect(notes).toEqual([expect.stringContaining('--messages 3: the scenario has 1')]);
  });

  it('one, two and three workers print the same record, whether something is found or nothing', async () => {
    for (const [code, args] of [
      [0, ['--ask', 'no-duplicate', '--delays', '2', '--crashes', '2']],
      [1, ['--ask', 'no-loss', '--losses', '3', '--delays', '3', '--copies', '2']],
    ] as const) {
      const records: string[] = [];
      for (const workers of ['1', '2', '3']) {
        const said = await cli()(['explore', 'retry-plus-dedup', ...args, '--workers', workers, '--json']);
        expect(said).toMatchObject({ code, stderr: '' });
        records.push(said.stdout);
      }
      expect(JSON.parse(records[0])).toMatchObject({
        answers: [{ evidence: { states: expect.toSatisfy(isLarge) } }],
      });
      expect(records[1]).toBe(records[0]);
      expect(records[2]).toBe(records[0]);
    }
  }, 240_000);
});

/** More than one thread searches before it asks for help. */
function isLarge(states: number): boolean {
  return states > 20_000;
}

describe('command line: twin', () => {
  it('two worlds → 1; the sender column is one, the truth two, and each world replays to its digest', async () => {
    const said = await cli()(['twin', 'two-generals', '--json']);
    expect(said).toMatchObject({ code: 1, stderr: '' });
    const { answer, twins, ladder } = twinsIn(said);
    expect(answer).toBe('twins');
    if (twins === null) throw new Error('no twins');
    const { here, there, senderColumn, flipped } = twins;
    expect(here.effects).not.toBe(there.effects);
    expect(here.belief).toBe(there.belief);
    expect(flipped).toHaveLength(1);
    expect(senderColumn.join('\n')).toContain('give-up');
    for (const { command, link, digests } of [here, there]) {
      expect(await replayed(command)).toBe(digests.outcome);
      expect(await digestInLink(link)).toBe(digests.outcome);
    }
    expect(ladder.answer).toBe('ladder');
    expect(ladder.rungs?.at(-1)?.runs).toBe(0);
    const report = await cli()(['twin', 'two-generals']);
    expect(report.stdout).toContain('What the sender saw, the same in both');
    expect(report.stdout).toContain('wrong in one of the two worlds');
    expect(report.stdout).toContain(there.command);
    expect(report.stdout).toMatch(/The ladder of knowledge.* explored runs/);
  });

  it('of another seed, with an override: both worlds replay', async () => {
    const lost = 'shop>api/request/m1/1/c0/lost=true';
    const said = await cli()([
      'twin',
      'retry-plus-dedup',
      '--policy',
      'at-least-once',
      '--seed',
      '7',
      '--override',
      lost,
      '--json',
    ]);
    const { twins } = twinsIn(said);
    for (const { command, digests } of twins === null ? [] : [twins.here, twins.there])
      expect(await replayed(command)).toBe(digests.outcome);
    expect(said.code).toBe(twins === null ? 0 : 1);
  });

  it('no faults, no ambiguity: none within these bounds → 0; too few schedules allowed → 4', async () => {
    const calm = ['--losses', '0', '--copies', '0', '--delays', '0', '--crashes', '0'];
    const none = await cli()(['twin', 'retry-plus-dedup', ...calm, '--json']);
    expect(none).toMatchObject({ code: 0, stderr: '' });
    expect(twinsIn(none)).toMatchObject({ answer: 'none', schedules: 1, twins: null });
    const gaveUp = await cli()(['twin', 'retry-plus-dedup', '--losses', '0', '--states', '10', '--json']);
    expect(gaveUp.code).toBe(4);
    const given = { answer: 'gave up', limit: 'states' };
    expect(twinsIn(gaveUp)).toMatchObject({ ...given, schedules: 10, ladder: { ...given, runs: 10 } });
  });
});

describe('command line: twin, long', () => {
  it('Ctrl-C → 4, cancelled, and what was looked at by then', async () => {
    const said = await interrupted(['twin', 'retry-plus-dedup', ...WIDE_FOR_TWINS, '--json']);
    expect(said).toMatchObject({ code: 4, stderr: '' });
    const { answer, limit, schedules, ladder } = twinsIn(said);
    expect([answer, limit]).toEqual(['gave up', 'cancelled']);
    expect(schedules).toBeGreaterThan(1_000);
    expect(ladder).toEqual({ answer: 'gave up', limit: 'cancelled', runs: 0 });
  });

  it('of a long column of the sender, the lines about the message are printed', async () => {
    const many = ['--set', 'shop.messages=1000'];
    const { stdout } = await cli()(['twin', 'retry-until-acknowledged', ...many]);
    const [, column] = /What the sender saw.*\n([^]*?)\n\n/.exec(stdout) ?? [];
    const lines = column.split('\n');
    expect(lines.at(-1)).toMatch(/^ {2}and [\d,]+ lines about other messages, the same in both$/);
    const [, message] = /^ {2}message (\d+) /m.exec(stdout) ?? [];
    for (const line of lines.slice(0, -1)) expect(line).toMatch(new RegExp(` ${message}(\\.\\d)? `));
    expect(lines.length).toBeGreaterThan(3);
  });
});

describe('command line: mistakes in explore and twin are exit code 2', () => {
  const at = 'retry-plus-dedup';
  it.each([
    ['a bound that is too large', ['explore', at, '--losses', '99'], ['--losses', '99', 'from 0 to 20']],
    ['a bound that is no number', ['twin', at, '--attempts', 'many'], ['--attempts', 'many', 'from 1 to 20']],
    ['no message', ['explore', at, '--messages', '0'], ['--messages', 'from 1 to 6']],
    ['a question', ['explore', at, '--ask', 'luck'], ['--ask', 'luck', 'no-loss', 'settles:30s']],
    ['a fact', ['explore', at, '--ask', 'sometimes:rain'], ['rain', 'give-up']],
    ['a duration', ['explore', at, '--ask', 'settles:soon'], ['soon', '40ms']],
    [
      'a duration in any order',
      ['explore', at, '--any-delay', '--ask', 'settles:3s'],
      ['settles:3s', '--any-delay'],
    ],
    [
      'slow packets in any order',
      ['explore', at, '--any-delay', '--delays', '1'],
      ['--delays', '--any-delay'],
    ],
    [
      'a reduction',
      ['explore', at, '--any-delay', '--no-reduction', 'magic'],
      ['magic', 'lazy-loss, ample, counters, symmetry'],
    ],
    ['a reduction of nothing', ['explore', at, '--no-reduction', 'ample'], ['ample', '--any-delay']],
    ['no workers', ['explore', at, '--workers', '0'], ['--workers', 'from 1 to 16']],
    ['no counterexample wanted', ['explore', at, '--several', '0'], ['--several', 'from 1 to 20']],
    ['a policy', ['explore', at, '--policy', 'best'], ['best', 'at-most-once']],
    [
      'more messages than a twin is looked for in',
      ['twin', at, '--set', 'shop.messages=100001'],
      ['shop.messages', '100,001', '100,000', '--set shop.messages=100'],
    ],
    ['an override', ['twin', at, '--override', 'x=true'], ['x', 'm1/1/c0/lost']],
    ['no scenario', ['twin', 'nosuch'], ['"nosuch"', 'two-generals']],
  ] as const)('%s', async (_what, args, words) => {
    const said = await cli()(args);
    expect(said).toMatchObject({ code: 2, stdout: '' });
    for (const word of words) expect(said.stderr).toContain(word);
  });
});
