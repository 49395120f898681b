// Runs scenarios and answers their digests, from a place of its own: a new process (JSON lines in and out) or a
// worker thread. Built by same-digests.test.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { run } from '../../sim/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { planOf } from '../../sim/scenario/plan.ts';

/** One string for each scenario, in order. */
function digestsOf(inputs: readonly unknown[]): string[] {
  return inputs.map((input) => {
    const parsed = parseScenario(input);
    if (!parsed.ok) return 'not a scenario';
    const { outcome, trace } = run(planOf(parsed.scenario)).digests;
    return `${outcome} ${trace}`;
  });
}

if (parentPort !== null) {
  parentPort.postMessage(digestsOf(workerData as unknown[]));
} else {
  let text = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (part: string) => (text += part));
  process.stdin.on('end', () =>
    process.stdout.write(JSON.stringify(digestsOf(JSON.parse(text) as unknown[]))),
  );
}
