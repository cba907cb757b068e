import {
  type Dim,
  type Named,
  type ShapeLike,
  type Tensor,
  type TensorLike,
  dimOf,
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

/** Options of `dropout`: either `keepProb` or `rate`. */
export interface DropoutOptions extends Named {
  /** The part that is kept, in (0, 1]: a number, or a tensor such as a placeholder that is 1 when not training. */
  readonly keepProb?: TensorLike;
  /** The part that is dropped, in [0, 1): 1 - keepProb. */
  readonly rate?: TensorLike;
  /** Shape of the mask, which broadcasts to x's: axes of length 1 keep or drop together, `null` is the length of x. Default: that of x. */
  readonly noiseShape?: ShapeLike;
  /** Op seed. */
  readonly seed?: number;
}

/**
 * Zeros in x at random, the rest divided by `keepProb`, so that the mean stays (Srivastava et al. 2014). A `keepProb` that is the number 1
 * returns x. Throws when it is outside (0, 1]. TensorFlow: `tf.nn.dropout`.
 */
export function dropout(x: TensorLike, options: DropoutOptions): Tensor {
  const { noiseShape, seed, name = 'dropout' } = options;
  const t = toTensor(x, undefined, 'dropout');
  if (!isFloating(t.dtype))
    return refuse('dropout', `expected floating elements, got ${showSpec(t.spec)}. Use cast().`, [t]);
  const keep = keepProbOf(options, t);
  if (keep === 1) return t;
  return nameScope(name, () => {
    const noise = randomUniform(maskShape(noiseShape, t), { dtype: t.dtype, seed });
    // Numbers are computed with here, in double precision, as TensorFlow does: thresholds are then the same.
    const [rate, scale] = typeof keep === 'number' ? [1 - keep, 1 / keep] : [sub(1, keep), div(1, keep)];
    return where(greaterEqual(noise, rate), mul(t, scale), zerosLike(t));
  });
}

/** The part that is kept: a number where it is known, else a tensor of the dtype of x. */
function keepProbOf({ keepProb, rate }: DropoutOptions, x: Tensor): number | Tensor {
  const given = keepProb ?? rate;
  if (given === undefined || (keepProb !== undefined && rate !== undefined)) {
    return refuse('dropout', 'expected either keepProb or rate, of which one is 1 less the other. Pass { keepProb }.', [
      x,
    ]);
  }
  if (typeof given !== 'number') {
    const part = toTensor(given, x.dtype, 'dropout');
    return keepProb === undefined ? sub(1, part) : part;
  }
  if (keepProb === undefined && !(given >= 0 && given < 1))
    return refuse('dropout', `expected rate in [0, 1), got ${given}. It is the part that is dropped.`, [x]);
  if (keepProb !== undefined && !(given > 0 && given <= 1))
    return refuse('dropout', `expected keepProb in (0, 1], got ${given}. It is the part that is kept.`, [x]);
  return keepProb === undefined ? 1 - given : given;
}

const isDims = (shape: ShapeLike): shape is readonly (Dim | TensorLike)[] => Array.isArray(shape);

/** The shape of the mask, the lengths of x where they are left open. */
function maskShape(noiseShape: ShapeLike | undefined, x: Tensor): ShapeLike {
  if (noiseShape === undefined) return shapeOf(x);
  return isDims(noiseShape) ? noiseShape.map((d, axis) => d ?? dimOf(x, axis)) : noiseShape;
}
