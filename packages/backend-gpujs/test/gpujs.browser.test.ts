import { type Op, elementwise, matrix, reduce, shape } from '@tensorloom/graph';
import { type ConformanceException, conformance, programs } from '@tensorloom/testkit';
import { modelPrograms } from '@tensorloom/testkit/models';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../src/index.js';
import { Handles } from '../src/handles.js';
import { KernelCache } from '../src/kernel-cache.js';
import { kernelsFor } from '../src/kernels/index.js';
import { regionKernel } from '../src/kernels/region.js';
import { modeOf, openGpu } from '../src/mode.js';
import { compute, tensor, vector } from './support.js';

const tolerance = { rtol: 1e-4, atol: 1e-4 };
/** What float32 loses to cancellation between large terms: the reference sums in double precision. */
const exceptions = new Map<Op, ConformanceException>([[matrix.matmul, { specials: false }]]);

describe.each(['webgl2', 'webgpu'] as const)('mode %s', (mode) => {
  test('is what runs', async () => {
    const gpu = openGpu(mode);
    const kernel = gpu.createKernel('function () { return 1; }').setOutput([1]);
    await kernel();
    expect(modeOf(kernel)).toBe(mode);
    const backend = await gpujs({ mode });
    expect(backend.name).toBe(`gpujs-${mode}`);
    backend.dispose();
  });

  test('keeps the contract of backends, with every op', async () => {
    const backend = await gpujs({ mode });
    const all = [...programs, ...modelPrograms];
    const options = { samples: 15, complete: true, subnormals: false, tolerance, exceptions, programs: all };
    const report = await conformance(backend, options);
    const ops = report.filter((r) => r.kind === 'op' && r.dtype === 'float32');
    expect(ops.filter((r) => r.inHostMemory !== undefined).map((r) => r.op)).toEqual([matrix.orthonormalize.name]);
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
    backend.dispose();
  });

  test('results stay on the device, serve as inputs many times, and go with their last reference', async () => {
    const handles = new Handles(new KernelCache(openGpu(mode), mode));
    const add = kernelsFor(handles).get(elementwise.add);
    if (add === undefined) throw new Error('no kernel');
    const call = { attrs: {}, host: [], donated: [false, false] };
    const one = handles.hold(vector(1, 2));
    let x = one;
    for (let i = 0; i < 20; i++) {
      const [next] = [await add([x, one], call)].flat();
      expect((await handles.resident(next)).argument).not.toBeInstanceOf(Float32Array);
      if (x !== one) handles.free(x);
      x = next;
    }
    expect(await handles.read(x)).toEqual(vector(21, 42));
    expect(handles.kernels.compilations).toBe(2);
    handles.free(x);
    handles.free(one);
    expect(handles.stats()).toEqual({ handles: 0, bytes: 0 });
    handles.kernels.dispose();
  });

  test('runs of one kernel at once, while it is compiled, keep their sizes', async () => {
    const handles = new Handles(new KernelCache(openGpu(mode), mode));
    const add = kernelsFor(handles).get(elementwise.add)!;
    const call = { attrs: {}, host: [], donated: [false, false] };
    const sums = [3, 5, 2, 4].map(async (n) => {
      const x = handles.hold(vector(...Array.from({ length: n }, (_, i) => i + n)));
      const [y] = [await add([x, x], call)].flat();
      return (await handles.read(y)).data;
    });
    const expected = [3, 5, 2, 4].map((n) => Float32Array.from({ length: n }, (_, i) => 2 * (i + n)));
    expect(await Promise.all(sums)).toEqual(expected);
    handles.kernels.dispose();
  });

  test('a kernel that has gone leaves its results', async () => {
    const handles = new Handles(new KernelCache(openGpu(mode), mode, 1));
    const [x, y] = [handles.hold(vector(1, 4)), handles.hold(vector(2, 3))];
    const call = { attrs: {}, host: [], donated: [false, false] };
    const kernels = kernelsFor(handles);
    const sum = [await kernels.get(elementwise.add)!([x, y], call)].flat();
    const product = [await kernels.get(elementwise.mul)!([x, y], call)].flat();
    expect(handles.kernels.size).toBe(1);
    expect(await handles.read(sum[0])).toEqual(vector(3, 7));
    expect(await handles.read(product[0])).toEqual(vector(2, 12));
    for (const t of [x, y, ...sum, ...product]) handles.free(t);
    handles.kernels.dispose();
  });

  test('other shapes do not compile again', async () => {
    const handles = new Handles(new KernelCache(openGpu(mode), mode));
    const kernels = kernelsFor(handles);
    const run = async (op: Op, x: readonly number[], attrs: unknown) => {
      const size = x.reduce((n, d) => n * d, 1);
      const held = handles.hold(tensor('float32', x, new Array<number>(size).fill(1)));
      const ys = [await kernels.get(op)!([held], { attrs, host: [], donated: [false] })].flat();
      for (const t of [held, ...ys]) handles.free(t);
    };
    const counts: number[] = [];
    for (const n of [2, 3, 17, 130]) {
      await run(shape.transpose, [n, n + 1, 3], { perm: [2, 0, 1] });
      await run(reduce.sum, [n, 5], { axes: [1], keepDims: false });
      counts.push(handles.kernels.compilations);
    }
    expect(counts).toEqual([3, 3, 3, 3]);
    handles.kernels.dispose();
  });

  test('an elementwise region is one kernel', async () => {
    const handles = new Handles(new KernelCache(openGpu(mode), mode));
    const step = (op: Op, ...operands: number[]) => ({ op, attrs: {}, operands, dtype: 'float32' as const });
    const steps = [step(elementwise.mul, 0, 1), step(elementwise.add, 2, 1), step(elementwise.tanh, 3)];
    const kernel = regionKernel({ inputs: ['float32', 'float32'], steps }, handles);
    const held = [tensor('float32', [2, 1], [0.5, 90]), vector(1, -1)].map((x) => handles.hold(x));
    const [y] = [await kernel!(held, { attrs: {}, host: [], donated: [false, false] })].flat();
    const { data } = await handles.read(y);
    [1.5, -1.5, 91, -91].forEach((v, i) => expect(data[i]).toBeCloseTo(Math.tanh(v), 5));
    handles.kernels.dispose();
  });

  test('numbers at the ends of their range', async () => {
    const backend = await gpujs({ mode });
    const x = vector(-Infinity, -90, 0, 90, Infinity, NaN);
    expect(await compute(backend, elementwise.tanh, [x])).toEqual(vector(-1, -1, 0, 1, 1, NaN));
    const max = await compute(backend, elementwise.maximum, [x, vector(0, 0, 0, 0, 0, 0)]);
    expect(max).toEqual(vector(0, 0, 0, 90, Infinity, NaN));
    const logarithm = await compute(backend, elementwise.log, [vector(0, -1, Infinity, 1)]);
    expect(logarithm).toEqual(vector(-Infinity, NaN, Infinity, 0));
    backend.dispose();
  });
});
