import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../../testkit/golden/attention.json' with { type: 'json' };
import {
  type MechanismOf,
  checkAttentionGradients,
  expectDecoder,
  expectMeans,
  tensorflowMeans,
} from './attention-support.js';

beforeEach(() => resetDefaultGraph());

const luong =
  (numUnits: number, options: seq2seq.LuongAttentionOptions = {}): MechanismOf =>
  (memory, lengths) =>
    new seq2seq.LuongAttention(numUnits, memory, { ...options, ...lengths });

test('steps of a decoder are those of the definition', () => expectDecoder(golden.decoders.LuongAttention, luong(3)));

test('with a scale', () => expectDecoder(golden.decoders['LuongAttention scale'], luong(3, { scale: true })));

test('without an attention layer', () => expectDecoder(golden.withoutLayer, luong(3), { attentionLayerSize: null }));

test.each([
  ['testLuongNotNormalized', false],
  ['testLuongScaled', true],
])("TensorFlow v1.15's numbers: %s", (_, scale) => {
  const want = {
    outputs: -0.0052615386,
    c: -0.004009536,
    h: -0.0020016613,
    attention: -0.0051812846,
    alignments: 0.125,
    history: 0.125,
  };
  expectMeans(tensorflowMeans([luong(9, { scale })], [38], { attentionLayerSize: 6 }), want);
});

test.each([false, true])('gradients through time, scale %s', (scale) => checkAttentionGradients(luong(2, { scale })));

test('errors', () => {
  const attention = new seq2seq.LuongAttention(3, constant(0, { shape: [2, 4, 5] }));
  expect(() => attention.call(constant(0, { shape: [2, 7] }), attention.initialState(2, 'float32'))).toThrow(
    /LuongAttention: expected a query \[batch, 3\], as the keys have 3 units, got .*\[2,7\].* Set numUnits/,
  );
});
