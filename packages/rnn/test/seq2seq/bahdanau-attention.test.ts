import { Graph, constant, resetDefaultGraph, withGraph } from '@tensorloom/graph';
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

const bahdanau =
  (numUnits: number, options: seq2seq.BahdanauAttentionOptions = {}): MechanismOf =>
  (memory, lengths) =>
    new seq2seq.BahdanauAttention(numUnits, memory, { ...options, ...lengths });

test('steps of a decoder are those of the definition', () =>
  expectDecoder(golden.decoders.BahdanauAttention, bahdanau(3)));

test('normalized', () =>
  expectDecoder(golden.decoders['BahdanauAttention normalize'], bahdanau(3, { normalize: true })));

test('a memory without lengths', () => expectDecoder(golden.withoutLengths, bahdanau(3), { lengths: false }));

test("TensorFlow v1.15's numbers: testBahdanauNotNormalized", () => {
  const want = {
    outputs: -0.0052250605,
    c: -0.0040092287,
    h: -0.0020015112,
    attention: -0.0052052638,
    alignments: 0.125,
    history: 0.12500001,
  };
  expectMeans(tensorflowMeans([bahdanau(3)], [38], { attentionLayerSize: 6 }), want);
});

test("TensorFlow v1.15's numbers: testBahdanauNormalized", () => {
  const make = bahdanau(3, { normalize: true });
  const options = { attentionLayerSize: 6 };
  const [before, after] = [38, 45].map((seed) =>
    withGraph(new Graph(), () => tensorflowMeans([make], [seed], options)),
  );
  const got = { ...after, c: before.c, h: before.h };
  const want = {
    outputs: -0.00597103,
    c: -0.0040052128,
    h: -0.0019996136,
    attention: -0.00595117,
    alignments: 0.125,
    history: 0.125,
  };
  expectMeans(got, want);
});

test("TensorFlow v1.15's numbers: testNotUseAttentionLayer", () => {
  // No seed gives all its digits: its outputs and its last attention are one number. It compares to 1e-3.
  const want = {
    outputs: 0.117389656,
    sampleId: 4.6,
    c: -0.0063607907,
    h: -0.00323448,
    attention: 0.117389656,
    alignments: 0.125,
    history: 0.125,
  };
  expectMeans(tensorflowMeans([bahdanau(3)], [38], {}), want, 1e-3);
});

test.each([false, true])('gradients through time, normalize %s', (normalize) =>
  checkAttentionGradients(bahdanau(2, { normalize })),
);

test('errors', () => {
  const attention = new seq2seq.BahdanauAttention(3, constant(0, { shape: [2, 4, 5] }));
  expect(() => attention.call(constant(0, { shape: [2, 1, 7] }), attention.initialState(2, 'float32'))).toThrow(
    /BahdanauAttention: expected a query \[batch, 3\], got .*\[2,1,3\]/,
  );
});
