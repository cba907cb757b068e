import { TensorArray, constant, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { stateDtype } from '../../src/seq2seq/decoder.js';

beforeEach(() => resetDefaultGraph());

test('the dtype of a state is that of its first tensor', () => {
  const state = { history: [new TensorArray('float32', 0)], output: constant(1, { dtype: 'float64' }), none: [] };
  expect(stateDtype('Decoder', state)).toBe('float64');
  expect(() => stateDtype('Decoder', [])).toThrow(/Decoder: expected an initial state of tensors/);
});
