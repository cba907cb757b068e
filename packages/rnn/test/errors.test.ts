import {
  constant,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  variableScope,
  zeros,
} from '@tensorloom/graph';
import { BasicLSTMCell, BasicRNNCell, GRUCell, MultiRNNCell, dynamicRnn, staticRnn } from '@tensorloom/rnn';
import { reference } from '@tensorloom/backend-reference';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => resetDefaultGraph());

const x = (): ReturnType<typeof placeholder> => placeholder('float32', [2, 3, 4], { name: 'x' });
const dtype = 'float32' as const;

test('neither a dtype nor an initial state', () => {
  expect(() => dynamicRnn(new BasicRNNCell(2), x())).toThrow(
    "dynamicRnn: expected a dtype or an initialState, got neither. Pass { dtype: 'float32' } to start from zeros.",
  );
  expect(() => staticRnn(new BasicRNNCell(2), [zeros([1, 2])])).toThrow(
    /^staticRnn: expected a dtype or an initialState/,
  );
});

test('lengths out of range, when it runs: too long, negative', () => {
  for (const sequenceLength of [
    [4, 1],
    [1, -1],
  ]) {
    resetDefaultGraph();
    const [outputs] = dynamicRnn(new BasicRNNCell(2), zeros([2, 3, 4]), { dtype, sequenceLength });
    const session = new Session({ backend: reference() });
    session.runSync(globalVariablesInitializer());
    expect(() => session.runSync(outputs)).toThrow(
      /dynamicRnn: sequenceLength must be between 0 and the number of steps\. Steps, then lengths: \[3\]/,
    );
    session.close();
  }
});

test('lengths of the wrong size: at once where the batch is known, otherwise when it runs', () => {
  expect(() => dynamicRnn(new BasicRNNCell(2), x(), { dtype, sequenceLength: [1, 2, 3] })).toThrow(
    'dynamicRnn: expected sequenceLength to be int32 [2], got int32[3]. Give one length for each sequence.',
  );
  expect(() => staticRnn(new GRUCell(2), [zeros([2, 4])], { dtype, sequenceLength: [1] })).toThrow(
    'staticRnn: expected sequenceLength to be int32 [2], got int32[1]. Give one length for each sequence.',
  );
  resetDefaultGraph();
  const open = placeholder(dtype, [null, 3, 4]);
  const [outputs] = dynamicRnn(new BasicRNNCell(2), open, { dtype, sequenceLength: [1] });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  expect(() => session.runSync(outputs, [[open, { shape: [2, 3, 4], data: new Float32Array(24) }]])).toThrow(
    /dynamicRnn: sequenceLength must have one length for each sequence\. Sequences, then lengths: \[2\]\[1\]/,
  );
  session.close();
});

test('an unknown depth', () => {
  expect(() => dynamicRnn(new BasicRNNCell(2), placeholder(dtype, [2, 3, null]), { dtype })).toThrow(
    /^dynamicRnn: expected inputs \[batch, time, depth\] with a known depth, got float32\[2,3,\?\]/,
  );
  expect(() => staticRnn(new BasicRNNCell(2), [placeholder(dtype, [2, null])], { dtype })).toThrow(
    /^BasicRNNCell: expected an input of shape \[batch, depth\] with a known depth/,
  );
});

test('a cell used again for another input size', () => {
  const cell = new GRUCell(2);
  dynamicRnn(cell, x(), { dtype });
  expect(() => dynamicRnn(cell, placeholder(dtype, [2, 3, 5]), { dtype, scope: 'other' })).toThrow(
    /^gru_cell: this cell's variables were made for an input float32\[2,4\], got float32\[2,5\]\. Make a cell of its own for each input size\.\n/,
  );
  const wrapped = new MultiRNNCell([new BasicRNNCell(2), new BasicLSTMCell(3)]);
  variableScope('multi', () => wrapped.call(zeros([1, 2]), wrapped.zeroState(1, dtype)));
  expect(() => wrapped.call(zeros([1, 3]), wrapped.zeroState(1, dtype))).toThrow(/variables were made for an input/);
});

test('one cell object in several layers is a warning that names it', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const cell = new BasicRNNCell(4);
  new MultiRNNCell([cell, new BasicRNNCell(4), cell]);
  const plain = new BasicRNNCell(4);
  const own = {
    stateSize: 4,
    outputSize: 4,
    zeroState: plain.zeroState.bind(plain),
    call: plain.call.bind(plain),
  };
  new MultiRNNCell([own, own]);
  expect(warn.mock.calls).toEqual([
    ['MultiRNNCell: one BasicRNNCell is in layers 0, 2, which share its weights. Make a cell for each layer.'],
    ['MultiRNNCell: one cell is in layers 0, 1, which share its weights. Make a cell for each layer.'],
  ]);
  warn.mockRestore();
});

test('a state of the wrong structure', () => {
  const cell: { call: (input: ReturnType<typeof x>, state: never) => unknown } = new BasicLSTMCell(2);
  const wrong: unknown = constant([[1, 2]]);
  expect(() => cell.call(zeros([1, 4]), wrong as never)).toThrow(/^BasicLSTMCell: expected a state \{ c, h \}, got \*/);
});
