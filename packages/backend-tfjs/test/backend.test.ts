import * as tf from '@tensorflow/tfjs-core';
import { tfjs } from '@tensorloom/backend-tfjs';
import { elementwise } from '@tensorloom/graph';
import { expect, onTestFinished, test, vi } from 'vitest';

const ones = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 1) } as const;

test('two engines serve one process, each its own kernels', async () => {
  const [cpu, wasm] = await Promise.all([tfjs('cpu'), tfjs('wasm')]);
  for (const backend of [cpu, wasm, cpu]) {
    const x = backend.upload(ones);
    const add = backend.kernels.get(elementwise.add);
    const y = await add?.([x, x], { attrs: {}, host: [], donated: [false, false] });
    expect(`tfjs-${tf.getBackend()}`).toBe(backend.name);
    if (y === undefined || !('buffer' in y)) throw new Error('expected one tensor');
    expect((await backend.download(y)).data).toEqual(Float32Array.of(2, 2));
    backend.free(x);
    backend.free(y);
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  }
});

test('handles share data by reference; freeing one twice throws', async () => {
  const backend = await tfjs('cpu');
  const x = backend.upload(ones);
  const again = backend.retain(x);
  expect(backend.stats()).toEqual({ handles: 2, bytes: 8 });
  backend.free(x);
  expect((await backend.download(again)).data).toEqual(Float32Array.of(1, 1));
  expect(() => backend.free(x)).toThrow('tfjs: use of a tensor that was freed before. Retain it once for each free.');
  backend.free(again);
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});

test('an engine that is not installed is an error that says what to install', async () => {
  vi.doMock('@tensorflow/tfjs-backend-webgl', () => {
    throw new Error('Cannot find package');
  });
  onTestFinished(() => {
    vi.doUnmock('@tensorflow/tfjs-backend-webgl');
  });
  await expect(tfjs('webgl')).rejects.toThrow(
    "tfjs: engine 'webgl' could not be loaded. Install @tensorflow/tfjs-backend-webgl.",
  );
});

test('an engine that does not run here is an error, and no other one runs instead', async () => {
  await expect(tfjs('webgpu')).rejects.toThrow(
    /^tfjs: engine 'webgpu' does not run here: .*\. Choose another engine\.$/,
  );
  // @ts-expect-error: not an engine
  await expect(tfjs('node')).rejects.toThrow("tfjs: 'node' is not an engine. Use one of cpu, wasm, webgl, webgpu.");
});

test('what is computed in host memory is said, with the reason', async () => {
  const backend = await tfjs('wasm');
  expect(backend.inHostMemory?.(elementwise.add, 'float32')).toBeUndefined();
  expect(backend.inHostMemory?.(elementwise.add, 'int32')).toBe('engines do not compute integers exactly');
});

test('float64 is refused, not rounded', async () => {
  const backend = await tfjs('cpu');
  expect(() => backend.upload({ dtype: 'float64', shape: [], data: Float64Array.of(1) })).toThrow(
    'tfjs: holds float32, int32 and bool, got float64.',
  );
});
