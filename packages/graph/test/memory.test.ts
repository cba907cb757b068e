import { type WhileOptions, constant, resetDefaultGraph, scan, whileLoop } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test('options that mean nothing are refused', () => {
  const loop = (options: WhileOptions) => () =>
    whileLoop(
      (x) => x.less(3),
      (x) => [x.add(1)],
      [constant(1)],
      options,
    );
  expect(loop({ checkpointEvery: 0 })).toThrow(/checkpointEvery is 0, expected a positive integer or 'sqrt'/);
  expect(loop({ checkpointEvery: 1.5 })).toThrow(/checkpointEvery is 1.5/);
  expect(loop({ parallelIterations: 0 })).toThrow(/parallelIterations is 0, expected a positive integer/);
  expect(loop({ parallelIterations: 10, swapMemory: true, backProp: true, checkpointEvery: 'sqrt' })).not.toThrow();
  expect(() => scan((h, x) => h.add(x), constant([1]), { initializer: constant(0), checkpointEvery: -1 })).toThrow(
    /scan: checkpointEvery is -1/,
  );
});
