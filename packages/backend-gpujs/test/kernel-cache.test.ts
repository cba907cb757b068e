import { describe, expect, test, vi } from 'vitest';
import { KernelCache, type ReadyLaunch, capacityOf } from '../src/kernel-cache.js';
import { openGpu } from '../src/mode.js';
import { HostFloats } from '../src/resident.js';

const held = (xs: readonly number[]) => new HostFloats(Float32Array.from(xs), xs.length);
const plus = (n: number, xs: readonly number[]): ReadyLaunch => ({
  body: `return xs[this.thread.x] + ${n};`,
  arrays: { xs: held(xs) },
  integers: {},
});
const run = async (kernels: KernelCache, launch: ReadyLaunch, length: number) =>
  (await kernels.run(launch, length)).read();

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('one kernel serves all sizes, and its results are arrays of their own', async () => {
    const kernels = new KernelCache(openGpu(mode), mode);
    const first = await run(kernels, plus(1, [1, 2]), 2);
    const second = await run(kernels, plus(1, [5, 6]), 2);
    for (let size = 1; size < 50; size++) {
      const xs = Array.from({ length: size }, (_, i) => i);
      expect(await run(kernels, plus(1, xs), size)).toEqual(Float32Array.from(xs, (x) => x + 1));
    }
    expect([first, second]).toEqual([Float32Array.of(2, 3), Float32Array.of(6, 7)]);
    expect([kernels.size, kernels.compilations]).toEqual([1, 1]);
    kernels.dispose();
  });

  test('the kernel unused for longest goes first, and can come back', async () => {
    const kernels = new KernelCache(openGpu(mode), mode, 2);
    for (const n of [1, 2, 1, 3, 2, 1]) expect(await run(kernels, plus(n, [10]), 1)).toEqual(Float32Array.of(10 + n));
    expect([kernels.size, kernels.compilations]).toEqual([2, 5]);
    kernels.dispose();
    expect(kernels.size).toBe(0);
  });

  test('a loop may have more than the 1000 rounds after which gpu.js ends it', async () => {
    const kernels = new KernelCache(openGpu(mode), mode);
    const body = 'let total = 0; for (let k = 0; k < count; k++) { total += xs[k]; } return total;';
    const xs = held(new Array<number>(5000).fill(1));
    expect(await run(kernels, { body, arrays: { xs }, integers: { count: 5000 } }, 1)).toEqual(Float32Array.of(5000));
    kernels.dispose();
  });
});

test('sizes that are not far apart are one size in mode webasm, which compiles for each', async () => {
  const compiled = vi.spyOn(WebAssembly, 'Module');
  const kernels = new KernelCache(openGpu('webasm'), 'webasm');
  const sizes = Array.from({ length: 200 }, (_, i) => 800 + i);
  for (const size of sizes) {
    const xs = Float32Array.from({ length: size }, (_, i) => i);
    const y = await kernels.run({ ...plus(1, []), arrays: { xs: await kernels.upload(xs) } }, size);
    expect(await y.read()).toEqual(xs.map((x) => x + 1));
  }
  expect(compiled.mock.calls.length).toBe(new Set(sizes.map(capacityOf)).size);
  expect(compiled.mock.calls.length).toBeLessThan(5);
  compiled.mockRestore();
  for (const size of [1, 15, 16, 17, 100, 1000, 2 ** 20 + 1]) {
    expect(capacityOf(size)).toBeGreaterThanOrEqual(size);
    expect(capacityOf(size)).toBeLessThanOrEqual(Math.max(16, size * 1.125 + 4));
    expect(capacityOf(size) % 4).toBe(0);
  }
});

test('a kernel that ran in another mode than the one asked for is an error', () => {
  const kernels = new KernelCache(openGpu('cpu'), 'webasm');
  expect(() => kernels.run(plus(1, [1]), 1)).toThrow(
    new Error("gpujs: asked for mode 'webasm', but gpu.js ran a kernel in mode 'cpu'. Choose a mode that runs here."),
  );
});

test('lengths that float32 does not hold are an error where indices are float32', () => {
  const zeros: ReadyLaunch = { body: 'return 0;', arrays: {}, integers: {} };
  expect(() => new KernelCache(openGpu('webasm'), 'webasm').run(zeros, 2 ** 24 + 1)).toThrow(
    new RangeError(
      "gpujs: mode 'webasm' indexes exactly up to 16777216 elements, got a tensor of 16777217. Use smaller tensors, or mode 'cpu'.",
    ),
  );
});
