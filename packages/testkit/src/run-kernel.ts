import { type Op, sameShape, showShape, sizeOf } from '@tensorloom/graph';
import { type Backend, type DeviceTensor, type HostTensor, kernelFor } from '@tensorloom/runtime';
import type { Sample } from './samples/sampler.js';

/**
 * Runs the backend's kernel for `op` on a sample and returns its results. Throws when there is no kernel, and when a kernel
 * breaks the contract: an input that was not donated has changed, or a result is not of the dtype and shape its handle says.
 */
export async function runKernel(
  backend: Backend,
  op: Op,
  { inputs, attrs }: Sample,
  donate: boolean,
): Promise<HostTensor[]> {
  const kernel = kernelFor(backend, op);
  if (kernel === undefined) throw new Error(`${op.name}: backend '${backend.name}' has no kernel for it.`);
  const given = inputs.filter((_, i) => !op.hostInputs.includes(i));
  const device = given.map((x) => backend.upload(x));
  try {
    const call = { attrs, host: op.hostInputs.map((i) => inputs[i]), donated: device.map(() => donate) };
    const results = [await kernel(device, call)].flat();
    try {
      const out: HostTensor[] = [];
      for (const y of results) out.push(await checkedDownload(backend, op, y));
      for (const [i, x] of donate ? [] : device.entries()) {
        const { data } = await backend.download(x);
        if (data.length !== given[i].data.length || data.some((v, k) => !Object.is(v, given[i].data[k]))) {
          throw new Error(
            `${op.name}: the kernel changed device input ${i}, which it had only borrowed. Overwrite donated inputs only.`,
          );
        }
      }
      return out;
    } finally {
      results.forEach((y) => backend.free(y));
    }
  } finally {
    device.forEach((x) => backend.free(x));
  }
}

async function checkedDownload(backend: Backend, op: Op, y: DeviceTensor): Promise<HostTensor> {
  const host = await backend.download(y);
  if (host.dtype !== y.dtype || !sameShape(host.shape, y.shape) || host.data.length !== sizeOf(y.shape)) {
    throw new Error(
      `${op.name}: the handle says ${y.dtype}${showShape(y.shape)}, downloading it gives ${host.data.length} elements as ${host.dtype}${showShape(host.shape)}.`,
    );
  }
  return host;
}
