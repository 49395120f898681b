import { describe, expect, test } from 'vitest';
import { runFloor } from '../../bench/floor.mjs';

// Exact for the keyed draws of seed 1. Two independent programs gave these counts before this one did.
const PUBLISHED = [
  {
    messages: 5_000,
    counts: {
      events: 29_425,
      attempts: 6_955,
      deliveries: 5_514,
      duplicates: 514,
      suppressed: 514,
      acksArrived: 5_000,
      lateAcks: 0,
      timeouts: 1_956,
      retries: 1_955,
      staleRetries: 1,
      gaveUp: 0,
      completed: 5_000,
      orderHash: -993667736,
    },
    simEnd: 13335.777114765791,
  },
  {
    messages: 20_000,
    counts: {
      events: 117_523,
      attempts: 27_696,
      deliveries: 22_123,
      duplicates: 2_123,
      suppressed: 2_123,
      acksArrived: 20_000,
      lateAcks: 0,
      timeouts: 7_704,
      retries: 7_696,
      staleRetries: 8,
      gaveUp: 0,
      completed: 20_000,
      orderHash: 779723072,
    },
    simEnd: 21839.275214707064,
  },
  {
    messages: 200_000,
    counts: {
      events: 1_178_202,
      attempts: 277_883,
      deliveries: 222_314,
      duplicates: 22_314,
      suppressed: 22_314,
      acksArrived: 200_000,
      lateAcks: 6,
      timeouts: 78_011,
      retries: 77_883,
      staleRetries: 122,
      gaveUp: 6,
      completed: 199_994,
      orderHash: -533309317,
    },
    simEnd: 204388.26758636135,
  },
] as const;

describe('bench floor: reproduces the published counts of the standard workload', () => {
  for (const { messages, counts, simEnd } of PUBLISHED) {
    test(`${messages} messages`, () => {
      const result = runFloor({ messages, seed: 1, trace: 'none', check: true });

      expect(result).toMatchObject(counts);
      // The order is exact everywhere; the last bits of a time are those of the machine's Math.log.
      expect(Math.abs(result.simEnd / simEnd - 1)).toBeLessThan(1e-12);
    });
  }

  test('tracing changes no count, and keeps one row for each event', () => {
    const untraced = runFloor({ messages: 5_000, seed: 1, trace: 'none', check: true });
    const traced = runFloor({ messages: 5_000, seed: 1, trace: 'columns', check: true });

    expect({ ...traced, trace: null }).toEqual(untraced);
    expect(traced.trace?.rowCount).toBe(traced.events);
  });
});
