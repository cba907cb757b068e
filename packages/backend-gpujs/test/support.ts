import { type DType, type Op, toTypedArray } from '@tensorloom/graph';
import { type Backend, type DeviceTensor, type HostTensor, kernelFor } from '@tensorloom/runtime';
import { Handles } from '../src/handles.js';
import { KernelCache } from '../src/kernel-cache.js';
import { type GpujsMode, openGpu } from '../src/mode.js';

export const tensor = (dtype: DType, shape: readonly number[], values: readonly number[]): HostTensor => ({
  dtype,
  shape,
  data: toTypedArray(dtype, values),
});

export const vector = (...values: number[]): HostTensor => tensor('float32', [values.length], values);
export const ints = (...values: number[]): HostTensor => tensor('int32', [values.length], values);

/** Handles with kernels of their own. */
export const handlesOf = (mode: GpujsMode = 'cpu'): Handles => new Handles(new KernelCache(openGpu(mode), mode));

/** All results of an op, with nothing left on the device. */
export async function computeAll(
  backend: Backend,
  op: Op,
  inputs: readonly HostTensor[],
  attrs: unknown = {},
): Promise<HostTensor[]> {
  const onDevice = (all: readonly HostTensor[]): DeviceTensor[] => all.map((x) => backend.upload(x));
  const device = onDevice(inputs.filter((_, i) => !op.hostInputs.includes(i)));
  const host = op.hostInputs.map((i) => inputs[i]);
  const kernel = kernelFor(backend, op);
  if (kernel === undefined) throw new Error(`no kernel for ${op.name}`);
  const ys = [await kernel(device, { attrs, host, donated: device.map(() => false) })].flat();
  const out: HostTensor[] = [];
  for (const y of ys) out.push(await backend.download(y));
  for (const t of [...device, ...ys]) backend.free(t);
  return out;
}

/** The only result of an op. */
export async function compute(
  backend: Backend,
  op: Op,
  inputs: readonly HostTensor[],
  attrs: unknown = {},
): Promise<HostTensor> {
  const [y] = await computeAll(backend, op, inputs, attrs);
  return y;
}
