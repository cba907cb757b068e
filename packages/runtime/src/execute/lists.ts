import { type Op, compatible, elementwise, list, showShape } from '@tensorloom/graph';
import type { Register } from '../lower/program.js';
import {
  callOn,
  concatItems,
  itemOrZeros,
  lengthsOf,
  onHost,
  rows,
  rowsOf,
  splitRows,
  stackItems,
} from './list-tensors.js';
import { type Machine, type Run, single } from './machine.js';
import {
  type ListValue,
  Rows,
  type TensorValue,
  type Value,
  isDevice,
  isHost,
  isList,
  lengthOf,
  release,
  retain,
} from './values.js';

/** A step on lists. `last` says that its first input is used for the last time. */
export interface ListStep<A = unknown> {
  readonly op: Op<A>;
  readonly attrs: A;
  readonly last: boolean;
}

const applies = <A>(step: ListStep, op: Op<A>): step is ListStep<A> => step.op === op;

const ints = (v: Value): readonly number[] => {
  if (!isHost(v)) throw new Error('list: an index is not on the host.');
  return Array.from(v.data);
};
const int = (v: Value): number => ints(v)[0];
const optional = (v: Value | undefined): readonly number[] | undefined => (v === undefined ? undefined : ints(v));

const asTensor = (v: Value): TensorValue => {
  if (isList(v)) throw new Error('list: expected a tensor, got a list.');
  return v;
};

const asList = (v: Value): ListValue => {
  if (!isList(v)) throw new Error('list: expected a list, got a tensor.');
  return v;
};

/** Runs an op on lists, whose result is for the register `target`. Lists are the runtime's: a backend only joins and splits tensors. */
export function* runList(step: ListStep, inputs: readonly Value[], m: Machine, target: Register): Run<Value> {
  const [x, second, third] = inputs;
  if (applies(step, list.reserve)) {
    const { dtype } = step.attrs.spec;
    return { dtype, items: new Array<null>(Math.max(0, int(x))).fill(null), refs: 1 };
  }
  if (applies(step, list.put)) return yield* put(step, asList(x), [second], [int(third)], m, target);
  if (applies(step, list.place)) {
    const [into, given, indices] = [asList(x), asList(second), ints(third)];
    if (isFilled(into, given, indices, step.attrs.grows)) return taken(step.op, given, m, target);
    return yield* put(step, into, given.items, indices, m, target);
  }
  if (applies(step, list.pick)) return pick(asList(x), ints(second), step.attrs.bounded, m);
  if (applies(step, list.concat)) {
    const { elementShape } = step.attrs;
    return yield* concatItems(asList(x), optional(second), optional(third), elementShape, m, target);
  }
  if (applies(step, list.lengths)) return lengthsOf(asList(x), step.attrs.elementShape, m, target);
  switch (step.op) {
    case list.unstack: {
      const tensor = asTensor(x);
      const length = int(second);
      const whole = isDevice(tensor) && tensor.shape[0] === length && m.devices === undefined;
      const compiles = m.backend.compileLoop !== undefined;
      if (whole && compiles) return rowsOf(m.backend, m.backend.retain(tensor));
      const set = yield* rows(tensor, length, m);
      return { dtype: tensor.dtype, items: Array.from({ length }, (_, i) => set[i] ?? null), refs: 1 };
    }
    case list.stack:
      return yield* stackItems(asList(x), int(second), optional(third), m, target);
    case list.length:
      return { dtype: 'int32', shape: [], data: Int32Array.of(lengthOf(asList(x))) };
    case list.get: {
      const { items } = asList(x);
      const index = int(second);
      const shape = optional(third);
      const strict = shape === undefined && target.spec.kind === 'tensor';
      if (strict && (index < 0 || index >= items.length)) {
        throw new RangeError(`ListGet: index ${index} is out of range for a list of ${items.length}.`);
      }
      return yield* itemOrZeros(asList(x), index, m, target, shape);
    }
    case list.split: {
      const tensor = asTensor(x);
      if (asTensor(second).shape.length !== 1) {
        throw new Error(`ListSplit: expected lengths to be a vector, got shape ${showShape(asTensor(second).shape)}.`);
      }
      const size = third === undefined ? undefined : int(third);
      return { dtype: tensor.dtype, items: yield* splitRows(tensor, ints(second), size, m), refs: 1 };
    }
    case list.add:
      return yield* addLists(asList(x), asList(second), step.last, m);
    default:
      throw new Error(`${step.op.name}: not an op on lists.`);
  }
}

/** A list to be changed: this one where nobody else reads it, otherwise a copy of it. */
function changeable(l: ListValue, last: boolean, m: Machine): ListValue {
  // The step's reference is given up afterwards, so that the one made here is then the only one.
  if (last && l.refs === 1 && !(l instanceof Rows)) {
    l.refs++;
    return l;
  }
  return { dtype: l.dtype, items: l.items.map((v) => (v === null ? null : retain(m.backend, v))), refs: 1 };
}

/** Whether rows of a tensor become all that there is in a list, in order. */
const isFilled = (into: ListValue, given: ListValue, indices: readonly number[], grows: boolean): given is Rows => {
  const length = lengthOf(into);
  return (
    given instanceof Rows &&
    !(into instanceof Rows) &&
    indices.length === given.length &&
    (grows ? length <= given.length : length === given.length) &&
    into.items.every((item) => item === null) &&
    indices.every((index, i) => index === i)
  );
};

function taken(op: Op, given: Rows, m: Machine, target: Register): Value {
  const { dtype, shape } = given.stack;
  checkShape(op, 0, { dtype, shape: shape.slice(1) }, target);
  return retain(m.backend, given);
}

/** Puts items into a list. */
function* put(
  { op, attrs: { adds, grows }, last }: ListStep<{ readonly adds: boolean; readonly grows: boolean }>,
  into: ListValue,
  given: readonly (Value | null)[],
  indices: readonly number[],
  m: Machine,
  target: Register,
): Run<ListValue> {
  if (!adds && given.length !== indices.length) {
    throw new Error(`${op.name}: expected an index for each of ${given.length} elements, got ${indices.length}.`);
  }
  const result = changeable(into, last, m);
  const { items } = result;
  try {
    for (const [k, index] of indices.entries()) {
      const item = given[k] ?? null;
      if (index < 0 || (index >= items.length && !grows)) {
        throw new RangeError(
          `${op.name}: index ${index} is out of range for a list of ${items.length} that does not grow. Give it a larger size, or dynamicSize.`,
        );
      }
      while (items.length <= index) items.push(null);
      const before = items[index];
      if (item === null) continue;
      if (before === null) {
        checkShape(op, index, item, target);
        items[index] = retain(m.backend, item);
      } else if (adds) {
        items[index] = yield* addItems(before, item, m);
        release(m.backend, before);
      } else {
        throw new Error(`${op.name}: element ${index} was written already. Write every index once.`);
      }
    }
    return result;
  } catch (e) {
    release(m.backend, result);
    throw e;
  }
}

function checkShape(
  op: Op,
  index: number,
  item: Pick<TensorValue, 'dtype' | 'shape'> | ListValue,
  { spec }: Register,
): void {
  if ('items' in item || spec.kind === 'tensor' || compatible(spec.elementShape, item.shape)) return;
  throw new Error(
    `${op.name}: element ${index} has shape ${showShape(item.shape)}, expected ${showShape(spec.elementShape)}, the element shape of the list.`,
  );
}

function pick({ dtype, items }: ListValue, indices: readonly number[], bounded: boolean, m: Machine): ListValue {
  const outside = indices.find((i) => i < 0 || i >= items.length);
  if (bounded && outside !== undefined) {
    throw new RangeError(`ListPick: index ${outside} is out of range for a list of ${items.length}.`);
  }
  const picked = indices.map((i) => items[i] ?? null);
  return { dtype, items: picked.map((v) => (v === null ? null : retain(m.backend, v))), refs: 1 };
}

function* addLists(a: ListValue, b: ListValue, last: boolean, m: Machine): Run<ListValue> {
  const result = changeable(a, last, m);
  const { items } = result;
  try {
    while (items.length < b.items.length) items.push(null);
    for (const [i, y] of b.items.entries()) {
      const x = items[i];
      if (y === null) continue;
      items[i] = x === null ? retain(m.backend, y) : yield* addItems(x, y, m);
      if (x !== null) release(m.backend, x);
    }
    return result;
  } catch (e) {
    release(m.backend, result);
    throw e;
  }
}

function* addItems(x: Value, y: Value, m: Machine): Run<Value> {
  if (isList(x) || isList(y)) return yield* addLists(asList(x), asList(y), false, m);
  if (isHost(x) && isHost(y)) return onHost(elementwise.add, [x, y], {})[0];
  const uploaded: Value[] = [];
  const onDevice = [x, y].map((v) => {
    if (isDevice(v)) return v;
    const moved = m.backend.upload(v);
    uploaded.push(moved);
    return moved;
  });
  try {
    return single(yield* callOn(m.backend, elementwise.add, onDevice, {}));
  } finally {
    uploaded.forEach((v) => release(m.backend, v));
  }
}
