import { TensorArray, constant, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { flatDecoderState, packDecoderState, stateDtype } from '../../src/seq2seq/decoder.js';

beforeEach(() => resetDefaultGraph());

test('a state of tensors and arrays is taken apart and put together', () => {
  const state = { history: [new TensorArray('float32', 0)], cell: constant(1, { dtype: 'float64' }), none: [] };
  const leaves = flatDecoderState(state);
  expect(leaves).toEqual([state.cell, state.history[0]]);
  expect(packDecoderState(state, leaves)).toEqual(state);
  expect(stateDtype('Decoder', state)).toBe('float64');
  expect(() => stateDtype('Decoder', [])).toThrow(/Decoder: expected an initial state of tensors/);
});
