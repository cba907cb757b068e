import { constant, placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { BasicLSTMCell, GRUCell, bidirectionalDynamicRnn, flatState } from '@tensorloom/rnn';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

// TensorFlow's numbers stand in drivers.test.ts.
test('pairs of outputs and states, of unknown batches too', () => {
  const X = placeholder('float32', [null, 5, 2]);
  const [[fw, bw], [stateFw, stateBw]] = bidirectionalDynamicRnn(new GRUCell(3), new BasicLSTMCell(4), X, {
    dtype: 'float32',
    scope: 'both',
  });
  expect([fw.shape, bw.shape]).toEqual([
    [null, 5, 3],
    [null, 5, 4],
  ]);
  expect([stateFw.shape?.[1], stateBw.c.shape?.[1]]).toEqual([3, 4]);
  expect(trainableVariables().map((v) => v.op.split('/').slice(0, 2).join('/'))).toContain('both/bw');
});

test('gradients through time', () => {
  checkGradients({
    inputs: [[[[1, 2], [3, -1]], [[-1, 1], [2, 2]]]], // prettier-ignore
    order: 2,
    build: ([x]) => {
      const [outputs, states] = bidirectionalDynamicRnn(new GRUCell(2), new BasicLSTMCell(2), x, {
        dtype: 'float64',
        sequenceLength: [2, 1],
      });
      return [...outputs, ...flatState(states)];
    },
  });
});

test('initial states of their own; without one and without a dtype it is an error', () => {
  const x = constant(0.5, { shape: [1, 2, 2] });
  const initialStateFw = constant([[1, 1]]);
  expect(() => bidirectionalDynamicRnn(new GRUCell(2), new GRUCell(2), x, { initialStateFw })).toThrow(
    /expected a dtype or an initialState, got neither/,
  );
});
