import { constant, ones, resetDefaultGraph, unstack, variableScope, zeros } from '@tensorloom/graph';
import { BasicLSTMCell, GRUCell, legacySeq2seq, staticRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';
import { expectClose } from '../support.js';
import { checkDecoder, variables } from './support.js';

beforeEach(() => resetDefaultGraph());

const inputs = () => [constant([[1, 2]]), constant([[3, 4]]), constant([[5, 6]])];

test('is staticRnn from a state, in a scope of its own', () => {
  const cell = new BasicLSTMCell(3);
  const zero = cell.zeroState(1, 'float32');
  const [outputs, state] = legacySeq2seq.rnnDecoder(inputs(), zero, cell);
  const [want, last] = staticRnn(cell, inputs(), { initialState: zero });
  const got = run({ outputs, want, state, last });
  got.outputs.forEach((output, i) => expectClose(output.toArray(), got.want[i].toArray()));
  expectClose(got.state.c.toArray(), got.last.c.toArray());
  expect(variables()).toEqual(['rnn_decoder/basic_lstm_cell/kernel 5x12', 'rnn_decoder/basic_lstm_cell/bias 12']);
});

test('a loop function makes the inputs after the first', () => {
  const cell = { stateSize: 1, outputSize: 2, zeroState: () => zeros([1, 1]), call: cellCall };
  function cellCall(x: ReturnType<typeof constant>, s: ReturnType<typeof constant>) {
    return [x.mul(2), s.add(1)] as const;
  }
  const seen: number[] = [];
  const [outputs, state] = legacySeq2seq.rnnDecoder(inputs(), cell.zeroState(), cell, {
    loopFunction: (previous, i) => {
      seen.push(i);
      return previous.add(i);
    },
  });
  const got = run({ outputs, state });
  expect(got.outputs.map((t) => t.toArray())).toEqual([[[2, 4]], [[6, 10]], [[16, 24]]]);
  expect(got.state.toArray()).toEqual([[3]]);
  expect(seen).toEqual([1, 2]);
});

test('a cell that asks for its variables at each step shares them', () => {
  const cell = new GRUCell(2);
  const plain = {
    stateSize: 2,
    outputSize: 2,
    zeroState: cell.zeroState.bind(cell),
    call: (x: ReturnType<typeof constant>, s: ReturnType<typeof constant>) => new GRUCell(2).call(x, s),
  };
  legacySeq2seq.rnnDecoder(inputs(), ones([1, 2]), plain);
  expect(variables()).toHaveLength(4);
});

test('gradients', () => {
  checkDecoder([3, 2, 2], (x) =>
    variableScope('root', () =>
      legacySeq2seq.rnnDecoder(
        unstack(x),
        constant(
          [
            [0.1, 0.2, 0.3],
            [0.3, 0.2, 0.1],
          ],
          { dtype: 'float64' },
        ),
        new GRUCell(3),
        {
          loopFunction: (previous, i) => previous.slice([0, 0], [2, 2]).mul(i),
        },
      ),
    ),
  );
});

test('there must be an input', () => {
  const cell = new GRUCell(2);
  expect(() => legacySeq2seq.rnnDecoder([], cell.zeroState(1, 'float32'), cell)).toThrow(/at least one decoder input/);
});
