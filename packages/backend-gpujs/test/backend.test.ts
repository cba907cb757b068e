import { type Op, elementwise, matrix, mixed } from '@tensorloom/graph';
import { type ConformanceException, conformance } from '@tensorloom/testkit';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../src/index.js';
import { compute, vector } from './support.js';

/** Sums in float32 lose to cancellation what the reference, in double precision, keeps. */
const exceptions = {
  cpu: new Map(),
  webasm: new Map<Op, ConformanceException>([[matrix.matmul, { specials: false }]]),
};

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('says so', async () => {
    const backend = await gpujs({ mode });
    expect(backend.name).toBe(`gpujs-${mode}`);
    expect(backend.description).toBe(`gpu.js in mode ${mode}`);
    expect([...backend.dtypes]).toEqual(['float32', 'int32', 'bool']);
    backend.dispose();
  });

  test('keeps the contract of backends, with every op', { timeout: 120_000 }, async () => {
    const backend = await gpujs({ mode });
    const report = await conformance(backend, { samples: 20, complete: true, exceptions: exceptions[mode] });
    expect(report.every((r) => r.status === 'passed')).toBe(true);
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
    backend.dispose();
  });

  test('two backends do not share handles', async () => {
    const [a, b] = [await gpujs({ mode }), await gpujs({ mode })];
    const x = a.upload(vector(1));
    expect(b.stats()).toEqual({ handles: 0, bytes: 0 });
    expect(() => b.free(x)).toThrow(
      new Error('gpujs: free of a tensor of another backend. Download it there and upload it here.'),
    );
    a.free(x);
    expect(() => a.free(x)).toThrow(
      new Error('gpujs: free of a tensor that was freed before. Retain it once for each free.'),
    );
    b.dispose();
    expect(await compute(a, elementwise.add, [vector(1), vector(2)])).toEqual(vector(3));
  });

  test('refuses what it does not hold, and leaves nothing behind', async () => {
    const backend = await gpujs({ mode });
    const x = backend.upload(vector(1));
    const call = { attrs: { to: 'float64' }, host: [], donated: [false] };
    expect(() => backend.kernels.get(mixed.cast)?.([x], call)).toThrow(
      new TypeError('gpujs: holds float32, int32 and bool, got float64. Use cast().'),
    );
    expect(backend.stats()).toEqual({ handles: 1, bytes: 4 });
    backend.dispose();
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });
});
