import { reference } from '@tensorloom/backend-reference';
import { type Op, NDArray, elementwise, shape } from '@tensorloom/graph';
import type { Backend, Kernel } from '@tensorloom/runtime';
import { describe, expect, it } from 'vitest';
import { runKernel } from '../src/run-kernel.js';

const x = new NDArray('float32', [3], Float32Array.of(1, 2, 3));
const sizes = new NDArray('int32', [2], Int32Array.of(1, 2));
const withKernel = (op: Op, kernel: Kernel<unknown>): Backend => ({ ...reference(), kernels: new Map([[op, kernel]]) });

describe('runKernel', () => {
  it('uploads device inputs, hands over host inputs, and gives the results in host memory', async () => {
    const backend = reference();
    const results = await runKernel(backend, shape.split, { inputs: [x, sizes], attrs: { axis: 0, num: 2 } }, false);
    expect(results).toEqual([
      { dtype: 'float32', shape: [1], data: Float32Array.of(1) },
      { dtype: 'float32', shape: [2], data: Float32Array.of(2, 3) },
    ]);
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  it('tells the kernel what is donated', async () => {
    const seen: unknown[] = [];
    const base = reference();
    const backend: Backend = {
      ...base,
      kernels: new Map([[elementwise.add, ([a], call) => (seen.push(call.donated), base.retain(a))]]),
    };
    for (const donate of [true, false])
      await runKernel(backend, elementwise.add, { inputs: [x, x], attrs: {} }, donate);
    expect(seen).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it('frees the inputs of a kernel that throws', async () => {
    const backend = withKernel(elementwise.neg, () => {
      throw new Error('no');
    });
    await expect(runKernel(backend, elementwise.neg, { inputs: [x], attrs: {} }, true)).rejects.toThrow('no');
    expect(backend.stats().handles).toBe(0);
  });

  it('throws when there is no kernel', async () => {
    const backend = withKernel(elementwise.neg, ([a]) => a);
    await expect(runKernel(backend, elementwise.abs, { inputs: [x], attrs: {} }, true)).rejects.toThrow(
      "Abs: backend 'reference' has no kernel for it.",
    );
  });
});
