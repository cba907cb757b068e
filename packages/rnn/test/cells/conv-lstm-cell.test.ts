import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  constant,
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  shapeOf,
  trainableVariables,
  variableScope,
} from '@tensorloom/graph';
import {
  Conv1DLSTMCell,
  Conv2DLSTMCell,
  Conv3DLSTMCell,
  ConvLSTMCell,
  TensorShape,
  dynamicRnn,
  staticRnn,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

/** Two images of 2 (x 2 x 2) pixels with one channel, the first all ones, the second all twos. */
const images = (axes: number): NDArray => {
  const pixels = 2 ** axes;
  const data = Float32Array.from({ length: 2 * pixels }, (_, i) => (i < pixels ? 1 : 2));
  return new NDArray('float32', [2, ...Array<number>(axes).fill(2), 1], data);
};

test.each([
  [1, (): ConvLSTMCell => new Conv1DLSTMCell([2, 1], 1, [3])],
  [2, (): ConvLSTMCell => new Conv2DLSTMCell([2, 2, 1], 1, [3, 3])],
  [3, (): ConvLSTMCell => new Conv3DLSTMCell([2, 2, 2, 1], 1, [3, 3, 3])],
] as const)("TensorFlow's own test with %i spatial axes: kernels 2^-axes, c as the input, h 0", (axes, cellOf) => {
  const value = images(axes);
  const X = placeholder('float32', [...Array<null>(axes + 1).fill(null), 1]);
  const [output, { c, h }] = variableScope('root', { initializer: constantInitializer(2 ** -axes) }, () => {
    const cell = cellOf();
    const zero = cell.zeroState(shapeOf(X).stridedSlice([0], [1], [1], { shrinkAxisMask: 1 }), 'float32');
    return cell.call(X, { c: constant(value), h: zero.h });
  });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const r = session.runSync({ output, c, h }, [[X, value]]);
  session.close();
  const each = (first: number, second: number): number[] =>
    Array.from({ length: 2 ** (axes + 1) }, (_, i) => (i < 2 ** axes ? first : second));
  expectClose(r.c.toArray(), each(1.4375670191, 2.7542609292), 1e-6);
  expectClose(r.h.toArray(), each(0.6529865603, 0.8736877431), 1e-6);
  expect(r.output.toArray()).toEqual(r.h.toArray());
});

test.each([
  ['conv_lstm_cell', new ConvLSTMCell(2, [4, 3, 2], 5, [3, 1]), [3, 1]],
  ['conv_1d_lstm_cell', new Conv1DLSTMCell([4, 2], 5, [3]), [3]],
  ['conv_2d_lstm_cell', new Conv2DLSTMCell([4, 3, 2], 5, [3, 1]), [3, 1]],
  ['conv_3d_lstm_cell', new Conv3DLSTMCell([4, 3, 6, 2], 5, [3, 1, 2]), [3, 1, 2]],
])('%s: names and sizes', (scope, cell, kernelShape) => {
  const space = [4, 3, 6].slice(0, kernelShape.length);
  const image = new TensorShape([...space, 5]);
  expect([cell.stateSize, cell.outputSize]).toEqual([{ c: image, h: image }, image]);
  const [outputs] = dynamicRnn(cell, placeholder('float32', [null, 7, ...space, 2]), { dtype: 'float32' });
  expect(outputs.shape).toEqual([null, 7, ...space, 5]);
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    [`rnn/${scope}/kernel`, [...kernelShape, 7, 20]],
    [`rnn/${scope}/biases`, [20]],
  ]);
});

test('a skip connection adds the input to the channels of the output; without biases there are none', () => {
  const cell = new Conv1DLSTMCell([3, 2], 1, [2], { skipConnection: true, useBias: false, name: 'skipping' });
  expect([cell.outputSize, cell.stateSize.h]).toEqual([new TensorShape([3, 3]), new TensorShape([3, 1])]);
  const x = new NDArray(
    'float32',
    [1, 2, 3, 2],
    Float32Array.from({ length: 12 }, (_, i) => i / 12),
  );
  const [outputs, { h }] = dynamicRnn(cell, constant(x), { dtype: 'float32' });
  expect(trainableVariables().map((v) => v.op)).toEqual(['rnn/skipping/kernel']);
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const r = session.runSync({ outputs, h });
  session.close();
  for (const t of [0, 1])
    for (const p of [0, 1, 2]) for (const k of [0, 1]) expect(r.outputs.get(0, t, p, k + 1)).toBe(x.get(0, t, p, k));
  expect([0, 1, 2].map((p) => r.outputs.get(0, 1, p, 0))).toEqual([0, 1, 2].map((p) => r.h.get(0, p, 0)));
});

test('gradients through time, along both drivers, for random lengths', () => {
  fc.assert(
    fc.property(
      ndarrays('float64', [2, 2, 2, 2, 1], { min: -1, max: 1 }),
      fc.option(fc.tuple(fc.nat(2), fc.nat(2))),
      fc.nat(1000),
      fc.boolean(),
      (x, lengths, seed, isStatic) => {
        checkGradients({
          inputs: [x],
          order: 1,
          seed,
          build: ([inputs]) => {
            const cell = new Conv2DLSTMCell([2, 2, 1], 1, [2, 2], { skipConnection: true });
            const options = { dtype: 'float64' as const, ...(lengths && { sequenceLength: lengths }) };
            if (isStatic) {
              const [outputs, { c, h }] = staticRnn(cell, inputs.unstack({ axis: 1 }), options);
              return [...outputs, c, h];
            }
            const [outputs, { c, h }] = dynamicRnn(cell, inputs, options);
            return [outputs, c, h];
          },
        });
      },
    ),
    { numRuns: 4 },
  );
});

test('errors', () => {
  expect(() => new ConvLSTMCell(2, [4, 3], 1, [3, 3])).toThrow(
    'ConvLSTMCell: expected an inputShape of 3 numbers, the channels last, and a kernelShape of 2, got [4,3] and [3,3]. Leave out the batch.',
  );
  expect(() => new Conv1DLSTMCell([4, 3], 1, [3, 3])).toThrow('and a kernelShape of 1, got [4,3] and [3,3].');
  expect(() => new Conv1DLSTMCell([4, 3], 0, [3])).toThrow(
    'ConvLSTMCell: expected a positive number of output channels, got 0.',
  );
  const cell = new Conv1DLSTMCell([4, 3], 1, [3]);
  for (const shape of [
    [2, 4, 2],
    [2, 5, 3],
    [2, 4, null],
    [2, 12],
  ]) {
    expect(() => cell.call(placeholder('float32', shape), cell.zeroState(2, 'float32'))).toThrow(
      /^ConvLSTMCell: expected an input of shape \[batch,4,3\] with known channels, got /,
    );
  }
});
