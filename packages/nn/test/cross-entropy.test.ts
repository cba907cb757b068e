import { reference } from '@tensorloom/backend-reference';
import { constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test('the loss of each row is the log-sum-exp less the logit of its class', () => {
  const logits = [
    [1, 2, 3],
    [-1, 0, 1000],
  ];
  const loss = nn.sparseSoftmaxCrossEntropyWithLogits({
    labels: [0, 1],
    logits: constant(logits, { dtype: 'float64' }),
  });
  const session = new Session({ backend: reference() });
  const [a, b] = session.runSync(loss).data;
  session.close();
  expect(a).toBeCloseTo(Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 1, 12);
  expect(b).toBe(1000);
});

test('gradients, orders 1 and 2, also with unknown dimensions and more axes', () => {
  const data = Float64Array.of(0.1, 0.5, -0.3, 1, 2, -1, 0.2, 0.4, 0.8, -0.5, 0.3, 1.5);
  const labels = { shape: [2, 2], data: Int32Array.of(0, 2, 1, 1) };
  for (const shape of [
    [2, 2, 3],
    [null, null, 3],
    [null, 2, null],
  ]) {
    checkGradients({
      inputs: [{ shape: [2, 2, 3], data }],
      shapes: [shape],
      order: 2,
      build: ([logits]) => nn.sparseSoftmaxCrossEntropyWithLogits({ labels, logits }),
    });
  }
});

test('labels of another shape or dtype are refused', () => {
  const logits = placeholder('float32', [null, 10]);
  expect(() => nn.sparseSoftmaxCrossEntropyWithLogits({ labels: placeholder('int32', [null, 10]), logits })).toThrow(
    'expected labels of the shape of the logits without the last axis, got labels int32[?,10] for logits float32[?,10].',
  );
  expect(() => nn.sparseSoftmaxCrossEntropyWithLogits({ labels: placeholder('float32', [null]), logits })).toThrow(
    'expected int32 labels, got float32[?].',
  );
});
