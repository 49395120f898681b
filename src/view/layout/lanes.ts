/**
 * Where the lanes stand across the time axis: top to bottom when time runs to the right, left to right when it runs
 * down. Sizes are those of the drawings in the design; they give way when there is less room or more to show.
 */

export type Orientation = 'horizontal' | 'vertical';

export interface LaneRequest {
  readonly orientation: Orientation;
  /** Across the axis, px; 0 for as much as it takes. */
  readonly room: number;
  readonly senderRows: number;
  /** Null when the policy uses no dedup store. */
  readonly storeRows: number | null;
  /** Rows of words under the ledger. */
  readonly faultRows: number;
  /** Where lanes begin: below the axis. */
  readonly start: number;
  readonly hasBreaks?: boolean;
}

export interface Lanes {
  readonly orientation: Orientation;
  readonly start: number;
  /** Sender rows: where waits stand, and how far apart. */
  readonly senderRow: (row: number) => number;
  /** The lanes' lines. */
  readonly sender: number;
  readonly receiver: number;
  readonly ledger: number;
  /** Middle of a row of keys; null without a dedup store. */
  readonly storeRow: ((row: number) => number) | null;
  readonly keyThickness: number;
  /** Hairlines above the store and above the ledger. */
  readonly separators: readonly number[];
  readonly faultRow: (row: number) => number;
  readonly end: number;
}

/** Rows of waits, keys and fault words that a diagram shows at most. */
export const MOST_SENDER_ROWS = 8;
export const MOST_STORE_ROWS = 8;
export const MOST_FAULT_ROWS = 3;

export function lanesFor(request: LaneRequest): Lanes {
  return request.orientation === 'vertical' ? columns(request) : rows(request);
}

const NETWORK = { roomy: 180, least: 88, tight: 64 };

function rows({ room, senderRows, storeRows, faultRows, start }: LaneRequest): Lanes {
  const isTight = room > 0 && room < 420;
  const pitch = senderRows <= 3 ? 31 : senderRows <= 5 ? 25 : 20;
  const firstRow = start + (isTight ? 22 : 34);
  const sender = firstRow + (Math.max(1, senderRows) - 1) * pitch + (isTight ? 24 : 32);

  const keyPitch = (storeRows ?? 0) <= 3 ? 29 : (storeRows ?? 0) <= 5 ? 23 : 13;
  const belowReceiver = storeRows === null && isTight ? 0 : 38;
  const storeHeight = storeRows === null ? 0 : 57 + (Math.max(1, storeRows) - 1) * keyPitch;
  const faults = faultRows === 0 ? 0 : 22 + faultRows * 22;
  const ledgerHeight = 40 + Math.max(isTight ? 24 : 64, faults);
  const fixed = sender + belowReceiver + storeHeight + ledgerHeight;
  const network =
    room === 0
      ? NETWORK.roomy
      : Math.max(isTight ? NETWORK.tight : NETWORK.least, Math.min(320, room - fixed));

  const receiver = sender + network;
  const storeTop = receiver + belowReceiver;
  const ledgerTop = storeTop + storeHeight;
  const ledger = ledgerTop + 40;
  return {
    orientation: 'horizontal',
    start,
    senderRow: (row) => firstRow + row * pitch,
    sender,
    receiver,
    ledger,
    storeRow: storeRows === null ? null : (row) => storeTop + 28 + row * keyPitch,
    keyThickness: keyPitch === 29 ? 19 : keyPitch === 23 ? 15 : 8,
    separators: belowReceiver === 0 ? [] : storeRows === null ? [storeTop] : [storeTop, ledgerTop],
    faultRow: (row) => ledger + 30 + row * 22,
    end: ledgerTop + ledgerHeight,
  };
}

/** Columns for one message; `room` is the width. */
function columns({ room, storeRows, start }: LaneRequest): Lanes {
  const ledger = room - 50;
  const store = ledger - 56;
  const receiver = storeRows === null ? ledger - 76 : store - 48;
  return {
    orientation: 'vertical',
    start,
    senderRow: () => start + 30,
    sender: start + 56,
    receiver,
    ledger,
    storeRow: storeRows === null ? null : () => store,
    keyThickness: 19,
    separators: [],
    faultRow: () => ledger + 30,
    end: room,
  };
}
