import {
  type Named,
  type Tensor,
  type TensorLike,
  dimOf,
  nameScope,
  reduceProd,
  refuse,
  reshape,
  shapeOf,
  showSpec,
  toTensor,
} from '@tensorloom/graph';

/** All axes but the first as one: [batch, ...] becomes [batch, size]. TensorFlow: `tf.layers.flatten`. */
export function flatten(inputs: TensorLike, { name = 'flatten' }: Named = {}): Tensor {
  const x = toTensor(inputs, undefined, 'flatten');
  if (x.shape === undefined || x.shape.length === 0)
    return refuse('flatten', `expected inputs [batch, ...] of known rank, got ${showSpec(x.spec)}. Reshape them.`, [x]);
  // Not -1, which an empty batch would leave open.
  return nameScope(name, () => reshape(x, [dimOf(x, 0), reduceProd(shapeOf(x).slice([1], [-1]))]));
}
