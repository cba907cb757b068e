import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  globalVariablesInitializer,
  ones,
  placeholder,
  resetDefaultGraph,
  variableScope,
} from '@tensorloom/graph';
import { GRUCell, legacySeq2seq } from '@tensorloom/rnn';
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
  const [outputs, state] = legacySeq2seq.embeddingTiedRnnSeq2seq(
    encoderInputs(),
    decoderInputs(),
    new GRUCell(2),
    5,
    4,
  );
  const got = run({ outputs, state });
  expect(got.outputs.map((t) => t.shape)).toEqual([
    [2, 5],
    [2, 5],
    [2, 5],
  ]);
  expect(got.state.shape).toEqual([2, 2]);
  const cell = 'embedding_tied_rnn_seq2seq/tied_rnn_seq2seq/output_projection_wrapper';
  expect(variables()).toEqual([
    'embedding_tied_rnn_seq2seq/embedding 5x4',
    `${cell}/gru_cell/gates/kernel 6x4`,
    `${cell}/gru_cell/gates/bias 4`,
    `${cell}/gru_cell/candidate/kernel 6x2`,
    `${cell}/gru_cell/candidate/bias 2`,
    `${cell}/kernel 2x5`,
    `${cell}/bias 5`,
  ]);
});

test('may write fewer symbols than it reads', () => {
  const [outputs] = legacySeq2seq.embeddingTiedRnnSeq2seq(encoderInputs(), decoderInputs(), new GRUCell(2), 5, 4, {
    numDecoderSymbols: 3,
    feedPrevious: true,
  });
  expect(run(outputs).map((t) => t.shape)).toEqual([
    [2, 3],
    [2, 3],
    [2, 3],
  ]);
});

test('a run may choose feedPrevious: it is what either boolean gives', () => {
  const cell = new GRUCell(3);
  const build = (feedPrevious: boolean | ReturnType<typeof constant>) =>
    variableScope('', { reuse: 'auto' }, () =>
      legacySeq2seq.embeddingTiedRnnSeq2seq(encoderInputs(), decoderInputs(), cell, 5, 4, { feedPrevious }),
    );
  const choice = placeholder('bool', []);
  const chosen = build(choice);
  const fixed = [build(false), build(true)];
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
    legacySeq2seq.embeddingTiedRnnSeq2seq(encoderInputs(), decoderInputs(), new GRUCell(2), 5, 2, {
      dtype: 'float64',
      outputProjection: [x, constant([0, 0, 0, 0, 0], { dtype: 'float64' })],
    }),
  );
});

test('says what is wrong with an output projection', () => {
  const build = () =>
    legacySeq2seq.embeddingTiedRnnSeq2seq(encoderInputs(), decoderInputs(), new GRUCell(2), 5, 4, {
      outputProjection: [ones([2, 4]), ones([4])],
    });
  expect(build).toThrow(/expected an outputProjection of weights \[units,5\] and biases \[5\]/);
});
