import {
  type Initializer,
  type Reuse,
  type Tensor,
  type TensorLike,
  getVariable,
  glorotUniformInitializer,
  relu,
  uniqueScope,
  variableScope,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from './activation.js';
import { checkUnits, lastAxisProduct, layerInput } from './linear.js';

/** Options of `fullyConnected`. */
export interface FullyConnectedOptions {
  /** Default relu; `null` for none. */
  readonly activationFn?: Activation | null;
  /** Default glorot uniform, whatever the variable scope says. */
  readonly weightsInitializer?: Initializer;
  /** Default zeros; `null` for no biases. */
  readonly biasesInitializer?: Initializer | null;
  /** Whether optimizers change the variables; default true. */
  readonly trainable?: boolean;
  /** Scope of the variables; default 'fully_connected', made unique. */
  readonly scope?: string;
  /** Share the variables of the layer of that scope. */
  readonly reuse?: Reuse;
}

/**
 * A fully connected layer with relu: activationFn(x W + b) along the last axis, x of any rank from 2. Variables `<scope>/weights` [in, units]
 * and `<scope>/biases` [units]. Throws when the last dimension is not known. TensorFlow: `tf.contrib.layers.fully_connected`.
 */
export function fullyConnected(inputs: TensorLike, units: number, options: FullyConnectedOptions = {}): Tensor {
  const { activationFn = relu, weightsInitializer = glorotUniformInitializer(), trainable = true } = options;
  const { biasesInitializer = zerosInitializer(), scope, reuse } = options;
  const [x, depth] = layerInput('fullyConnected', inputs);
  checkUnits('fullyConnected', units);
  return variableScope(scope ?? uniqueScope('fully_connected'), reuse === undefined ? {} : { reuse }, () => {
    const { dtype } = x;
    const weights = getVariable('weights', [depth, units], { dtype, trainable, initializer: weightsInitializer });
    let y = lastAxisProduct(x, weights);
    if (biasesInitializer !== null)
      y = y.biasAdd(getVariable('biases', [units], { dtype, trainable, initializer: biasesInitializer }));
    return activationFn === null ? y : activationFn(y);
  });
}
