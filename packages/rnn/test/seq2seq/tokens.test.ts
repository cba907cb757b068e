import { placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { checkedEnd, checkedStart } from '../../src/seq2seq/tokens.js';

beforeEach(() => resetDefaultGraph());

test('ids pass, and what is none is refused', () => {
  expect(checkedStart('Decoder', [1, 2]).shape).toEqual([2]);
  expect(checkedEnd('Decoder', 3).shape).toEqual([]);
  expect(() => checkedStart('Decoder', 1)).toThrow(
    /Decoder: expected startTokens to be int32 \[batch\], got int32\[\]/,
  );
  expect(() => checkedEnd('Decoder', placeholder('float32', []))).toThrow(/int32 scalar, got float32/);
});
