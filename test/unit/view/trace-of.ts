/** Traces and scenarios for view tests: written by hand, or run from a bundled scenario. */
import { readFileSync, readdirSync } from 'node:fs';
import { packetName } from '../../../sim/core/packet-name.ts';
import { FACT_KINDS, PLACE, type FactKind } from '../../../sim/core/fact.ts';
import { run, type RunResult } from '../../../sim/run.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { planOf } from '../../../sim/scenario/plan.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import type { Trace } from '../../../sim/trace/columns.ts';

export interface RowText {
  readonly us: number;
  readonly kind: FactKind;
  readonly message: number;
  readonly cause?: number;
  /** Attempt; the packet's name is made from it. */
  readonly ordinal?: number;
  readonly place?: number;
  readonly detail?: number;
}

const PLACE_OF: Partial<Record<FactKind, number>> = {
  lost: PLACE.requestLink,
  copy: PLACE.requestLink,
  deliver: PLACE.receiver,
  'turned-away': PLACE.receiver,
  queue: PLACE.receiver,
  start: PLACE.receiver,
  pass: PLACE.store,
  suppress: PLACE.store,
  mark: PLACE.store,
  evict: PLACE.store,
  execute: PLACE.sink,
  effect: PLACE.sink,
  answer: PLACE.receiver,
  nack: PLACE.receiver,
  crash: PLACE.receiver,
  restart: PLACE.receiver,
};

export function traceOf(rows: readonly RowText[]): Trace {
  const column = (read: (row: RowText) => number) => rows.map(read);
  return {
    rowCount: rows.length,
    timeUs: Float64Array.from(column(({ us }) => us)),
    cause: Int32Array.from(column(({ cause }) => cause ?? -1)),
    message: Int32Array.from(column(({ message }) => message)),
    packet: Int32Array.from(column(({ ordinal }) => (ordinal === undefined ? 0 : packetName(ordinal)))),
    kind: Uint8Array.from(column(({ kind }) => FACT_KINDS.indexOf(kind))),
    place: Uint8Array.from(column(({ kind, place }) => place ?? PLACE_OF[kind] ?? PLACE.sender)),
    detail: Uint16Array.from(column(({ detail }) => detail ?? 0)),
  };
}

/** A scenario of one hop, as its policy runs it. */
export function scenarioOf(input: Record<string, unknown> = {}): Scenario {
  return planOf(parsed({ ...HOP, ...input })).scenario;
}

const HOP = {
  format: 1,
  nodes: { shop: { kind: 'producer' }, api: { kind: 'consumer' }, ledger: { kind: 'sink' } },
  links: { 'shop>api': {}, 'api>shop': {} },
};

function parsed(input: unknown): Scenario {
  const result = parseScenario(input);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.scenario;
}

export interface TracedRun {
  readonly id: string;
  readonly scenario: Scenario;
  readonly result: RunResult;
  readonly trace: Trace;
}

const SCENARIOS = new URL('../../../scenarios/', import.meta.url);

/** The bundled scenarios and a few of the tests' own, run with their traces. */
export function tracedRuns(): TracedRun[] {
  const own = new URL('../../fixtures/scenarios/', import.meta.url);
  return [SCENARIOS, own].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json') && name !== 'order.json')
      .map((name) => tracedRun(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))),
  );
}

export function tracedRun(input: Record<string, unknown>): TracedRun {
  const plan = planOf(parsed(input));
  const result = run(plan, { trace: true });
  if (result.trace === null) throw new Error('the run kept no trace');
  return { id: plan.scenario.id, scenario: plan.scenario, result, trace: result.trace };
}

export function bundledRun(
  id: string,
  change: (nodes: Record<string, Record<string, unknown>>) => void = () => {},
): TracedRun {
  const input = JSON.parse(readFileSync(new URL(`${id}.json`, SCENARIOS), 'utf8'));
  change(input.nodes);
  return tracedRun(input);
}
