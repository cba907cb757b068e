import { type DType, type Op, toTypedArray } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor } from '@tensorloom/runtime';

export const tensor = (dtype: DType, shape: readonly number[], values: readonly number[]): HostTensor => ({
  dtype,
  shape,
  data: toTypedArray(dtype, values),
});

export const vector = (...values: number[]): HostTensor => tensor('float32', [values.length], values);

/** The only result of an op, with nothing left on the device. */
export async function compute(
  backend: Backend,
  op: Op,
  inputs: readonly HostTensor[],
  attrs: unknown = {},
): Promise<HostTensor> {
  const onDevice = (all: readonly HostTensor[]): DeviceTensor[] => all.map((x) => backend.upload(x));
  const device = onDevice(inputs.filter((_, i) => !op.hostInputs.includes(i)));
  const host = op.hostInputs.map((i) => inputs[i]);
  const kernel = backend.kernels.get(op);
  if (kernel === undefined) throw new Error(`no kernel for ${op.name}`);
  const [y] = [await kernel(device, { attrs, host, donated: device.map(() => false) })].flat();
  const out = await backend.download(y);
  for (const t of [...device, y]) backend.free(t);
  return out;
}
