import { describe, expect, it } from 'vitest';
import { FACT_KINDS, PLACE } from '../../../sim/core/fact.ts';
import { rowWords } from '../../../src/view/row-words.ts';
import { traceOf, tracedRuns, type RowText } from './trace-of.ts';

const SENT: readonly RowText[] = [
  { us: 0, kind: 'arrive', message: 4 },
  { us: 0, kind: 'send', message: 4, ordinal: 1, cause: 0 },
  { us: 9, kind: 'send', message: 4, ordinal: 2, cause: 1 },
  { us: 12, kind: 'answer', message: 4, ordinal: 2, cause: 2 },
  { us: 12, kind: 'nack', message: 4, ordinal: 2, cause: 2 },
];

/** The words of one row after message 4 was sent twice and its second attempt was answered. */
function words(row: Omit<RowText, 'us' | 'message'>, before: readonly RowText[] = []): string {
  const rows = [...SENT, ...before, { us: 20, message: 4, ...row }];
  return rowWords(traceOf(rows), rows.length - 1);
}

describe('rows in words', () => {
  it.each<[string, Omit<RowText, 'us' | 'message'>]>([
    ['4 is to be sent', { kind: 'arrive' }],
    ['4 sent', { kind: 'send', ordinal: 1 }],
    ['4.3 sent again', { kind: 'send', ordinal: 3 }],
    ['4.2 lost', { kind: 'lost', ordinal: 2, cause: 2 }],
    ['4.2 lost in an outage', { kind: 'lost', ordinal: 2, cause: 2, detail: 1 }],
    ['ack for 4.2 lost, cut in flight', { kind: 'lost', ordinal: 2, cause: 3, detail: 2 }],
    ['nack for 4.2 lost', { kind: 'lost', ordinal: 2, cause: 4 }],
    ['4.2 copied by the network', { kind: 'copy', ordinal: 2, cause: 2 }],
    ['ack for 4.2 copied by the network', { kind: 'copy', ordinal: 2, cause: 3, place: PLACE.answerLink }],
    ['4.2 arrives', { kind: 'deliver', ordinal: 2 }],
    ['4.2 refused, receiver down', { kind: 'turned-away', ordinal: 2, detail: 0 }],
    ['4.2 unanswered, receiver down', { kind: 'turned-away', ordinal: 2, detail: 1 }],
    ['4.2 met an error', { kind: 'turned-away', ordinal: 2, detail: 2 }],
    ['4.2 waits for a handler', { kind: 'queue', ordinal: 2 }],
    ['4.2 gets a handler', { kind: 'start', ordinal: 2 }],
    ['key 4 not held', { kind: 'pass', ordinal: 2 }],
    ['4.2 suppressed', { kind: 'suppress', ordinal: 2 }],
    ['key 4 found held', { kind: 'suppress', ordinal: 2, detail: 1 }],
    ['4 executed again, no change', { kind: 'execute', ordinal: 2 }],
    ['4 applied', { kind: 'effect', ordinal: 2, detail: 1 }],
    ['4 applied again', { kind: 'effect', ordinal: 2, detail: 2 }],
    ['4 applied three times', { kind: 'effect', ordinal: 2, detail: 3 }],
    ['key 4 written', { kind: 'mark', ordinal: 2 }],
    ['key 4 evicted', { kind: 'evict' }],
    ['ack for 4.2 sent', { kind: 'answer', ordinal: 2 }],
    ['nack for 4.2 sent', { kind: 'nack', ordinal: 2 }],
    ['crash before the first step', { kind: 'crash', ordinal: 2, detail: 0 }],
    ['crash after effect', { kind: 'crash', ordinal: 2, detail: 2 }],
    ['back up', { kind: 'restart' }],
    ['4 confirmed', { kind: 'confirm', ordinal: 2, cause: 3 }],
    ['4.2 refused', { kind: 'reject', ordinal: 2, cause: 4 }],
    ['late ack for 4.2', { kind: 'late', ordinal: 2, cause: 3 }],
    ['late nack for 4.2', { kind: 'late', ordinal: 2, cause: 4 }],
    ['ack for 4.2 changes nothing', { kind: 'stale', ordinal: 2, cause: 3 }],
    ['4.2 timed out', { kind: 'timeout', ordinal: 2, cause: 2 }],
    ['4 gave up, 2 attempts', { kind: 'give-up', ordinal: 2 }],
    ['4 refused, 2 attempts', { kind: 'refuse', ordinal: 2 }],
    ['4 dead-lettered', { kind: 'dead-letter', ordinal: 2 }],
  ])('%s', (expected, row) => {
    expect(words(row)).toBe(expected);
  });

  it('a key that was written before is no longer held', () => {
    expect(words({ kind: 'pass', ordinal: 2 }, [{ us: 13, kind: 'mark', message: 4 }])).toBe(
      'key 4 no longer held',
    );
  });

  it('every kind of row has words, at most seven of them', () => {
    for (const { trace } of tracedRuns()) {
      for (let row = 0; row < trace.rowCount; row++) {
        const said = rowWords(trace, row).split(' ').length;
        expect(said, FACT_KINDS[trace.kind[row]]).toBeGreaterThan(1);
        expect(said, rowWords(trace, row)).toBeLessThanOrEqual(7);
      }
    }
  });
});
