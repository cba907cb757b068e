import { type DType, type TypedArray, type TypedArrayOf, shortestFloat32, toTypedArray } from './dtype.js';
import { sizeOf } from './shape.js';

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
      throw new RangeError(`NDArray: shape [${shape.join(',')}] holds ${this.size} elements, got ${data.length}.`);
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
        `NDArray.get: expected ${shape.length} indices for shape [${shape.join(',')}], got ${indices.length}.`,
      );
    }
    let offset = 0;
    indices.forEach((i, axis) => {
      const k = i < 0 ? i + shape[axis] : i;
      if (!Number.isInteger(k) || k < 0 || k >= shape[axis]) {
        throw new RangeError(`NDArray.get: index ${i} is out of range for axis ${axis} of shape [${shape.join(',')}].`);
      }
      offset = offset * shape[axis] + k;
    });
    return this.data[offset];
  }

  /** Rank 0 as a number, so that it can be compared and added. */
  valueOf(): number | this {
    return this.shape.length === 0 ? this.data[0] : this;
  }

  /** NumPy's notation; long axes are cut to their first and last three entries. */
  toString(): string {
    const text = (v: number | boolean): string =>
      typeof v === 'boolean'
        ? v
          ? 'True'
          : 'False'
        : this.dtype === 'int32'
          ? `${v}`
          : showFloat(v, this.dtype === 'float32');
    const rows = (offset: number, axis: number, indent: string): string => {
      if (axis === this.shape.length) return text(this.#element(offset));
      const length = this.shape[axis];
      const stride = sizeOf(this.shape.slice(axis + 1));
      const cut = this.size > 1000 && length > 6;
      const last = axis === this.shape.length - 1;
      const shown = cut ? [0, 1, 2, -1, length - 3, length - 2, length - 1] : Array.from({ length }, (_, i) => i);
      const parts = shown.map((i) => (i < 0 ? '...' : rows(offset + i * stride, axis + 1, `${indent} `)));
      return `[${parts.join(last ? ' ' : `\n${indent} `)}]`;
    };
    return rows(0, 0, '');
  }

  #element(offset: number): number | boolean {
    const v = this.data[offset];
    return this.dtype === 'bool' ? v !== 0 : v;
  }
}

/** As few digits as NumPy prints: those that tell a float apart, eight decimals at most. */
function showFloat(v: number, single: boolean): string {
  if (!Number.isFinite(v)) return Number.isNaN(v) ? 'nan' : v > 0 ? 'inf' : '-inf';
  const exact = single ? shortestFloat32(v) : v;
  const short = Math.abs(v) < 1e-4 ? Number(exact.toPrecision(9)) : Number(exact.toFixed(8));
  return Number.isInteger(short) && Math.abs(short) < 1e16 ? `${short}.` : `${short}`;
}

const isArrayLike = (x: unknown): x is TypedArray => ArrayBuffer.isView(x) && !(x instanceof DataView);

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
  if (typeof x === 'number' || typeof x === 'boolean' || Array.isArray(x) || isArrayLike(x)) return true;
  return (
    typeof x === 'object' && x !== null && 'data' in x && 'shape' in x && Array.isArray(x.shape) && isArrayLike(x.data)
  );
}

/** Reads a literal: numbers are float32, booleans bool, typed arrays what they hold. Throws `TypeError` when rows differ in length. */
export function readLiteral(x: HostValue, what: string): Literal {
  if (isArrayLike(x)) return { dtype: dtypeOfArray(x), shape: 'shape' in x ? readShape(x.shape) : [x.length], data: x };
  if (typeof x === 'object' && 'data' in x) {
    const dtype = x.dtype ?? dtypeOfArray(x.data);
    if (sizeOf(x.shape) !== x.data.length) {
      throw new TypeError(
        `${what}: shape [${x.shape.join(',')}] holds ${sizeOf(x.shape)} elements, got ${x.data.length}.`,
      );
    }
    return { dtype, shape: x.shape, data: x.data };
  }
  const shape: number[] = [];
  for (let v: NestedArray = x; Array.isArray(v); v = (v as readonly NestedArray[])[0]) {
    shape.push((v as readonly NestedArray[]).length);
    if (shape[shape.length - 1] === 0) break;
  }
  const data: number[] = [];
  let bools = 0;
  const fill = (v: NestedArray, axis: number): void => {
    const length = Array.isArray(v) ? (v as readonly NestedArray[]).length : undefined;
    if (length !== shape[axis]) {
      const got = length === undefined ? 'a number' : `${length} entries`;
      throw new TypeError(
        `${what}: rows differ in length: expected ${shape[axis] === undefined ? 'a number' : `${shape[axis]} entries`} at depth ${axis}, got ${got}.`,
      );
    }
    if (Array.isArray(v)) (v as readonly NestedArray[]).forEach((e) => fill(e, axis + 1));
    else if (typeof v === 'boolean') bools += data.push(v ? 1 : 0) > 0 ? 1 : 0;
    else if (typeof v === 'number') data.push(v);
    else
      throw new TypeError(
        `${what}: expected numbers or booleans, got ${v === null ? 'null' : typeof v}. To join tensors use stack() or concat().`,
      );
  };
  fill(x, 0);
  if (bools > 0 && bools < data.length)
    throw new TypeError(`${what}: numbers and booleans are mixed. Use one of them.`);
  return { dtype: bools > 0 ? 'bool' : 'float32', shape, data };
}

const readShape = (shape: unknown): readonly number[] => {
  if (Array.isArray(shape) && shape.every((d) => Number.isInteger(d) && d >= 0)) return shape as readonly number[];
  throw new TypeError('shape: expected an array of non-negative integers.');
};

function dtypeOfArray(x: ArrayLike<number>): DType {
  if (x instanceof Float64Array) return 'float64';
  if (x instanceof Int32Array) return 'int32';
  return 'float32';
}

/** The array of a literal in host memory, as `dtype`, copied. */
export const materialize = (l: Literal, dtype: DType): NDArray =>
  new NDArray(dtype, l.shape, toTypedArray(dtype, l.data));
