import { elementwise, mixed } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { compute, tensor, vector } from '../support.js';

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('tanh and sigmoid saturate', async () => {
    const backend = await gpujs({ mode });
    const x = vector(-Infinity, -200, -90, 0, 90, 200, Infinity, NaN);
    expect(await compute(backend, elementwise.tanh, [x])).toEqual(vector(-1, -1, -1, 0, 1, 1, 1, NaN));
    const y = await compute(backend, elementwise.sigmoid, [x]);
    expect(y.data.slice(3)).toEqual(Float32Array.of(0.5, 1, 1, 1, NaN));
    for (const value of y.data.slice(0, 3)) expect(value).toBeLessThan(1e-38);
  });

  test('NaN wins over numbers, and is chosen like one', async () => {
    const backend = await gpujs({ mode });
    const [x, y] = [vector(NaN, 1, NaN, 1, -1), vector(0, NaN, NaN, 2, -2)];
    expect(await compute(backend, elementwise.maximum, [x, y])).toEqual(vector(NaN, NaN, NaN, 2, -1));
    expect(await compute(backend, elementwise.minimum, [x, y])).toEqual(vector(NaN, NaN, NaN, 1, -2));
    expect(await compute(backend, elementwise.relu, [x])).toEqual(vector(NaN, 1, NaN, 1, 0));
    const condition = tensor('bool', [5], [1, 0, 0, 1, 0]);
    expect(await compute(backend, mixed.select, [condition, x, y])).toEqual(vector(NaN, NaN, NaN, 1, -2));
  });

  test('results are rounded to float32', async () => {
    const backend = await gpujs({ mode });
    const sum = await compute(backend, elementwise.add, [vector(1), vector(1e-9)]);
    expect(sum).toEqual(vector(1));
    expect(await compute(backend, elementwise.div, [vector(1), vector(3)])).toEqual(vector(Math.fround(1 / 3)));
  });
});
