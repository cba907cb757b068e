import { type Tensor, constant, placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import * as rnn from '../src/index.js';
import { dynamicRnn } from '../src/index.js';

beforeEach(() => resetDefaultGraph());

const gru = (scope: string): string[] =>
  ['gates/kernel', 'gates/bias', 'candidate/kernel', 'candidate/bias'].map((name) => `${scope}gru_cell/${name}`);
const layer = (scope: string): string[] => [`${scope}/kernel`, `${scope}/bias`];
const below = (scope: string, names: readonly string[]): string[] => names.map((name) => `${scope}/${name}`);

const { AttentionWrapper, ...seq2seq } = rnn.seq2seq;
const memory = (): Tensor => constant(0, { shape: [2, 5, 3] });

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
  ['UGRNNCell', () => new rnn.UGRNNCell(4), layer('ugrnn_cell')],
  [
    'IntersectionRNNCell',
    () => new rnn.IntersectionRNNCell(3, { numInProj: 3 }),
    below('intersection_rnn_cell', [...layer('in_projection'), 'kernel', 'bias']),
  ],
  [
    'NASCell',
    () => new rnn.NASCell(4, { numProj: 2, useBias: true }),
    below('nas_cell', ['recurrent_kernel', 'kernel', 'bias', 'projection_weights']),
  ],
  [
    'LayerNormBasicLSTMCell',
    () => new rnn.LayerNormBasicLSTMCell(4),
    below('layer_norm_basic_lstm_cell', [
      'kernel',
      ...['input', 'transform', 'forget', 'output', 'state'].flatMap((scope) => [`${scope}/gamma`, `${scope}/beta`]),
    ]),
  ],
  [
    'CoupledInputForgetGateLSTMCell',
    () => new rnn.CoupledInputForgetGateLSTMCell(4, { usePeepholes: true, numProj: 2 }),
    below('coupled_input_forget_gate_lstm_cell', ['W_0', 'B', 'W_F_diag', 'W_O_diag', 'W_P_0']),
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
  [
    'AttentionWrapper',
    () => new AttentionWrapper(new rnn.GRUCell(4), new seq2seq.LuongAttention(4, memory()), { attentionLayerSize: 2 }),
    below('attention_wrapper', [...gru(''), 'attention_layer/kernel']),
  ],
  [
    'AttentionWrapper of several',
    () =>
      new AttentionWrapper(
        new rnn.GRUCell(4),
        [
          new seq2seq.LuongAttention(4, memory(), { scale: true }),
          new seq2seq.LuongAttention(4, memory(), { scale: true }),
          new seq2seq.BahdanauAttention(2, memory(), { normalize: true }),
        ],
        { attentionLayerSize: [2, 1, 3] },
      ),
    below('attention_wrapper', [
      ...gru(''),
      ...['luong_attention/attention_g', 'attention_layer/kernel'],
      ...['luong_attention_1/attention_g', 'attention_layer_1/kernel'],
      ...below('bahdanau_attention', ['query_layer/kernel', 'attention_v', 'attention_g', 'attention_b']),
      'attention_layer_2/kernel',
    ]),
  ],
  [
    'AttentionWrapper, monotonic',
    () =>
      new AttentionWrapper(new rnn.GRUCell(4), [
        new seq2seq.LuongMonotonicAttention(4, memory(), { scale: true }),
        new seq2seq.BahdanauMonotonicAttention(2, memory(), { normalize: true }),
      ]),
    below('attention_wrapper', [
      ...gru(''),
      ...below('luong_monotonic_attention', ['attention_g', 'attention_score_bias']),
      ...below('bahdanau_monotonic_attention', [
        ...['query_layer/kernel', 'attention_v', 'attention_g', 'attention_b', 'attention_score_bias'],
      ]),
    ]),
  ],
];

test.each(table)('%s', (_, make, names) => {
  const cell = make();
  // Attention mechanisms make the layers of their memories where they are made themselves.
  const before = trainableVariables().length;
  dynamicRnn(cell, placeholder('float32', [2, 3, 4]), { dtype: 'float32' });
  const made = trainableVariables().map((v) => v.op);
  expect(made.slice(before)).toEqual(below('rnn', names));
  expect(made.slice(0, before)).toEqual(
    ['memory_layer', 'memory_layer_1', 'memory_layer_2'].slice(0, before).map((layer) => `${layer}/kernel`),
  );
});

test('a driver of several steps asks for variables once, and a scope of its own comes before them', () => {
  dynamicRnn(new rnn.GRUCell(2), placeholder('float32', [2, 3, 4]), { dtype: 'float32', scope: 'decoder' });
  expect(trainableVariables().map((v) => v.op)).toEqual(below('decoder', gru('')));
});
