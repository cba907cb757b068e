import {
  type Tensor,
  type TensorLike,
  type Variable,
  concat,
  isFloating,
  refuse,
  reshape,
  shapeOf,
  showSpec,
  toTensor,
} from '@tensorloom/graph';

/** Inputs of a layer as a tensor of rank 2 or more, and the length of their last axis, which its variables must know. */
export function layerInput(layer: string, inputs: TensorLike): readonly [Tensor, number] {
  const x = toTensor(inputs, undefined, layer);
  const depth = x.shape?.[x.shape.length - 1] ?? null;
  if (x.shape === undefined || x.shape.length < 2 || depth === null) {
    return refuse(
      layer,
      `expected inputs of rank 2 or more with a known last dimension, got ${showSpec(x.spec)}. Reshape them, or give the placeholder's last dimension.`,
      [x],
    );
  }
  if (!isFloating(x.dtype)) refuse(layer, `expected floating inputs, got ${showSpec(x.spec)}. Use cast().`, [x]);
  return [x, depth];
}

/** Throws a `GraphError` in the name of `layer` when `units` is no number of units. */
export function checkUnits(layer: string, units: number): void {
  if (!Number.isInteger(units) || units < 1) refuse(layer, `expected a positive number of units, got ${units}.`);
}

/** The product of the last axis of x, of rank 2 or more, with a kernel [in, out]. */
export function lastAxisProduct(x: Tensor, kernel: Variable): Tensor {
  const rank = x.shape?.length ?? 2;
  const [depth, units] = kernel.shape;
  if (rank === 2) return x.matmul(kernel);
  const flat = reshape(x, [-1, depth]).matmul(kernel);
  return reshape(flat, concat([shapeOf(x).slice([0], [rank - 1]), [units]], 0));
}
