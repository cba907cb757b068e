import { constant, ones, resetDefaultGraph } from '@tensorloom/graph';
import { AttentionCellWrapper, BasicLSTMCell, Conv1DLSTMCell, GRUCell, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';
import { checkBptt } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('sizes, and a zero state of the cell, the attention and the last outputs', () => {
  const cell = new AttentionCellWrapper(new BasicLSTMCell(3), 4, { attnSize: 2 });
  expect([cell.stateSize, cell.outputSize]).toEqual([[{ c: 3, h: 3 }, 2, 8], 2]);
  const [inner, attention, past] = cell.zeroState(5, 'float32');
  expect([inner.c.shape, attention.shape, past.shape]).toEqual([
    [5, 3],
    [5, 2],
    [5, 8],
  ]);
  const [output, next] = cell.call(constant(0.5, { shape: [5, 7] }), [inner, attention, past]);
  expect(output.shape).toEqual([5, 2]);
  expect(next[2].shape).toEqual([5, 8]);
});

test('one cell in two loops shares its variables', () => {
  const cell = new AttentionCellWrapper(new GRUCell(2), 2);
  const x = ones([1, 3, 2]);
  const [a] = dynamicRnn(cell, x, { dtype: 'float32' });
  const [b] = dynamicRnn(cell, x, { dtype: 'float32', scope: 'again' });
  const values = run({ a, b });
  expect(values.b.toArray()).toEqual(values.a.toArray());
});

test('gradients through time', () => checkBptt(() => new AttentionCellWrapper(new GRUCell(2), 2)));

test('errors', () => {
  expect(() => new AttentionCellWrapper(new GRUCell(2), 0)).toThrow(
    /AttentionCellWrapper: expected a positive number of outputs to attend to/,
  );
  const image = new Conv1DLSTMCell([4, 2], 3, [2]);
  expect(() => new AttentionCellWrapper(image, 2)).toThrow(
    /expected a cell whose output is \[batch, units\], got \[4,3\]/,
  );
});
