import { type Op, allocate, create, elementwise, isKnown, list, shape, sizeOf } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor, KernelCall } from '../backend.js';
import { hostKernels } from '../host/index.js';
import type { Program } from '../lower/program.js';
import { type Machine, type Run, settle, single } from './machine.js';
import { type ListValue, type TensorValue, type Value, isDevice, isHost, isList, release, retain } from './values.js';

/** The register that a result is for. */
type Target = Program['slots'][number];

const int = (v: Value): number => {
  if (!isHost(v)) throw new Error('list: an index is not on the host.');
  return v.data[0];
};

const asTensor = (v: Value): TensorValue => {
  if (isList(v)) throw new Error('list: expected a tensor, got a list.');
  return v;
};

const asList = (v: Value): ListValue => {
  if (!isList(v)) throw new Error('list: expected a list, got a tensor.');
  return v;
};

/** Runs an op on lists. Lists are the runtime's: a backend only joins and splits tensors. */
export function* runList(op: Op, inputs: readonly Value[], m: Machine, target: Target): Run<Value> {
  const [x, second, third] = inputs;
  switch (op) {
    case list.unstack: {
      const tensor = asTensor(x);
      const length = int(second);
      const set = yield* rows(tensor, Math.min(length, tensor.shape[0]), m);
      return { dtype: tensor.dtype, items: Array.from({ length }, (_, i) => set[i] ?? null), refs: 1 };
    }
    case list.stack:
      return yield* stackItems(asList(x), int(second), m, target);
    case list.length:
      return { dtype: 'int32', shape: [], data: Int32Array.of(asList(x).items.length) };
    case list.get: {
      const { items } = asList(x);
      const index = int(second);
      if (index < 0 || index >= items.length) throw new RangeError(`ListGet: index ${index} is out of range for a list of ${items.length}.`);
      return yield* itemOrZeros(asList(x), index, m, target);
    }
    case list.single: {
      const items: (Value | null)[] = Array.from({ length: int(third) }, () => null);
      items[int(second)] = retain(m.backend, x);
      return { dtype: x.dtype, items, refs: 1 };
    }
    case list.zerosLike:
      return { dtype: asList(x).dtype, items: asList(x).items.map(() => null), refs: 1 };
    case list.add:
      return yield* addLists(asList(x), asList(second), m);
    default:
      throw new Error(`${op.name}: not an op on lists.`);
  }
}

/** The first `length` rows of a tensor, a reference each. */
export function* rows(x: TensorValue, length: number, m: Machine): Run<TensorValue[]> {
  const num = x.shape[0];
  if (num === 0 || length <= 0) return [];
  const attrs = { axis: 0, num };
  if (isHost(x)) return [...onHost(shape.unpack as Op, [x], attrs).slice(0, length)];
  const all = [yield* call(m.backend, shape.unpack as Op, [x], attrs)].flat();
  all.slice(length).forEach((v) => m.backend.free(v));
  return all.slice(0, length);
}

function* stackItems({ dtype, items }: ListValue, length: number, m: Machine, target: Target): Run<TensorValue> {
  const attrs = { axis: 0 };
  const wanted = Array.from({ length }, (_, i) => items[i] ?? null);
  const some = wanted.find((v) => v !== null);
  const hosted = target.holds === 'host';
  if (some === undefined) {
    const element = target.spec.kind === 'tensor' ? (target.spec.shape?.slice(1) ?? []) : [];
    if (length > 0 && !isKnown(element)) throw new Error('ListStack: no element was ever set and their shape is not known. Give it a static shape.');
    return yield* zeros([length, ...element.map((d) => d ?? 0)], dtype, hosted, m);
  }
  const empty = wanted.includes(null) ? yield* zeros(asTensor(some).shape, dtype, hosted, m) : asTensor(some);
  const all = wanted.map((v) => (v === null ? empty : asTensor(v)));
  if (hosted) return onHost(shape.pack as Op, all.filter(isHost), attrs)[0];
  const made: DeviceTensor[] = isDevice(empty) && empty !== some ? [empty] : [];
  const devices = all.map((v) => {
    if (isDevice(v)) return v;
    made.push(m.backend.upload(v));
    return made[made.length - 1];
  });
  const out = single(yield* call(m.backend, shape.pack as Op, devices, attrs));
  made.forEach((v) => m.backend.free(v));
  return out;
}

/** One element as a reference of its own, where the register wants it; zeros when it was never set. */
export function* itemOrZeros({ dtype, items }: ListValue, index: number, m: Machine, target: Target): Run<Value> {
  const item = items[index];
  const hosted = target.holds === 'host';
  if (item !== null) {
    if (isList(item)) return retain(m.backend, item);
    if (isDevice(item)) return hosted ? yield* settle(m.backend.download(item)) : m.backend.retain(item);
    return hosted ? item : m.backend.upload(item);
  }
  if (target.holds === 'list') throw new Error(`ListGet: element ${index} is a list that was never set.`);
  const set = items.find((v) => v !== null);
  const known = set == null ? (target.spec.kind === 'tensor' ? target.spec.shape : undefined) : asTensor(set).shape;
  if (!isKnown(known)) throw new Error(`ListGet: element ${index} was never set and its shape is not known. Give the elements a static shape.`);
  return yield* zeros(known, dtype, hosted, m);
}

function* zeros(dims: readonly number[], dtype: ListValue['dtype'], hosted: boolean, m: Machine): Run<TensorValue> {
  const zero: HostTensor = { dtype, shape: [], data: allocate(dtype, 1) };
  if (hosted) return { dtype, shape: dims, data: allocate(dtype, sizeOf(dims)) };
  const size: HostTensor = { dtype: 'int32', shape: [dims.length], data: Int32Array.from(dims) };
  const value = m.backend.upload(zero);
  const out = single(yield* call(m.backend, create.fill as Op, [value], {}, [size]));
  m.backend.free(value);
  return out;
}

function* addLists(a: ListValue, b: ListValue, m: Machine): Run<ListValue> {
  if (a.items.length !== b.items.length) throw new Error(`ListAdd: lists of ${a.items.length} and ${b.items.length} elements differ in length.`);
  const items: (Value | null)[] = [];
  try {
    for (const [i, x] of a.items.entries()) {
      const y = b.items[i];
      const one = x ?? y;
      if (x === null || y === null) items.push(one === null ? null : retain(m.backend, one));
      else items.push(yield* addItems(x, y, m));
    }
  } catch (e) {
    for (const item of items) if (item !== null) release(m.backend, item);
    throw e;
  }
  return { dtype: a.dtype, items, refs: 1 };
}

function* addItems(x: Value, y: Value, m: Machine): Run<Value> {
  if (isList(x) && isList(y)) return yield* addLists(x, y, m);
  if (isDevice(x) && isDevice(y)) return single(yield* call(m.backend, elementwise.add as Op, [x, y], {}));
  if (isHost(x) && isHost(y)) return onHost(elementwise.add as Op, [x, y], {})[0];
  throw new Error('ListAdd: one element is on the host, the other on the device.');
}

/** Runs a kernel of the host. */
function onHost(op: Op, inputs: readonly HostTensor[], attrs: unknown): readonly HostTensor[] {
  const kernel = hostKernels.get(op);
  if (kernel === undefined) throw new Error(`${op.name}: no host kernel.`);
  return [kernel(inputs, attrs)].flat();
}

/** Calls a kernel of the backend that the runtime itself needs. */
function* call(backend: Backend, op: Op, inputs: readonly DeviceTensor[], attrs: unknown, host: KernelCall['host'] = []): Run<DeviceTensor | readonly DeviceTensor[]> {
  const kernel = backend.kernels.get(op);
  if (kernel === undefined) throw new Error(`${op.name}: backend '${backend.name}' has no kernel for it, and lists need one.`);
  return yield* settle(kernel(inputs, { attrs, host, donated: inputs.map(() => false) }));
}
