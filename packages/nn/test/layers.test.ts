import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  constantInitializer,
  globalVariables,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  tanh,
  type Tensor,
} from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const half = { kernelInitializer: constantInitializer(0.5), biasInitializer: constantInitializer(1) };

const run = (t: Tensor): unknown => {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const r = session.runSync(t).toArray();
  session.close();
  return r;
};

test('dense is x K + b, then the activation', () => {
  expect(
    run(
      layers.dense(
        [
          [1, 2],
          [3, 4],
        ],
        3,
        half,
      ),
    ),
  ).toEqual([
    [2.5, 2.5, 2.5],
    [4.5, 4.5, 4.5],
  ]);
  expect(run(layers.dense([[1, 2]], 1, { ...half, activation: (x) => x.mul(10) }))).toEqual([[25]]);
  expect(run(layers.dense([[1, 2]], 1, { ...half, useBias: false }))).toEqual([[1.5]]);
});

test('dense works along the last axis of higher ranks, with unknown dimensions too', () => {
  expect(run(layers.dense([[[1, 2]], [[3, 4]]], 1, half))).toEqual([[[2.5]], [[4.5]]]);
  expect(layers.dense(placeholder('float32', [null, 5, 2]), 7).shape).toEqual([null, 5, 7]);
  expect(layers.dense(placeholder('float32', [null, null, 2]), 7).shape).toEqual([null, null, 7]);
});

test("variables have TensorFlow's names; a name with reuse shares them", () => {
  const x = constant([[1, 2]]);
  layers.dense(x, 3);
  layers.dense(x, 3);
  layers.fullyConnected(x, 4);
  layers.dense(x, 5, { name: 'out' });
  layers.dense(x, 5, { name: 'out', reuse: true });
  expect(globalVariables().map((v) => v.name)).toEqual([
    'dense/kernel:0',
    'dense/bias:0',
    'dense_1/kernel:0',
    'dense_1/bias:0',
    'fully_connected/weights:0',
    'fully_connected/biases:0',
    'out/kernel:0',
    'out/bias:0',
  ]);
});

test('fullyConnected ends in relu unless told otherwise', () => {
  const options = { weightsInitializer: constantInitializer(-1) };
  expect(run(layers.fullyConnected([[1, 2]], 2, options))).toEqual([[0, 0]]);
  expect(run(layers.fullyConnected([[1, 2]], 2, { ...options, activationFn: null }))).toEqual([[-3, -3]]);
});

test('gradients, orders 1 and 2', () => {
  checkGradients({
    inputs: [{ shape: [2, 3, 2], data: Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)) }],
    order: 2,
    build: ([x]) => layers.dense(x, 3, { activation: tanh }),
  });
});

test('an unknown last dimension is an error', () => {
  expect(() => layers.dense(placeholder('float32', [2, null]), 3)).toThrow(
    "dense: expected inputs of rank 2 or more with a known last dimension, got float32[2,?]. Reshape them, or give the placeholder's last dimension.",
  );
});
