import { beforeEach, expect, test } from 'vitest';
import { placeholder, resetDefaultGraph, tile } from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('multiplies the lengths of axes', () => {
  expect(specs(tile(x([2, 3]), [2, 1]), tile(x([null, 3]), [2, 2]), x([2]).tile([0]))).toEqual([
    'float32[4,3]',
    'float32[?,6]',
    'float32[0]',
  ]);
  expect(specs(tile(x([2, 3]), placeholder('int32', [2])))).toEqual(['float32[?,?]']);
  const scalar = x([]);
  expect(tile(scalar, [])).toBe(scalar);
});

test('what does not fit', () => {
  expect(messageFrom(() => tile(x([2, 3]), [2]))).toMatch(
    /^Tile: expected a multiple for each of the 2 axes, got multiples of shape \[1\]\. Give 2 integers/,
  );
  expect(messageFrom(() => tile(x(), [2]))).toMatch(/^Tile: the rank of 'x_\d:0' is unknown/);
});
