import { type Tensor, constant, placeholder, relu, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import {
  type Cell,
  Grid1BasicLSTMCell,
  Grid1BasicRNNCell,
  Grid1LSTMCell,
  Grid2BasicLSTMCell,
  Grid2BasicRNNCell,
  Grid2GRUCell,
  Grid2LSTMCell,
  Grid3LSTMCell,
  type LSTMState,
  dynamicRnn,
} from '@tensorloom/rnn';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkBptt, expectClose, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const lstm = (c: number[], h: number[]): LSTMState => ({ c: constant([c]), h: constant([h]) });
const first = (): LSTMState => lstm([0.1, 0.2], [0.3, 0.4]);
const second = (): LSTMState => lstm([0.5, 0.6], [0.7, 0.8]);
const third = (): LSTMState => lstm([-0.1, -0.2], [-0.3, -0.4]);
const peepholes = { usePeepholes: true };
const rows = (...values: number[]): Tensor => constant(values.map((v) => [v, v]));

interface Case {
  readonly name: string;
  readonly cell: () => Cell;
  readonly x: number[][];
  readonly state: () => Parameters<Cell['call']>[1];
  readonly kernel: number;
  readonly output: number[];
  readonly after: number[][];
}

const ONE = [[1, 1, 1]];
const two: Pick<Case, 'output' | 'after'> = {
  output: [0.95686918, 0.95686918],
  after: [
    [2.41515064, 2.41515064],
    [0.95686918, 0.95686918],
    [1.38917875, 1.49043763],
    [0.83884692, 0.86036491],
  ],
};
const twoBasic: Pick<Case, 'output' | 'after'> = {
  output: [0.36617181, 0.36617181],
  after: [
    [0.71053141, 0.71053141],
    [0.36617181, 0.36617181],
    [0.72320831, 0.80555487],
    [0.39102408, 0.42150158],
  ],
};
const twoPlain: Pick<Case, 'output' | 'after'> = {
  output: [0.94685763, 0.94685763, 0.99480951, 0.99480951],
  after: [
    [0.94685763, 0.94685763, 0.99480951, 0.99480951],
    [0.80049908, 0.80049908, 0.97574311, 0.97574311],
  ],
};

describe("TensorFlow's own tests", () => {
  test.each<Case>([
    {
      name: 'Grid2BasicLSTMCell',
      cell: () => new Grid2BasicLSTMCell(2),
      x: ONE,
      state: () => [first(), second()],
      kernel: 0.2,
      ...twoBasic,
    },
    {
      name: 'Grid2BasicLSTMCell tied',
      cell: () => new Grid2BasicLSTMCell(2, { tied: true }),
      x: ONE,
      state: () => [first(), second()],
      kernel: 0.2,
      ...twoBasic,
    },
    {
      name: 'Grid2BasicLSTMCell with relu',
      cell: () => new Grid2BasicLSTMCell(2, { nonRecurrentFn: relu }),
      x: ONE,
      state: () => [first()],
      kernel: 0.2,
      output: [0.31667367, 0.31667367],
      after: [
        [0.29530135, 0.37520045],
        [0.17044567, 0.21292259],
      ],
    },
    {
      name: 'Grid2LSTMCell',
      cell: () => new Grid2LSTMCell(2, peepholes),
      x: ONE,
      state: () => [first(), second()],
      kernel: 0.5,
      ...two,
    },
    {
      name: 'Grid2LSTMCell tied',
      cell: () => new Grid2LSTMCell(2, { ...peepholes, tied: true }),
      x: ONE,
      state: () => [first(), second()],
      kernel: 0.5,
      ...two,
    },
    {
      name: 'Grid2LSTMCell with relu',
      cell: () => new Grid2LSTMCell(2, { ...peepholes, nonRecurrentFn: relu }),
      x: ONE,
      state: () => [first()],
      kernel: 0.5,
      output: [2.1831727, 2.1831727],
      after: [
        [0.92270052, 1.02325559],
        [0.66159075, 0.70475441],
      ],
    },
    {
      name: 'Grid2BasicRNNCell',
      cell: () => new Grid2BasicRNNCell(2),
      x: [
        [1, 1],
        [2, 2],
      ],
      state: () => [rows(0.1, 0.2), rows(0.1, 0.2)],
      kernel: 0.5,
      ...twoPlain,
    },
    {
      name: 'Grid2BasicRNNCell tied',
      cell: () => new Grid2BasicRNNCell(2, { tied: true }),
      x: [
        [1, 1],
        [2, 2],
      ],
      state: () => [rows(0.1, 0.2), rows(0.1, 0.2)],
      kernel: 0.5,
      ...twoPlain,
    },
    {
      name: 'Grid2BasicRNNCell with relu',
      cell: () => new Grid2BasicRNNCell(2, { nonRecurrentFn: relu }),
      x: [[1, 1]],
      state: () => [rows(0.1)],
      kernel: 0.5,
      output: [1.80049896, 1.80049896],
      after: [[0.80049896, 0.80049896]],
    },
    {
      name: 'Grid1LSTMCell',
      cell: () => new Grid1LSTMCell(2, peepholes),
      x: ONE,
      state: () => [first()],
      kernel: 0.5,
      output: [0.91287315, 0.91287315],
      after: [
        [2.26285243, 2.26285243],
        [0.91287315, 0.91287315],
      ],
    },
    {
      name: 'Grid1LSTMCell, later and without input',
      cell: () => new Grid1LSTMCell(2, peepholes),
      x: [[]],
      state: () => [lstm([2.26285243, 2.26285243], [0.91287315, 0.91287315])],
      kernel: 0.5,
      output: [0.9032144, 0.9032144],
      after: [
        [2.79966092, 2.79966092],
        [0.9032144, 0.9032144],
      ],
    },
    {
      name: 'Grid3LSTMCell',
      cell: () => new Grid3LSTMCell(2, peepholes),
      x: ONE,
      state: () => [first(), second(), third()],
      kernel: 0.5,
      output: [0.96892911, 0.96892911],
      after: [
        [2.45227885, 2.45227885],
        [0.96892911, 0.96892911],
        [1.33592629, 1.4373529],
        [0.80867189, 0.83247656],
        [0.7317788, 0.63205892],
        [0.56548983, 0.50446129],
      ],
    },
  ])('$name', ({ cell, x, state, kernel, output, after }) => {
    const [got, ...states] = stepOf(cell(), x, state(), kernel);
    expectClose(got, output, 2e-6);
    expectClose(states, after, 2e-6);
  });
});

const cells: Record<string, (units: number) => Cell> = {
  Grid1BasicRNNCell: (n) => new Grid1BasicRNNCell(n),
  Grid2BasicRNNCell: (n) => new Grid2BasicRNNCell(n),
  Grid1BasicLSTMCell: (n) => new Grid1BasicLSTMCell(n),
  Grid2BasicLSTMCell: (n) => new Grid2BasicLSTMCell(n),
  Grid1LSTMCell: (n) => new Grid1LSTMCell(n),
  Grid2LSTMCell: (n) => new Grid2LSTMCell(n),
  Grid3LSTMCell: (n) => new Grid3LSTMCell(n),
  Grid2GRUCell: (n) => new Grid2GRUCell(n),
};

describe.each(Object.entries(cells))('%s', (name, cellOf) => {
  const dims = Number(name[4]);
  const inner = name.includes('BasicRNN')
    ? 'basic_rnn_cell'
    : name.includes('BasicLSTM')
      ? 'basic_lstm_cell'
      : name.includes('GRU')
        ? 'gru_cell'
        : 'lstm_cell';
  const withMemory = name.includes('LSTM');

  test('names, in the order of TensorFlow, and sizes', () => {
    const cell = cellOf(3);
    expect([cell.stateSize, cell.outputSize]).toEqual([Array(dims).fill(withMemory ? { c: 3, h: 3 } : 3), 3]);
    const [outputs] = dynamicRnn(cell, placeholder('float32', [null, 4, 5]), { dtype: 'float32' });
    expect(outputs.shape).toEqual([null, 4, 3]);
    const weights =
      inner === 'gru_cell' ? ['gates/kernel', 'gates/bias', 'candidate/kernel', 'candidate/bias'] : ['kernel', 'bias'];
    // The first dimension has priority: it goes last.
    const order = [...Array.from({ length: dims - 1 }, (_, d) => d + 1), 0];
    expect(trainableVariables().map((v) => v.op)).toEqual(
      [
        'project_m_0',
        ...(withMemory ? ['project_c_0'] : []),
        ...order.flatMap((d) => weights.map((w) => `recurrent/cell_${d}/${inner}/${w}`)),
      ].map((v) => `rnn/${name}/${v}`),
    );
  });

  test('gradients through time', () => checkBptt(() => cellOf(1), 2, 1));
});

test('tied cells, and what takes the place of a cell', () => {
  const x = placeholder('float32', [2, 4, 5]);
  dynamicRnn(new Grid2LSTMCell(3, { tied: true, name: 'tied' }), x, { dtype: 'float32' });
  dynamicRnn(new Grid2GRUCell(3, { nonRecurrentFn: relu, name: 'open' }), x, { dtype: 'float32', scope: 'b' });
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/tied/project_m_0', [5, 3]],
    ['rnn/tied/project_c_0', [5, 3]],
    ['rnn/tied/recurrent/lstm_cell/kernel', [6, 12]],
    ['rnn/tied/recurrent/lstm_cell/bias', [12]],
    ['b/open/project_m_0', [5, 3]],
    ['b/open/recurrent/cell_1/gru_cell/gates/kernel', [6, 6]],
    ['b/open/recurrent/cell_1/gru_cell/gates/bias', [6]],
    ['b/open/recurrent/cell_1/gru_cell/candidate/kernel', [6, 3]],
    ['b/open/recurrent/cell_1/gru_cell/candidate/bias', [3]],
    ['b/open/non_recurrent/cell_0/fully_connected/weights', [6, 3]],
    ['b/open/non_recurrent/cell_0/fully_connected/biases', [3]],
  ]);
});
