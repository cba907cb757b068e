import * as tf from '@tensorflow/tfjs-core';
import { onTensors, tfjs } from '@tensorloom/backend-tfjs';
import { type Tensor, apply, constant, makeOp, resetDefaultGraph, tensorSpec } from '@tensorloom/graph';
import { Session, defineKernels } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

/** (x, n) to the first n elements of x, x itself, and the sum of x and a number. */
const Head = makeOp<{ readonly add: number }>({
  name: 'Head',
  hostInputs: [1],
  infer: ([x, n]) => [tensorSpec(x.spec.dtype, [n.value?.[0] ?? null]), x.spec, tensorSpec(x.spec.dtype, [])],
});
defineKernels(Head, {
  tfjs: onTensors<{ readonly add: number }>(([x], { attrs: { add }, host: [n] }) => {
    if (add < 0) throw new RangeError('Head: too little.');
    return [tf.slice(x, [0], [n.data[0]]), x, tf.add(tf.sum(x), add)];
  }),
});
const head = (x: Tensor, n: number, add = 1): Tensor[] => {
  const node = apply(Head, [x, constant(n, { dtype: 'int32' })], { add });
  return [node.output(0), node.output(1), node.output(2)];
};

test.each(['cpu', 'wasm'] as const)('kernels on tensors run on engine %s, and leave nothing behind', async (engine) => {
  const backend = await tfjs(engine);
  // Another engine is the current one now.
  await tfjs(engine === 'cpu' ? 'wasm' : 'cpu');
  const before = tf.memory().numTensors;
  const session = new Session({ backend });
  const got = await session.run(head(constant([1, 2, 3]), 2, 10));
  expect(got.map((r) => r.toArray())).toEqual([[1, 2], [1, 2, 3], 16]);
  await expect(session.run(head(constant([1]), 1, -1))).rejects.toThrow("Head: too little.\n  node:    'Head_1'");
  session.close();
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  expect(tf.memory().numTensors).toBe(before);
});

test('results without elements are not asked for', async () => {
  const Nothing = makeOp({ name: 'Nothing', infer: ([x]) => [x.spec] });
  defineKernels(Nothing, {
    tfjs: onTensors(() => {
      throw new Error('was asked');
    }),
  });
  const session = new Session({ backend: await tfjs('wasm') });
  const y = apply(Nothing, [constant([[], []], { dtype: 'int32' })], {}).output();
  expect(await session.run(y)).toMatchObject({ dtype: 'int32', shape: [2, 0] });
});
