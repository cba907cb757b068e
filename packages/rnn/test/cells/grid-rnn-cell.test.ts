import { constant, placeholder, relu, resetDefaultGraph, tanh } from '@tensorloom/graph';
import { type Cell, GRUCell, GridRNNCell, LSTMCell, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's own test: one dimension without a cell is relu", () => {
  const cell = new GridRNNCell(2, { inputDims: 0, outputDims: 0, nonRecurrentDims: 0, nonRecurrentFn: relu });
  expect(cell.stateSize).toEqual([]);
  const [output] = stepOf(
    cell,
    [
      [1, -1],
      [-2, 1],
      [2, -1],
    ],
    [],
  );
  expectClose(output, [0, 0, 0, 0, 0.5, 0.5], 1e-6);
});

test('two dimensions that read half of the input each, and both give output', () => {
  const cell = new GridRNNCell(3, {
    numDims: 2,
    inputDims: [1, 0],
    outputDims: [0, 1],
    cellFn: (n) => new GRUCell(n),
  });
  const half = new GridRNNCell(3, {
    numDims: 2,
    inputDims: 0,
    outputDims: [0, 1],
    name: 'half',
    cellFn: (n) => new GRUCell(n),
  });
  expect([cell.stateSize, cell.outputSize]).toEqual([[3, 3], 6]);
  // With equal kernels, the second dimension's h made of the other half of the input is as if it had been remembered.
  const remembered = (0.2 + 0.4) * 0.5;
  const zero = constant([[0, 0, 0]]);
  const [both] = stepOf(cell, [[1, 2, 0.2, 0.4]], [zero, zero]);
  const [one] = stepOf(half, [[1, 2]], [zero, constant([[remembered, remembered, remembered]])]);
  expectClose(both, one, 1e-6);
});

test('gradients through time, with every kind of dimension', () => {
  checkBptt(
    () =>
      new GridRNNCell(1, {
        numDims: 3,
        inputDims: [0, 2],
        outputDims: [1, 2],
        priorityDims: 1,
        nonRecurrentDims: 2,
        nonRecurrentFn: tanh,
        tied: true,
      }),
    2,
    1,
  );
});

test('errors', () => {
  expect(() => new GridRNNCell(2)).toThrow(/^GridRNNCell: expected at least one output dimension, got none\./);
  expect(() => new GridRNNCell(2, { numDims: 2, outputDims: 2 })).toThrow(
    /^GridRNNCell: expected dimensions from 0 to 1, got \[2\]\./,
  );
  expect(() => new GridRNNCell(2, { outputDims: 0, cellFn: () => new LSTMCell(2, { numProj: 1 }) })).toThrow(
    /^GridRNNCell: expected cellFn to make cells of 2 units, got one whose outputSize is 1\./,
  );
  const options = { numDims: 2, outputDims: 0 };
  const open: Cell = new GridRNNCell(2, { ...options, nonRecurrentDims: 0 });
  const x = placeholder('float32', [1, 3]);
  expect(() => open.call(x, open.zeroState(1, 'float32'))).toThrow(
    /^GridRNNCell: dimension 0 is not recurrent and has no input\./,
  );
  const cell: Cell = new GridRNNCell(2, { ...options, inputDims: [0, 1] });
  const h = constant([[0, 0]]);
  expect(() => cell.call(x, [h])).toThrow(/^GridRNNCell: expected an array with a state for each of the 2 recurrent/);
  expect(() => cell.call(x, [h, h])).toThrow(
    /^GridRNNCell: expected a state \{ c, h \} of dimension 0, got a tensor\./,
  );
  const gru: Cell = new GridRNNCell(2, { ...options, cellFn: (n) => new GRUCell(n) });
  expect(() => gru.call(x, [{ c: h, h }, h])).toThrow(
    /^GridRNNCell: expected a tensor as the state of dimension 0, got a structure\./,
  );
  expect(() => dynamicRnn(cell, placeholder('float32', [1, 2, 3]), { dtype: 'float32' })).toThrow(
    /^GridRNNCell: expected an input whose depth is a multiple of 2, the number of input dimensions, got /,
  );
});
