import { describe, expect, it } from 'vitest';
import { neighbourRow } from '../../../src/view/timeline/keys.ts';

describe('arrow keys lead from mark to mark in time', () => {
  const rows = [7, 2, 30, 11];

  it('to the nearest row that way', () => {
    expect(neighbourRow(rows, 7, 1)).toBe(11);
    expect(neighbourRow(rows, 7, -1)).toBe(2);
    expect(neighbourRow(rows, 8, 1)).toBe(11);
  });

  it('from nowhere to the first, or the last', () => {
    expect(neighbourRow(rows, null, 1)).toBe(2);
    expect(neighbourRow(rows, null, -1)).toBe(30);
  });

  it('and stop at the ends', () => {
    expect(neighbourRow(rows, 30, 1)).toBeNull();
    expect(neighbourRow(rows, 2, -1)).toBeNull();
    expect(neighbourRow([], null, 1)).toBeNull();
  });
});
