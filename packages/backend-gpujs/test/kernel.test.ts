import { elementwise } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import { describe, expect, test } from 'vitest';
import { Handles } from '../src/handles.js';
import { KernelCache } from '../src/kernel-cache.js';
import { gpuKernel } from '../src/kernel.js';
import { elementwisePlans } from '../src/kernels/elementwise.js';
import { openGpu } from '../src/mode.js';
import { tensor, vector } from './support.js';

const plans = new Map(elementwisePlans);

/** What adding gives, and how many kernels gpu.js compiled for it. */
async function add(x: HostTensor, y: HostTensor): Promise<[HostTensor, number]> {
  const [handles, kernels] = [new Handles(), new KernelCache(openGpu('cpu'), 'cpu')];
  const kernel = gpuKernel(elementwise.add, plans.get(elementwise.add)!, handles, kernels);
  const [z] = [await kernel([handles.hold(x), handles.hold(y)], { attrs: {}, host: [], donated: [] })].flat();
  return [handles.read(z), kernels.size];
}

describe('gpuKernel', () => {
  test('runs float32 on gpu.js', async () => {
    expect(await add(vector(1, 2), vector(3, 4))).toEqual([vector(4, 6), 1]);
  });

  test('runs on the host what float32 does not hold exactly, and empty tensors', async () => {
    const big = tensor('int32', [1], [2 ** 24]);
    expect(await add(big, tensor('int32', [], [1]))).toEqual([tensor('int32', [1], [2 ** 24 + 1]), 0]);
    expect(await add(vector(), vector())).toEqual([vector(), 0]);
  });

  test('checks by the inference of the op that its inputs fit together', async () => {
    await expect(add(vector(1, 2), vector(1, 2, 3))).rejects.toThrow(
      'Add: shapes [2] and [3] do not broadcast. From the last axis backwards, lengths must be equal or 1.',
    );
  });
});
