import { NDArray, create, elementwise, shape } from '@tensorloom/graph';
import { type Backend, type DeviceTensor, type HostTensor, type KernelCall, hostKernels } from '@tensorloom/runtime';
import { conformance } from '@tensorloom/testkit';
import { describe, expect, it } from 'vitest';
import { reference } from '../src/reference.js';

const floats = (...values: number[]): NDArray => new NDArray('float32', [values.length], Float32Array.from(values));
const ints = (...values: number[]): NDArray => new NDArray('int32', [values.length], Int32Array.from(values));
const call = (host: readonly HostTensor[] = []): KernelCall => ({ attrs: {}, host, donated: [false, false] });

/** What a synchronous backend holds in `x`. */
function read(backend: Backend, x: DeviceTensor): HostTensor {
  const host = backend.download(x);
  if (host instanceof Promise) throw new Error('expected the elements at once');
  return host;
}

/** The only result of a synchronous kernel. */
function run(
  backend: Backend,
  op: Parameters<typeof backend.kernels.get>[0],
  ...args: [readonly DeviceTensor[], KernelCall]
): DeviceTensor {
  const out = backend.kernels.get(op)?.(...args);
  if (out === undefined || out instanceof Promise) throw new Error('expected a result at once');
  return 'buffer' in out ? out : out[0];
}

describe('reference', () => {
  it('holds private copies of what is uploaded, and gives private copies back', () => {
    const backend = reference();
    const source = floats(1, 2);
    const x = backend.upload(source);
    source.data[0] = 9;
    read(backend, x).data[1] = 9;
    expect(read(backend, x)).toEqual({ dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) });
  });

  it('serves every host kernel, with host inputs back in the order of the op', () => {
    const backend = reference();
    expect([...backend.kernels.keys()]).toEqual([...hostKernels.keys()]);
    const x = backend.upload(floats(1, 2, 3, 4));
    expect(read(backend, run(backend, shape.slice, [x], call([ints(1), ints(2)]))).data).toEqual(Float32Array.of(2, 3));
    const five = backend.upload(new NDArray('float32', [], Float32Array.of(5)));
    expect(read(backend, run(backend, create.fill, [five], call([ints(2)]))).data).toEqual(Float32Array.of(5, 5));
  });

  it('counts handles, and the bytes of arrays that several of them may share', () => {
    const backend = reference();
    const x = backend.upload(floats(1, 2));
    const y = backend.retain(x);
    expect(backend.stats()).toEqual({ handles: 2, bytes: 8 });
    const z = run(backend, elementwise.add, [x, y], call());
    expect(backend.stats()).toEqual({ handles: 3, bytes: 16 });
    backend.free(x);
    expect(read(backend, y).data).toEqual(Float32Array.of(1, 2));
    backend.free(y);
    backend.free(z);
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  it('throws when a handle is used after it was freed, whoever else holds the tensor', () => {
    const backend = reference();
    const x = backend.upload(floats(1));
    const y = backend.retain(x);
    backend.free(x);
    expect(() => backend.free(x)).toThrow(
      'reference: free of a tensor that was freed before. Retain it once for each free.',
    );
    expect(() => backend.retain(x)).toThrow('reference: retain of a tensor that was freed before.');
    expect(() => backend.download(x)).toThrow('reference: read of a tensor that was freed before.');
    expect(() => run(backend, elementwise.neg, [x], call())).toThrow(
      'reference: read of a tensor that was freed before.',
    );
    backend.free(y);
  });

  it('throws on a tensor of another backend, of its own kind too', () => {
    const backend = reference();
    const message = 'reference: free of a tensor of another backend. Download it there and upload it here.';
    expect(() => backend.free(reference().upload(floats(1)))).toThrow(message);
    expect(() => backend.free({ dtype: 'float32', shape: [], buffer: new Float32Array(1) })).toThrow(message);
  });

  it('holds nothing after dispose', () => {
    const backend = reference();
    backend.upload(floats(1));
    backend.dispose();
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  it('keeps the contract of backends', async () => {
    await expect(conformance(reference(), { complete: true, samples: 3 })).resolves.toBeDefined();
  });
});
