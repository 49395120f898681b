export interface FloorOptions {
  readonly messages: number;
  readonly seed: number;
  /** `columns` keeps a row of 14 bytes for each event. */
  readonly trace: 'none' | 'columns';
  /** Whether to compute the order hash as well. */
  readonly check: boolean;
}

export interface FloorCounts {
  readonly events: number;
  readonly attempts: number;
  readonly forwardLost: number;
  readonly deliveries: number;
  /** Deliveries of an id that had been delivered before. */
  readonly duplicates: number;
  /** Deliveries whose id the store held. */
  readonly suppressed: number;
  readonly effects: number;
  readonly acksLost: number;
  readonly acksArrived: number;
  readonly lateAcks: number;
  /** Timeouts of open messages. */
  readonly timeouts: number;
  readonly staleTimeouts: number;
  readonly retries: number;
  readonly staleRetries: number;
  readonly gaveUp: number;
  readonly completed: number;
  /** From arrival to completion. */
  readonly latencyMeanMs: number;
  readonly pendingMax: number;
  readonly storeMax: number;
  /** Time of the last event, ms. */
  readonly simEnd: number;
  /** Over (id, type, attempt) of all events in order; 0 unless `check`. */
  readonly orderHash: number;
  readonly trace: { readonly rowCount: number; readonly byteLength: number } | null;
}

export function runFloor(options: FloorOptions): FloorCounts;
