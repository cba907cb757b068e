import { NDArray, create, elementwise, shape } from '@tensorloom/graph';
import { type Backend, type DeviceTensor, type HostTensor, type KernelCall, hostKernels } from '@tensorloom/runtime';
import { ndarrays, shapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference } from '../src/reference.js';

const floats = (...values: number[]): NDArray => new NDArray('float32', [values.length], Float32Array.from(values));
const ints = (...values: number[]): NDArray => new NDArray('int32', [values.length], Int32Array.from(values));
const one = <T>(x: T | readonly T[] | Promise<unknown>): T => {
  if (x instanceof Promise || Array.isArray(x)) throw new Error('expected one tensor at once');
  return x as T;
};
const read = (backend: Backend, x: DeviceTensor): HostTensor => one(backend.download(x));
const call = (host: readonly HostTensor[] = []): KernelCall => ({ attrs: {}, host, donated: [false, false] });

describe('reference', () => {
  it('holds private copies of what is uploaded, and gives private copies back', () => {
    const backend = reference();
    const source = floats(1, 2);
    const x = backend.upload(source);
    source.data[0] = 9;
    read(backend, x).data[1] = 9;
    expect(read(backend, x)).toEqual({ dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) });
  });

  it('serves every host kernel, with all inputs in the order of the op', () => {
    const backend = reference();
    expect([...backend.kernels.keys()]).toEqual([...hostKernels.keys()]);
    const x = backend.upload(floats(1, 2, 3, 4));
    const five = backend.upload(new NDArray('float32', [], Float32Array.of(5)));
    const slice = backend.kernels.get(shape.slice)?.([x], call([ints(1), ints(2)]));
    expect(read(backend, one(slice!)).data).toEqual(Float32Array.of(2, 3));
    const fill = backend.kernels.get(create.fill)?.([five], call([ints(2)]));
    expect(read(backend, one(fill!)).data).toEqual(Float32Array.of(5, 5));
  });
});
