import type { DType } from '../dtype.js';
import { refuse } from '../node.js';
import { nameScope } from '../scopes.js';
import { showSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toInts } from './convert.js';
import { range } from './create.js';
import { type Named, cast, less, maximum } from './elementwise.js';
import { reduceMax } from './reduce.js';
import { expandDims } from './shape.js';

/**
 * For each length n a row of `maxlen` (default: the largest length) booleans, the first n of them true; with a `dtype`, ones and zeros.
 * Shape: that of the lengths, and maxlen. TensorFlow: `tf.sequence_mask`.
 */
export function sequenceMask(
  lengths: TensorLike,
  maxlen?: TensorLike | null,
  { dtype = 'bool', name = 'SequenceMask' }: Named & { dtype?: DType } = {},
): Tensor {
  return nameScope(name, () => {
    const n = toInts(lengths, 'sequenceMask');
    if (n.dtype !== 'int32')
      return refuse('sequenceMask', `expected int32 lengths, got ${showSpec(n.spec)}. Use cast().`, [n]);
    const longest = maxlen == null ? maximum(reduceMax(n), 0) : toInts(maxlen, 'sequenceMask');
    const mask = less(range(longest), expandDims(n, -1));
    return cast(mask, dtype);
  });
}

/** The functions of this file that are methods of tensors. */
export const sequenceMaskMethods = { sequenceMask };
