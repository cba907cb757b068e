import { createCpu, loops } from '@tensorloom/backend-cpu';
import { type Tensor, apply, constant, makeOp, resetDefaultGraph, tensorSpec } from '@tensorloom/graph';
import { Session, defineKernels, kernelFor } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

/** (x, n) to the first n elements of x, and x with 1 added. */
const Head = makeOp<{ readonly add: number }>({
  name: 'Head',
  hostInputs: [1],
  infer: ([x, n]) => [tensorSpec(x.spec.dtype, [n.value?.[0] ?? null]), x.spec],
});
const uses: ArrayBufferLike[] = [];
defineKernels(Head, {
  cpu: loops(([x, n], [head, rest], { add }) => {
    uses.push(x.data.buffer, head.data.buffer);
    if (add < 0) throw new RangeError('Head: too little.');
    head.data.set(x.data.subarray(0, n.data[0]));
    x.data.forEach((v, i) => (rest.data[i] = v + add));
  }),
});
const head = (x: Tensor, n: number, add = 1): Tensor[] => {
  const node = apply(Head, [x, constant(n, { dtype: 'int32' })], { add });
  return [node.output(0), node.output(1)];
};

test.each(['float32', 'float64', 'int32'] as const)('loops run on the memory itself: %s', (dtype) => {
  const backend = createCpu();
  const session = new Session({ backend });
  const got = session.runSync(head(constant([1, 2, 3], { dtype }), 2));
  expect(got.map((r) => [r.dtype, r.toArray()])).toEqual([
    [dtype, [1, 2]],
    [dtype, [2, 3, 4]],
  ]);
  // Inputs and outputs are views of one memory, which no copy would be.
  expect(new Set(uses.splice(0)).size).toBe(1);
  expect(session.runSync(head(constant([], { dtype }), 0)).map((r) => r.toArray())).toEqual([[], []]);
  session.close();
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});

test('loops that throw leave nothing behind', () => {
  const backend = createCpu();
  const session = new Session({ backend });
  expect(() => session.runSync(head(constant([1]), 1, -1))).toThrow("Head: too little.\n  node:    'Head'");
  session.close();
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});

test('loops are for this backend', () => {
  const backend = {
    ...createCpu(),
    name: 'cpu',
    upload: () => ({ dtype: 'bool' as const, shape: [], buffer: 5 }),
    free: () => undefined,
  };
  expect(() => kernelFor(backend, Head)).toThrow(
    new TypeError("cpu: loops() makes kernels for backend 'cpu', got 'cpu'. Put it under the key 'cpu'."),
  );
});
