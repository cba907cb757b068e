import {
  type DType,
  type ElementwiseOp,
  type ReduceAttrs,
  allocate,
  elementwise,
  isFloating,
  reduce,
  sizeOf,
} from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { broadcastStrides, offsetsOf } from './broadcast.js';
import { scalarOf } from './elementwise.js';
import { type HostLoops, hostLoopsOf } from './host-kernel.js';

/** Combines the elements of x that `strides` send to the same element of y, beginning with `start`; floats in double precision. */
export function accumulate(
  op: ElementwiseOp,
  start: number,
  x: HostTensor,
  y: HostTensor,
  strides: readonly number[],
): void {
  const scalar = scalarOf(op, x.dtype);
  const sums = allocate(isFloating(x.dtype) ? 'float64' : x.dtype, y.data.length).fill(start);
  offsetsOf(x.shape, strides).forEach((to, i) => (sums[to] = scalar(sums[to], x.data[i])));
  y.data.set(sums);
}

const isReduced = ({ axes }: ReduceAttrs, axis: number): boolean => axes === null || axes.includes(axis);

const reduction =
  (op: ElementwiseOp, start: (dtype: DType) => number): HostLoops<ReduceAttrs> =>
  ([x], [y], attrs) => {
    const kept = x.shape.map((d, i) => (isReduced(attrs, i) ? 1 : d));
    accumulate(op, start(x.dtype), x, y, broadcastStrides(kept, x.shape));
  };

const sum = reduction(elementwise.add, () => 0);

/** Host loops of the reductions. */
export const reduceLoops = hostLoopsOf(reduce, {
  sum,
  mean(inputs, [y], attrs) {
    const count = sizeOf(inputs[0].shape.filter((_, i) => isReduced(attrs, i)));
    const total: HostTensor = { ...y, data: new Float64Array(y.data.length) };
    sum(inputs, [total], attrs);
    y.data.set(total.data.map((v) => v / count));
  },
  max: reduction(elementwise.maximum, (dtype) => (dtype === 'int32' ? -(2 ** 31) : -Infinity)),
  min: reduction(elementwise.minimum, (dtype) => (dtype === 'int32' ? 2 ** 31 - 1 : Infinity)),
  prod: reduction(elementwise.mul, () => 1),
  all: reduction(elementwise.logicalAnd, () => 1),
  any: reduction(elementwise.logicalOr, () => 0),
});
