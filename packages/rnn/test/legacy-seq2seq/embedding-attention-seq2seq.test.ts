import { reference } from '@tensorloom/backend-reference';
import { constant, globalVariablesInitializer, placeholder, resetDefaultGraph, variableScope } from '@tensorloom/graph';
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
  const [outputs, state] = legacySeq2seq.embeddingAttentionSeq2seq(
    encoderInputs(),
    decoderInputs(),
    () => new GRUCell(2),
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
  expect(got.state.shape).toEqual([2, 2]);
  const names = variables();
  expect(names[0]).toBe('embedding_attention_seq2seq/rnn/embedding_wrapper/embedding 3x4');
  const decoder = 'embedding_attention_seq2seq/embedding_attention_decoder';
  expect(names).toContain(`${decoder}/embedding 5x4`);
  expect(names).toContain(`${decoder}/attention_decoder/AttnW_0 1x1x2x2`);
  expect(names).toContain(`${decoder}/attention_decoder/output_projection_wrapper/gru_cell/gates/kernel 6x4`);
  expect(names).toContain(`${decoder}/attention_decoder/AttnOutputProjection/kernel 7x5`);
});

test('a run may choose feedPrevious: it is what either boolean gives', () => {
  const cells = [new GRUCell(3), new GRUCell(3)];
  let made = 0;
  const build = (feedPrevious: boolean | ReturnType<typeof constant>) =>
    variableScope('', { reuse: 'auto' }, () =>
      legacySeq2seq.embeddingAttentionSeq2seq(encoderInputs(), decoderInputs(), () => cells[made++ % 2], 3, 5, 4, {
        feedPrevious,
        numHeads: 2,
        initialStateAttention: true,
      }),
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
    legacySeq2seq.embeddingAttentionSeq2seq(encoderInputs(), decoderInputs(), () => new GRUCell(2), 3, 5, 2, {
      dtype: 'float64',
      outputProjection: [x, constant([0, 0, 0, 0, 0], { dtype: 'float64' })],
    }),
  );
});
