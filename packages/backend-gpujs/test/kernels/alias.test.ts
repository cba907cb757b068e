import { type Op, mixed, shape } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { compute, ints, tensor } from '../support.js';

const x = tensor('float32', [2, 1, 3], [1, 2, 3, 4, 5, 6]);

describe('aliases', () => {
  test.each<[Op, object, number[] | null, number[]]>([
    [shape.reshape, {}, [3, -1], [3, 2]],
    [shape.expandDims, { axes: [0] }, null, [1, 2, 1, 3]],
    [shape.squeeze, { axes: [1] }, null, [2, 3]],
    [shape.broadcastTo, {}, [2, 1, 3], [2, 1, 3]],
    [shape.sumTo, {}, [2, 1, 3], [2, 1, 3]],
    [mixed.cast, { to: 'float32' }, null, [2, 1, 3]],
  ])('%o shares the elements of its input', async (op, attrs, target, expected) => {
    const backend = await gpujs({ mode: 'cpu' });
    const held = backend.upload(x);
    const host = target === null ? [] : [ints(...target)];
    const [y] = [await backend.kernels.get(op)!([held], { attrs, host, donated: [false] })].flat();
    expect(backend.stats()).toEqual({ handles: 2, bytes: 24 });
    backend.free(held);
    expect(await backend.download(y)).toEqual({ ...x, shape: expected });
    backend.free(y);
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  test('broadcasting to another shape writes a new tensor', async () => {
    const backend = await gpujs({ mode: 'cpu' });
    const y = await compute(backend, shape.broadcastTo, [x, ints(2, 2, 3)]);
    expect(y).toEqual(tensor('float32', [2, 2, 3], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]));
  });

  test('a shape of another size is an error', async () => {
    const backend = await gpujs({ mode: 'cpu' });
    await expect(compute(backend, shape.reshape, [x, ints(4, 2)])).rejects.toThrow(/4,2/);
  });
});
