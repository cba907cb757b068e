import { beforeEach, expect, test } from 'vitest';
import { placeholder, resetDefaultGraph, sequenceMask } from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('adds an axis as long as asked for, or as the longest length', () => {
  const lengths = placeholder('int32', [null]);
  expect(
    specs(sequenceMask(lengths), sequenceMask(lengths, 4), sequenceMask(lengths, 4, { dtype: 'float32' })),
  ).toEqual(['bool[?,?]', 'bool[?,4]', 'float32[?,4]']);
  expect(messageFrom(() => sequenceMask(x([2])))).toMatch(/^sequenceMask: expected int32 lengths, got float32\[2\]/);
});
