import { shape } from '@tensorloom/graph';
import { expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { onHost } from '../../src/kernel.js';
import { compute, tensor } from '../support.js';

const many = (count: number) => Array.from({ length: count }, (_, i) => tensor('float32', [1, 2], [i, -i]));

test.each([7, 8, 50])(
  '%i tensors become one, whatever a kernel can read at once, and nothing is left',
  async (count) => {
    const backend = await gpujs({ mode: 'cpu' });
    for (const op of [shape.concat, shape.pack]) {
      for (const axis of [0, 1]) {
        expect(await compute(backend, op, many(count), { axis })).toEqual(onHost(op)(many(count), { axis })[0]);
      }
    }
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  },
);
