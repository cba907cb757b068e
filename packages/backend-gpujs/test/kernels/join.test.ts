import { shape } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { compute, tensor } from '../support.js';

const x = tensor('float32', [2, 1], [1, 2]);
const y = tensor('float32', [2, 2], [3, 4, 5, 6]);

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('tensors are joined along an axis; empty ones add nothing', async () => {
    const backend = await gpujs({ mode });
    const none = tensor('float32', [2, 0], []);
    expect(await compute(backend, shape.concat, [none, x, y, none], { axis: 1 })).toEqual(
      tensor('float32', [2, 3], [1, 3, 4, 2, 5, 6]),
    );
    expect(await compute(backend, shape.concat, [none, none], { axis: 0 })).toEqual(tensor('float32', [4, 0], []));
  });

  test.each([
    [0, [2, 2, 2], [3, 4, 5, 6, 3, 4, 5, 6]],
    [1, [2, 2, 2], [3, 4, 3, 4, 5, 6, 5, 6]],
    [2, [2, 2, 2], [3, 3, 4, 4, 5, 5, 6, 6]],
  ])('or along a new one: %i', async (axis, dims, values) => {
    const backend = await gpujs({ mode });
    expect(await compute(backend, shape.pack, [y, y], { axis })).toEqual(tensor('float32', dims, values));
  });
});
