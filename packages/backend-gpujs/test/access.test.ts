import { shape, sizeOf } from '@tensorloom/graph';
import { broadcastableShapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { broadcastAccess } from '../src/access.js';
import { KernelCache } from '../src/kernel-cache.js';
import { moved } from '../src/kernel.js';
import { openGpu } from '../src/mode.js';
import { tensor } from './support.js';

const counting = (dims: readonly number[]) =>
  tensor(
    'float32',
    dims,
    Array.from({ length: sizeOf(dims) }, (_, i) => i + 1),
  );
const expression = (x: readonly number[], y: readonly number[]): string =>
  broadcastAccess('x', counting(x), y).expression;

describe('broadcastAccess', () => {
  test('the class of a broadcast is in its expression', () => {
    expect(expression([2, 3], [2, 3])).toBe('x[this.thread.x]');
    expect(expression([1, 2, 1, 3], [2, 1, 3])).toBe('x[this.thread.x]');
    expect(expression([1, 1], [2, 3])).toBe('x[0]');
    expect(expression([3], [2, 3])).toBe('x[this.thread.x % xLength]');
    expect(expression([2, 1], [2, 3])).toBe('x[Math.floor(this.thread.x / xRepeat)]');
    expect(expression([3, 1], [2, 3, 4])).toBe('x[Math.floor(this.thread.x / xRepeat) % xLength]');
    // Repeated in the middle: written out before the kernel runs.
    expect(expression([2, 1, 4], [2, 3, 4])).toBe('x[this.thread.x]');
  });

  test.each(['cpu', 'webasm'] as const)('reads what BroadcastTo writes, in mode %s', async (mode) => {
    const kernels = new KernelCache(openGpu(mode), mode);
    await fc.assert(
      fc.asyncProperty(
        broadcastableShapes(1, fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 })),
        async ([from]) => {
          const to = [2, ...from.map((d) => (d === 1 ? 3 : d)), 1];
          const x = counting([...from, 1]);
          const { array, integers, expression: e } = broadcastAccess('x', x, to);
          const y = await kernels.run({ body: `return ${e};`, arrays: { x: array }, integers }, sizeOf(to));
          expect(y).toEqual(moved(shape.broadcastTo, [x, tensor('int32', [to.length], to)]).data);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
    kernels.dispose();
  });
});
