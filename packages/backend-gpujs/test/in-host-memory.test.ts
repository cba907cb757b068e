import { alongAxis, create, indexing, matrix, mixed, reduce, shape } from '@tensorloom/graph';
import { samplers } from '@tensorloom/testkit';
import { expect, test } from 'vitest';
import { inHostMemory } from '../src/in-host-memory.js';

test('of all ops, two are computed in host memory whatever their dtype', () => {
  const own = Array.from(
    samplers,
    ([op, { dtypes }]) => [op, dtypes.includes('float32') ? 'float32' : dtypes[0]] as const,
  );
  const exceptions = own.filter(([op, dtype]) => inHostMemory(op, dtype) !== undefined).map(([op]) => op.name);
  expect(exceptions).toEqual([matrix.orthonormalize.name, indexing.firstPosition.name]);
  expect(exceptions.length / own.length).toBeLessThan(0.05);
});

test('bools are computed on the device, int32 is where float32 would round it', () => {
  expect(inHostMemory(reduce.all, 'bool')).toBeUndefined();
  expect(inHostMemory(indexing.gather, 'bool')).toBeUndefined();
  for (const op of [reduce.sum, indexing.gather, create.oneHot, alongAxis.argMax]) {
    expect(inHostMemory(op, 'int32')).toBe('float32 holds int32 up to 2^24 only');
  }
  expect(inHostMemory(mixed.cast, 'int32')).toBeUndefined();
  expect(inHostMemory(shape.reshape, 'int32')).toBeUndefined();
});
