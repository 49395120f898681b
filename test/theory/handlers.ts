/**
 * Handlers as the theory writes them (`C→[EM]→A`), and a small independent model of them (theory 3.1): the groups of
 * one message's deliveries over nothing but (mark, effects). It shares no code with the engine.
 */

export type Letter = 'C' | 'E' | 'M' | 'A';
export type Grouping = readonly (readonly Letter[])[];
export type Outcome = 'lost' | 'once' | 'twice';
/** Groups of steps in the words of a scenario. */
export type Steps = readonly (readonly string[])[];

/** Letters of the theory in the words of a scenario. */
export const WORDS = { C: 'check', E: 'effect', M: 'mark', A: 'ack' } as const;
const LETTERS: readonly Letter[] = ['C', 'E', 'M', 'A'];

/** `C→[EM]→A` → [[C], [E, M], [A]]. */
export function grouping(text: string): Grouping {
  return text
    .split('→')
    .map((group) =>
      LETTERS.filter((letter) => group.includes(letter)).sort((a, b) => group.indexOf(a) - group.indexOf(b)),
    );
}

export function groupingText(groups: Grouping): string {
  return groups.map((group) => (group.length === 1 ? group[0] : `[${group.join('')}]`)).join('→');
}

export function stepsOf(groups: Grouping): Steps {
  return groups.map((group) => group.map((letter) => WORDS[letter]));
}

/** All 75 ordered set partitions of {C, E, M, A}. */
export function allGroupings(letters: readonly Letter[] = LETTERS): Grouping[] {
  if (letters.length === 0) return [[]];
  const found: Grouping[] = [];
  for (let subset = 1; subset < 2 ** letters.length; subset++) {
    const first = letters.filter((_, i) => (subset >> i) % 2 === 1);
    const rest = letters.filter((_, i) => (subset >> i) % 2 === 0);
    for (const others of allGroupings(rest)) found.push([first, ...others]);
  }
  return found;
}

export function outcomeOf(effects: number): Outcome {
  return effects === 0 ? 'lost' : effects === 1 ? 'once' : 'twice';
}

/** What one delivery does to the world: whether the id is marked, and the effects so far (2 stands for more). */
interface State {
  readonly marked: boolean;
  readonly effects: number;
}

/** One group of one delivery; `dup` is its flag. A check reads the state before the group. */
function step(state: State, dup: boolean, group: readonly Letter[]): { state: State; dup: boolean } {
  const flag = dup || (group.includes('C') && state.marked);
  const effects = group.includes('E') && !flag ? Math.min(2, state.effects + 1) : state.effects;
  return { state: { marked: state.marked || group.includes('M'), effects }, dup: flag };
}

/** Outcomes with any number of crashes (after any number of groups) and ack losses: a fixpoint. */
export function closure(groups: Grouping, durable: boolean): Set<Outcome> {
  const outcomes = new Set<Outcome>();
  const seen = new Set<string>();
  const pending: State[] = [{ marked: false, effects: 0 }];
  for (let start = pending.pop(); start !== undefined; start = pending.pop()) {
    const key = `${start.marked} ${start.effects}`;
    if (seen.has(key)) continue;
    seen.add(key);
    let now = { state: start, dup: false };
    let acked = false;
    for (let done = 0; done <= groups.length; done++) {
      if (done > 0) {
        now = step(now.state, now.dup, groups[done - 1]);
        acked ||= groups[done - 1].includes('A');
      }
      const crashed = { ...now.state, marked: durable && now.state.marked };
      const ended = done === groups.length ? [crashed, now.state] : [crashed];
      for (const state of ended) {
        if (acked) outcomes.add(outcomeOf(state.effects)); // the ack is received …
        pending.push(state); // … or there is none, or it is lost: the message is delivered again
      }
    }
  }
  return outcomes;
}

/** All orders in which the groups of two copies can come, `count` of each: which copy is next, 0 or 1. */
export function interleavings(count: number): number[][] {
  const go = (left: readonly [number, number]): number[][] =>
    left[0] + left[1] === 0
      ? [[]]
      : [
          ...(left[0] > 0 ? go([left[0] - 1, left[1]]).map((rest) => [0, ...rest]) : []),
          ...(left[1] > 0 ? go([left[0], left[1] - 1]).map((rest) => [1, ...rest]) : []),
        ];
  return go([count, count]);
}

/** Outcome of two copies without crashes whose groups come in this order. */
export function raceOutcome(groups: Grouping, order: readonly number[]): Outcome {
  let state: State = { marked: false, effects: 0 };
  const dups = [false, false];
  const done = [0, 0];
  for (const which of order) {
    const after = step(state, dups[which], groups[done[which]++]);
    state = after.state;
    dups[which] = after.dup;
  }
  return outcomeOf(state.effects);
}
