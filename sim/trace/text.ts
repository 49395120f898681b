/** A trace as text: one line a row, for golden tests, the command line and people. */
import { formatPacketName } from '../core/packet-name.ts';
import { CRASH_POINTS, FACT, FACT_KINDS, LOSS_REASONS, OUTAGE_KINDS } from '../core/fact.ts';
import { hopOf } from '../scenario/hop.ts';
import type { Plan } from '../scenario/plan.ts';
import type { Trace } from './columns.ts';

/**
 * Row, time in seconds, place by its id, what happened, message and packet, detail in words, row of the cause:
 *
 *     4     0.040000  api        deliver   m1/1/c0                  <- 1
 */
export function formatTrace(trace: Trace, plan: Plan): string {
  const { producerId, consumerId, sinkId } = hopOf(plan.scenario);
  const places = [
    producerId,
    `${producerId}>${consumerId}`,
    consumerId,
    `${consumerId}.dedup`,
    sinkId,
    `${consumerId}>${producerId}`,
  ];
  const width = Math.max(...places.map((place) => place.length));
  const lines: string[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    const kind = FACT_KINDS[trace.kind[row]];
    const packet = trace.packet[row] === 0 ? '' : `/${formatPacketName(trace.packet[row])}`;
    const message = trace.message[row] === 0 ? '' : `m${trace.message[row]}${packet}`;
    const cause = trace.cause[row] < 0 ? '' : `<- ${trace.cause[row]}`;
    const columns = [
      String(row).padStart(5),
      (trace.timeUs[row] / 1_000_000).toFixed(6).padStart(15),
      ` ${places[trace.place[row]].padEnd(width)}`,
      kind.padEnd(11),
      message.padEnd(12),
      detailWords(trace.kind[row], trace.detail[row]).padEnd(14),
      cause,
    ];
    lines.push(columns.join(' ').trimEnd());
  }
  return lines.join('\n') + '\n';
}

/** The detail of a row in words; '' where the kind has none. */
export function detailWords(kind: number, detail: number): string {
  switch (kind) {
    case FACT.lost:
      return LOSS_REASONS[detail];
    case FACT.turnedAway:
    case FACT.nack:
      return OUTAGE_KINDS[detail];
    case FACT.crash:
      return detail === 0 ? 'before any step' : `after ${CRASH_POINTS[detail]}`;
    case FACT.effect:
      return detail === 1 ? '' : `${detail} times`;
    case FACT.suppress:
      return detail === 1 ? 'effect had run' : '';
    case FACT.late:
    case FACT.stale:
      return detail === 1 ? 'nack' : 'ack';
    default:
      return '';
  }
}
