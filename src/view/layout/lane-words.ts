/** The names of the lanes and the few words under each: what this node or link does in this scenario. */
import { hopOf } from '../../../sim/scenario/hop.ts';
import type { Link, Scenario } from '../../../sim/scenario/schema.ts';
import { durationWords } from '../time-words.ts';

export interface LaneWords {
  readonly name: string;
  readonly note: string;
}

/** Whether deliveries meet a dedup store at all under this policy. */
export function usesStore(scenario: Scenario): boolean {
  const steps = hopOf(scenario).consumer.handler.flat();
  return steps.includes('check') || steps.includes('mark');
}

export function laneWords(
  scenario: Scenario,
): Record<'sender' | 'network' | 'receiver' | 'store' | 'ledger', LaneWords> {
  const { producer, consumer, requestLink, answerLink, sink } = hopOf(scenario);
  const steps = consumer.handler.flat();
  const looksBack = producer.ackTimeout !== 'none';
  const ack = steps.indexOf('ack');
  const acks =
    ack < 0 ? 'no ack' : ack > steps.indexOf('effect') ? 'acks after effect' : 'acks before effect';
  const { window } = consumer.dedup;
  return {
    sender: { name: 'Sender', note: looksBack ? 'waits for acks' : 'does not wait' },
    network: { name: 'Network', note: lossWords(requestLink, answerLink) },
    receiver: { name: 'Receiver', note: acks },
    store: {
      name: 'Dedup store',
      note: window === 'forever' ? 'keeps keys' : `window ${durationWords(window)}`,
    },
    ledger: {
      name: 'Ledger',
      note: sink.operation === 'set' ? 'set: a repeat is no change' : 'business effect',
    },
  };
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))}%`;

function lossWords(there: Link, back: Link): string {
  if (there.loss === back.loss) return there.loss === 0 ? 'no random loss' : `${percent(there.loss)} loss`;
  if (there.loss === 0) return `acks ${percent(back.loss)} loss`;
  return back.loss === 0
    ? `requests ${percent(there.loss)} loss`
    : `${percent(there.loss)}, acks ${percent(back.loss)}`;
}
