// The engine as the benchmarks see it, and the only file of theirs that calls it.
import { startRun, type Run, type RunResult } from '../../sim/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { planOf, type Plan } from '../../sim/scenario/plan.ts';
import { traceBuffers } from '../../sim/trace/columns.ts';
import standardWorkload from './standard-workload.json';

export interface EngineOptions {
  readonly trace: boolean;
  /** Called between slices of this many events: a run is synchronous, nothing else can look inside. */
  readonly slices?: { readonly events: number; readonly onSlice: () => void };
}

/** Plans a scenario that is known to be good; throws where it is not. */
export function planScenario(json: unknown): Plan {
  const parsed = parseScenario(json);
  if (!parsed.ok) throw new Error(`not a scenario: ${JSON.stringify(parsed.problems)}`);
  return planOf(parsed.scenario);
}

/** The standard workload with this many messages. */
export function planStandardWorkload(messages: number): Plan {
  const { nodes } = standardWorkload;
  return planScenario({
    ...standardWorkload,
    nodes: { ...nodes, sender: { ...nodes.sender, messages } },
  });
}

/** A run of the standard workload that stands still after its first events. */
export function startStandardWorkload(messages: number): Run {
  const run = startRun(planStandardWorkload(messages));
  run.advance(messages);
  return run;
}

export function runEngine(plan: Plan, { trace, slices }: EngineOptions): RunResult {
  const run = startRun(plan, { trace });
  while (!run.advance(slices?.events ?? 1_000_000_000)) slices?.onSlice();
  const result = run.result();
  if (result.ended !== 'done') throw new Error(`the run ended at its limit of ${result.ended}`);
  return result;
}

/** Puts the columns of a trace together; how many rows they have, and how many bytes. */
export function columnsOf({ trace }: RunResult): { readonly rowCount: number; readonly byteLength: number } {
  if (trace === null) throw new Error('the run has no trace');
  const bytes = traceBuffers(trace).map((buffer) => buffer.byteLength);
  return { rowCount: trace.rowCount, byteLength: bytes.reduce((sum, count) => sum + count, 0) };
}
