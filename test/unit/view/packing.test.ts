import { describe, expect, it } from 'vitest';
import { packRows } from '../../../src/view/layout/packing.ts';

const span = (from: number, until: number) => ({ from, until });

describe('packing intervals into rows', () => {
  it('intervals that only touch share a row', () => {
    expect(packRows([span(0, 5), span(5, 9)], 8)).toEqual({ rows: [0, 0], rowCount: 1, overflow: 0 });
  });

  it('intervals that overlap do not', () => {
    expect(packRows([span(0, 5), span(4, 9), span(5, 6)], 8).rows).toEqual([0, 1, 0]);
  });

  it('one that goes first has the top row, whenever it begins', () => {
    expect(packRows([span(0, 5), span(4, 9)], 8, 1).rows).toEqual([1, 0]);
  });

  it('what there is no row for is counted', () => {
    expect(packRows([span(0, 9), span(1, 9), span(2, 9)], 2)).toEqual({
      rows: [0, 1, -1],
      rowCount: 2,
      overflow: 1,
    });
  });
});
