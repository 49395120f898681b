/**
 * The reference model of the theory (5.2), written out by itself: one message, a serial handler, timers that fire when
 * they like. It shares no code with the engine. A second version of it has the engine's grain, so that numbers of
 * situations and steps can be compared, and not only outcomes.
 */
import type { Grouping } from '../theory/handlers.ts';

export interface Model {
  readonly handler: Grouping;
  readonly attempts: number;
  readonly crashes: number;
  readonly copies: number;
  /** Losses are actions; if not, what is still in flight at the end is lost. */
  readonly explicitLoss: boolean;
  /** Nothing but the handler goes on while it is at work. */
  readonly ample?: boolean;
  /** In the engine's grain. */
  readonly asEngine?: boolean;
}

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** Such as `A1 G0`, in order. */
  readonly outcomes: string;
}

interface State {
  readonly attempts: number;
  readonly acked: boolean;
  readonly requests: number;
  readonly acks: number;
  readonly marked: boolean;
  readonly effects: number;
  /** Groups done by the handler, or −1 when it is idle. */
  readonly done: number;
  readonly dup: boolean;
  readonly crashes: number;
  readonly copies: number;
  readonly losses: number;
  readonly down: boolean;
}

/** More packets than are ever sent here. */
export const MOST_LOSSES = 20;

const START: State = {
  attempts: 0,
  acked: false,
  requests: 0,
  acks: 0,
  marked: false,
  effects: 0,
  done: -1,
  dup: false,
  crashes: 0,
  copies: 0,
  losses: 0,
  down: false,
};

/** All situations of the model, each once. */
export function exploreModel(model: Model): Explored {
  const seen = new Set<string>();
  const outcomes = new Set<string>();
  const pending: State[] = [];
  let transitions = 0;
  const reach = (state: State): void => {
    const key = Object.values(state).map(Number).join();
    if (seen.has(key)) return;
    seen.add(key);
    pending.push(state);
  };
  reach(START);
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    const next = actions(model, state);
    transitions += next.length;
    for (const each of next) reach(each);
    const { acked, attempts, done, down } = state;
    const couldEnd = done < 0 && !down && (acked || attempts === model.attempts);
    if (model.explicitLoss ? next.length === 0 : couldEnd)
      outcomes.add(`${acked ? 'A' : 'G'}${state.effects}`);
  }
  return { states: seen.size, transitions, outcomes: [...outcomes].sort().join(' ') };
}

function actions(model: Model, s: State): State[] {
  return model.asEngine === true ? asTheEngine(model, s) : asInTheTheory(model, s);
}

function asInTheTheory(model: Model, s: State): State[] {
  const found: State[] = [];
  const isBusy = s.done >= 0;
  if (isBusy) {
    found.push(step(model, s));
    if (s.crashes < model.crashes) found.push({ ...s, done: -1, dup: false, crashes: s.crashes + 1 });
    if (model.ample === true) return found;
  }
  if (!s.acked && s.attempts < model.attempts)
    found.push({ ...s, attempts: s.attempts + 1, requests: s.requests + 1 });
  if (s.requests > 0) {
    const gone = { ...s, requests: s.requests - 1 };
    if (!isBusy) found.push({ ...gone, done: 0, dup: false });
    if (model.explicitLoss) found.push(gone);
    if (s.copies < model.copies) found.push({ ...s, requests: s.requests + 1, copies: s.copies + 1 });
  }
  if (s.acks > 0) {
    found.push({ ...s, acks: s.acks - 1, acked: true });
    if (model.explicitLoss) found.push({ ...s, acks: s.acks - 1 });
  }
  return found;
}

/**
 * The same model in the engine's grain, copies left out. A packet is lost when it is sent, and losses are counted; a
 * crash is a choice at the end of the group before it, there is one after the last group too, and after each step inside
 * a group, which undoes the group; the process is then down until it restarts; a group of which nothing runs is over with the one before it; and of a message that is
 * confirmed and has nothing under way the attempts are forgotten.
 */
function asTheEngine(model: Model, s: State): State[] {
  const isBusy = s.done >= 0;
  const orLost = (sent: State, lost: State): State[] =>
    model.explicitLoss && s.losses < MOST_LOSSES ? [sent, { ...lost, losses: s.losses + 1 }] : [sent];
  const orCrashed = (states: readonly State[]): State[] =>
    s.crashes === model.crashes
      ? [...states]
      : states.flatMap((each) => [
          each,
          { ...each, done: -1, dup: false, crashes: s.crashes + 1, down: true },
        ]);
  const found: State[] = [];
  if (isBusy) {
    const after = step(model, s);
    const undone = { ...s, done: -1, dup: false, crashes: s.crashes + 1, down: true };
    if (s.crashes < model.crashes)
      for (let inner = 1; inner < stepsThatRun(model, s); inner++) found.push(undone);
    found.push(...orCrashed(after.acks > s.acks ? orLost(after, { ...after, acks: s.acks }) : [after]));
    if (model.ample === true) return found.map(settled);
  }
  if (!s.acked && s.attempts < model.attempts) {
    const sent = { ...s, attempts: s.attempts + 1 };
    found.push(...orLost({ ...sent, requests: s.requests + 1 }, sent));
  }
  if (s.requests > 0) {
    const gone = { ...s, requests: s.requests - 1 };
    if (s.down) found.push(gone);
    else if (!isBusy) found.push(...orCrashed([{ ...gone, done: 0, dup: false }]));
  }
  if (s.acks > 0) found.push({ ...s, acks: s.acks - 1, acked: true });
  if (s.down) found.push({ ...s, down: false });
  return found.map(settled);
}

function settled(s: State): State {
  return s.acked && s.requests === 0 && s.acks === 0 && s.done < 0 ? { ...s, attempts: 0 } : s;
}

/** Steps of the handler's next group that are not skipped. */
function stepsThatRun({ handler }: Model, s: State): number {
  const group = handler[s.done];
  const dup = s.dup || (group.includes('C') && s.marked);
  return group.filter((letter) => letter === 'C' || letter === 'A' || !dup).length;
}

/** The handler's next group. */
function step({ handler, asEngine }: Model, s: State): State {
  const group = handler[s.done];
  const dup = s.dup || (group.includes('C') && s.marked);
  let done = s.done + 1;
  if (asEngine === true && dup)
    while (done < handler.length && !handler[done].includes('C') && !handler[done].includes('A')) done++;
  const isOver = done === handler.length;
  return {
    ...s,
    effects: group.includes('E') && !dup ? Math.min(3, s.effects + 1) : s.effects,
    marked: s.marked || group.includes('M'),
    acks: s.acks + Number(group.includes('A')),
    done: isOver ? -1 : done,
    dup: isOver ? false : dup,
  };
}
