import { constant, placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { BidirectionalGridLSTMCell, type Cell, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkBptt, expectClose, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const windows = { featureSize: 2, frequencySkip: 1, numFrequencyBlocks: [3] };

/** Of the three rows: h of time and frequency for each of the windows. */
const up = [
  [0.46413, 0.419165, 0.593283, 0.73835, 0.661638, 0.866774],
  [0.669636, 0.628966, 0.736057, 0.895927, 0.755559, 0.954359],
  [0.751109, 0.711716, 0.778357, 0.940779, 0.78453, 0.980604],
];
const upMemories = [
  [0.71066, 0.877293, 0.958505],
  [0.967579, 1.038811, 1.058201],
  [1.053842, 1.079919, 1.08562],
];

describe("TensorFlow's own tests: 2 units, three windows of 2, shared weights 0.5, states 0.1", () => {
  test.each([
    {
      backwardSliceOffset: 0,
      down: [
        [0.520789, 0.476968, 0.604341, 0.760207, 0.635773, 0.850218],
        [0.692621, 0.652363, 0.737517, 0.899558, 0.745984, 0.94684],
        [0.75994, 0.720652, 0.778552, 0.941606, 0.781035, 0.977731],
      ],
      downMemories: [
        [0.785405, 0.890836, 0.928512],
        [0.993088, 1.040288, 1.048773],
        [1.062455, 1.080101, 1.082402],
      ],
    },
    {
      backwardSliceOffset: 1,
      down: [
        [0.322645, 0.276068, 0.584654, 0.690292, 0.640446, 0.840071],
        [0.493625, 0.449236, 0.730828, 0.865996, 0.749429, 0.944958],
        [0.608587, 0.566683, 0.777345, 0.92582, 0.782597, 0.976858],
      ],
      downMemories: [
        [0.516575, 0.866628, 0.934002],
        [0.749836, 1.033488, 1.052186],
        [0.895999, 1.078978, 1.083843],
      ],
    },
  ])('the way down begins $backwardSliceOffset higher', ({ backwardSliceOffset, down, downMemories }) => {
    const cell = new BidirectionalGridLSTMCell(2, { ...windows, shareTimeFrequencyWeights: true, backwardSliceOffset });
    const filled = constant(0.1, { shape: [3, 2] });
    const way = [Array.from({ length: 3 }, () => ({ c: filled, h: filled }))];
    const x = [1, 2, 3].map((v) => [v, v + 0.1, v + 0.2, v + 0.3]);
    const [output, ...states] = stepOf(cell, x, [way, way]);
    expectClose(
      output,
      up.map((row, i) => [...row, ...down[i]].flatMap((v) => [v, v])),
      1e-6,
    );
    const columns = (memories: number[][], outputs: number[][]): number[][] =>
      [0, 1, 2].flatMap((k) =>
        [memories.map((row) => row[k]), outputs.map((row) => row[2 * k])].map((c) => c.flatMap((v) => [v, v])),
      );
    expectClose(states, [...columns(upMemories, up), ...columns(downMemories, down)], 1e-6);
  });
});

test('names and sizes', () => {
  const cell: Cell = new BidirectionalGridLSTMCell(5, { ...windows, numFrequencyBlocks: [1] });
  const way = [[{ c: 5, h: 5 }]];
  expect([cell.stateSize, cell.outputSize]).toEqual([[way, way], 20]);
  const [outputs] = dynamicRnn(cell, placeholder('float32', [null, 4, 2]), { dtype: 'float32' });
  expect(outputs.shape).toEqual([null, 4, 20]);
  expect(trainableVariables().map((v) => v.op)).toEqual(
    ['fwd', 'bwd'].flatMap((way) =>
      ['W_f_0_0', 'B_f_0', 'W_t_0_0', 'B_t_0'].map((name) => `rnn/bidirectional_grid_lstm_cell/${way}/${name}`),
    ),
  );
});

test('gradients through time', () => {
  const options = { featureSize: 1, frequencySkip: 1, numFrequencyBlocks: [2], backwardSliceOffset: -1 };
  checkBptt(() => new BidirectionalGridLSTMCell(1, options), 2, 1);
});

test('errors', () => {
  expect(() => new BidirectionalGridLSTMCell(2, { ...windows, startFreqindexList: [0, 1] })).toThrow(
    /^BidirectionalGridLSTMCell: expected a start and an end for each of the 1 numFrequencyBlocks, got 2 and 1\./,
  );
  const cell: Cell = new BidirectionalGridLSTMCell(2, windows);
  const zero = constant(0, { shape: [1, 2] });
  expect(() => cell.call(placeholder('float32', [1, 4]), zero)).toThrow(
    /^BidirectionalGridLSTMCell: expected a state \[block\]\[window\] of \{ c, h \}/,
  );
});
