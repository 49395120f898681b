/**
 * Bounds: how far an exploration goes. They are part of the question and of the answer: messages and attempts are set
 * in the scenario itself, faults are budgets for a whole run.
 */
import { ORDINAL_MAX } from '../core/packet-name.ts';
import type { Budget } from '../nature/exploring.ts';
import { hopOf } from '../scenario/hop.ts';
import { applyPolicy } from '../scenario/policies.ts';
import { USUAL_LIMITS } from '../scenario/terms.ts';
import type { Scenario } from '../scenario/schema.ts';

export interface Bounds extends Budget {
  /** Messages, from the first on. */
  readonly messages: number;
  /** Attempts of each message. */
  readonly attempts: number;
  /** Every timer and arrival in any order, whatever the scenario's durations (theory 5.2), not only its own. */
  readonly anyDelay: boolean;
  /** The exploration gives up after this many different states. */
  readonly states: number;
}

/** What each number of the bounds may be, and what it is where nobody says. */
export const BOUNDS = {
  messages: { least: 1, most: 6, usual: 2, says: 'messages, from the first on' },
  attempts: { least: 1, most: 20, usual: 4, says: 'attempts of each message' },
  losses: { least: 0, most: 20, usual: 2, says: 'packets lost' },
  copies: { least: 0, most: 10, usual: 1, says: 'packets the network copies' },
  delays: { least: 0, most: 10, usual: 1, says: 'packets slower than the shortest delay' },
  crashes: { least: 0, most: 10, usual: 1, says: 'crashes of the receiver' },
  states: { least: 1, most: 20_000_000, usual: 1_000_000, says: 'different states before giving up' },
} as const satisfies Record<string, { least: number; most: number; usual: number; says: string }>;

export type BoundName = keyof typeof BOUNDS;
export const BOUND_NAMES = Object.keys(BOUNDS) as BoundName[];

/** The usual bounds, no larger than the scenario itself; with `asked` in their place. */
export function boundsOf(
  scenario: Scenario,
  asked: Partial<Record<BoundName, number>> & { readonly anyDelay?: boolean } = {},
): Bounds {
  const { producer } = hopOf(scenario);
  const usual = Object.fromEntries(BOUND_NAMES.map((name) => [name, BOUNDS[name].usual])) as Record<
    BoundName,
    number
  >;
  const wanted = { ...usual, ...asked };
  return {
    ...wanted,
    messages: Math.min(wanted.messages, producer.messages),
    attempts: Math.min(wanted.attempts, attemptsOf(scenario)),
    anyDelay: asked.anyDelay ?? false,
  };
}

const LIMIT_NAMES = ['events', 'time', 'rows', 'queue'] as const satisfies (keyof Scenario['limits'])[];

/** One field that an exploration sets in the scenario. */
export interface Edit {
  readonly path: string;
  readonly value: number | string;
}

/**
 * The scenario within its bounds, and the fields that differ for it. Scripted faults make room for the explorer's, and
 * limits that are lower than usual for its bounds: what a run cut off might have become is not told apart.
 */
export function boundScenario(
  scenario: Scenario,
  { messages, attempts }: Pick<Bounds, 'messages' | 'attempts'>,
): { readonly scenario: Scenario; readonly edits: readonly Edit[] } {
  const { producerId, producer } = hopOf(scenario);
  const edits: Edit[] = [];
  const bounded = { ...producer };
  if (messages < producer.messages) {
    edits.push({ path: `${producerId}.messages`, value: messages });
    bounded.messages = messages;
  }
  if (producer.retry.kind !== 'none' && attempts < attemptsOf(scenario)) {
    edits.push({ path: `${producerId}.retry.maxAttempts`, value: attempts });
    bounded.retry = { ...producer.retry, maxAttempts: attempts };
  }
  if (Object.keys(scenario.faults).length > 0) edits.push({ path: 'faults', value: '{}' });
  const isCutShort = LIMIT_NAMES.some((name) => scenario.limits[name] < USUAL_LIMITS[name]);
  if (isCutShort) edits.push({ path: 'limits', value: '{}' });
  const limits = isCutShort ? USUAL_LIMITS : scenario.limits;
  const nodes = { ...scenario.nodes, [producerId]: bounded };
  return { scenario: { ...scenario, faults: {}, limits, nodes }, edits };
}

function attemptsOf(scenario: Scenario): number {
  const { retry } = hopOf(applyPolicy(scenario)).producer;
  if (retry.kind === 'none') return 1;
  const listed = retry.kind === 'custom' ? retry.delays.length + 1 : ORDINAL_MAX;
  return typeof retry.maxAttempts === 'number' ? Math.min(retry.maxAttempts, listed) : listed;
}
