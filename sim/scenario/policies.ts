/**
 * The three policies, each a patch over named fields and nothing else (DESIGN.md 3.13). Window, key, schedule,
 * network and faults stay the scenario's.
 */
import type { Clause, Policy } from './terms.ts';
import type { Scenario } from './schema.ts';
import { hopOf } from './hop.ts';

/** A field path within its node, and what the policy sets it to. */
type Patch = Readonly<Record<'producer' | 'consumer', Readonly<Record<string, unknown>>>>;

export const POLICY_PATCHES: Readonly<Record<Policy, Patch>> = {
  /** Send once, never look back. The mark is written before the effect, so no copy can run it again. */
  'at-most-once': {
    producer: { ackTimeout: 'none', retry: { kind: 'none' } },
    consumer: { handler: [['check', 'mark'], ['effect']], 'dedup.durable': true },
  },
  /** Retry until an answer comes; the receiver remembers nothing. */
  'at-least-once': {
    producer: {},
    consumer: { handler: [['effect'], ['ack']] },
  },
  /** Retry until an answer comes; check, effect and mark succeed or fail as one, and survive a crash. */
  'effectively-once': {
    producer: {},
    consumer: { handler: [['check', 'effect', 'mark'], ['ack']], 'dedup.durable': true },
  },
};

/** The clauses a policy claims (DESIGN.md 2). */
export const POLICY_CLAIMS: Readonly<Record<Policy, readonly Clause[]>> = {
  'at-most-once': ['no-duplicate'],
  'at-least-once': ['no-false-confirmation', 'no-loss'],
  'effectively-once': ['no-duplicate', 'no-false-confirmation', 'no-loss'],
};

/** One field that a policy changes. */
export interface PatchLine {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The scenario as its policy has it run; "custom" is as written. */
export function applyPolicy(scenario: Scenario): Scenario {
  const { policy } = scenario;
  if (policy === 'custom') return scenario;
  const patched = structuredCopy(scenario);
  for (const { path, after } of patchLines(scenario, policy))
    assign(patched.nodes, path.split('.'), structuredCopy(after));
  return patched;
}

/** What the policy sets, beside what the scenario says: the diff that `compare` shows. */
export function patchLines(scenario: Scenario, policy: Policy): PatchLine[] {
  const hop = hopOf(scenario);
  const patch = POLICY_PATCHES[policy];
  return [
    ...Object.entries(patch.producer).map(([field, after]) =>
      line(scenario, `${hop.producerId}.${field}`, after),
    ),
    ...Object.entries(patch.consumer).map(([field, after]) =>
      line(scenario, `${hop.consumerId}.${field}`, after),
    ),
  ];
}

/** The policy whose clauses a scenario claims. */
export function claimedPolicy(scenario: Scenario): Policy {
  return scenario.policy === 'custom' ? scenario.claims : scenario.policy;
}

function line(scenario: Scenario, path: string, after: unknown): PatchLine {
  return { path, before: path.split('.').reduce<unknown>(step, scenario.nodes), after };
}

function step(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function assign(target: unknown, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1).reduce<unknown>(step, target);
  if (isRecord(parent)) parent[path[path.length - 1]] = value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function structuredCopy<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => structuredCopy(item)) as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, structuredCopy(item)])) as T;
}
