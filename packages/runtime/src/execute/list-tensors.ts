import {
  type DType,
  type Op,
  type Shape,
  allocate,
  create,
  isKnown,
  shape,
  showShape,
  sizeOf,
} from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor, KernelCall } from '../backend.js';
import { inOrder } from '../host/host-kernel.js';
import { hostKernels } from '../host/index.js';
import type { Register } from '../lower/program.js';
import { type Machine, type Run, settle, single } from './machine.js';
import {
  type ListValue,
  Rows,
  type TensorValue,
  type Value,
  isDevice,
  isHost,
  isList,
  release,
  retain,
} from './values.js';
import { kernelFor } from '../foreign.js';

const asTensor = (v: Value): TensorValue => {
  if (isList(v)) throw new Error('list: expected a tensor, got a list.');
  return v;
};

const vector = (data: readonly number[]): HostTensor => ({
  dtype: 'int32',
  shape: [data.length],
  data: Int32Array.from(data),
});

/** The first `length` rows of a tensor or fewer, where it has fewer; a reference each. */
export function* rows(x: TensorValue, length: number, m: Machine): Run<TensorValue[]> {
  const num = x.shape[0];
  if (num === 0 || length <= 0) return [];
  const attrs = { axis: 0, num };
  if (isHost(x)) return onHost(shape.unpack, [x], attrs).slice(0, length);
  const all = [yield* callOn(m.backend, shape.unpack, [x], attrs)].flat();
  all.slice(length).forEach((v) => m.backend.free(v));
  return all.slice(0, length);
}

/** Consecutive pieces of the first axis, a reference each; `size`, where it is given, is how many there must be. */
export function* splitRows(
  x: TensorValue,
  lengths: readonly number[],
  size: number | undefined,
  m: Machine,
): Run<TensorValue[]> {
  const num = lengths.length;
  if (x.shape.length === 0) throw new Error('ListSplit: expected a tensor of rank 1 or more, got a scalar.');
  if (size !== undefined && size !== num) {
    throw new Error(`ListSplit: the list holds ${size} elements and does not grow, got ${num} lengths.`);
  }
  const total = lengths.reduce((a, b) => a + b, 0);
  if (total !== x.shape[0]) {
    throw new Error(
      `ListSplit: expected lengths that add up to ${x.shape[0]}, the first dimension of ${showShape(x.shape)}, got ${total}.`,
    );
  }
  if (num === 0) return [];
  const attrs = { axis: 0, num };
  if (isHost(x)) return [...onHost(shape.split, [x, vector(lengths)], attrs)];
  return [yield* callOn(m.backend, shape.split, [x], attrs, [vector(lengths)])].flat();
}

/** The rows of a tensor, whose reference is given away, as a list. For backends that never make one wait. */
export const rowsOf = (backend: Backend, stack: DeviceTensor): Rows =>
  new Rows(stack, (x) => {
    const all = kernelFor(backend, shape.unpack)?.([x], {
      attrs: { axis: 0, num: x.shape[0] },
      host: [],
      donated: [false],
    });
    if (all === undefined || all instanceof Promise)
      throw new Error(`${backend.name}: expected rows of a list at once.`);
    return [all].flat();
  });

/** The first `length` elements as one tensor; zeros, of shape `row` where no element says one, for those never set. */
export function* stackItems(
  list: ListValue,
  length: number,
  row: readonly number[] | undefined,
  m: Machine,
  target: Register,
): Run<TensorValue> {
  const hosted = target.holds === 'host';
  if (list instanceof Rows && !hosted && list.length === length) return m.backend.retain(list.stack);
  const { dtype, items } = list;
  const wanted = Array.from({ length }, (_, i) => (items[i] == null ? null : asTensor(items[i])));
  const set = wanted.find((v) => v !== null);
  if (set === undefined) {
    const known = row ?? (target.spec.kind === 'tensor' ? target.spec.shape?.slice(1) : undefined);
    // Of no elements at all it matters little what their dimensions are.
    const dims = length === 0 ? known?.map((d) => d ?? 0) : known;
    if (!isKnown(dims)) {
      throw new Error(
        length === 0
          ? 'ListStack: the list is empty and the shape of its elements is not known. Give it a static shape.'
          : 'ListStack: element 0 was never set, nor was any other, and their shape is not known. Give it a static shape.',
      );
    }
    return yield* zeros([length, ...dims], dtype, hosted, m);
  }
  const made: TensorValue[] = [];
  try {
    if (wanted.includes(null)) made.push(yield* zeros(set.shape, dtype, hosted, m));
    const all = wanted.map((v) => v ?? made[0]);
    return yield* joined(shape.pack, all, hosted, m);
  } finally {
    made.forEach((v) => release(m.backend, v));
  }
}

/**
 * The elements joined along their first axis. One never set is zeros: of `lengths[i]` rows, and for the rest like `like` or another
 * element; or, without `lengths`, of the element shape.
 */
export function* concatItems(
  { dtype, items }: ListValue,
  lengths: readonly number[] | undefined,
  like: readonly number[] | undefined,
  elementShape: Shape,
  m: Machine,
  target: Register,
): Run<TensorValue> {
  const hosted = target.holds === 'host';
  const set = items.flatMap((v) => (v === null ? [] : [asTensor(v)]));
  const [scalar, odd] = [
    items.findIndex((v) => v !== null && asTensor(v).shape.length === 0),
    items.findIndex((v) => v !== null && showShape(asTensor(v).shape.slice(1)) !== showShape(set[0].shape.slice(1))),
  ];
  if (scalar >= 0) throw new Error(`ListConcat: element ${scalar} is a scalar, expected rank 1 or more. Use stack().`);
  if (odd >= 0) {
    throw new Error(
      `ListConcat: element ${odd} has shape ${showShape(asTensor(items[odd] ?? set[0]).shape)}, another ${showShape(set[0].shape)}; expected them to differ in the first dimension only.`,
    );
  }
  const tail = (like ?? (set.length > 0 ? set[0].shape : elementShape))?.slice(1);
  const count = lengths?.length ?? items.length;
  const made: TensorValue[] = [];
  try {
    const all: TensorValue[] = [];
    for (let i = 0; i < count; i++) {
      const item = items[i] ?? null;
      const dims = lengths === undefined ? elementShape : tail && [lengths[i], ...tail];
      if (item !== null) all.push(asTensor(item));
      else if (isKnown(dims)) {
        const zero = yield* zeros(dims, dtype, hosted, m);
        made.push(zero);
        all.push(zero);
      } else
        throw new Error(
          `ListConcat: element ${i} was never set and its shape is not known. Write it, or give the elements a static shape.`,
        );
    }
    if (all.length > 0) return yield* joined(shape.concat, all, hosted, m);
    if (isKnown(tail)) return yield* zeros([0, ...tail], dtype, hosted, m);
    throw new Error(
      'ListConcat: the list is empty and the shape of its elements is not known. Give it a static shape.',
    );
  } finally {
    made.forEach((v) => release(m.backend, v));
  }
}

/** The first dimension of each element; of one never set, that of the element shape. */
export function lengthsOf({ items }: ListValue, elementShape: Shape, m: Machine, target: Register): TensorValue {
  const unset = elementShape?.[0] ?? 0;
  const lengths = vector(items.map((v) => (v === null ? unset : (asTensor(v).shape[0] ?? 0))));
  return target.holds === 'host' ? lengths : m.backend.upload(lengths);
}

/** Tensors joined where the result is wanted, along the first axis or a new one. */
function* joined(op: typeof shape.pack, all: readonly TensorValue[], hosted: boolean, m: Machine): Run<TensorValue> {
  const attrs = { axis: 0 };
  const uploaded: DeviceTensor[] = [];
  try {
    if (hosted) return onHost(op, all.filter(isHost), attrs)[0];
    const onDevice = all.map((v) => {
      if (isDevice(v)) return v;
      const moved = m.backend.upload(v);
      uploaded.push(moved);
      return moved;
    });
    return single(yield* callOn(m.backend, op, onDevice, attrs));
  } finally {
    uploaded.forEach((v) => m.backend.free(v));
  }
}

/** An element as `itemOrZeros` gives it, where that needs no kernel and no waiting; otherwise `undefined`. */
export function itemNow({ items }: ListValue, index: number, m: Machine, target: Register): Value | undefined {
  const item = items[index] ?? null;
  if (item === null) return undefined;
  if (isList(item)) return retain(m.backend, item);
  const hosted = target.holds === 'host';
  if (isDevice(item)) return hosted ? undefined : m.backend.retain(item);
  return hosted ? item : m.backend.upload(item);
}

/** One element as a reference of its own, where the register wants it; zeros, of `dims` where they are given, when it was never set. */
export function* itemOrZeros(
  list: ListValue,
  index: number,
  m: Machine,
  target: Register,
  dims?: readonly number[],
): Run<Value> {
  const now = itemNow(list, index, m, target);
  if (now !== undefined) return now;
  const { dtype, items } = list;
  const item = items[index] ?? null;
  const hosted = target.holds === 'host';
  if (item !== null && isDevice(item)) return yield* settle(m.backend.download(item));
  if (target.spec.kind === 'list') return { dtype, items: [], refs: 1 };
  const set = items.find((v) => v !== null);
  const like = dims ?? (isKnown(target.spec.shape) || set == null ? target.spec.shape : asTensor(set).shape);
  if (!isKnown(like)) {
    throw new Error(
      `ListGet: element ${index} was never set and its shape is not known. Give the elements a static shape.`,
    );
  }
  return yield* zeros(like, dtype, hosted, m);
}

function* zeros(dims: readonly number[], dtype: DType, hosted: boolean, m: Machine): Run<TensorValue> {
  if (hosted) return { dtype, shape: dims, data: allocate(dtype, sizeOf(dims)) };
  const zero = m.backend.upload({ dtype, shape: [], data: allocate(dtype, 1) });
  try {
    return single(yield* callOn(m.backend, create.fill, [zero], {}, [vector(dims)]));
  } finally {
    m.backend.free(zero);
  }
}

/** Runs a kernel of the host. */
export function onHost<A>(op: Op<A>, inputs: readonly HostTensor[], attrs: A): readonly HostTensor[] {
  const kernel = hostKernels.get(op);
  if (kernel === undefined) throw new Error(`${op.name}: the host has no kernel for this op.`);
  return kernel(inputs, attrs);
}

/** Runs an op that lists need: by the backend's kernel, or, where it has none, by way of host memory, for lists are the runtime's. */
export function* callOn<A>(
  backend: Backend,
  op: Op<A>,
  inputs: readonly DeviceTensor[],
  attrs: A,
  host: KernelCall['host'] = [],
): Run<DeviceTensor | readonly DeviceTensor[]> {
  const kernel = backend.kernels.get(op);
  if (kernel !== undefined) return yield* settle(kernel(inputs, { attrs, host, donated: inputs.map(() => false) }));
  const fetched: HostTensor[] = [];
  for (const x of inputs) fetched.push(yield* settle(backend.download(x)));
  return onHost(op, inOrder(op, fetched, host), attrs).map((y) => backend.upload(y));
}
