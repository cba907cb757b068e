import { constant, resetDefaultGraph, unstack } from '@tensorloom/graph';
import { BasicLSTMCell, GRUCell, flatState, staticBidirectionalRnn } from '@tensorloom/rnn';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

// TensorFlow's numbers stand in drivers.test.ts.
test('outputs of both directions are joined', () => {
  const xs = [constant([[1, 2]]), constant([[3, 4]]), constant([[5, 6]])];
  const [outputs, fw, bw] = staticBidirectionalRnn(new GRUCell(3), new BasicLSTMCell(4), xs, { dtype: 'float32' });
  expect(outputs.map((y) => y.shape)).toEqual([
    [1, 7],
    [1, 7],
    [1, 7],
  ]);
  expect([fw.shape, bw.h.shape]).toEqual([
    [1, 3],
    [1, 4],
  ]);
});

test('gradients through time', () => {
  checkGradients({
    inputs: [[[[1, 2], [3, -1]], [[-1, 1], [2, 2]]]], // prettier-ignore
    order: 2,
    build: ([x]) => {
      const options = { dtype: 'float64' as const, sequenceLength: [2, 1] };
      const xs = unstack(x, { axis: 1 });
      const [outputs, ...states] = staticBidirectionalRnn(new GRUCell(2), new BasicLSTMCell(2), xs, options);
      return [...outputs, ...flatState(states)];
    },
  });
});

test('no inputs are an error', () => {
  expect(() => staticBidirectionalRnn(new GRUCell(2), new GRUCell(2), [], { dtype: 'float32' })).toThrow(
    'staticBidirectionalRnn: expected at least one input, got none.',
  );
});
