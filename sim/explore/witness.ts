/**
 * An answer as a run of its own: the choices of a schedule by name, so that it opens in the timeline, has a link and
 * replays anywhere. It is shown only after it has been replayed in the engine and found to be what it was said to be.
 */
import { assert } from '../core/assert.ts';
import { FACT_KINDS } from '../core/fact.ts';
import { choiceName } from '../nature/choice.ts';
import type { Heard } from '../nature/exploring.ts';
import type { Choices } from '../nature/scripted.ts';
import { run, type RunResult } from '../run.ts';
import type { Plan } from '../scenario/plan.ts';
import type { Scenario } from '../scenario/schema.ts';
import { NO_REDUCTIONS } from './any-order.ts';
import { boundScenario, type Edit } from './bounds.ts';
import type { Inquiry } from './explore.ts';
import { latenciesOf } from './latencies.ts';
import type { Question } from './question.ts';
import type { Found } from './search.ts';
import { Walker } from './walker.ts';

export interface Witness {
  /** The scenario within its bounds, and the fields that differ from the one asked about. */
  readonly scenario: Scenario;
  readonly edits: readonly Edit[];
  /** Every choice of the schedule that the scenario's own weather makes otherwise. */
  readonly overrides: Choices;
  /** The names of those that are faults: lost, copied, crashed, slow. */
  readonly faults: readonly string[];
  readonly rows: number;
  /** Outcome digest of the run. */
  readonly digest: string;
  /** Why it happened, from the referee; '' where nothing is violated. */
  readonly why: string;
}

/** Choices by name, and which of them are faults. */
export interface Script {
  readonly overrides: Choices;
  readonly faults: readonly string[];
}

/**
 * The run that a found schedule stands for; null when no latencies were found that make it happen. A schedule with
 * durations is a run of the engine already: one that does not replay is a bug, and throws.
 */
export function witnessOf(inquiry: Inquiry, plan: Plan, found: Found): Witness | null {
  const script = inquiry.bounds.anyDelay
    ? latenciesOf(plan, inquiry, found.picks)
    : scriptOf(inquiry, plan, found.picks);
  if (script === null) return null;
  const result = run(plan, { overrides: script.overrides });
  if (!shows(inquiry.question, result)) {
    const picks = found.picks.join(' ');
    assert(inquiry.bounds.anyDelay, `the schedule ${picks} answers the question, and its replay does not`);
    return null;
  }
  const { scenario, edits } = boundScenario(inquiry.scenario, inquiry.bounds);
  // What never came up, since the run went another way to the same end, is no part of it.
  const cameUp = (name: string) => !result.unusedOverrides.includes(name);
  return {
    scenario,
    edits,
    overrides: Object.fromEntries(Object.entries(script.overrides).filter(([name]) => cameUp(name))),
    faults: script.faults.filter(cameUp),
    rows: result.metrics.rows,
    digest: result.digests.outcome,
    why: whyOf(inquiry.question, result),
  };
}

/** What was chosen along a path of picks. */
export function scriptOf(inquiry: Inquiry, plan: Plan, picks: readonly number[]): Script {
  const heard: Heard[] = [];
  const { losses, copies, delays, crashes } = inquiry.bounds;
  const walker = new Walker(plan, {
    budget: { losses, copies, delays, crashes },
    anyDelay: false,
    reductions: NO_REDUCTIONS,
    keepsTimes: false,
    heard: (choice) => heard.push(choice),
  });
  heard.length = 0;
  walker.path.follow(picks);
  walker.start();
  walker.finish();
  return scriptFrom(plan, heard);
}

/** The script that makes the scenario's own weather choose as was heard. */
export function scriptFrom(plan: Plan, heard: readonly Heard[]): Script {
  const nameOf = ({ stream, message, packet }: Heard) => choiceName(plan.streams[stream], message, packet);
  return {
    overrides: Object.fromEntries(
      heard.filter(({ chosen, drawn }) => chosen !== drawn).map((choice) => [nameOf(choice), choice.chosen]),
    ),
    faults: heard.filter(({ isFault }) => isFault).map(nameOf),
  };
}

function shows(question: Question, result: RunResult): boolean {
  switch (question.kind) {
    case 'clause':
      return result.verdict.clauses.some(
        ({ clause, violations }) => clause === question.clause && violations > 0,
      );
    case 'sometimes':
      return result.factCounts[FACT_KINDS.indexOf(question.fact)] > 0;
    case 'settles':
      return true; // the search has measured it on this very run
  }
}

function whyOf(question: Question, result: RunResult): string {
  if (question.kind !== 'clause') return '';
  return result.verdict.clauses.find(({ clause }) => clause === question.clause)?.why ?? '';
}
