import type { DType } from '../dtype.js';
import { nameScope } from '../scopes.js';
import type { Tensor } from '../tensor.js';
import { rankOf } from './axis.js';
import { type TensorLike, toInts, toTensor } from './convert.js';
import { oneHot, range, zerosLike } from './create.js';
import type { Named } from './elementwise.js';
import { concat } from './join.js';
import { where } from './select.js';
import { expandDims, reshape, shapeOf } from './shape.js';

/** Options of `eye`. */
export interface EyeOptions extends Named {
  /** Default: as many as rows. */
  readonly numColumns?: TensorLike;
  /** Default float32. */
  readonly dtype?: DType;
}

/** The identity matrix [rows, columns]: ones on the diagonal, zeros elsewhere. TensorFlow: `tf.eye`. */
export function eye(numRows: TensorLike, { numColumns, dtype = 'float32', name = 'eye' }: EyeOptions = {}): Tensor {
  return nameScope(name, () => {
    const rows = toInts(numRows, 'eye');
    const on = dtype === 'bool' ? { onValue: true, offValue: false } : {};
    return oneHot(range(rows), numColumns === undefined ? rows : toInts(numColumns, 'eye'), { dtype, ...on });
  });
}

/**
 * x on the diagonal of zeros: of a vector [n] the matrix [n, n]; in general the shape is x's twice over. The rank must be known.
 * TensorFlow: `tf.diag`.
 */
export function diag(diagonal: TensorLike, { name = 'Diag' }: Named = {}): Tensor {
  const x = toTensor(diagonal, undefined, 'Diag');
  rankOf('Diag', x);
  return nameScope(name, () => {
    const flat = reshape(x, [-1]);
    const n = reshape(shapeOf(flat), []);
    const on = oneHot(range(n), n, { onValue: true, offValue: false, dtype: 'bool' });
    const column = expandDims(flat, 1);
    const dims = shapeOf(x);
    return reshape(where(on, column, zerosLike(column)), concat([dims, dims], 0));
  });
}

/** The functions of this file that are methods of tensors. */
export const diagonalMethods = { diag };
