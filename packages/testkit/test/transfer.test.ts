import { reference } from '@tensorloom/backend-reference';
import type { Backend } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ndarrays, shapes } from '../src/arbitraries.js';
import { transfer } from '../src/transfer.js';

describe('transfer', () => {
  it('passes when elements come back as they were, special numbers too', async () => {
    const backend = reference();
    const arrays = shapes().chain((s) => ndarrays('float32', s, { specials: true }));
    await fc.assert(fc.asyncProperty(arrays, (x) => transfer(backend, x)));
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  const base = reference();
  const [x] = fc.sample(ndarrays('float32', [2, 3], { min: 2, distinct: true }), { numRuns: 1, seed: 1 });

  it('fails when elements change on the way', async () => {
    const negating: Backend = { ...base, download: async (t) => ({ ...t, data: x.data.map((v) => -v) }) };
    await expect(transfer(negating, x)).rejects.toThrow(/element \d of \[2,3\]: expected [\d.]+, got -[\d.]+\./);
  });

  it('fails when a download is not a private copy', async () => {
    const data = x.data.slice();
    const sharing: Backend = { ...base, download: ({ dtype, shape }) => ({ dtype, shape, data }) };
    await expect(transfer(sharing, x)).rejects.toThrow(/expected [\d.]+, got 1\./);
  });

  it('fails when a tensor dies with its first reference', async () => {
    const counting: Backend = { ...base, retain: (t) => t };
    await expect(transfer(counting, x)).rejects.toThrow(/freed before/);
  });
});
