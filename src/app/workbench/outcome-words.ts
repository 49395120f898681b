/** What a run came to, in one headline and a remark: the words of the outcome, never a total that hides a fault. */
import type { Metrics } from '../../../sim/observe/result.ts';

export interface OutcomeWords {
  readonly headline: string;
  readonly remark: string;
}

export function outcomeSentence(metrics: Metrics): OutcomeWords {
  const { messages, once, lost, duplicated, open, effects } = metrics;
  const faults = [
    duplicated > 0 ? `${grouped(duplicated)} applied more than once` : '',
    lost > 0 ? `${grouped(lost)} never applied` : '',
    open > 0 ? `${grouped(open)} still open` : '',
  ].filter((part) => part !== '');
  if (messages === 0) return { headline: 'No message was sent.', remark: '' };
  if (faults.length === 0) {
    return {
      headline:
        messages === 1 ? 'The message was applied once.' : `All ${grouped(once)} messages applied once.`,
      remark: '',
    };
  }
  const sent = `${grouped(messages)} ${messages === 1 ? 'message' : 'messages'}: ${faults.join(', ')}.`;
  const hides = effects === messages && lost > 0 && duplicated > 0;
  return {
    headline: sent,
    remark: hides ? `The total of ${grouped(effects)} effects looks right and is wrong.` : '',
  };
}

/** Short headline for a comparison: "Two never applied." */
export function outcomeHeadline({ messages, lost, duplicated, open }: Metrics): string {
  if (messages === 0) return 'Nothing sent.';
  const parts = [
    duplicated > 0 ? `${grouped(duplicated)} repeated` : '',
    lost > 0 ? `${grouped(lost)} never applied` : '',
    open > 0 ? `${grouped(open)} open` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Every message once.' : `${parts.join(', ')}.`;
}

export interface Sum {
  readonly name: string;
  readonly count: number;
  /** What it is a count of, where any is one too many. */
  readonly fault?: 'dup' | 'lost';
}

/** How often messages were applied; the counts add up to the messages. */
export function outcomeSums({ once, duplicated, lost, open }: Metrics): Sum[] {
  return [
    { name: 'once', count: once },
    { name: 'more than once', count: duplicated, fault: 'dup' },
    { name: 'never', count: lost, fault: 'lost' },
    ...(open > 0 ? [{ name: 'open', count: open }] : []),
  ];
}

/** What the sender believes; the counts add up to the messages. */
export function beliefSums({ confirmed, refused, inDoubt, gaveUp }: Metrics) {
  return [
    { name: 'confirmed', count: confirmed },
    { name: 'refused', count: refused },
    { name: 'in doubt', count: inDoubt },
    { name: 'gave up', count: gaveUp },
  ] as const;
}

/** 12,500 */
export function grouped(n: number): string {
  return n.toLocaleString('en');
}
