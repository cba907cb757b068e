import { refuse } from '../node.js';
import { showShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { rankOf } from './axis.js';
import { type TensorLike, toInts, toTensor } from './convert.js';
import { type Named, mul } from './elementwise.js';
import { nameScope } from '../scopes.js';
import { broadcastTo, reshape, shapeOf } from './shape.js';
import { stack } from './join.js';

/**
 * x repeated `multiples[i]` times along axis i, as one block after the other. `multiples` has an integer from 0 for each axis.
 * TensorFlow: `tf.tile`.
 */
export function tile(x: TensorLike, multiples: TensorLike, { name = 'Tile' }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Tile');
  const times = toInts(multiples, 'Tile');
  const rank = rankOf('Tile', t);
  if (times.shape !== undefined && (times.shape.length !== 1 || (times.shape[0] ?? rank) !== rank)) {
    return refuse(
      'Tile',
      `expected a multiple for each of the ${rank} axes, got multiples of shape ${showShape(times.shape)}. Give ${rank} integers.`,
      [t, times],
    );
  }
  if (rank === 0) return t;
  return nameScope(name, () => {
    const dims = shapeOf(t);
    // Each axis becomes two: the repetitions and what is repeated.
    const apart = stack([new Array<number>(rank).fill(1), dims], { axis: 1 });
    const repeated = stack([times, dims], { axis: 1 });
    const blocks = broadcastTo(reshape(t, reshape(apart, [-1])), reshape(repeated, [-1]));
    return reshape(blocks, mul(dims, times));
  });
}

/** The functions of this file that are methods of tensors. */
export const tileMethods = { tile };
