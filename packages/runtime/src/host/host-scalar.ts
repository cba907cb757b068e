import { type DType, type TypedArray, allocate } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';

const SCALAR: readonly number[] = [];

/** A scalar in host memory: a loop makes several per trip, and an array for one element costs more than the arithmetic. */
class HostScalar implements HostTensor {
  readonly shape = SCALAR;
  #data: TypedArray | undefined;

  constructor(
    readonly dtype: DType,
    readonly item: number,
  ) {}

  get data(): TypedArray {
    if (this.#data === undefined) {
      this.#data = allocate(this.dtype, 1);
      this.#data[0] = this.item;
    }
    return this.#data;
  }
}

/** What an element of `dtype` holds of a number. */
export function rounded(dtype: DType, x: number): number {
  switch (dtype) {
    case 'float32':
      return Math.fround(x);
    case 'float64':
      return x;
    case 'int32':
      return x | 0;
    case 'bool':
      return x & 0xff;
  }
}

/** A scalar of `dtype` with the value of `x`, rounded or wrapped as elements of that dtype are. */
export const hostScalar = (dtype: DType, x: number): HostTensor => new HostScalar(dtype, rounded(dtype, x));

/** The first element of a tensor. */
export const itemOf = (x: HostTensor): number => (x instanceof HostScalar ? x.item : x.data[0]);
