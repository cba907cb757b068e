import { type DType, type Op, alongAxis, elementwise, mixed } from '@tensorloom/graph';
import type { ElementwiseRegion, HostTensor } from '@tensorloom/runtime';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { regionKernel } from '../../src/kernels/region.js';
import { handlesOf, tensor, vector } from '../support.js';

const step = (op: Op, operands: number[], dtype: DType = 'float32', attrs: unknown = {}) => ({
  op,
  attrs,
  operands,
  dtype,
});

/** tanh(x w + b) where it is positive, else -1: a column, a row and a scalar. */
const region: ElementwiseRegion = {
  inputs: ['float32', 'float32', 'float32'],
  steps: [
    step(elementwise.mul, [0, 1]),
    step(elementwise.add, [3, 2]),
    step(elementwise.tanh, [4]),
    step(elementwise.sub, [5, 5]),
    step(elementwise.greater, [5, 6], 'bool'),
    step(elementwise.cos, [6]),
    step(elementwise.neg, [8]),
    step(mixed.select, [7, 5, 9]),
  ],
};
const inputs = [tensor('float32', [2, 1], [1, -2]), vector(1, 2, 3), tensor('float32', [], [0.5])];
const expected = [1, -2].flatMap((x) =>
  [1, 2, 3].map((w) => Math.tanh(x * w + 0.5)).map((t) => Math.fround(t > 0 ? t : -1)),
);

async function run(mode: 'cpu' | 'webasm', given: ElementwiseRegion, xs: readonly HostTensor[]): Promise<HostTensor> {
  const backend = await gpujs({ mode });
  const kernel = backend.fuse?.(given);
  if (kernel === undefined) throw new Error('not fused');
  const held = xs.map((x) => backend.upload(x));
  const [y] = [await kernel(held, { attrs: {}, host: [], donated: xs.map(() => false) })].flat();
  const out = await backend.download(y);
  for (const t of [...held, y]) backend.free(t);
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  return out;
}

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('several ops are one kernel over broadcast inputs', async () => {
    const y = await run(mode, region, inputs);
    expect(y.shape).toEqual([2, 3]);
    y.data.forEach((v, i) => expect(v).toBeCloseTo(expected[i], 6));
  });

  test('its result may be bool, or empty', async () => {
    const bools: ElementwiseRegion = {
      inputs: ['float32'],
      steps: [step(elementwise.square, [0]), step(mixed.cast, [1], 'bool', { to: 'bool' })],
    };
    expect(await run(mode, bools, [vector(0, 2, NaN)])).toEqual(tensor('bool', [3], [0, 1, 1]));
    expect(await run(mode, bools, [vector()])).toEqual(tensor('bool', [0], []));
  });
});

test('one compilation serves all shapes of a class', async () => {
  const handles = handlesOf();
  const kernel = regionKernel(region, handles);
  for (const columns of [2, 3, 50]) {
    const xs = [tensor('float32', [2, 1], [1, 2]), vector(...new Array<number>(columns).fill(1)), inputs[2]];
    await kernel?.(
      xs.map((x) => handles.hold(x)),
      { attrs: {}, host: [], donated: [] },
    );
  }
  expect(handles.kernels.compilations).toBe(1);
});

test('what is no region for it is refused', async () => {
  const { fuse } = await gpujs({ mode: 'cpu' });
  const one = (op: Op, dtype: DType, count = 2): ElementwiseRegion => ({
    inputs: new Array<DType>(count).fill(dtype),
    steps: [step(op, [0, 1], dtype)],
  });
  expect(fuse?.(one(elementwise.add, 'float32'))).toBeDefined();
  expect(fuse?.(one(elementwise.add, 'int32'))).toBeUndefined();
  expect(fuse?.(one(alongAxis.cumsum, 'float32'))).toBeUndefined();
  expect(fuse?.(one(elementwise.add, 'float32', 8))).toBeUndefined();
});
