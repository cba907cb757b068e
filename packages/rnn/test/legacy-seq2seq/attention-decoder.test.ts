import { reference } from '@tensorloom/backend-reference';
import { constant, placeholder, resetDefaultGraph, unstack, zeros } from '@tensorloom/graph';
import { BasicLSTMCell, ConvLSTMCell, GRUCell, MultiRNNCell, legacySeq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../../testkit/golden/attention-decoder.json' with { type: 'json' };
import { setLinspace } from '../seq2seq/attention-support.js';
import { run } from '../seq2seq/support.js';
import { expectClose } from '../support.js';
import { checkDecoder, variables } from './support.js';

beforeEach(() => resetDefaultGraph());

test.each(golden.cases)('golden: $numHeads heads, initialStateAttention $initialStateAttention', (of) => {
  const at = (value: number[][] | number[][][]) => constant(value, { dtype: 'float64' });
  const [outputs, state] = legacySeq2seq.attentionDecoder(
    unstack(at(golden.inputs)),
    at(golden.state),
    at(golden.memory),
    new GRUCell(3),
    { ...of, outputSize: golden.outputSize },
  );
  const session = new Session({ backend: reference() });
  setLinspace(session);
  const got = session.runSync({ outputs, state });
  session.close();
  got.outputs.forEach((output, i) => expectClose(output.toArray(), of.outputs[i], 1e-9));
  expectClose(got.state.toArray(), of.state, 1e-9);
});

test("variables have TensorFlow's names", () => {
  const cell = new BasicLSTMCell(3);
  const memory = placeholder('float32', [null, null, 2]);
  legacySeq2seq.attentionDecoder([zeros([1, 4]), zeros([1, 4])], cell.zeroState(1, 'float32'), memory, cell, {
    numHeads: 2,
  });
  expect(variables().sort()).toEqual(
    [
      'attention_decoder/AttnOutputProjection/bias 3',
      'attention_decoder/AttnOutputProjection/kernel 7x3',
      'attention_decoder/AttnV_0 2',
      'attention_decoder/AttnV_1 2',
      'attention_decoder/AttnW_0 1x1x2x2',
      'attention_decoder/AttnW_1 1x1x2x2',
      'attention_decoder/Attention_0/bias 2',
      'attention_decoder/Attention_0/kernel 6x2',
      'attention_decoder/Attention_1/bias 2',
      'attention_decoder/Attention_1/kernel 6x2',
      'attention_decoder/basic_lstm_cell/bias 12',
      'attention_decoder/basic_lstm_cell/kernel 7x12',
      'attention_decoder/bias 4',
      'attention_decoder/kernel 8x4',
    ].sort(),
  );
});

test('the query is the whole state, of several layers too, and a loop function makes inputs', () => {
  const cell = new MultiRNNCell([new GRUCell(2), new BasicLSTMCell(3)]);
  const memory = constant([
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  const [outputs] = legacySeq2seq.attentionDecoder(
    [zeros([1, 4]), zeros([1, 4])],
    cell.zeroState(1, 'float32'),
    memory,
    cell,
    { outputSize: 4, loopFunction: (previous) => previous.mul(2) },
  );
  expect(run(outputs).map((t) => t.shape)).toEqual([
    [1, 4],
    [1, 4],
  ]);
  expect(variables()).toContain('attention_decoder/Attention_0/kernel 8x2');
});

describe('gradients', () => {
  test.each([[{}], [{ numHeads: 2, initialStateAttention: true }], [{ loopFunction: undefined, outputSize: 3 }]])(
    '%j',
    (options) => {
      checkDecoder([2, 3, 2], (memory) => {
        const cell = new BasicLSTMCell(2);
        const inputs = [0.3, -0.6].map((v) =>
          constant(
            [
              [v, 0.2],
              [0.4, -v],
            ],
            { dtype: 'float64' },
          ),
        );
        return legacySeq2seq.attentionDecoder(inputs, cell.zeroState(2, 'float64'), memory, cell, options);
      });
    },
  );
});

test('says what is wrong', () => {
  const cell = new GRUCell(2);
  const zero = cell.zeroState(1, 'float32');
  const memory = zeros([1, 3, 2]);
  const inputs = [zeros([1, 4])];
  const { attentionDecoder } = legacySeq2seq;
  expect(() => attentionDecoder([], zero, memory, cell)).toThrow(/at least one decoder input/);
  expect(() => attentionDecoder(inputs, zero, memory, cell, { numHeads: 0 })).toThrow(/at least one head, got 0/);
  expect(() => attentionDecoder(inputs, zero, placeholder('float32', [1, 3, null]), cell)).toThrow(
    /expected attentionStates \[batch, time, depth\] of known depth/,
  );
  const pictures = new ConvLSTMCell(2, [4, 4, 1], 2, [3, 3]);
  expect(() => attentionDecoder(inputs, pictures.zeroState(1, 'float32'), memory, pictures)).toThrow(
    /expected a cell whose output is \[batch, units\], got \[4,4,2\]/,
  );
});
