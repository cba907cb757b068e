import { type Tensor, constant, placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { type Cell, GridLSTMCell, type GridLSTMCellOptions, type GridLSTMState, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const ROWS = [1, 2, 3].map((v) => [v, v, v, v]);

/** A state of three rows in which every element is v. */
const filled = (units: number, v: number): Tensor => constant(v, { shape: [3, units] });
const state = (units: number, blocks: readonly number[]): GridLSTMState =>
  blocks.map((count) => Array.from({ length: count }, () => ({ c: filled(units, 0.1), h: filled(units, 0.1) })));

/** Rows of what was computed in columns of two units: each number twice. */
const twice = (...rows: number[][]): number[][] => rows.map((row) => row.flatMap((v) => [v, v]));

test("TensorFlow's own test with coupled gates: 2 units, three windows of 2, kernels 0.5, states 0.1", () => {
  const cell = new GridLSTMCell(2, {
    featureSize: 2,
    frequencySkip: 1,
    numFrequencyBlocks: [3],
    coupleInputForgetGates: true,
  });
  const [output, ...after] = stepOf(cell, ROWS, state(2, [3]));
  expectClose(
    output,
    twice(
      [0.416383, 0.403238, 0.52402, 0.565425, 0.557865, 0.609699],
      [0.627331, 0.622393, 0.688342, 0.708078, 0.694245, 0.715171],
      [0.71105, 0.709197, 0.736533, 0.744264, 0.73739, 0.74525],
    ),
    1e-6,
  );
  // c and h of each window, one after the other.
  const columns = [
    [0.625556, 0.875488, 0.957327],
    [0.416383, 0.627331, 0.71105],
    [0.759134, 0.936432, 0.979522],
    [0.52402, 0.688342, 0.736533],
    [0.798795, 0.941961, 0.980245],
    [0.557865, 0.694245, 0.73739],
  ];
  expectClose(
    after,
    columns.map((c) => c.flatMap((v) => [v, v])),
    1e-6,
  );
});

test("TensorFlow's own test with two blocks: each is a grid of its own", () => {
  const whole = { featureSize: 2, frequencySkip: 1, coupleInputForgetGates: true };
  const lists = { startFreqindexList: [0, 2], endFreqindexList: [2, 4] };
  const two = new GridLSTMCell(8, { ...whole, ...lists, numFrequencyBlocks: [1, 1] });
  const [output, ...after] = stepOf(two, ROWS, state(8, [1, 1]));
  expect([two.outputSize, output.length, after.map((s) => s.length)]).toEqual([32, 96, [24, 24, 24, 24]]);
  resetDefaultGraph();
  const [first] = stepOf(
    new GridLSTMCell(8, { ...whole, numFrequencyBlocks: [1] }),
    ROWS.map((row) => row.slice(2)),
    state(8, [1]),
  );
  // With equal weights the blocks, whose inputs are equal too, give the same.
  for (const row of [0, 1, 2]) {
    const whole32 = output.slice(32 * row, 32 * row + 32);
    expect([whole32.slice(0, 16), whole32.slice(16)]).toEqual([0, 1].map(() => first.slice(16 * row, 16 * row + 16)));
  }
});

const windows = { featureSize: 2, frequencySkip: 1, numFrequencyBlocks: [2] };
const names = (options: Partial<GridLSTMCellOptions>): string[] => {
  resetDefaultGraph();
  dynamicRnn(new GridLSTMCell(5, { ...windows, ...options }), placeholder('float32', [null, 4, 3]), {
    dtype: 'float32',
  });
  return trainableVariables().map((v) => `${v.op.replace('rnn/grid_lstm_cell/', '')} ${v.shape.join()}`);
};

test('names and sizes', () => {
  const cell: Cell = new GridLSTMCell(5, windows);
  const size = { c: 5, h: 5 };
  expect([cell.stateSize, cell.outputSize]).toEqual([[[size, size]], 20]);
  expect(names({})).toEqual(['W_f_0_0 12,20', 'B_f_0 20', 'W_t_0_0 12,20', 'B_t_0 20']);
  expect(names({ shareTimeFrequencyWeights: true, coupleInputForgetGates: true, usePeepholes: true })).toEqual([
    'W_f_0_0 12,15',
    'B_f_0 15',
    ...['I_diag_freqf', 'I_diag_freqt', 'O_diag_freqf', 'O_diag_freqt'].map((name) => `W_${name}_0 5`),
  ]);
  const gates = ['F', 'I', 'O'];
  const peepholes = ['freq', 'time'].flatMap((of) =>
    gates.flatMap((gate) => ['f', 't'].map((d) => `W_${gate}_diag_${of}${d}_0 5`)),
  );
  expect(names({ usePeepholes: true }).slice(4)).toEqual(peepholes);
  const lists = { numFrequencyBlocks: [1, 1], startFreqindexList: [0, 1], endFreqindexList: [2, 3] };
  expect(names(lists)).toEqual(
    [0, 1].flatMap((b) => [`W_f_${b}_0 12,20`, `B_f_${b} 20`, `W_t_${b}_0 12,20`, `B_t_${b} 20`]),
  );
});

test('gradients through time', () => {
  checkBptt(
    () =>
      new GridLSTMCell(1, {
        featureSize: 1,
        frequencySkip: 1,
        numFrequencyBlocks: [2],
        usePeepholes: true,
        cellClip: 0.7,
      }),
    2,
    1,
  );
});

test('errors', () => {
  expect(() => new GridLSTMCell(0, windows)).toThrow('GridLSTMCell: expected a positive number of units, got 0.');
  const cell: Cell = new GridLSTMCell(2, windows);
  expect(() => cell.call(placeholder('float32', [1, 5]), cell.zeroState(1, 'float32'))).toThrow(
    /^GridLSTMCell: expected 2 windows in block 0, frequencies 0 to 5 of 5, got 4\. Make numFrequencyBlocks what fits\./,
  );
  const zero = filled(2, 0);
  for (const wrong of [zero, { c: zero, h: zero }, [[{ c: zero, h: zero }]], [zero, zero]]) {
    expect(() => cell.call(placeholder('float32', [3, 3]), wrong)).toThrow(
      /^GridLSTMCell: expected a state \[block\]\[window\] of \{ c, h \} with 2 windows in block 0, got /,
    );
  }
  expect(() => cell.call(placeholder('float32', [3, 3]), [[zero, zero]])).toThrow(
    /^GridLSTMCell: expected a state \{ c, h \}, got \*/,
  );
});
