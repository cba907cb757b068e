import { resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, test } from 'vitest';
import golden from '../../../testkit/golden/attention.json' with { type: 'json' };
import {
  type MechanismOf,
  checkAttentionGradients,
  expectDecoder,
  expectHard,
  expectMeans,
  tensorflowMeans,
} from './attention-support.js';

beforeEach(() => resetDefaultGraph());

const monotonic =
  (numUnits: number, options: seq2seq.BahdanauMonotonicAttentionOptions = {}): MechanismOf =>
  (memory, lengths) =>
    new seq2seq.BahdanauMonotonicAttention(numUnits, memory, { ...options, ...lengths });

test.each(['parallel', 'recursive'] as const)('steps of a decoder are those of the definition, %s', (mode) =>
  expectDecoder(golden.decoders.BahdanauMonotonicAttention, monotonic(3, { mode })),
);

test('normalized', () =>
  expectDecoder(golden.decoders['BahdanauMonotonicAttention normalize'], monotonic(3, { normalize: true })));

test("TensorFlow v1.15's numbers: testBahdanauMonotonicNotNormalized, its noise too", () => {
  const want = {
    outputs: -0.002122893,
    sampleId: 26 / 15,
    c: -0.0040002423,
    h: -0.0019968653,
    attention: -5.9313523e-5,
    alignments: 0.032228071,
    history: 0.050430927,
  };
  const make = monotonic(3, { sigmoidNoise: 1, sigmoidNoiseSeed: 3 });
  expectMeans(tensorflowMeans([make], [45], { attentionLayerSize: 6 }), want);
});

test("TensorFlow v1.15's numbers: testBahdanauMonotonicNormalized, its noise too", () => {
  const want = {
    outputs: -0.0025896581,
    c: -0.0040013152,
    h: -0.0019973689,
    attention: -0.00069823361,
    alignments: 0.028698336,
  };
  const make = monotonic(3, { normalize: true, sigmoidNoise: 1, sigmoidNoiseSeed: 3 });
  expectMeans(tensorflowMeans([make], [45], { attentionLayerSize: 6 }), want);
});

test('hard alignments are one place, or none (testBahdanauMonotonicHard)', () =>
  expectHard(monotonic(40, { mode: 'hard' })));

test.each(['parallel', 'recursive'] as const)('gradients through time, %s', (mode) =>
  checkAttentionGradients(monotonic(2, { mode, normalize: true, scoreBiasInit: -0.5 })),
);
