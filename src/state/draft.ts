/**
 * What a person has set: a scenario as written, a seed, and the choices of nature they changed. Immutable, so that
 * undo is a list of drafts and a run knows what it was a run of.
 */
import { setField } from '../../sim/scenario/paths.ts';
import type { Policy } from '../../sim/scenario/terms.ts';
import type { Overrides } from '../worker/protocol.ts';
import type { RawScenario } from './library.ts';

export interface Draft {
  readonly input: RawScenario;
  readonly seed: string;
  /** Named choices that are forced; durations in µs. */
  readonly overrides: Overrides;
}

/** A policy to run under, or the scenario as written. */
export type PolicyChoice = Policy | 'custom';

/** `json` is the JSON text of the new value; a path that leads nowhere changes nothing. */
export function withField(draft: Draft, path: string, json: string): Draft {
  const input: Record<string, unknown> = structuredClone(draft.input);
  return setField(input, path, json) === null ? { ...draft, input } : draft;
}

export function withPolicy(draft: Draft, policy: PolicyChoice): Draft {
  return draft.input['policy'] === policy ? draft : { ...draft, input: { ...draft.input, policy } };
}

export function withOverride(draft: Draft, name: string, value: boolean | number): Draft {
  return { ...draft, overrides: { ...draft.overrides, [name]: value } };
}

export function withoutOverride(draft: Draft, name: string): Draft {
  const { [name]: _dropped, ...rest } = draft.overrides;
  return { ...draft, overrides: rest };
}

export function withoutOverrides(draft: Draft): Draft {
  return { ...draft, overrides: {} };
}

export function isForked(draft: Draft): boolean {
  return Object.keys(draft.overrides).length > 0;
}

// ── undo ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface History {
  readonly past: readonly Draft[];
  readonly present: Draft;
  readonly future: readonly Draft[];
  /** What the last step changed, and when: more of the same soon after is one step. */
  readonly topic: string;
  readonly atMs: number;
}

/** Drafts that can be undone; older ones are forgotten. */
const LONGEST_PAST = 200;
const ONE_STEP_MS = 1_000;

export function historyOf(draft: Draft): History {
  return { past: [], present: draft, future: [], topic: '', atMs: -Infinity };
}

/** `topic`: what is changed, '' for a step of its own. */
export function advance(history: History, draft: Draft, topic: string, nowMs: number): History {
  const continues =
    topic !== '' && topic === history.topic && nowMs - history.atMs < ONE_STEP_MS && history.past.length > 0;
  const past = continues ? history.past : [...history.past.slice(1 - LONGEST_PAST), history.present];
  return { past, present: draft, future: [], topic, atMs: nowMs };
}

export function undone(history: History): History {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  const future = [history.present, ...history.future];
  return { past: history.past.slice(0, -1), present, future, topic: '', atMs: -Infinity };
}

export function redone(history: History): History {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future, topic: '', atMs: -Infinity };
}
