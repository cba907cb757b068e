import { type DType, bytesPerElement } from '@tensorloom/graph';

/** Bytes of one element. */
export type ElementSize = 1 | 4 | 8;

/** Bytes of one element, as a type that code can be chosen by. */
export function elementSize(dtype: DType): ElementSize {
  const size = bytesPerElement(dtype);
  return size === 1 || size === 4 ? size : 8;
}
