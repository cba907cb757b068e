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
  (numUnits: number, options: seq2seq.LuongMonotonicAttentionOptions = {}): MechanismOf =>
  (memory, lengths) =>
    new seq2seq.LuongMonotonicAttention(numUnits, memory, { ...options, ...lengths });

test.each(['parallel', 'recursive'] as const)('steps of a decoder are those of the definition, %s', (mode) =>
  expectDecoder(golden.decoders.LuongMonotonicAttention, monotonic(3, { mode })),
);

test('with a scale', () =>
  expectDecoder(golden.decoders['LuongMonotonicAttention scale'], monotonic(3, { scale: true })));

test('hard', () => expectDecoder(golden.decoders['LuongMonotonicAttention hard'], monotonic(3, { mode: 'hard' })));

test.each([
  ['testLuongMonotonicNotNormalized', false],
  ['testLuongMonotonicScaled', true],
])("TensorFlow v1.15's numbers: %s, its noise too", (_, scale) => {
  const want = {
    outputs: -0.0021257224,
    sampleId: 26 / 15,
    c: -0.0040003359,
    h: -0.001996913,
    attention: -5.2024145e-5,
    alignments: 0.032198936,
    history: 0.050387777,
  };
  const make = monotonic(9, { scale, sigmoidNoise: 1, sigmoidNoiseSeed: 3 });
  expectMeans(tensorflowMeans([make], [45], { attentionLayerSize: 6 }), want);
});

test('hard alignments are one place, or none (testLuongMonotonicHard)', () =>
  expectHard(monotonic(40, { mode: 'hard' })));

test.each(['parallel', 'recursive'] as const)('gradients through time, %s', (mode) =>
  checkAttentionGradients(monotonic(2, { mode, scale: true, scoreBiasInit: -0.5 })),
);
