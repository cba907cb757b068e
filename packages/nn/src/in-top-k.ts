import {
  type Tensor,
  type TensorLike,
  cast,
  dimOf,
  expandDims,
  greater,
  isFinite,
  less,
  logicalAnd,
  nameScope,
  oneHot,
  reduceSum,
  toTensor,
  where,
  zerosLike,
} from '@tensorloom/graph';

/**
 * Whether each row's target is among its k largest predictions: predictions [batch, classes], targets int32 [batch], result bool
 * [batch]. Ties at the boundary count as in, a target whose prediction is not finite as out. TensorFlow: `tf.nn.in_top_k`.
 */
export function inTopK(
  predictions: TensorLike,
  targets: TensorLike,
  k: number,
  { name = 'in_top_k' }: { name?: string } = {},
): Tensor {
  const x = toTensor(predictions, undefined, name);
  const y = toTensor(targets, 'int32', name);
  if (x.shape?.length !== 2 || y.shape?.length !== 1)
    throw new TypeError(
      `${name}: expected predictions [batch, classes] and targets [batch], got ${x.toString()} and ${y.toString()}.`,
    );
  return nameScope(name, () => {
    const hit = oneHot(y, dimOf(x, 1), { onValue: true, offValue: false, dtype: 'bool' });
    // Sums pick the one entry of a row; the others are zero whatever they hold.
    const target = reduceSum(where(hit, x, zerosLike(x)), 1);
    const valid = greater(reduceSum(cast(hit, 'int32'), 1), 0);
    const above = reduceSum(cast(greater(x, expandDims(target, 1)), 'int32'), 1);
    return logicalAnd(logicalAnd(less(above, k), isFinite(target)), valid);
  });
}
