import { constant, ones, resetDefaultGraph } from '@tensorloom/graph';
import { GRUCell, legacySeq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';
import { checkDecoder, variables } from './support.js';

beforeEach(() => resetDefaultGraph());

const ids = (...steps: number[][]) => steps.map((step) => constant(step, { dtype: 'int32' }));

test('looks symbols up, and attends', () => {
  const memory = ones([2, 3, 4]);
  const options = { numHeads: 2, outputSize: 5 };
  const [outputs, state] = legacySeq2seq.embeddingAttentionDecoder(
    ids([0, 1], [2, 3]),
    ones([2, 2]),
    memory,
    new GRUCell(2),
    5,
    3,
    options,
  );
  const got = run({ outputs, state });
  expect(got.outputs.map((t) => t.shape)).toEqual([
    [2, 5],
    [2, 5],
  ]);
  expect(got.state.shape).toEqual([2, 2]);
  expect(variables().slice(0, 2)).toEqual([
    'embedding_attention_decoder/embedding 5x3',
    'embedding_attention_decoder/attention_decoder/AttnW_0 1x1x4x4',
  ]);
});

test('gradients, reading what was written', () => {
  checkDecoder([2, 3, 2], (memory) =>
    legacySeq2seq.embeddingAttentionDecoder(
      ids([0, 1], [0, 0], [0, 0]),
      constant(
        [
          [0.2, -0.3],
          [0.8, 0.1],
        ],
        { dtype: 'float64' },
      ),
      memory,
      new GRUCell(2),
      3,
      2,
      { outputSize: 3, feedPrevious: true },
    ),
  );
});

test('an output projection takes the outputs', () => {
  const outputProjection = [ones([4, 3]), ones([3])] as const;
  const decode = (outputSize?: number) => () =>
    legacySeq2seq.embeddingAttentionDecoder(ids([0]), ones([1, 2]), ones([1, 1, 2]), new GRUCell(2), 3, 2, {
      outputProjection,
      ...(outputSize !== undefined && { outputSize }),
    });
  expect(decode()).toThrow(/expected an outputProjection of weights \[2,3\]/);
  resetDefaultGraph();
  expect(decode(4)()[0][0].shape).toEqual([1, 4]);
});
