import { type Tensor, constant, resetDefaultGraph } from '@tensorloom/graph';
import { BasicLSTMCell, GRUCell, stackBidirectionalDynamicRnn, stackBidirectionalRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

// TensorFlow's numbers, and that both agree, stand in drivers.test.ts.
test('each layer reads the joined outputs of the one below, from states of its own', () => {
  const x = constant(0.5, { shape: [2, 3, 4] });
  const cells = [new GRUCell(2), new BasicLSTMCell(3)] as const;
  const initialStatesFw = [constant(0, { shape: [2, 2] }), new BasicLSTMCell(3).zeroState(2, 'float32')] as const;
  const [outputs, fw, bw] = stackBidirectionalDynamicRnn(cells, [new GRUCell(2), new GRUCell(3)], x, {
    dtype: 'float32',
    initialStatesFw,
  });
  expect(outputs.shape).toEqual([2, 3, 6]);
  expect([fw[1].c.shape, bw[1].shape]).toEqual([
    [2, 3],
    [2, 3],
  ]);
});

test('as many cells backwards as forwards, and a state for each', () => {
  const xs = [constant([[1, 2]])];
  expect(() => stackBidirectionalRnn([new GRUCell(2)], [], xs, { dtype: 'float32' })).toThrow(
    /^stackBidirectionalRnn: expected as many forward as backward cells, at least one, got 1 and 0/,
  );
  const cells: GRUCell[] = [new GRUCell(2)];
  const initialStatesFw: Tensor[] = [];
  expect(() => stackBidirectionalRnn(cells, [new GRUCell(2)], xs, { dtype: 'float32', initialStatesFw })).toThrow(
    /expected 1 initial states, one for each layer, got 0/,
  );
});
