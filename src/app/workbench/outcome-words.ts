/** What a run came to, in one headline and a remark: the words of the outcome, never a total that hides a fault. */
import type { Metrics } from '../../../sim/observe/result.ts';

export interface OutcomeWords {
  readonly headline: string;
  readonly remark: string;
}

export function outcomeSentence(metrics: Metrics): OutcomeWords {
  const { messages, once, lost, duplicated, open, effects } = metrics;
  const faults = [
    duplicated > 0 ? `${count(duplicated)} applied more than once` : '',
    lost > 0 ? `${count(lost)} never applied` : '',
    open > 0 ? `${count(open)} still open` : '',
  ].filter((part) => part !== '');
  if (messages === 0) return { headline: 'No message was sent.', remark: '' };
  if (faults.length === 0) {
    return {
      headline:
        messages === 1 ? 'The message was applied once.' : `All ${count(once)} messages applied once.`,
      remark: '',
    };
  }
  const sent = `${count(messages)} ${messages === 1 ? 'message' : 'messages'}: ${faults.join(', ')}.`;
  const hides = effects === messages && lost > 0 && duplicated > 0;
  return {
    headline: sent,
    remark: hides ? `The total of ${count(effects)} effects looks right and is wrong.` : '',
  };
}

/** Short headline for a comparison: "Two never applied." */
export function outcomeHeadline({ messages, lost, duplicated, open }: Metrics): string {
  if (messages === 0) return 'Nothing sent.';
  const parts = [
    duplicated > 0 ? `${count(duplicated)} repeated` : '',
    lost > 0 ? `${count(lost)} never applied` : '',
    open > 0 ? `${count(open)} open` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Every message once.' : `${parts.join(', ')}.`;
}

function count(n: number): string {
  return n.toLocaleString('en');
}
