import {
  type ShapeLike,
  type Tensor,
  type TensorLike,
  div,
  greaterEqual,
  isFloating,
  mul,
  nameScope,
  randomUniform,
  refuse,
  shapeOf,
  showSpec,
  sub,
  toTensor,
  where,
  zerosLike,
} from '@tensorloom/graph';

export interface DropoutOptions {
  /** The part that is kept, in (0, 1]: a number, or a tensor such as a placeholder that is 1 when not training. */
  readonly keepProb: TensorLike;
  /** Shape of the mask, which broadcasts to x's: axes of length 1 keep or drop together. Default: that of x. */
  readonly noiseShape?: ShapeLike;
  /** Op seed. */
  readonly seed?: number;
  readonly name?: string;
}

/**
 * Zeros in x at random, the rest divided by `keepProb`, so that the mean stays (Srivastava et al. 2014). A `keepProb` that is the number 1
 * returns x. Throws when it is outside (0, 1]. TensorFlow: `tf.nn.dropout`.
 */
export function dropout(x: TensorLike, { keepProb, noiseShape, seed, name = 'dropout' }: DropoutOptions): Tensor {
  const t = toTensor(x, undefined, 'dropout');
  if (!isFloating(t.dtype))
    return refuse('dropout', `expected floating elements, got ${showSpec(t.spec)}. Use cast().`, [t]);
  if (typeof keepProb === 'number' && !(keepProb > 0 && keepProb <= 1)) {
    return refuse('dropout', `expected keepProb in (0, 1], got ${keepProb}. It is the part that is kept.`, [t]);
  }
  if (keepProb === 1) return t;
  return nameScope(name, () => {
    const keep = toTensor(keepProb, t.dtype, 'dropout');
    const noise = randomUniform(noiseShape ?? shapeOf(t), { dtype: t.dtype, seed });
    const scaled = mul(t, div(1, keep));
    return where(greaterEqual(noise, sub(1, keep)), scaled, zerosLike(t));
  });
}
