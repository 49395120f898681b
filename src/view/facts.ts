/**
 * What the views read of a trace row, in one place: its kind and place as words, and which kinds belong together.
 */
import { CRASH_POINTS, FACT, FACT_KINDS, OUTAGE_KINDS, PLACE, type FactKind } from '../../sim/core/fact.ts';
import type { Trace } from '../../sim/trace/columns.ts';

export { CRASH_POINTS, FACT, FACT_KINDS, PLACE, type FactKind };

/** The detail of a request that met silence. */
export const OUTAGE_HANG = OUTAGE_KINDS.indexOf('hang');

/** The kind of a row, as a word. */
export function kindOf(trace: Trace, row: number): FactKind {
  return FACT_KINDS[trace.kind[row]];
}

/** Words for the six places, as the lanes are called. */
const PLACE_WORDS = ['Sender', 'Network', 'Receiver', 'Dedup store', 'Ledger', 'Network'] as const;

export function placeWords(trace: Trace, row: number): string {
  return PLACE_WORDS[trace.place[row]];
}

const table = (...kinds: readonly number[]): Uint8Array => {
  const flags = new Uint8Array(FACT_KINDS.length);
  for (const kind of kinds) flags[kind] = 1;
  return flags;
};

const LEAVES = table(FACT.send, FACT.copy, FACT.answer, FACT.nack);
const ARRIVES = table(
  FACT.deliver,
  FACT.turnedAway,
  FACT.lost,
  FACT.confirm,
  FACT.reject,
  FACT.late,
  FACT.stale,
);
const SETTLES = table(FACT.confirm, FACT.giveUp, FACT.refuse);
const IN_HAND = table(FACT.deliver, FACT.queue, FACT.start, FACT.pass);

/** Whether the row put a packet on a link: it can be clicked and given another fate. */
export function isPacket(kind: number): boolean {
  return LEAVES[kind] === 1;
}

/** Whether the row ends a packet's way: it arrived, or was lost. */
export function isArrival(kind: number): boolean {
  return ARRIVES[kind] === 1;
}

/** Whether the sender is done with the message. */
export function isSettling(kind: number): boolean {
  return SETTLES[kind] === 1;
}

/** Whether a delivery is in the receiver's hands after this row. */
export function isInHand(kind: number): boolean {
  return IN_HAND[kind] === 1;
}
