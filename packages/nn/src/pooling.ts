import {
  type Tensor,
  type TensorLike,
  add,
  concat,
  div,
  isFloating,
  maximum,
  nameScope,
  ones,
  refuse,
  shapeOf,
  showSpec,
  toTensor,
} from '@tensorloom/graph';
import { spatial } from './spatial.js';
import { type Padding, windowsOf } from './windows.js';

type Sizes = number | readonly number[];

/** The rank of the spatial axes of x. */
function rankOf(op: string, x: Tensor): number {
  const rank = (x.shape?.length ?? 0) - 2;
  return rank > 0
    ? rank
    : refuse(op, `expected [batch, ...spatial, channels], got ${showSpec(x.spec)}. Reshape it.`, [x]);
}

const optionsOf = (op: string, x: Tensor, ksize: Sizes, strides: Sizes, padding: Padding) => {
  const rank = rankOf(op, x);
  return {
    size: spatial(op, 'ksize', ksize, rank),
    strides: spatial(op, 'strides', strides, rank),
    padding,
    dilations: new Array<number>(rank).fill(1),
  };
};

/**
 * The largest element of each window of x [batch, ...spatial, channels]; of equal ones the first has the gradient. Sizes and strides as for
 * `conv2d`. TensorFlow: `tf.nn.max_pool`.
 */
export function maxPool(
  value: TensorLike,
  ksize: Sizes,
  strides: Sizes,
  padding: Padding,
  { name = 'MaxPool' }: { name?: string } = {},
): Tensor {
  const x = toTensor(value, undefined, 'maxPool');
  return nameScope(name, () =>
    windowsOf('maxPool', x, optionsOf('maxPool', x, ksize, strides, padding), -Infinity).elements.reduce((a, b) =>
      maximum(a, b),
    ),
  );
}

/**
 * The mean of each window of x [batch, ...spatial, channels], of what is not padding. Sizes and strides as for `conv2d`. TensorFlow:
 * `tf.nn.avg_pool`.
 */
export function avgPool(
  value: TensorLike,
  ksize: Sizes,
  strides: Sizes,
  padding: Padding,
  { name = 'AvgPool' }: { name?: string } = {},
): Tensor {
  const x = toTensor(value, undefined, 'avgPool');
  if (!isFloating(x.dtype))
    return refuse('avgPool', `expected floating elements, got ${showSpec(x.spec)}. Use cast().`, [x]);
  return nameScope(name, () => {
    const options = optionsOf('avgPool', x, ksize, strides, padding);
    const sumOf = (t: Tensor): Tensor => windowsOf('avgPool', t, options).elements.reduce((a, b) => add(a, b));
    if (padding === 'VALID')
      return div(
        sumOf(x),
        options.size.reduce((a, b) => a * b, 1),
      );
    const one = concat([[1], shapeOf(x).slice([1], [options.size.length]), [1]], 0);
    return div(sumOf(x), sumOf(ones(one, { dtype: x.dtype })));
  });
}
