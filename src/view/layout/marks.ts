/**
 * The marks of a space-time diagram as plain numbers: what a layout answers and what components draw. Each mark names
 * the row from which on it stands, so that a playhead can cut any layout without making it again.
 */
import type { Belief } from '../marks/belief.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Mark {
  /** Row of the trace that put it there; its identity within its kind. */
  readonly row: number;
  readonly message: number;
}

/** A mark that grows until some later row, or until a time that no row tells (-1). */
export interface Growing extends Mark {
  readonly untilRow: number;
  /** Along the axis, px: where it begins and ends. */
  readonly from: number;
  readonly until: number;
}

export interface PacketMark extends Growing {
  readonly kind: 'request' | 'ack' | 'nack';
  readonly isCopy: boolean;
  readonly tail: Point;
  readonly head: Point;
  readonly end: 'arrow' | 'cross' | 'late' | 'in flight';
}

export interface BadgeMark extends Mark {
  readonly at: Point;
  readonly width: number;
  readonly words: string;
  /** A dot stands for a message whose waits there is no room for. */
  readonly kind: 'first' | 'retry' | 'dot';
}

export interface LineMark extends Growing {
  readonly kind: 'wait' | 'backoff' | 'expired' | 'request stem' | 'ack stem' | 'stem' | 'again stem';
  readonly tail: Point;
  readonly head: Point;
}

export interface TickMark extends Mark {
  readonly kind: 'timeout' | 'crash';
  readonly tail: Point;
  readonly head: Point;
  /** The step's letter at a crash point. */
  readonly words: string;
}

export interface BeliefMark extends Mark {
  readonly at: Point;
  readonly belief: Belief;
  readonly deadLettered: boolean;
}

export interface BlockMark extends Growing {
  readonly kind: 'work' | 'queued' | 'key' | 'thin key';
  readonly rect: Rect;
  /** How a key bar ends. */
  readonly end: 'expired' | 'evicted' | 'forgotten' | 'held' | 'none';
}

export interface DiamondMark extends Mark {
  readonly kind: 'written' | 'suppressed';
  readonly at: Point;
}

export interface EffectMark extends Mark {
  readonly kind: 'applied' | 'again' | 'no change' | 'never' | 'open';
  readonly at: Point;
  readonly width: number;
  readonly words: string;
}

/** Joins the first effect of a message to the later ones. */
export interface BracketMark extends Mark {
  /** Path of the bracket up to each effect, with the row from which on it reaches there. */
  readonly reaches: readonly {
    readonly row: number;
    readonly path: string;
    readonly words: string;
    readonly label: LabelPlace;
  }[];
}

export interface LabelPlace {
  readonly at: Point;
  readonly anchor: 'start' | 'middle' | 'end';
}

export interface LabelMark extends Mark, LabelPlace {
  readonly kind: 'plain' | 'key' | 'on key' | 'lost';
  readonly words: string;
  /** It stands once this much of the axis has been played, px. */
  readonly from: number;
}

export interface BandMark {
  readonly id: string;
  readonly kind: 'outage' | 'crash';
  readonly rect: Rect;
  readonly words: string;
  readonly label: LabelPlace;
  readonly from: number;
  readonly until: number;
}

/** Where a message's wait stands, for the circle of doubt at the playhead. */
export interface DoubtPlace extends Mark {
  readonly untilRow: number;
  /** Across the axis. */
  readonly across: number;
}

export interface Lane {
  readonly words: string;
  readonly note: string;
  readonly at: Point;
  /** The lane's line; null for the network. */
  readonly line: { readonly tail: Point; readonly head: Point } | null;
}

export interface Marks {
  readonly packets: readonly PacketMark[];
  readonly badges: readonly BadgeMark[];
  readonly lines: readonly LineMark[];
  readonly ticks: readonly TickMark[];
  readonly beliefs: readonly BeliefMark[];
  readonly blocks: readonly BlockMark[];
  readonly diamonds: readonly DiamondMark[];
  readonly effects: readonly EffectMark[];
  readonly brackets: readonly BracketMark[];
  readonly labels: readonly LabelMark[];
  readonly bands: readonly BandMark[];
  readonly doubts: readonly DoubtPlace[];
}
