import { setTimeout } from 'node:timers/promises';
import { type Op, matrix, reduce, shape } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import { describe, expect, it } from 'vitest';
import { createCpu } from '../../src/index.js';
import { runOn, tensor } from '../support.js';

const scattered = (dims: readonly number[], seed: number): HostTensor => {
  const size = dims.reduce((a, b) => a * b, 1);
  return tensor(
    'float32',
    dims,
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed)),
  );
};

/** Shapes, and all bytes of the elements: arrays that are quick to compare. */
const bitsOf = (results: readonly HostTensor[]): unknown =>
  results.map(({ shape: s, data }) => [
    s,
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  ]);

const cases: readonly [string, Op, readonly HostTensor[], unknown][] = [
  ['a product', matrix.matmul, [scattered([301, 130], 1), scattered([130, 77], 2)], {}],
  ['one with a long inner dimension', matrix.matmul, [scattered([30, 5000], 3), scattered([5000, 18], 4)], {}],
  ['A transposed', matrix.matmul, [scattered([2100, 45], 5), scattered([2100, 37], 6)], { transposeA: true }],
  ['B transposed', matrix.matmul, [scattered([61, 300], 7), scattered([151, 300], 8)], { transposeB: true }],
  ['a sum of columns', reduce.sum, [scattered([1000, 203], 9)], { axes: [0], keepDims: false }],
  ['a mean of a middle axis', reduce.mean, [scattered([5, 700, 70], 10)], { axes: [1], keepDims: true }],
  ['a concatenation', shape.concat, [scattered([1500, 60], 11), scattered([1500, 83], 12)], { axis: 1 }],
];

describe('large tensors', () => {
  it.each(cases)('%s: the same bits on any number of threads', async (_, op, inputs, attrs) => {
    const call = { attrs, host: [], donated: inputs.map(() => false) };
    const [alone, ...several] = [1, 2, 3].map((threads) => createCpu({ threads }));
    const expected = runOn(alone, op, inputs, call);
    for (const backend of several) {
      // Workers join when they are ready.
      for (let i = 0; i < 3; i++) {
        expect(bitsOf(runOn(backend, op, inputs, call))).toEqual(bitsOf(expected));
        await setTimeout(60);
      }
    }
  });

  it.each(cases)('%s: what double precision gives', (_, op, inputs, attrs) => {
    const call = { attrs, host: [], donated: inputs.map(() => false) };
    const exact = inputs.map(({ shape: s, data }) => tensor('float64', s, data));
    const [given] = runOn(createCpu(), op, inputs, call);
    const [expected] = runOn(createCpu(), op, exact, call);
    const worst = Math.max(...Array.from(given.data.subarray(0, 5000), (x, i) => Math.abs(x - expected.data[i])));
    expect(worst).toBeLessThan(1e-3);
  });
});
