import {
  type DType,
  type Structure,
  type Tensor,
  type TensorLike,
  add,
  constant,
  gather,
  getVariable,
  globalVariables,
  isTensor,
  isTensorArray,
  matmul,
  minimum,
  ones,
  placeholder,
  resetDefaultGraph,
  stack,
  tanh,
  toInts,
  transpose,
  unstack,
  variableScope,
  zeros,
} from '@tensorloom/graph';
import * as rnn from '@tensorloom/rnn';
import { beforeEach, describe, expect, test } from 'vitest';
import { run } from './seq2seq/support.js';
import { expectClose } from './support.js';

beforeEach(() => resetDefaultGraph());

/** A cell without a base class, which asks for its variable at every step: h' = tanh(x K + h). */
const ownCell = (units = 2): rnn.Cell<Tensor> => ({
  stateSize: units,
  outputSize: units,
  zeroState: (batch: TensorLike, dtype: DType) => zeros([toInts(batch, 'own'), units], { dtype }),
  call(x: Tensor, h: Tensor) {
    const next = tanh(add(matmul(x, getVariable('own', [x.shape?.[1] ?? 0, units], { dtype: x.dtype })), h));
    return [next, next];
  },
});

/** A wrapper without a base class: the output twice. */
const doubled = <S extends Structure>(cell: rnn.Cell<S>): rnn.Cell<S> => ({
  stateSize: cell.stateSize,
  outputSize: cell.outputSize,
  zeroState: (batch, dtype) => cell.zeroState(batch, dtype),
  call(x, state) {
    const [output, next] = cell.call(x, state);
    return [output.mul(2), next];
  },
});

const inputs = () =>
  constant(
    [
      [
        [1, 2],
        [0, 1],
        [2, 0],
      ],
      [
        [0, -1],
        [1, 1],
        [3, 1],
      ],
    ].map((row) => row.map((x) => x.map((v) => v / 4))),
  );
const sequenceLength = [3, 2];

describe('plain objects are cells', () => {
  test('static, dynamic and raw drivers agree', () => {
    const x = inputs();
    const steps = unstack(x, { axis: 1 });
    const cell = doubled(ownCell());
    const shared = <T>(build: () => T): T => variableScope('', { reuse: 'auto' }, build);
    const [dynamic, state] = shared(() => rnn.dynamicRnn(cell, x, { dtype: 'float32', sequenceLength }));
    const [unrolled, last] = shared(() => rnn.staticRnn(cell, steps, { dtype: 'float32', sequenceLength }));
    const ends = constant(sequenceLength, { dtype: 'int32' });
    const [emitted, ended] = shared(() =>
      rnn.rawRnn(cell, (time, output, now) => [
        time.greaterEqual(ends),
        gather(stack(steps), minimum(time, 2)),
        now ?? cell.zeroState(2, 'float32'),
        output,
        null,
      ]),
    );
    if (!isTensorArray(emitted)) throw new Error('expected an array');
    expect(globalVariables().map((v) => v.op)).toEqual(['rnn/own']);
    const got = run({ dynamic, state, unrolled: stack(unrolled, { axis: 1 }), last, raw: emitted.stack(), ended });
    expectClose(got.unrolled.toArray(), got.dynamic.toArray());
    expectClose(run(transpose(constant(got.raw), [1, 0, 2])).toArray(), got.dynamic.toArray());
    for (const other of [got.last, got.ended]) expectClose(other.toArray(), got.state.toArray());
  });

  test('one variable, shared by all steps, gives what the equations say', () => {
    const [outputs, state] = rnn.dynamicRnn(doubled(ownCell()), ones([1, 2, 2]), {
      initialState: constant([[0.5, -0.5]]),
    });
    const got = run({ outputs, state });
    expectClose(
      [got.outputs.get(0, 1, 0), got.outputs.get(0, 1, 1)],
      [2 * got.state.get(0, 0), 2 * got.state.get(0, 1)],
    );
  });

  test('bidirectional drivers', () => {
    const [[forward, backward]] = rnn.bidirectionalDynamicRnn(ownCell(2), doubled(ownCell(3)), inputs(), {
      dtype: 'float32',
      sequenceLength,
    });
    const got = run([forward, backward]);
    expect(got.map((t) => t.shape)).toEqual([
      [2, 3, 2],
      [2, 3, 3],
    ]);
  });
});

const wrapped: readonly (readonly [string, (cell: rnn.Cell<Tensor>) => rnn.Cell])[] = [
  ['MultiRNNCell', (cell) => new rnn.MultiRNNCell([cell, new rnn.GRUCell(2)])],
  ['DropoutWrapper', (cell) => new rnn.DropoutWrapper(cell, { outputKeepProb: 0.5, stateKeepProb: 0.9 })],
  ['ResidualWrapper', (cell) => new rnn.ResidualWrapper(cell)],
  ['HighwayWrapper', (cell) => new rnn.HighwayWrapper(cell)],
  ['DeviceWrapper', (cell) => new rnn.DeviceWrapper(cell, '/cpu:0')],
  ['InputProjectionWrapper', (cell) => new rnn.InputProjectionWrapper(cell, 3)],
  ['OutputProjectionWrapper', (cell) => new rnn.OutputProjectionWrapper(cell, 4)],
  ['AttentionCellWrapper', (cell) => new rnn.AttentionCellWrapper(cell, 2)],
];

test.each(wrapped)('%s takes a plain object', (_, wrap) => {
  const cell = wrap(doubled(ownCell()));
  const [outputs, state] = rnn.dynamicRnn(cell, inputs(), { dtype: 'float32', sequenceLength });
  const got = run([outputs, ...rnn.flatState(state)]);
  expect(got[0].shape).toEqual([2, 3, cell.outputSize]);
});

describe('decoders take plain objects', () => {
  test('BasicDecoder, and with attention', () => {
    const helper = () => new rnn.seq2seq.TrainingHelper(inputs(), sequenceLength);
    const plain = ownCell();
    const decoder = new rnn.seq2seq.BasicDecoder(plain, helper(), plain.zeroState(2, 'float32'));
    const [{ rnnOutput }] = rnn.seq2seq.dynamicDecode(decoder);
    const attention = new rnn.seq2seq.LuongAttention(2, ones([2, 4, 3]));
    const cell = new rnn.seq2seq.AttentionWrapper(doubled(ownCell()), attention, { attentionLayerSize: 5 });
    const attending = new rnn.seq2seq.BasicDecoder(cell, helper(), cell.zeroState(2, 'float32'));
    const [attended] = rnn.seq2seq.dynamicDecode(attending, { scope: 'attending' });
    expect(run([rnnOutput, attended.rnnOutput]).map((t) => t.shape)).toEqual([
      [2, 3, 2],
      [2, 3, 5],
    ]);
  });

  test('legacySeq2seq.rnnDecoder', () => {
    const steps = unstack(inputs(), { axis: 1 });
    const [outputs] = rnn.legacySeq2seq.rnnDecoder(steps, zeros([2, 2]), doubled(ownCell()));
    expect(run(outputs).map((t) => t.shape)).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
  });
});

test('an unknown batch is no matter', () => {
  const x = placeholder('float32', [null, null, 2]);
  const [outputs, state] = rnn.dynamicRnn(doubled(ownCell()), x, { dtype: 'float32' });
  expect(isTensor(state)).toBe(true);
  expect(run(outputs, [[x, [[[1, 2]]]]]).shape).toEqual([1, 1, 2]);
});
