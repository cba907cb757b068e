/** The element types of tensors. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool';

/** The JavaScript array that holds elements of each dtype on the host; a bool is one byte, 0 or 1. */
export interface TypedArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  bool: Uint8Array;
}

/** Host storage of elements of dtype `D`. */
export type TypedArrayOf<D extends DType> = TypedArrays[D];
/** Host storage of elements of some dtype. */
export type TypedArray = TypedArrays[DType];

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array };

/** Bytes of one element. */
export const bytesPerElement = (dtype: DType): number => constructors[dtype].BYTES_PER_ELEMENT;

/** A new zeroed array of `length` elements. */
export const allocate = (dtype: DType, length: number): TypedArray => new constructors[dtype](length);

/** A new array holding `values` as `dtype` stores them: int32 drops the fraction, bool keeps whether non-zero. */
export function toTypedArray(dtype: DType, values: ArrayLike<number>): TypedArray {
  if (dtype !== 'bool') return constructors[dtype].from(values);
  return Uint8Array.from(values, (v) => (v !== 0 ? 1 : 0));
}

/** Whether elements of `dtype` have fractions, and so gradients. */
export const isFloating = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/** Whether `value` is the name of a dtype. */
export const isDType = (value: unknown): value is DType =>
  typeof value === 'string' && Object.prototype.hasOwnProperty.call(constructors, value);
