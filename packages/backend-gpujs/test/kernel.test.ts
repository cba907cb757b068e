import { elementwise, indexing } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import { describe, expect, test } from 'vitest';
import { gpuKernel } from '../src/kernel.js';
import { rules } from '../src/kernels/index.js';
import { handlesOf, ints, tensor, vector } from './support.js';

/** What an op with two inputs gives, and how many kernels gpu.js compiled for it. */
async function run(op: typeof elementwise.add | typeof indexing.gather, x: HostTensor, y: HostTensor, attrs = {}) {
  const handles = handlesOf();
  const kernel = gpuKernel(op, rules.get(op)!, handles);
  const [z] = [await kernel([handles.hold(x), handles.hold(y)], { attrs, host: [], donated: [] })].flat();
  return [await handles.read(z), handles.kernels.compilations];
}
const add = (x: HostTensor, y: HostTensor) => run(elementwise.add, x, y);

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

  test('positions are checked first, and what is wrong with them is said as everywhere', async () => {
    const x = vector(5, 6, 7);
    expect(await run(indexing.gather, x, ints(2, 0), { axis: 0 })).toEqual([vector(7, 5), 1]);
    await expect(run(indexing.gather, x, ints(0, 3), { axis: 0 })).rejects.toThrow(
      'GatherV2: index 3 at position 1 is out of range for axis 0 of length 3, expected 0 to 2.',
    );
  });
});
