import {
  type Reuse,
  type Tensor,
  type TensorLike,
  getVariable,
  isKnown,
  onesInitializer,
  refuse,
  showSpec,
  toTensor,
  uniqueScope,
  variableScope,
  zerosInitializer,
} from '@tensorloom/graph';
import { batchNormalization, moments } from './batch-normalization.js';
import type { Activation } from './layers/activation.js';

/** Options of `layerNorm`. */
export interface LayerNormOptions {
  /** Whether a learned offset `beta` is added; default true. */
  readonly center?: boolean;
  /** Whether it is multiplied by a learned `gamma`; default true. */
  readonly scale?: boolean;
  /** Applied to the result; default: none. */
  readonly activationFn?: Activation | null;
  /** The first axis that is normalised, together with all after it; default 1. */
  readonly beginNormAxis?: number;
  /** The first axis along which beta and gamma run; default -1, the last. */
  readonly beginParamsAxis?: number;
  /** Scope of the variables; default 'LayerNorm', made unique. */
  readonly scope?: string;
  readonly reuse?: Reuse;
  /** Whether optimizers change the variables; default true. */
  readonly trainable?: boolean;
}

/** What TensorFlow adds to the variance. */
const EPSILON = 1e-12;

/**
 * Each example less its own mean, divided by its own standard deviation (Ba, Kiros and Hinton 2016). Variables `LayerNorm/beta` and
 * `LayerNorm/gamma`. Throws when the lengths of the axes from `beginParamsAxis` on are not known. TensorFlow:
 * `tf.contrib.layers.layer_norm`.
 */
export function layerNorm(inputs: TensorLike, options: LayerNormOptions = {}): Tensor {
  const {
    center = true,
    scale = true,
    activationFn,
    beginNormAxis = 1,
    beginParamsAxis = -1,
    scope,
    reuse,
    trainable = true,
  } = options;
  const x = toTensor(inputs, undefined, 'layerNorm');
  const rank = x.shape?.length ?? 0;
  const [norm, params] = [beginNormAxis, beginParamsAxis].map((axis) => (axis < 0 ? axis + rank : axis));
  const shape = x.shape?.slice(params);
  if (norm >= rank || params >= rank || norm < 0 || params < 0 || !isKnown(shape)) {
    return refuse(
      'layerNorm',
      `expected axes from ${beginNormAxis} on, and known lengths from axis ${beginParamsAxis} on, got ${showSpec(x.spec)}. Give the placeholder's dimensions.`,
      [x],
    );
  }
  return variableScope(scope ?? uniqueScope('LayerNorm'), reuse === undefined ? {} : { reuse }, () => {
    const { dtype } = x;
    const beta = center ? getVariable('beta', shape, { dtype, trainable, initializer: zerosInitializer() }) : null;
    const gamma = scale ? getVariable('gamma', shape, { dtype, trainable, initializer: onesInitializer() }) : null;
    const axes = Array.from({ length: rank - norm }, (_, i) => norm + i);
    const [mean, variance] = moments(x, axes, { keepDims: true });
    const y = batchNormalization(x, mean, variance, beta, gamma, EPSILON);
    return activationFn ? activationFn(y) : y;
  });
}
