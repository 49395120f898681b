/** What each policy does, in a sentence of at most twenty words. */
import type { PolicyChoice } from '../../state/draft.ts';

export const POLICY_SENTENCES: Readonly<Record<PolicyChoice, string>> = {
  'at-most-once': 'Send once and never look back. The key is written before the effect.',
  'at-least-once': 'Retry until acked. The receiver remembers nothing.',
  'effectively-once': 'Retry until acked. The receiver skips every key its dedup store still holds.',
  custom: 'Sender and receiver as the scenario says, without a policy laid over it.',
};
