import {
  constant,
  constantInitializer,
  globalVariables,
  placeholder,
  resetDefaultGraph,
  tanh,
  trainableVariables,
  variableScope,
} from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from '../support.js';

beforeEach(() => resetDefaultGraph());

const half = { kernelInitializer: constantInitializer(0.5), biasInitializer: constantInitializer(1) };
const x = [
  [1, 2],
  [3, 4],
];

test('is x K + b, then the activation', () => {
  const [plain, activated, unbiased] = run([
    layers.dense(x, 3, half),
    layers.dense(x, 1, { ...half, activation: (y) => y.mul(10) }),
    layers.dense(x, 1, { ...half, useBias: false, activation: null }),
  ]);
  expect(plain).toEqual([2.5, 2.5, 2.5, 4.5, 4.5, 4.5]);
  expect(activated).toEqual([25, 45]);
  expect(unbiased).toEqual([1.5, 3.5]);
});

test('works along the last axis of higher ranks, with unknown dimensions too', () => {
  const y = layers.dense([[[1, 2]], [[3, 4]]], 1, half);
  expect(y.shape).toEqual([2, 1, 1]);
  expect(run([y])).toEqual([[2.5, 4.5]]);
  expect(layers.dense(placeholder('float32', [null, 5, 2]), 7).shape).toEqual([null, 5, 7]);
  const open = placeholder('float32', [null, null, 2]);
  const z = layers.dense(open, 1, half);
  expect(z.shape).toEqual([null, null, 1]);
  expect(
    run(
      [z],
      [
        [
          open,
          [
            [
              [1, 2],
              [3, 4],
            ],
          ],
        ],
      ],
    ),
  ).toEqual([[2.5, 4.5]]);
});

test("variables have TensorFlow's names; a name with reuse shares them", () => {
  layers.dense(x, 3);
  layers.dense(x, 3);
  layers.dense(x, 5, { name: 'out' });
  layers.dense(x, 5, { name: 'out', reuse: true });
  variableScope('net', () => layers.dense(x, 1, { trainable: false }));
  expect(globalVariables().map((v) => v.name)).toEqual([
    'dense/kernel:0',
    'dense/bias:0',
    'dense_1/kernel:0',
    'dense_1/bias:0',
    'out/kernel:0',
    'out/bias:0',
    'net/dense/kernel:0',
    'net/dense/bias:0',
  ]);
  expect(trainableVariables().map((v) => v.op)).not.toContain('net/dense/kernel');
  expect(trainableVariables()).toHaveLength(6);
});

test("kernels start as the scope's initializer says", () => {
  const y = variableScope('s', { initializer: constantInitializer(2) }, () => layers.dense(x, 1));
  expect(run([y])).toEqual([[6, 14]]);
});

test('gradients, orders 1 and 2', () => checkSmooth([[2, 3, 2]], ([t]) => layers.dense(t, 3, { activation: tanh })));

test('errors', () => {
  expect(() => layers.dense(placeholder('float32', [2, null]), 3)).toThrow(
    "dense: expected inputs of rank 2 or more with a known last dimension, got float32[2,?]. Reshape them, or give the placeholder's last dimension.",
  );
  expect(() => layers.dense([1, 2], 3)).toThrow('dense: expected inputs of rank 2 or more');
  expect(() => layers.dense(constant(x, { dtype: 'int32' }), 3)).toThrow(
    'dense: expected floating inputs, got int32[2,2]. Use cast().',
  );
  expect(() => layers.dense(x, 0)).toThrow('dense: expected a positive number of units, got 0.');
});

test('a layer object makes its variables once, where it is first applied, and shares them', () => {
  const layer = new layers.Dense(2, { ...half, name: 'projection' });
  const [first, second] = variableScope('root', () => [layer.apply(x), layer.apply([[1, 1]])]);
  expect(run([first, second])).toEqual([
    [2.5, 2.5, 4.5, 4.5],
    [2, 2],
  ]);
  expect(globalVariables().map((v) => v.name)).toEqual(['root/projection/kernel:0', 'root/projection/bias:0']);
  expect(layer.units).toBe(2);
  expect(() => layer.apply([[1, 2, 3]])).toThrow(/made for inputs of depth 2, got 3\. Make a layer of its own/);
});
