import { reference } from '@tensorloom/backend-reference';
import { gradients } from '@tensorloom/autodiff';
import { type Tensor, constant, placeholder, resetDefaultGraph, transpose } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

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

describe('softmaxCrossEntropyWithLogits', () => {
  const logits = { shape: [2, 3], data: Float64Array.of(0.1, 0.5, -0.3, 1, 2, -1) };
  const labels = { shape: [2, 3], data: Float64Array.of(0.2, 0.3, 0.5, 0, 0.9, 0.1) };
  const run = (t: Tensor): unknown => {
    const session = new Session({ backend: reference() });
    const value = session.runSync(t).toArray();
    session.close();
    return value;
  };

  test('of certain labels is the sparse one, whatever their dtype', () => {
    const x = constant(logits);
    const sparse = run(nn.sparseSoftmaxCrossEntropyWithLogits({ labels: [2, 0], logits: x }));
    const certain = [
      [0, 0, 1],
      [1, 0, 0],
    ];
    expect(run(nn.softmaxCrossEntropyWithLogits({ labels: certain, logits: x }))).toEqual(sparse);
    const integers = constant(certain, { dtype: 'int32' });
    expect(run(nn.softmaxCrossEntropyWithLogits({ labels: integers, logits: x }))).toEqual(sparse);
    expect(
      run(nn.softmaxCrossEntropyWithLogits({ labels: transpose(integers), logits: transpose(x), axis: 0 })),
    ).toEqual(sparse);
  });

  test('gradients, orders 1 and 2, and none of the labels', () => {
    for (const shapes of [[[2, 3]], [[null, 3]], [[null, null]]]) {
      checkGradients({
        inputs: [logits],
        shapes,
        order: 2,
        build: ([x]) => nn.softmaxCrossEntropyWithLogits({ labels, logits: x }),
      });
    }
    const [x, y] = [constant(logits), constant(labels)];
    const [dx, dy] = gradients(nn.softmaxCrossEntropyWithLogits({ labels: y, logits: x }), [x, y]);
    expect(dx?.shape).toEqual([2, 3]);
    expect(dy).toBeNull();
  });

  test('labels of another shape or dtype, and logits that are none, are refused', () => {
    const x = constant(logits);
    expect(() => nn.softmaxCrossEntropyWithLogits({ labels: [0.5, 0.5], logits: x })).toThrow(
      'expected labels of the dtype and shape of the logits, got labels float64[2] for logits float64[2,3].',
    );
    expect(() => nn.softmaxCrossEntropyWithLogits({ labels: placeholder('float32', [2, 3]), logits: x })).toThrow(
      'got labels float32[2,3] for logits float64[2,3].',
    );
    expect(() => nn.softmaxCrossEntropyWithLogits({ labels: 1, logits: 1 })).toThrow(
      'expected floating logits of rank 1 or more',
    );
  });
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

test('classes that cannot be, of logit -Infinity, leave loss and gradient finite', () => {
  const logits = constant([[-Infinity, 0, 1]]);
  const loss = nn.sparseSoftmaxCrossEntropyWithLogits({ labels: [2], logits });
  const [slope] = gradients(loss, [logits]);
  if (slope === null) throw new Error('no gradient');
  const session = new Session({ backend: reference() });
  const got = session.runSync([loss, slope]);
  session.close();
  expect(got[0].data[0]).toBeCloseTo(Math.log(1 + Math.exp(-1)), 6);
  const p = 1 / (1 + Math.E);
  [0, p, -p].forEach((v, i) => expect(got[1].data[i]).toBeCloseTo(v, 6));
});
