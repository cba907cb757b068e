import { type AttrsOf, type Op, check, elementwise, isFloating, reduce } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor, Kernel } from '../backend.js';
import { nonFinite, showValues } from '../host/check.js';
import { type Run, drive, settle, single } from './machine.js';

/**
 * What is not finite in a tensor, see `nonFinite`. Decided on the device where the backend has the kernels; elements are fetched
 * only to tell NaN from infinity.
 */
export function* nonFiniteOf(x: DeviceTensor, backend: Backend): Run<string | null> {
  if (!isFloating(x.dtype) || (yield* allFinite(x, backend))) return null;
  return nonFinite((yield* settle(backend.download(x))).data);
}

function* allFinite(x: DeviceTensor, backend: Backend): Run<boolean> {
  const isFinite = backend.kernels.get(elementwise.isFinite);
  const all = backend.kernels.get(reduce.all);
  if (isFinite === undefined || all === undefined) return false;
  const made: DeviceTensor[] = [];
  try {
    made.push(single(yield* settle(isFinite([x], { attrs: {}, host: [], donated: [false] }))));
    const attrs = { axes: null, keepDims: false };
    made.push(single(yield* settle(all([made[0]], { attrs, host: [], donated: [false] }))));
    return (yield* settle(backend.download(made[1]))).data[0] !== 0;
  } finally {
    made.forEach((t) => backend.free(t));
  }
}

function* runCheck(x: DeviceTensor, message: string, backend: Backend): Run<DeviceTensor> {
  const found = yield* nonFiniteOf(x, backend);
  if (found !== null) throw new Error(`CheckNumerics: ${message}: tensor has ${found} values`);
  return backend.retain(x);
}

function* runPrint(
  [x, ...data]: readonly DeviceTensor[],
  { message, summarize }: AttrsOf<typeof check.print>,
  backend: Backend,
): Run<DeviceTensor> {
  const values: HostTensor[] = [];
  for (const d of data) values.push(yield* settle(backend.download(d)));
  console.error(`${message}${showValues(values, summarize)}`);
  return backend.retain(x);
}

const checking = (backend: Backend): Kernel<unknown, AttrsOf<typeof check.checkNumerics>> => {
  return ([x], { attrs: { message } }) => drive(runCheck(x, message, backend));
};

const printing = (backend: Backend): Kernel<unknown, AttrsOf<typeof check.print>> => {
  /** How often each op has printed; copies of one have its attributes. */
  const times = new WeakMap<object, number>();
  return (inputs, { attrs }) => {
    const before = times.get(attrs) ?? 0;
    times.set(attrs, before + 1);
    const done = attrs.firstN !== null && before >= attrs.firstN;
    return done ? backend.retain(inputs[0]) : drive(runPrint(inputs, attrs, backend));
  };
};

/** The ops that the runtime runs on every backend, by what the backend has. */
export const checkOnDevice: ReadonlyMap<Op, (backend: Backend) => Kernel<unknown>> = new Map<
  Op,
  (backend: Backend) => Kernel<unknown>
>([
  [check.checkNumerics, checking],
  [check.print, printing],
]);
