import { placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import * as rnn from '../src/index.js';
import { dynamicRnn } from '../src/index.js';

beforeEach(() => resetDefaultGraph());

const gru = (scope: string): string[] =>
  ['gates/kernel', 'gates/bias', 'candidate/kernel', 'candidate/bias'].map((name) => `${scope}gru_cell/${name}`);
const layer = (scope: string): string[] => [`${scope}/kernel`, `${scope}/bias`];
const below = (scope: string, names: readonly string[]): string[] => names.map((name) => `${scope}/${name}`);

/** The variables that TensorFlow 1 makes below the scope `rnn`, in its order. */
const table: readonly (readonly [string, () => rnn.Cell, readonly string[]])[] = [
  ['BasicRNNCell', () => new rnn.BasicRNNCell(4), layer('basic_rnn_cell')],
  ['GRUCell', () => new rnn.GRUCell(4), gru('')],
  ['BasicLSTMCell', () => new rnn.BasicLSTMCell(4), layer('basic_lstm_cell')],
  [
    'LSTMCell',
    () => new rnn.LSTMCell(4, { usePeepholes: true, numProj: 2 }),
    below('lstm_cell', ['kernel', 'bias', 'w_f_diag', 'w_i_diag', 'w_o_diag', 'projection/kernel']),
  ],
  [
    'MultiRNNCell',
    () => new rnn.MultiRNNCell([new rnn.BasicLSTMCell(4), new rnn.GRUCell(3)]),
    below('multi_rnn_cell', [...layer('cell_0/basic_lstm_cell'), ...gru('cell_1/')]),
  ],
  ['DropoutWrapper', () => new rnn.DropoutWrapper(new rnn.GRUCell(4), { outputKeepProb: 0.5 }), gru('')],
  ['ResidualWrapper', () => new rnn.ResidualWrapper(new rnn.GRUCell(4)), gru('')],
  ['DeviceWrapper', () => new rnn.DeviceWrapper(new rnn.GRUCell(4), '/cpu:0'), gru('')],
  [
    'HighwayWrapper',
    () => new rnn.HighwayWrapper(new rnn.GRUCell(4), { coupleCarryTransformGates: false }),
    [...gru(''), 'carry_w', 'carry_b', 'transform_w', 'transform_b'],
  ],
  [
    'InputProjectionWrapper',
    () => new rnn.InputProjectionWrapper(new rnn.GRUCell(4), 3),
    below('input_projection_wrapper', ['kernel', 'bias', ...gru('')]),
  ],
  [
    'OutputProjectionWrapper',
    () => new rnn.OutputProjectionWrapper(new rnn.GRUCell(4), 3),
    below('output_projection_wrapper', [...gru(''), 'kernel', 'bias']),
  ],
  [
    'AttentionCellWrapper',
    () => new rnn.AttentionCellWrapper(new rnn.GRUCell(4), 2),
    below('attention_cell_wrapper', [
      ...['kernel', 'bias', ...gru('')],
      ...below('attention', ['attn_w', 'attn_v', 'kernel', 'bias']),
      ...layer('attn_output_projection'),
    ]),
  ],
  ['SRUCell', () => new rnn.SRUCell(4), layer('sru_cell')],
  ['IndRNNCell', () => new rnn.IndRNNCell(4), below('ind_rnn_cell', ['kernel_w', 'kernel_u', 'bias'])],
  [
    'IndyGRUCell',
    () => new rnn.IndyGRUCell(4),
    below('indy_gru_cell', [
      ...below('gates', ['kernel_w', 'kernel_u', 'bias']),
      ...below('candidate', ['kernel', 'kernel_u', 'bias']),
    ]),
  ],
  ['IndyLSTMCell', () => new rnn.IndyLSTMCell(4), below('indy_lstm_cell', ['kernel_w', 'kernel_u', 'bias'])],
  ['CFNCell', () => new rnn.CFNCell(4), below('cfn_cell', ['kernel', 'recurrent_kernel', 'bias'])],
  ['MinimalRNNCell', () => new rnn.MinimalRNNCell(4), layer('minimal_rnn_cell')],
  [
    'GLSTMCell',
    () => new rnn.GLSTMCell(4, { numberOfGroups: 2 }),
    below('glstm_cell', ['group0/kernel', 'group1/kernel', 'bias_i', 'bias_j', 'bias_f', 'bias_o']),
  ],
  [
    'WeightNormLSTMCell',
    () => new rnn.WeightNormLSTMCell(4),
    below('weight_norm_lstm_cell/wn_lstm_cell', ['kernel', 'norm_0', 'norm_1', 'bias']),
  ],
];

test.each(table)('%s', (_, make, names) => {
  dynamicRnn(make(), placeholder('float32', [2, 3, 4]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => v.op)).toEqual(below('rnn', names));
});

test('a driver of several steps asks for variables once, and a scope of its own comes before them', () => {
  dynamicRnn(new rnn.GRUCell(2), placeholder('float32', [2, 3, 4]), { dtype: 'float32', scope: 'decoder' });
  expect(trainableVariables().map((v) => v.op)).toEqual(below('decoder', gru('')));
});
