/** The command line: arguments in, exit code out. */
import { parentPort } from 'node:worker_threads';
import { Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { compare, run, scenarios, schema, validate, type RunFlags, type Terminal } from './commands.ts';
import { BOUND_NAMES, BOUNDS } from '../../sim/explore/bounds.ts';
import { REDUCTION_NAMES } from './bounds-flags.ts';
import { explore, type ExploreFlags } from './explore.ts';
import { EXIT, UsageError } from './failure.ts';
import { paintFor } from './paint.ts';
import { serveShares } from './pool.ts';
import { twin, type TwinFlags } from './twin.ts';

/** Workers are started from it too, and then serve shares of a search. */
const thisFile = new URL(import.meta.url);

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  progress: process.stderr.isTTY ? (text) => void process.stderr.write(text) : null,
  paint: paintFor(process.stdout, process.env),
};

const collect = (value: string, before: readonly string[]) => [...before, value];
const seed = () => new Option('--seed <text>', "the weather's seed: any text (default: the scenario's)");
const set = () =>
  new Option('--set <path=value>', 'change one field, such as api.dedup.window=24h; may be repeated')
    .argParser(collect)
    .default([], 'none');

const policy = () =>
  new Option('--policy <policy>', 'at-most-once, at-least-once, effectively-once or custom (as written)');
const override = () =>
  new Option('--override <name=value>', 'force one choice of nature; may be repeated')
    .argParser(collect)
    .default([], 'none');
const app = () =>
  new Option('--app <address>', 'address of the app that links open in').default('http://127.0.0.1:4173/');

/** How far to go: the options of `explore` and `twin`. */
function withBounds(command: Command): Command {
  for (const name of BOUND_NAMES) {
    const { least, most, usual, says } = BOUNDS[name];
    command.option(`--${name} <n>`, `${says}, ${least} to ${most} (default: ${usual})`);
  }
  return command;
}

const program = new Command('delivery-lab')
  .description(
    'Can a business effect be lost or happen twice? Runs message delivery as a deterministic simulation.',
  )
  .version(version)
  .exitOverride()
  .showHelpAfterError('(delivery-lab --help shows the commands, delivery-lab help COMMAND their options)')
  .addHelpText(
    'after',
    `
SCENARIO is a bundled id (delivery-lab scenarios), a file, or - for standard input.

Exit codes: 0 every clause came out as expected, 1 it did not, 2 usage or a bad scenario, 70 internal error.
Of explore and twin: 0 none within the bounds, 1 a counterexample or twins, 4 gave up. For --ask sometimes:FACT a
witness is what was hoped for: 0, and none is 1.

Examples:
  delivery-lab run svix-24h-window
  delivery-lab run svix-24h-window --set endpoint.dedup.window=28h
  delivery-lab compare retry-until-acknowledged --seed storm
  delivery-lab run two-generals --json
  delivery-lab explore mark-crash-before-effect
  delivery-lab explore retry-plus-dedup --any-delay --ask no-loss
  delivery-lab twin two-generals`,
  );

const answer = (code: number) => {
  process.exitCode = code;
};

program
  .command('run')
  .description('run a scenario and report outcomes, verdict and price')
  .argument('<scenario>', 'a bundled id, a file, or -')
  .addOption(seed())
  .addOption(policy())
  .addOption(set())
  .addOption(override())
  .option('--json', 'print the run record instead of the report')
  .option('--trace <file>', 'write every fact to a file, one line each')
  .addOption(app())
  .action(async (name: string, flags: RunFlags) => answer(await run(name, flags, terminal)));

program
  .command('compare')
  .description('run the three policies in the same weather')
  .argument('<scenario>', 'a bundled id, a file, or -')
  .addOption(seed())
  .addOption(set())
  .option('--json', 'print the three run records')
  .action((name: string, flags: Parameters<typeof compare>[1]) => answer(compare(name, flags, terminal)));

withBounds(
  program
    .command('explore')
    .description('run every schedule of faults within bounds: the smallest counterexample, or none')
    .argument('<scenario>', 'a bundled id, a file, or -')
    .addOption(policy())
    .addOption(set())
    .option(
      '--ask <question>',
      'no-duplicate, no-loss, no-false-confirmation, sometimes:FACT or settles:DURATION (default: the clauses the policy claims)',
    ),
)
  .option('--any-delay', 'every timer and arrival in any order, whatever the delays')
  .option('--several <n>', 'how many counterexamples to look for (default: 1)')
  .addOption(
    new Option(
      '--no-reduction <name>',
      `with --any-delay: turn one off, ${REDUCTION_NAMES.join(', ')}; may be repeated`,
    )
      .argParser(collect)
      .default([], 'none'),
  )
  .option('--workers <n>', 'threads for a large search (default: one for each core, at most 4)')
  .option('--json', 'print the exploration record instead of the report')
  .addOption(app())
  .action(async (name: string, flags: ExploreFlags) =>
    answer(await explore(name, flags, terminal, thisFile)),
  );

withBounds(
  program
    .command('twin')
    .description('another run that looks the same to the sender, with another truth; and who can know what')
    .argument('<scenario>', 'a bundled id, a file, or -')
    .addOption(seed())
    .addOption(policy())
    .addOption(set())
    .addOption(override()),
)
  .option('--json', 'print the twin record instead of the report')
  .addOption(app())
  .action(async (name: string, flags: TwinFlags) => answer(await twin(name, flags, terminal)));

program
  .command('validate')
  .description('check scenario files and list every problem')
  .argument('<files...>', 'files, bundled ids, or -')
  .action((names: readonly string[]) => answer(validate(names, terminal)));

program
  .command('scenarios')
  .description('list the bundled scenarios')
  .option('--json', 'as JSON')
  .action((flags: Parameters<typeof scenarios>[0]) => answer(scenarios(flags, terminal)));

program
  .command('schema')
  .description('print the JSON Schema of scenario files')
  .option('--paths', 'every field path with its meaning, unit, range and default instead')
  .option('--json', 'with --paths: as JSON')
  .action((flags: Parameters<typeof schema>[0]) => answer(schema(flags, terminal)));

// A reader that closes the pipe early (`| head`) has what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

if (parentPort === null) await runProgram();
else serveShares(parentPort);

async function runProgram(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      answer(error.exitCode === 0 ? EXIT.asExpected : EXIT.usage); // commander has said what is wrong
    } else if (error instanceof UsageError) {
      terminal.err(`delivery-lab: ${error.message}\n`);
      answer(EXIT.usage);
    } else {
      terminal.err(
        `delivery-lab: internal error: ${error instanceof Error ? error.message : String(error)}\nThis is a bug; please report it with the command that led to it.\n`,
      );
      answer(EXIT.internal);
    }
  }
}
