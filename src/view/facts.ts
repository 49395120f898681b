/**
 * What the views read of a trace row, in one place: its kind and place as words, and which kinds belong together.
 */
import {
  FACT,
  FACT_KINDS,
  LOSS_REASONS,
  OUTAGE_KINDS,
  CRASH_POINTS,
  PLACE,
  type FactKind,
} from '../../sim/engine/fact.ts';
import type { Trace } from '../../sim/trace/columns.ts';

export { CRASH_POINTS, FACT, FACT_KINDS, LOSS_REASONS, OUTAGE_KINDS, PLACE, type FactKind };

/** The kind of a row, as a word. */
export function kindOf(trace: Trace, row: number): FactKind {
  return FACT_KINDS[trace.kind[row]];
}

/** Words for the six places, as the lanes are called. */
export const PLACE_WORDS = ['Sender', 'Network', 'Receiver', 'Dedup store', 'Ledger', 'Network'] as const;

export function placeWords(trace: Trace, row: number): string {
  return PLACE_WORDS[trace.place[row]];
}

const table = (...kinds: readonly FactKind[]): Uint8Array => {
  const flags = new Uint8Array(FACT_KINDS.length);
  for (const kind of kinds) flags[FACT[kind]] = 1;
  return flags;
};

const LEAVES = table('send', 'copy', 'answer', 'nack');
const ARRIVES = table('deliver', 'turned-away', 'lost', 'confirm', 'reject', 'late', 'stale');
const SETTLES = table('confirm', 'give-up', 'refuse');
const IN_HAND = table('deliver', 'queue', 'start', 'pass');

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
