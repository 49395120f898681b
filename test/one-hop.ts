/** One-hop scenarios for tests, in abstract units (1 unit = 1 s). */
import { parseScenario } from '../sim/scenario/parse.ts';
import type { Scenario } from '../sim/scenario/schema.ts';

/** Whole microseconds of `units` seconds. */
export function us(units: number): number {
  return Math.round(units * 1_000_000);
}

export type Fields = Readonly<Record<string, unknown>>;

export interface HopFields {
  readonly producer?: Fields;
  readonly consumer?: Fields;
  readonly request?: Fields;
  readonly answer?: Fields;
  readonly limits?: Fields;
}

/** A hop shop → api → ledger; durations in µs. */
export function oneHop({ producer, consumer, request, answer, limits }: HopFields): Scenario {
  const parsed = parseScenario({
    format: 1,
    nodes: {
      shop: { kind: 'producer', ...producer },
      api: { kind: 'consumer', ...consumer },
      ledger: { kind: 'sink' },
    },
    links: { 'shop>api': { ...request }, 'api>shop': { ...answer } },
    limits: { ...limits },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.scenario;
}
