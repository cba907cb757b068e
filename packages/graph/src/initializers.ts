import { apply1 } from './context.js';
import type { DType } from './dtype.js';
import type { HostValue } from './ndarray.js';
import { refuse } from './node.js';
import { toTensor } from './ops/convert.js';
import { constant, fill } from './ops/create.js';
import { mul } from './ops/elementwise.js';
import { matrix } from './ops/matmul.js';
import { randomNormal, randomUniform, truncatedNormal } from './ops/random.js';
import { reshape, transpose } from './ops/shape.js';
import { showShape, sizeOf } from './shape.js';
import type { Tensor } from './tensor.js';

/** Makes the initial value of a variable of that shape and dtype. */
export type Initializer = (shape: readonly number[], dtype: DType) => Tensor;

interface Seeded {
  /** Op seed of the random op that the initializer makes. */
  readonly seed?: number;
}

/** Starts at 0 (false). TensorFlow: `tf.zeros_initializer`. */
export const zerosInitializer = (): Initializer => constantInitializer(0);
/** Starts at 1 (true). TensorFlow: `tf.ones_initializer`. */
export const onesInitializer = (): Initializer => constantInitializer(1);
/** Starts at `value`: everywhere when that is one number, else its elements in the variable's shape. TensorFlow: `tf.constant_initializer`. */
export const constantInitializer =
  (value: HostValue): Initializer =>
  (shape, dtype) =>
    typeof value === 'number' || typeof value === 'boolean'
      ? fill(shape, toTensor(value, dtype, 'constantInitializer'))
      : constant(value, { shape, dtype });

/** Uniform in [minval, maxval), by default [0, 1). TensorFlow: `tf.random_uniform_initializer`. */
export const randomUniformInitializer =
  ({ minval = 0, maxval = 1, seed }: Seeded & { minval?: number; maxval?: number } = {}): Initializer =>
  (shape, dtype) =>
    randomUniform(shape, { minval, maxval, dtype, seed });
/** Normal. TensorFlow: `tf.random_normal_initializer`. */
export const randomNormalInitializer =
  ({ mean = 0, stddev = 1, seed }: Seeded & { mean?: number; stddev?: number } = {}): Initializer =>
  (shape, dtype) =>
    randomNormal(shape, { mean, stddev, dtype, seed });
/** Normal, cut at two standard deviations. TensorFlow: `tf.truncated_normal_initializer`. */
export const truncatedNormalInitializer =
  ({ mean = 0, stddev = 1, seed }: Seeded & { mean?: number; stddev?: number } = {}): Initializer =>
  (shape, dtype) =>
    truncatedNormal(shape, { mean, stddev, dtype, seed });

/** What a variance scaling initializer aims at. */
export interface VarianceScaling extends Seeded {
  /** Default 1. */
  readonly scale?: number;
  /** What is counted; default a unit's inputs. */
  readonly mode?: 'fanIn' | 'fanOut' | 'fanAvg';
  /** Default a normal one, cut at two standard deviations. */
  readonly distribution?: 'uniform' | 'normal' | 'untruncatedNormal';
}

/**
 * Variance `scale / n`, where n counts a unit's inputs, its outputs, or their mean. A truncated normal is widened so that its
 * variance after cutting is right. TensorFlow: `tf.variance_scaling_initializer`.
 */
export const varianceScalingInitializer =
  ({ scale = 1, mode = 'fanIn', distribution = 'normal', seed }: VarianceScaling = {}): Initializer =>
  (shape, dtype) => {
    const [fanIn, fanOut] = fans(shape);
    const n = mode === 'fanIn' ? fanIn : mode === 'fanOut' ? fanOut : (fanIn + fanOut) / 2;
    const variance = scale / Math.max(1, n);
    if (distribution === 'uniform') {
      const limit = Math.sqrt(3 * variance);
      return randomUniform(shape, { minval: -limit, maxval: limit, dtype, seed });
    }
    if (distribution === 'untruncatedNormal') return randomNormal(shape, { stddev: Math.sqrt(variance), dtype, seed });
    return truncatedNormal(shape, { stddev: Math.sqrt(variance) / TRUNCATED_STDDEV, dtype, seed });
  };

/** Standard deviation of a standard normal cut at -2 and 2. */
const TRUNCATED_STDDEV = 0.87962566103423978;

/** Uniform within sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010). TensorFlow: `tf.glorot_uniform_initializer`. */
export const glorotUniformInitializer = ({ seed }: Seeded = {}): Initializer => scaling(1, 'fanAvg', 'uniform', seed);
/** Truncated normal of variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010). TensorFlow: `tf.glorot_normal_initializer`. */
export const glorotNormalInitializer = ({ seed }: Seeded = {}): Initializer => scaling(1, 'fanAvg', 'normal', seed);
/** Truncated normal of variance 2 / fanIn (He et al. 2015). TensorFlow: `tf.initializers.he_normal`. */
export const heNormalInitializer = ({ seed }: Seeded = {}): Initializer => scaling(2, 'fanIn', 'normal', seed);
/** Uniform of variance 2 / fanIn (He et al. 2015). TensorFlow: `tf.initializers.he_uniform`. */
export const heUniformInitializer = ({ seed }: Seeded = {}): Initializer => scaling(2, 'fanIn', 'uniform', seed);

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer, times `gain` (Saxe et al. 2014); of a higher rank, all axes but
 * the last count as rows. TensorFlow: `tf.orthogonal_initializer`.
 */
export const orthogonalInitializer =
  ({ gain = 1, seed }: Seeded & { gain?: number } = {}): Initializer =>
  (shape, dtype) => {
    if (shape.length < 2) {
      return refuse('orthogonalInitializer', `expected a shape of two axes or more, got ${showShape(shape)}.`);
    }
    const columns = shape[shape.length - 1];
    const rows = sizeOf(shape.slice(0, -1));
    const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
    const q = apply1(matrix.orthonormalize, [randomNormal([long, short], { dtype, seed })], {});
    return reshape(mul(rows < columns ? transpose(q) : q, gain), shape);
  };

const scaling = (
  scale: number,
  mode: 'fanIn' | 'fanAvg',
  distribution: 'uniform' | 'normal',
  seed: number | undefined,
): Initializer => varianceScalingInitializer({ scale, mode, distribution, ...(seed !== undefined && { seed }) });

/** Inputs and outputs of a unit of a kernel: its last two axes, times the receptive field of any others. */
function fans(shape: readonly number[]): readonly [number, number] {
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const field = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return [shape[shape.length - 2] * field, shape[shape.length - 1] * field];
}
