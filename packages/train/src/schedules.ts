import {
  type Named,
  type Tensor,
  type TensorLike,
  add,
  cast,
  ceil,
  cos,
  div,
  exp,
  floor,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  nameScope,
  pow,
  sub,
  toTensor,
  toTensors,
  where,
} from '@tensorloom/graph';

/** Options of the schedules that can fall in stairs. */
export interface StaircaseOptions extends Named {
  /** Whether the rate changes only every `decaySteps`; default false. */
  readonly staircase?: boolean;
}

/** What schedules are made of: the initial rate, the step and the length of decay, in the dtype of the rate. */
interface Operands {
  readonly rate: Tensor;
  readonly step: Tensor;
  readonly decaySteps: Tensor;
  /** Anything further, in that dtype. */
  readonly of: (x: TensorLike) => Tensor;
}

function schedule(
  name: string,
  learningRate: TensorLike,
  globalStep: TensorLike,
  decaySteps: TensorLike,
  build: (operands: Operands) => Tensor,
): Tensor {
  if (typeof decaySteps === 'number' && !(decaySteps > 0)) {
    throw new RangeError(
      `${name}: decaySteps is ${decaySteps}, expected a number above 0. Give the length of the decay.`,
    );
  }
  return nameScope(name, () => {
    const rate = toTensor(learningRate);
    const of = (x: TensorLike): Tensor => cast(toTensor(x, typeof x === 'number' ? rate.dtype : undefined), rate.dtype);
    return build({ rate, step: of(globalStep), decaySteps: of(decaySteps), of });
  });
}

/** How many times `decaySteps` have passed. */
const passed = ({ step, decaySteps }: Operands, staircase: boolean): Tensor =>
  staircase ? floor(div(step, decaySteps)) : div(step, decaySteps);

/**
 * learningRate * decayRate^(globalStep / decaySteps), a scalar of the dtype of the rate. All are scalars; `decaySteps` is above 0.
 * TensorFlow: `tf.train.exponential_decay`.
 */
export const exponentialDecay = (
  learningRate: TensorLike,
  globalStep: TensorLike,
  decaySteps: TensorLike,
  decayRate: TensorLike,
  { staircase = false, name = 'ExponentialDecay' }: StaircaseOptions = {},
): Tensor =>
  schedule(name, learningRate, globalStep, decaySteps, (o) => mul(o.rate, pow(o.of(decayRate), passed(o, staircase))));

/**
 * learningRate * e^(-decayRate * globalStep / decaySteps), a scalar of the dtype of the rate.
 * TensorFlow: `tf.train.natural_exp_decay`.
 */
export const naturalExpDecay = (
  learningRate: TensorLike,
  globalStep: TensorLike,
  decaySteps: TensorLike,
  decayRate: TensorLike,
  { staircase = false, name = 'NaturalExpDecay' }: StaircaseOptions = {},
): Tensor =>
  schedule(name, learningRate, globalStep, decaySteps, (o) =>
    mul(o.rate, exp(mul(o.of(decayRate).neg(), passed(o, staircase)))),
  );

/**
 * learningRate / (1 + decayRate * globalStep / decaySteps), a scalar of the dtype of the rate.
 * TensorFlow: `tf.train.inverse_time_decay`.
 */
export const inverseTimeDecay = (
  learningRate: TensorLike,
  globalStep: TensorLike,
  decaySteps: TensorLike,
  decayRate: TensorLike,
  { staircase = false, name = 'InverseTimeDecay' }: StaircaseOptions = {},
): Tensor =>
  schedule(name, learningRate, globalStep, decaySteps, (o) =>
    div(o.rate, add(mul(o.of(decayRate), passed(o, staircase)), 1)),
  );

/**
 * `values[0]` while x <= boundaries[0], `values[i]` while boundaries[i - 1] < x <= boundaries[i], the last value after that.
 * Boundaries ascend and are in the dtype of x; there is one value more. Throws `RangeError` otherwise.
 * TensorFlow: `tf.train.piecewise_constant`.
 */
export function piecewiseConstant(
  x: TensorLike,
  boundaries: readonly TensorLike[],
  values: readonly TensorLike[],
  { name = 'PiecewiseConstant' }: Named = {},
): Tensor {
  if (values.length !== boundaries.length + 1) {
    throw new RangeError(
      `${name}: expected one value more than boundaries, got ${values.length} values and ${boundaries.length} boundaries.`,
    );
  }
  const falling = boundaries.findIndex((b, i) => {
    const last = boundaries[i - 1];
    return typeof b === 'number' && typeof last === 'number' && b <= last;
  });
  if (falling !== -1) {
    throw new RangeError(
      `${name}: boundaries[${falling}] is not above the one before, expected them to ascend. Sort them.`,
    );
  }
  return nameScope(name, () => {
    const at = toTensor(x);
    const ts = toTensors(name, values);
    return boundaries.reduceRight<Tensor>(
      (after, boundary, i) => where(lessEqual(at, boundary), ts[i], after),
      ts[boundaries.length],
    );
  });
}

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions extends Named {
  /** Where the decay ends; default 0.0001. */
  readonly endLearningRate?: TensorLike;
  /** Default 1: a straight line. */
  readonly power?: TensorLike;
  /** Whether the decay is stretched to the next multiple of `decaySteps` once they have passed; default false: the rate stays. */
  readonly cycle?: boolean;
}

/**
 * (learningRate - endLearningRate) * (1 - globalStep / decaySteps)^power + endLearningRate, a scalar of the dtype of the rate.
 * TensorFlow: `tf.train.polynomial_decay`.
 */
export const polynomialDecay = (
  learningRate: TensorLike,
  globalStep: TensorLike,
  decaySteps: TensorLike,
  { endLearningRate = 0.0001, power = 1, cycle = false, name = 'PolynomialDecay' }: PolynomialDecayOptions = {},
): Tensor =>
  schedule(name, learningRate, globalStep, decaySteps, ({ rate, step, decaySteps: steps, of }) => {
    const end = of(endLearningRate);
    const done = cycle ? div(step, mul(steps, maximum(ceil(div(step, steps)), 1))) : div(minimum(step, steps), steps);
    return add(mul(sub(rate, end), pow(sub(1, done), of(power))), end);
  });

/** Half a cosine: from 1 at 0 down to 0 at 1. */
const cosine = (x: Tensor): Tensor => mul(add(cos(mul(x, Math.PI)), 1), 0.5);

/** Options of `cosineDecay`. */
export interface CosineDecayOptions extends Named {
  /** The part of the rate that is left at the end; default 0. */
  readonly alpha?: TensorLike;
}

/**
 * learningRate * ((1 - alpha) * (1 + cos(pi * globalStep / decaySteps)) / 2 + alpha), constant after `decaySteps`; a scalar of the
 * dtype of the rate. Loshchilov and Hutter 2016. TensorFlow: `tf.train.cosine_decay`.
 */
export const cosineDecay = (
  learningRate: TensorLike,
  globalStep: TensorLike,
  decaySteps: TensorLike,
  { alpha = 0, name = 'CosineDecay' }: CosineDecayOptions = {},
): Tensor =>
  schedule(name, learningRate, globalStep, decaySteps, ({ rate, step, decaySteps: steps, of }) => {
    const left = of(alpha);
    return mul(rate, add(mul(sub(1, left), cosine(div(minimum(step, steps), steps))), left));
  });

/** Options of `cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions extends CosineDecayOptions {
  /** How many times longer each period is than the one before; from 1, default 2. */
  readonly tMul?: number;
  /** What the rate at each restart is, as a part of the one before; default 1. */
  readonly mMul?: TensorLike;
}

/**
 * Cosine decay that starts anew after `firstDecaySteps`, then after tMul times as many, and so on; the k-th restart begins at
 * learningRate * mMul^k. A scalar of the dtype of the rate. Loshchilov and Hutter 2016 (SGDR).
 * TensorFlow: `tf.train.cosine_decay_restarts`.
 */
export const cosineDecayRestarts = (
  learningRate: TensorLike,
  globalStep: TensorLike,
  firstDecaySteps: TensorLike,
  { tMul = 2, mMul = 1, alpha = 0, name = 'SGDRDecay' }: CosineDecayRestartsOptions = {},
): Tensor =>
  schedule(name, learningRate, globalStep, firstDecaySteps, (o) => {
    const whole = passed(o, false);
    const left = o.of(alpha);
    let restarts: Tensor;
    let done: Tensor;
    if (tMul === 1) {
      restarts = floor(whole);
      done = sub(whole, restarts);
    } else {
      // The k-th period begins after 1 + tMul + ... + tMul^(k-1) = (tMul^k - 1) / (tMul - 1) first ones.
      restarts = floor(div(log(add(mul(whole, tMul - 1), 1)), Math.log(tMul)));
      const length = pow(o.of(tMul), restarts);
      done = div(sub(whole, div(sub(length, 1), tMul - 1)), length);
    }
    const peak = pow(o.of(mMul), restarts);
    return mul(o.rate, add(mul(sub(1, left), mul(peak, cosine(done))), left));
  });

/** Options of `linearCosineDecay`. */
export interface LinearCosineDecayOptions extends Named {
  /** Periods of the cosine within `decaySteps`; default 0.5. */
  readonly numPeriods?: TensorLike;
  /** Added to the line; default 0. */
  readonly alpha?: TensorLike;
  /** Added to the product; default 0.001. */
  readonly beta?: TensorLike;
}

/**
 * learningRate * ((alpha + 1 - p) * (1 + cos(2 pi * numPeriods * p)) / 2 + beta) with p = globalStep / decaySteps, constant after
 * `decaySteps`; a scalar of the dtype of the rate. Bello et al. 2017. TensorFlow: `tf.train.linear_cosine_decay`.
 */
export const linearCosineDecay = (
  learningRate: TensorLike,
  globalStep: TensorLike,
  decaySteps: TensorLike,
  { numPeriods = 0.5, alpha = 0, beta = 0.001, name = 'LinearCosineDecay' }: LinearCosineDecayOptions = {},
): Tensor =>
  schedule(name, learningRate, globalStep, decaySteps, ({ rate, step, decaySteps: steps, of }) => {
    const done = div(minimum(step, steps), steps);
    const line = add(sub(1, done), of(alpha));
    const wave = cosine(mul(mul(done, of(numPeriods)), 2));
    return mul(rate, add(mul(line, wave), of(beta)));
  });
