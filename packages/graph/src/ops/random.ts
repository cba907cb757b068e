import { apply1, defaultGraph } from '../context.js';
import { type DType, isFloating } from '../dtype.js';
import { type Op, makeOp } from '../op.js';
import { tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toTensor } from './convert.js';
import { add, mul, sub } from './elementwise.js';
import { nameScope } from '../scopes.js';
import { toShape } from './shape.js';

/** Identifies the stream of random numbers that a random op draws from; copies of the op share it. */
export class RandomStreamId {
  constructor(
    /** `setRandomSeed`'s seed at the time the op was made. */
    readonly graphSeed: number | undefined,
    readonly opSeed: number | undefined,
    /** Index of the node in its graph, the op seed when only a graph seed is given. */
    readonly index: number,
  ) {}
}

export interface RandomAttrs {
  readonly dtype: DType;
  readonly stream: RandomStreamId;
}

const drawing = (name: string): Op<RandomAttrs> =>
  makeOp<RandomAttrs>({
    name,
    effect: 'random',
    onHost: true,
    hostInputs: [0, 1, 2],
    infer([dims], { dtype }) {
      const rank = dims.spec.kind === 'tensor' ? dims.spec.shape?.[0] : undefined;
      return [tensorSpec(dtype, dims.value ?? (rank == null ? undefined : Array.from({ length: rank }, () => null)))];
    },
    show: ({ dtype, stream }) => `${dtype} seed ${stream.opSeed ?? '-'}`,
  });

/** The family that draws random numbers, on the host for every backend: TensorFlow's bits (Philox4x32-10). */
export const random = {
  /** (shape): uniform in [0, 1). */
  uniform: drawing('RandomUniform'),
  /** (shape, low, high): integers in [low, high). */
  uniformInt: drawing('RandomUniformInt'),
  /** (shape): standard normal. */
  normal: drawing('RandomStandardNormal'),
  /** (shape): standard normal, redrawn beyond two standard deviations. */
  truncatedNormal: drawing('TruncatedNormal'),
};

export interface RandomOptions {
  readonly dtype?: DType;
  /** Op seed; see `setRandomSeed`. */
  readonly seed?: number | undefined;
  readonly name?: string;
}

const draw = (op: Op<RandomAttrs>, inputs: readonly Tensor[], dtype: DType, seed: number | undefined): Tensor => {
  const { root, nodes } = defaultGraph();
  return apply1(op, inputs, { dtype, stream: new RandomStreamId(root.seed, seed, nodes.length) });
};

function checkFloat(op: string, dtype: DType): void {
  if (!isFloating(dtype)) throw new TypeError(`${op}: expected float32 or float64, got ${dtype}.`);
}

/** Uniform numbers in [minval, maxval); for int32, `maxval` must be given. TensorFlow: `tf.random_uniform`. */
export function randomUniform(
  dims: TensorLike,
  {
    minval = 0,
    maxval,
    dtype = 'float32',
    seed,
    name = 'random_uniform',
  }: RandomOptions & { minval?: TensorLike; maxval?: TensorLike } = {},
): Tensor {
  return nameScope(name, () => {
    const shape = toShape(dims, name);
    const low = toTensor(minval, dtype, name);
    if (dtype === 'int32') {
      if (maxval === undefined) throw new TypeError('randomUniform: expected maxval for int32. Pass { maxval }.');
      return draw(random.uniformInt, [shape, low, toTensor(maxval, dtype, name)], dtype, seed);
    }
    checkFloat('randomUniform', dtype);
    const unit = draw(random.uniform, [shape], dtype, seed);
    if (minval === 0 && (maxval === undefined || maxval === 1)) return unit;
    const high = toTensor(maxval ?? 1, dtype, name);
    return add(mul(unit, sub(high, low)), low);
  });
}

const scaled =
  (op: Op<RandomAttrs>, defaultName: string) =>
  (
    dims: TensorLike,
    {
      mean = 0,
      stddev = 1,
      dtype = 'float32',
      seed,
      name = defaultName,
    }: RandomOptions & { mean?: TensorLike; stddev?: TensorLike } = {},
  ): Tensor => {
    checkFloat(defaultName, dtype);
    return nameScope(name, () => {
      const unit = draw(op, [toShape(dims, name)], dtype, seed);
      return add(mul(unit, toTensor(stddev, dtype, name)), toTensor(mean, dtype, name));
    });
  };

/** Normal numbers of the given mean and standard deviation. TensorFlow: `tf.random_normal`. */
export const randomNormal = scaled(random.normal, 'random_normal');
/** Normal numbers, redrawn when beyond two standard deviations. TensorFlow: `tf.truncated_normal`. */
export const truncatedNormal = scaled(random.truncatedNormal, 'truncated_normal');
