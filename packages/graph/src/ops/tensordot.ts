import { refuse } from '../node.js';
import { nameScope } from '../scopes.js';
import type { Tensor } from '../tensor.js';
import { axesOf, rankOf } from './axis.js';
import { type TensorLike, toTensors } from './convert.js';
import type { Named } from './elementwise.js';
import { grouped, indices, lengths } from './grouping.js';
import { concat } from './join.js';
import { matmul } from './matmul.js';
import { reshape } from './shape.js';

/**
 * Sums of products over pairs of axes: `axes` is a number n (the last n axes of a with the first n of b), or the axes of a and those of
 * b. The result has the other axes of a, then those of b. TensorFlow: `tf.tensordot`.
 */
export function tensordot(
  a: TensorLike,
  b: TensorLike,
  axes: number | readonly [readonly number[] | number, readonly number[] | number],
  { name = 'Tensordot' }: Named = {},
): Tensor {
  const [x, y] = toTensors('Tensordot', [a, b]);
  const rankX = rankOf('Tensordot', x);
  const [overX, overY] =
    typeof axes === 'number'
      ? [indices(axes).map((i) => rankX - axes + i), indices(axes)]
      : [[axes[0]].flat(), [axes[1]].flat()];
  const [inX, inY] = [axesOf('Tensordot', x, overX), axesOf('Tensordot', y, overY)];
  if (inX.length !== inY.length) {
    return refuse(
      'Tensordot',
      `${inX.length} axes of a and ${inY.length} of b, expected pairs. Name as many of both.`,
      [x, y],
    );
  }
  const freeX = indices(rankX).filter((i) => !inX.includes(i));
  const freeY = indices(rankOf('Tensordot', y)).filter((i) => !inY.includes(i));
  return nameScope(name, () => {
    const product = matmul(grouped(x, [freeX, inX]), grouped(y, [inY, freeY]));
    return reshape(product, concat([lengths(x, freeX), lengths(y, freeY)], 0));
  });
}

/** The functions of this file that are methods of tensors. */
export const tensordotMethods = { tensordot };
