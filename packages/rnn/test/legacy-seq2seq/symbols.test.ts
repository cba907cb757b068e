import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { symbolColumns, symbolsOf } from '../../src/legacy-seq2seq/symbols.js';

beforeEach(() => resetDefaultGraph());

test('symbols are int32 [batch]', () => {
  expect(symbolsOf('decoder', [[1, 2]])[0].shape).toEqual([2]);
  expect(symbolColumns('decoder', [[1, 2]])[0].shape).toEqual([2, 1]);
  expect(() => symbolsOf('decoder', [constant([0.5])])).toThrow(/decoder: expected inputs that are symbols/);
});
