import { describe, expect, it } from 'vitest';
import { messageState, messageStates } from '../../../src/view/beliefs.ts';
import { indexOf } from '../../../src/view/trace-index.ts';
import { bundledRun, tracedRuns } from './trace-of.ts';

const runs = tracedRuns();

describe('belief and fact: the table adds up to the metrics', () => {
  it.each(runs.map((run) => [run.id, run] as const))('%s', (_, { trace, scenario, result }) => {
    const states = messageStates(
      { index: indexOf(trace), scenario, untilRow: trace.rowCount - 1 },
      1,
      100_000,
    );
    const count = (wanted: (state: (typeof states)[number]) => boolean) => states.filter(wanted).length;
    const { metrics } = result;
    expect(states).toHaveLength(metrics.messages);
    expect(count(({ belief }) => belief === 'confirmed')).toBe(metrics.confirmed);
    expect(count(({ belief }) => belief === 'gave up')).toBe(metrics.gaveUp);
    expect(count(({ belief }) => belief === 'refused')).toBe(metrics.refused);
    expect(count(({ belief }) => belief === 'in doubt')).toBe(metrics.inDoubt);
    expect(count(({ effects }) => effects === 1)).toBe(metrics.once);
    expect(count(({ effects }) => effects > 1)).toBe(metrics.duplicated);
    expect(count(({ effects, isFinal }) => effects === 0 && isFinal)).toBe(metrics.lost);
  });
});

describe('belief and fact: as of a row', () => {
  const { trace, scenario } = bundledRun('svix-24h-window');
  const index = indexOf(trace);
  const at = (untilRow: number) => messageState({ index, scenario, untilRow }, 1);

  it('before the first row nothing is sent', () => {
    expect(at(-1)).toMatchObject({
      belief: 'not sent',
      attempts: 0,
      effects: 0,
      isFinal: false,
      differs: false,
    });
  });

  it('sent and unanswered is in doubt, whatever happened', () => {
    expect(at(1)).toMatchObject({ belief: 'in doubt', effects: 0, differs: false });
    expect(at(7)).toMatchObject({ belief: 'in doubt', effects: 1, differs: true, factNote: 'ack lost' });
  });

  it('at the end: gave up after 8 attempts, and it was applied twice because the key had expired', () => {
    expect(at(trace.rowCount - 1)).toMatchObject({
      belief: 'gave up',
      beliefNote: '8 attempts',
      effects: 2,
      isFinal: true,
      differs: true,
      factNote: 'key expired',
    });
  });

  it('asking for a page tells no more than the page', () => {
    expect(messageStates({ index, scenario, untilRow: 3 }, 1, 50)).toHaveLength(1);
    expect(messageStates({ index, scenario, untilRow: 3 }, 2, 50)).toEqual([]);
  });

  it('a crash between effect and mark leaves no key to meet', () => {
    const crash = bundledRun('effect-crash-before-mark');
    const asked = {
      index: indexOf(crash.trace),
      scenario: crash.scenario,
      untilRow: crash.trace.rowCount - 1,
    };
    expect(messageState(asked, 2)).toMatchObject({ effects: 2, factNote: 'key not yet written' });
  });

  it('a policy that does not check says so', () => {
    const copies = bundledRun('network-duplicates');
    const asked = {
      index: indexOf(copies.trace),
      scenario: copies.scenario,
      untilRow: copies.trace.rowCount - 1,
    };
    const again = messageStates(asked).filter(({ effects }) => effects > 1);
    expect(again.map(({ factNote }) => factNote)).toEqual(again.map(() => 'no dedup check'));
  });
});
