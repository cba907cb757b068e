import { type DType, type TypedArray, type TypedArrayOf, toTypedArray } from './dtype.js';
import { describe } from './errors.js';
import { showShape, sizeOf } from './shape.js';
import { showArray } from './show-array.js';

/** Elements of a tensor as nested arrays; a bare number or boolean at rank 0. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** Anything with a shape and its elements in row-major order. */
export interface ArrayWithShape {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  readonly dtype?: DType;
}

/** A tensor on the host: what `session.run` returns. `data` is a private copy, row-major; bool elements are 0 or 1. */
export class NDArray<D extends DType = DType> {
  readonly size: number;
  /** Throws `RangeError` when `data` does not fill `shape`. */
  constructor(
    readonly dtype: D,
    readonly shape: readonly number[],
    readonly data: TypedArrayOf<D>,
  ) {
    this.size = sizeOf(shape);
    if (data.length !== this.size) {
      throw new RangeError(`NDArray: shape ${showShape(shape)} holds ${this.size} elements, got ${data.length}.`);
    }
  }

  /** The elements as nested arrays; booleans for bool. */
  toArray(): NestedArray {
    const at = (offset: number, axis: number): NestedArray => {
      if (axis === this.shape.length) return this.#element(offset);
      const stride = sizeOf(this.shape.slice(axis + 1));
      return Array.from({ length: this.shape[axis] }, (_, i) => at(offset + i * stride, axis + 1));
    };
    return at(0, 0);
  }

  /** The only element. Throws `RangeError` when there is not exactly one. */
  item(): number {
    if (this.size !== 1)
      throw new RangeError(`NDArray.item: expected one element, got ${this.size}. Use get() or toArray().`);
    return this.data[0];
  }

  /** The element at `indices`, one per axis; negative ones count from the end. Throws `RangeError` when out of range. */
  get(...indices: readonly number[]): number {
    const { shape } = this;
    if (indices.length !== shape.length) {
      throw new RangeError(
        `NDArray.get: expected ${shape.length} indices for shape ${showShape(shape)}, got ${indices.length}.`,
      );
    }
    let offset = 0;
    indices.forEach((i, axis) => {
      const k = i < 0 ? i + shape[axis] : i;
      if (!Number.isInteger(k) || k < 0 || k >= shape[axis]) {
        throw new RangeError(`NDArray.get: index ${i} is out of range for axis ${axis} of shape ${showShape(shape)}.`);
      }
      offset = offset * shape[axis] + k;
    });
    return this.data[offset];
  }

  /** Rank 0 as a number, so that it can be compared and added. */
  valueOf(): number | this {
    return this.shape.length === 0 ? this.data[0] : this;
  }

  /** NumPy's notation: `[[1.  2.5]\n [3.  4. ]]`; of more than 1000 elements, the first and last three entries of each axis. */
  toString(): string {
    return showArray(this.dtype, this.shape, this.data);
  }

  #element(offset: number): number | boolean {
    const v = this.data[offset];
    return this.dtype === 'bool' ? v !== 0 : v;
  }
}

const isTypedArray = (x: unknown): x is TypedArray =>
  ArrayBuffer.isView(x) && !(x instanceof DataView || x instanceof BigInt64Array || x instanceof BigUint64Array);

/** What a literal holds before its dtype is settled. */
export interface Literal {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The values a host literal can be written as. */
export type HostValue = NestedArray | NDArray | ArrayWithShape | TypedArray;

/** Whether `x` is a host literal, rather than a tensor. */
export function isHostValue(x: unknown): x is HostValue {
  if (typeof x === 'number' || typeof x === 'boolean' || Array.isArray(x) || isTypedArray(x)) return true;
  return (
    typeof x === 'object' &&
    x !== null &&
    'data' in x &&
    'shape' in x &&
    (isTypedArray(x.data) || Array.isArray(x.data))
  );
}

/**
 * Reads a literal: numbers are float32, booleans bool, typed arrays what they hold (float32 where that is no dtype). Throws
 * `TypeError` in the name of `what` when rows differ in length, kinds are mixed, or elements do not fill a given shape.
 */
export function readLiteral(x: HostValue, what: string): Literal {
  if (isTypedArray(x)) return filled(dtypeOfArray(x), 'shape' in x ? x.shape : [x.length], x, what);
  if (typeof x === 'object' && 'data' in x) return filled(x.dtype ?? dtypeOfArray(x.data), x.shape, x.data, what);
  return readNested(x, what);
}

/** A literal whose shape is given. */
function filled(dtype: DType, shape: unknown, data: ArrayLike<number>, what: string): Literal {
  if (!isArrayShape(shape)) {
    throw new TypeError(
      `${what}: expected a shape of non-negative integers, got ${showGiven(shape)}. Correct the array's shape.`,
    );
  }
  if (sizeOf(shape) !== data.length) {
    throw new TypeError(
      `${what}: shape ${showShape(shape)} holds ${sizeOf(shape)} elements, got ${data.length}. Give the shape of the data.`,
    );
  }
  return { dtype, shape: [...shape], data };
}

const isArrayShape = (shape: unknown): shape is readonly number[] =>
  Array.isArray(shape) && shape.every((d) => Number.isInteger(d) && d >= 0);

const showGiven = (shape: unknown): string => (Array.isArray(shape) ? `[${shape.join(',')}]` : describe(shape));

function readNested(x: NestedArray, what: string): Literal {
  const shape: number[] = [];
  // The first entries, all the way in, say what the rest must be.
  for (let v: unknown = x; Array.isArray(v); [v] = v as readonly unknown[]) shape.push(v.length);
  const data: number[] = [];
  let booleans = 0;
  const read = (v: unknown, axis: number): void => {
    if (Array.isArray(v) ? v.length !== shape[axis] : axis < shape.length) {
      const want = axis < shape.length ? `${shape[axis]} entries` : 'a number';
      const got = Array.isArray(v) ? `${v.length} entries` : typeof v === 'number' ? 'a number' : describe(v);
      throw new TypeError(`${what}: rows differ in length: expected ${want} at depth ${axis}, got ${got}.`);
    }
    if (Array.isArray(v)) v.forEach((e) => read(e, axis + 1));
    else if (typeof v === 'number') data.push(v);
    else if (typeof v === 'boolean') {
      booleans++;
      data.push(v ? 1 : 0);
    } else {
      throw new TypeError(
        `${what}: expected numbers or booleans in the array, got ${describe(v)}. Join tensors with stack(), and leave nothing out.`,
      );
    }
  };
  read(x, 0);
  if (booleans > 0 && booleans < data.length) {
    throw new TypeError(
      `${what}: numbers and booleans are mixed, expected elements of one kind. Use numbers, or booleans only.`,
    );
  }
  return { dtype: booleans > 0 ? 'bool' : 'float32', shape, data };
}

function dtypeOfArray(x: ArrayLike<number>): DType {
  if (x instanceof Float64Array) return 'float64';
  if (x instanceof Int32Array) return 'int32';
  return 'float32';
}

/** The array of a literal in host memory, as `dtype`, copied. */
export const materialize = (l: Literal, dtype: DType): NDArray =>
  new NDArray(dtype, l.shape, toTypedArray(dtype, l.data));
