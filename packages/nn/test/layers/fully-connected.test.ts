import {
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

const options = { weightsInitializer: constantInitializer(-1), biasesInitializer: constantInitializer(0.5) };

test('ends in relu unless told otherwise', () => {
  const [rectified, linear, unbiased] = run([
    layers.fullyConnected([[1, 2]], 2, options),
    layers.fullyConnected([[1, 2]], 2, { ...options, activationFn: null }),
    layers.fullyConnected([[1, 2]], 2, { ...options, activationFn: (x) => x.square(), biasesInitializer: null }),
  ]);
  expect(rectified).toEqual([0, 0]);
  expect(linear).toEqual([-2.5, -2.5]);
  expect(unbiased).toEqual([9, 9]);
});

test("variables have TensorFlow's names; a scope with reuse shares them", () => {
  const x = placeholder('float32', [null, 5, 2]);
  expect(layers.fullyConnected(x, 4).shape).toEqual([null, 5, 4]);
  layers.fullyConnected(x, 4, { trainable: false });
  layers.fullyConnected(x, 4, { scope: 'out' });
  layers.fullyConnected(x, 4, { scope: 'out', reuse: true });
  expect(globalVariables().map((v) => v.op)).toEqual([
    'fully_connected/weights',
    'fully_connected/biases',
    'fully_connected_1/weights',
    'fully_connected_1/biases',
    'out/weights',
    'out/biases',
  ]);
  expect(trainableVariables()).toHaveLength(4);
});

test("weights are glorot uniform whatever the scope's initializer", () => {
  variableScope('s', { initializer: constantInitializer(2) }, () => layers.fullyConnected([[1, 2]], 100));
  const [weights] = run([globalVariables()[0].value()]);
  expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 102));
  expect(new Set(weights).size).toBeGreaterThan(100);
});

test('gradients, orders 1 and 2', () =>
  checkSmooth([[2, 3]], ([x]) => layers.fullyConnected(x, 2, { activationFn: tanh })));

test('errors', () => {
  expect(() => layers.fullyConnected(placeholder('float32', [2, null]), 3)).toThrow(
    'fullyConnected: expected inputs of rank 2 or more with a known last dimension, got float32[2,?].',
  );
  expect(() => layers.fullyConnected([[1]], -1)).toThrow(
    'fullyConnected: expected a positive number of units, got -1.',
  );
});
