import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  globalVariablesInitializer,
  ones,
  placeholder,
  resetDefaultGraph,
  variableScope,
} from '@tensorloom/graph';
import { BasicLSTMCell, GRUCell, legacySeq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';
import { expectClose } from '../support.js';
import { checkDecoder, variables } from './support.js';

beforeEach(() => resetDefaultGraph());

const ids = (...steps: number[][]) => steps.map((step) => constant(step, { dtype: 'int32' }));
const encoderInputs = () => ids([1, 1], [2, 0]);
const decoderInputs = () => ids([3, 1], [1, 4], [0, 2]);

test("shapes, and TensorFlow's names", () => {
  const [outputs, state] = legacySeq2seq.embeddingRnnSeq2seq(
    encoderInputs(),
    decoderInputs(),
    () => new BasicLSTMCell(2),
    3,
    5,
    4,
  );
  const got = run({ outputs, state });
  expect(got.outputs.map((t) => t.shape)).toEqual([
    [2, 5],
    [2, 5],
    [2, 5],
  ]);
  expect(got.state.h.shape).toEqual([2, 2]);
  expect(variables()).toEqual([
    'embedding_rnn_seq2seq/rnn/embedding_wrapper/embedding 3x4',
    'embedding_rnn_seq2seq/rnn/embedding_wrapper/basic_lstm_cell/kernel 6x8',
    'embedding_rnn_seq2seq/rnn/embedding_wrapper/basic_lstm_cell/bias 8',
    'embedding_rnn_seq2seq/embedding_rnn_decoder/embedding 5x4',
    'embedding_rnn_seq2seq/embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/basic_lstm_cell/kernel 6x8',
    'embedding_rnn_seq2seq/embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/basic_lstm_cell/bias 8',
    'embedding_rnn_seq2seq/embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/kernel 2x5',
    'embedding_rnn_seq2seq/embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/bias 5',
  ]);
});

test('with an output projection the outputs are those of the cell', () => {
  const [outputs] = legacySeq2seq.embeddingRnnSeq2seq(encoderInputs(), decoderInputs(), () => new GRUCell(2), 3, 5, 4, {
    outputProjection: [ones([2, 5]), ones([5])],
    feedPrevious: true,
  });
  expect(outputs.map((t) => t.shape)).toEqual([
    [2, 2],
    [2, 2],
    [2, 2],
  ]);
});

test('a run may choose feedPrevious: it is what either boolean gives', () => {
  const cells = [new GRUCell(3), new GRUCell(3)];
  let made = 0;
  const build = (feedPrevious: boolean | ReturnType<typeof constant>) =>
    variableScope('', { reuse: 'auto' }, () =>
      legacySeq2seq.embeddingRnnSeq2seq(encoderInputs(), decoderInputs(), () => cells[made++ % 2], 3, 5, 4, {
        feedPrevious,
      }),
    );
  const choice = placeholder('bool', []);
  const chosen = build(choice);
  const count = variables().length;
  const fixed = [build(false), build(true)];
  expect(variables()).toHaveLength(count);
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  for (const [i, [outputs, state]] of fixed.entries()) {
    const want = session.runSync([...outputs, state]);
    const got = session.runSync([...chosen[0], chosen[1]], [[choice, i === 1]]);
    got.forEach((value, at) => expectClose(value.toArray(), want[at].toArray()));
  }
  session.close();
});

test('gradients', () => {
  checkDecoder([2, 5], (x) =>
    legacySeq2seq.embeddingRnnSeq2seq(encoderInputs(), decoderInputs(), () => new GRUCell(2), 3, 5, 2, {
      dtype: 'float64',
      outputProjection: [x, constant([0, 0, 0, 0, 0], { dtype: 'float64' })],
    }),
  );
});

test('says what is wrong with feedPrevious', () => {
  const build = () =>
    legacySeq2seq.embeddingRnnSeq2seq(encoderInputs(), decoderInputs(), () => new GRUCell(2), 3, 5, 4, {
      feedPrevious: constant(1),
    });
  expect(build).toThrow(/expected feedPrevious to be a boolean or a bool scalar, got float32/);
});
