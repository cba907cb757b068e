import { scan } from './scan.js';
import { refuse } from './node.js';
import type { CumsumOptions } from './ops/along-axis.js';
import { axisOf } from './ops/axis.js';
import { type TensorLike, toTensor } from './ops/convert.js';
import { ones } from './ops/create.js';
import { mul } from './ops/elementwise.js';
import { dimOf, transpose } from './ops/shape.js';
import { nameScope } from './scopes.js';
import type { Tensor } from './tensor.js';

/**
 * Products of all elements up to each one along an axis (default 0), with the options of `cumsum`. It scans the axis, so that zeros have
 * their gradients too. Throws when the rank is not known. TensorFlow: `tf.cumprod`.
 */
export function cumprod(x: TensorLike, axis?: number | CumsumOptions, options: CumsumOptions = {}): Tensor {
  const {
    axis: named = 0,
    exclusive = false,
    reverse = false,
    name = 'Cumprod',
  } = typeof axis === 'object' ? axis : options;
  const t = toTensor(x, undefined, 'cumprod');
  if (t.shape === undefined) return refuse('cumprod', 'expected a tensor of known rank. Reshape it.', [t]);
  const a = axisOf('cumprod', t, typeof axis === 'number' ? axis : named);
  const others = t.shape.map((_, i) => i).filter((i) => i !== a);
  return nameScope(name, () => {
    const one = ones(
      others.map((i) => dimOf(t, i)),
      { dtype: t.dtype },
    );
    const { before, product } = scan(
      ({ product }, row) => ({ before: product, product: mul(product, row) }),
      transpose(t, [a, ...others]),
      { initializer: { before: one, product: one }, reverse },
    );
    const back = t.shape?.map((_, i) => (i === a ? 0 : 1 + others.indexOf(i)));
    return transpose(exclusive ? before : product, back);
  });
}
