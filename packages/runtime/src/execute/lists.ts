import { type DType, type Op, allocate, create, elementwise, isKnown, list, shape, sizeOf } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor, KernelCall } from '../backend.js';
import { hostKernels } from '../host/index.js';
import type { Register } from '../lower/program.js';
import { type Machine, type Run, settle, single } from './machine.js';
import { type ListValue, type TensorValue, type Value, isDevice, isHost, isList, release, retain } from './values.js';

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

/** Runs an op on lists, whose result is for the register `target`. Lists are the runtime's: a backend only joins and splits tensors. */
export function* runList(op: Op, inputs: readonly Value[], m: Machine, target: Register): Run<Value> {
  const [x, second, third] = inputs;
  switch (op) {
    case list.unstack: {
      const tensor = asTensor(x);
      const length = int(second);
      const set = yield* rows(tensor, length, m);
      return { dtype: tensor.dtype, items: Array.from({ length }, (_, i) => set[i] ?? null), refs: 1 };
    }
    case list.stack:
      return yield* stackItems(asList(x), int(second), m, target);
    case list.length:
      return { dtype: 'int32', shape: [], data: Int32Array.of(asList(x).items.length) };
    case list.get: {
      const { items } = asList(x);
      const index = int(second);
      if (index < 0 || index >= items.length) {
        throw new RangeError(`ListGet: index ${index} is out of range for a list of ${items.length}.`);
      }
      return yield* itemOrZeros(asList(x), index, m, target);
    }
    case list.single: {
      const items: (Value | null)[] = Array.from({ length: int(third) }, () => null);
      items[int(second)] = retain(m.backend, x);
      return { dtype: x.dtype, items, refs: 1 };
    }
    case list.zerosLike:
      return { dtype: x.dtype, items: asList(x).items.map(() => null), refs: 1 };
    case list.add:
      return yield* addLists(asList(x), asList(second), m);
    default:
      throw new Error(`${op.name}: not an op on lists.`);
  }
}

/** The first `length` rows of a tensor or fewer, where it has fewer; a reference each. */
export function* rows(x: TensorValue, length: number, m: Machine): Run<TensorValue[]> {
  const num = x.shape[0];
  if (num === 0 || length <= 0) return [];
  const attrs = { axis: 0, num };
  if (isHost(x)) return onHost(shape.unpack, [x], attrs).slice(0, length);
  const all = [yield* call(m.backend, shape.unpack, [x], attrs)].flat();
  all.slice(length).forEach((v) => m.backend.free(v));
  return all.slice(0, length);
}

function* stackItems({ dtype, items }: ListValue, length: number, m: Machine, target: Register): Run<TensorValue> {
  const attrs = { axis: 0 };
  const hosted = target.holds === 'host';
  const wanted = Array.from({ length }, (_, i) => (items[i] == null ? null : asTensor(items[i])));
  const set = wanted.find((v) => v !== null);
  if (set === undefined) {
    const row = target.spec.kind === 'tensor' ? target.spec.shape?.slice(1) : undefined;
    if (length > 0 && !isKnown(row)) {
      throw new Error('ListStack: no element was ever set and their shape is not known. Give it a static shape.');
    }
    return yield* zeros([length, ...(row ?? []).map((d) => d ?? 0)], dtype, hosted, m);
  }
  const made: TensorValue[] = [];
  try {
    if (wanted.includes(null)) made.push(yield* zeros(set.shape, dtype, hosted, m));
    const all = wanted.map((v) => v ?? made[0]);
    if (hosted) return onHost(shape.pack, all.filter(isHost), attrs)[0];
    const onDevice = all.map((v) => {
      if (isDevice(v)) return v;
      const uploaded = m.backend.upload(v);
      made.push(uploaded);
      return uploaded;
    });
    return single(yield* call(m.backend, shape.pack, onDevice, attrs));
  } finally {
    made.forEach((v) => release(m.backend, v));
  }
}

/** One element as a reference of its own, where the register wants it; zeros when it was never set. */
export function* itemOrZeros({ dtype, items }: ListValue, index: number, m: Machine, target: Register): Run<Value> {
  const item = items[index];
  const hosted = target.holds === 'host';
  if (item !== null) {
    if (isList(item)) return retain(m.backend, item);
    if (isDevice(item)) return hosted ? yield* settle(m.backend.download(item)) : m.backend.retain(item);
    return hosted ? item : m.backend.upload(item);
  }
  if (target.spec.kind === 'list') throw new Error(`ListGet: element ${index} is a list that was never set.`);
  const set = items.find((v) => v !== null);
  const like = isKnown(target.spec.shape) || set == null ? target.spec.shape : asTensor(set).shape;
  if (!isKnown(like)) {
    throw new Error(
      `ListGet: element ${index} was never set and its shape is not known. Give the elements a static shape.`,
    );
  }
  return yield* zeros(like, dtype, hosted, m);
}

function* zeros(dims: readonly number[], dtype: DType, hosted: boolean, m: Machine): Run<TensorValue> {
  if (hosted) return { dtype, shape: dims, data: allocate(dtype, sizeOf(dims)) };
  const size: HostTensor = { dtype: 'int32', shape: [dims.length], data: Int32Array.from(dims) };
  const zero = m.backend.upload({ dtype, shape: [], data: allocate(dtype, 1) });
  try {
    return single(yield* call(m.backend, create.fill, [zero], {}, [size]));
  } finally {
    m.backend.free(zero);
  }
}

function* addLists(a: ListValue, b: ListValue, m: Machine): Run<ListValue> {
  if (a.items.length !== b.items.length) {
    throw new Error(`ListAdd: lists of ${a.items.length} and ${b.items.length} elements differ in length.`);
  }
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
  if (isList(x) || isList(y)) return yield* addLists(asList(x), asList(y), m);
  if (isHost(x) && isHost(y)) return onHost(elementwise.add, [x, y], {})[0];
  const uploaded: DeviceTensor[] = [];
  const onDevice = [x, y].map((v) => {
    if (isDevice(v)) return v;
    const moved = m.backend.upload(v);
    uploaded.push(moved);
    return moved;
  });
  try {
    return single(yield* call(m.backend, elementwise.add, onDevice, {}));
  } finally {
    uploaded.forEach((v) => m.backend.free(v));
  }
}

/** Runs a kernel of the host. */
function onHost<A>(op: Op<A>, inputs: readonly HostTensor[], attrs: A): readonly HostTensor[] {
  const kernel = hostKernels.get(op);
  if (kernel === undefined) throw new Error(`${op.name}: the host has no kernel for this op.`);
  return kernel(inputs, attrs);
}

/** Calls a kernel of the backend that the runtime itself needs. */
function* call<A>(
  backend: Backend,
  op: Op<A>,
  inputs: readonly DeviceTensor[],
  attrs: A,
  host: KernelCall['host'] = [],
): Run<DeviceTensor | readonly DeviceTensor[]> {
  const kernel = backend.kernels.get(op);
  if (kernel === undefined) {
    throw new Error(
      `${op.name}: backend '${backend.name}' has no kernel for this op, and lists need it. Use another backend, or add the kernel to its table.`,
    );
  }
  return yield* settle(kernel(inputs, { attrs, host, donated: inputs.map(() => false) }));
}
