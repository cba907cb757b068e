import { type DType, NDArray, isFloating, sizeOf, toTypedArray } from '@tensorloom/graph';
import fc from 'fast-check';

/** What shapes are drawn. */
export interface ShapeOptions {
  readonly minRank?: number;
  readonly maxRank?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Shapes; by default of rank 0 to 4, with axes of length 0 to 5. Few of them are empty. */
export function shapes({ minRank = 0, maxRank = 4, minLength = 0, maxLength = 5 }: ShapeOptions = {}): fc.Arbitrary<
  number[]
> {
  const length = fc.oneof(
    { weight: 15, arbitrary: fc.integer({ min: Math.max(1, minLength), max: maxLength }) },
    { weight: minLength > 0 ? 0 : 1, arbitrary: fc.constant(0) },
  );
  return fc.array(length, { minLength: minRank, maxLength: maxRank });
}

/** `count` shapes that broadcast together, to a shape of `full` or a smaller one. */
export const broadcastableShapes = (count: number, full: fc.Arbitrary<number[]> = shapes()): fc.Arbitrary<number[][]> =>
  full.chain((shape) => fc.array(shapesBroadcastingTo(shape), { minLength: count, maxLength: count }));

/** Shapes that broadcast to `full`: without some leading axes, with length 1 along some others. */
export const shapesBroadcastingTo = (full: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.nat(full.length), fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }))
    .map(([dropped, repeated]) => full.map((d, i) => (repeated[i] ? 1 : d)).slice(dropped));

/** One axis of a tensor of rank `rank`, which must not be 0. */
export const axisOf = (rank: number): fc.Arbitrary<number> => fc.nat(rank - 1);

/** Some axes of a tensor of rank `rank`, ascending; perhaps none, perhaps all. */
export const axesOf = (rank: number): fc.Arbitrary<number[]> => fc.subarray(Array.from({ length: rank }, (_, i) => i));

/** What elements are drawn. */
export interface ElementOptions {
  /** Bounds of ordinary elements; default -3 and 3. */
  readonly min?: number;
  readonly max?: number;
  /** Points that elements keep `distance` away from, such as a kink of the function under test. */
  readonly awayFrom?: readonly number[];
  /** Default: 1e-3. */
  readonly distance?: number;
  /** Also NaN, the infinities, -0, subnormal and large numbers; for int32 its bounds and what wraps. */
  readonly specials?: boolean;
}

/** Ordinary floats are multiples of this: they shrink well, are exact in float32, and lie more than 1e-3 apart. */
const STEP = 1 / 512;

// 1e-40 is subnormal in float32. Larger numbers than 1e3 would ask sine and cosine for more than their tolerance.
const specialFloats = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e-40, -1e-40, 1e3, -1e3];
const specialInts = [0, 1, -1, 46341, 65536, 2 ** 31 - 1, -(2 ** 31)];

/** Elements of a dtype; bools are 0 and 1. */
export function elements(dtype: DType, options: ElementOptions = {}): fc.Arbitrary<number> {
  const { min = -3, max = 3, awayFrom = [], distance = 1e-3, specials = false } = options;
  if (dtype === 'bool') return fc.nat(1);
  const step = isFloating(dtype) ? STEP : 1;
  const ordinary = fc
    .integer({ min: Math.ceil(min / step), max: Math.floor(max / step) })
    .map((k) => k * step)
    .filter((v) => awayFrom.every((point) => Math.abs(v - point) >= distance));
  if (!specials) return ordinary;
  return fc.oneof(
    { weight: 2, arbitrary: ordinary },
    { weight: 1, arbitrary: fc.constantFrom(...(isFloating(dtype) ? specialFloats : specialInts)) },
  );
}

/** What arrays are drawn. */
export interface NDArrayOptions extends ElementOptions {
  /** No two elements alike, ordinary floats at least 1e-3 apart: no ties between them. */
  readonly distinct?: boolean;
}

/** Arrays of a dtype and shape. */
export function ndarrays(dtype: DType, shape: readonly number[], options: NDArrayOptions = {}): fc.Arbitrary<NDArray> {
  const size = sizeOf(shape);
  const each = elements(dtype, options);
  const length = { minLength: size, maxLength: size };
  const values = options.distinct === true ? fc.uniqueArray(each, length) : fc.array(each, length);
  return values.map((v) => new NDArray(dtype, shape, toTypedArray(dtype, v)));
}
