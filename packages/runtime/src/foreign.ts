import { type Op, allocate, sizeOf } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor, Kernel, KernelCall } from './backend.js';
import { checkOnDevice } from './execute/check.js';
import { Joined } from './execute/joined.js';
import { type Run, drive, settle } from './execute/machine.js';
import { type HostLoops, inOrder, outputsOf } from './host/host-kernel.js';

/** Makes the kernel of an op for one backend. Throws when it is not made for that backend. */
export type BackendKernel<A = unknown> = (backend: Backend, op: Op<A>) => Kernel<unknown, A>;

/**
 * The kernels of an op that no package of the framework knows. `host`: plain loops, which serve the backends without a kernel of
 * their own, by way of host memory. Any other key is a backend's name, or what stands before its first dash ('tfjs' is for
 * 'tfjs-wasm' too), and holds a `BackendKernel`.
 */
export interface ForeignKernels<A = unknown> {
  readonly host?: HostLoops<A>;
  readonly [backend: string]: ForeignKernel<A> | undefined;
}

/** What stands under a key: loops under 'host', a `BackendKernel` under others. A method's type, so that both are of it. */
type ForeignKernel<A> = {
  run(
    backend: Backend | readonly HostTensor[],
    op: Op<A> | readonly HostTensor[],
    attrs?: A,
  ): Kernel<unknown, A> | void;
}['run'];

const foreign = new WeakMap<Op, (backend: Backend) => Kernel<unknown> | undefined>();

/** Gives an op its kernels: for ops of one's own, which are in no backend's table. */
export function defineKernels<A>(op: Op<A>, { host, ...kernels }: ForeignKernels<A>): void {
  foreign.set(op, (backend) => {
    const key = backend.name in kernels ? backend.name : backend.name.replace(/-.*/s, '');
    const make = kernels[key];
    if (make === undefined) return host && inHostMemory(op, host, backend);
    const kernel = make(backend, op);
    if (typeof kernel === 'function') return kernel;
    throw new TypeError(
      `${op.name}: expected kernels.${key} to give a kernel for backend '${backend.name}', got ${typeof kernel}. Plain loops stand under 'host'.`,
    );
  });
}

/** A kernel of plain loops for any backend, which fetches its inputs and uploads its results. */
function inHostMemory<A>(op: Op<A>, loops: HostLoops<A>, backend: Backend): Kernel<unknown, A> {
  function* run(inputs: readonly DeviceTensor[], { attrs, host }: KernelCall<A>): Run<readonly DeviceTensor[]> {
    const fetched: HostTensor[] = [];
    for (const x of inputs) fetched.push(yield* settle(backend.download(x)));
    const all = inOrder(op, fetched, host);
    const outputs = outputsOf(op, all, attrs).map(({ dtype, shape }) => ({
      dtype,
      shape,
      data: allocate(dtype, sizeOf(shape)),
    }));
    loops(all, outputs, attrs);
    return outputs.map((y) => backend.upload(y));
  }
  return (inputs, call) => drive(run(inputs, call));
}

/** Kernels that were made for a backend. */
const made = new WeakMap<Backend, Map<Op, Kernel<unknown>>>();

function make(backend: Backend, op: Op): Kernel<unknown> | undefined {
  if (!(backend instanceof Joined)) return checkOnDevice.get(op)?.(backend) ?? foreign.get(op)?.(backend);
  const own = kernelFor(backend.backend, op);
  return own && backend.kernel(own);
}

/** The kernel with which a backend runs `op`: its own, the runtime's, or the one that the op came with; `undefined` when there is none. */
export function kernelFor(backend: Backend, op: Op): Kernel<unknown> | undefined {
  const own = backend.kernels.get(op);
  if (own !== undefined) return own;
  const known = made.get(backend) ?? new Map<Op, Kernel<unknown>>();
  made.set(backend, known);
  const kernel = known.get(op) ?? make(backend, op);
  if (kernel !== undefined) known.set(op, kernel);
  return kernel;
}
