import {
  type Initializer,
  type Reuse,
  type Tensor,
  type TensorLike,
  getVariable,
  variableScope,
  zerosInitializer,
} from '@tensorloom/graph';
import { uniqueScope } from '../unique-scope.js';
import type { Activation } from './activation.js';
import { checkUnits, lastAxisProduct, layerInput } from './linear.js';

/** Options of `dense`. */
export interface DenseOptions {
  /** Applied to the sums; default: none. */
  readonly activation?: Activation | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer | null;
  /** Default zeros. */
  readonly biasInitializer?: Initializer;
  /** Whether optimizers change the variables; default true. */
  readonly trainable?: boolean;
  /** Scope of the variables; default 'dense', made unique. */
  readonly name?: string;
  /** Share the variables of the layer of that name. */
  readonly reuse?: Reuse;
}

/**
 * A fully connected layer: activation(x K + b) along the last axis, x of any rank from 2. Variables `<name>/kernel` [in, units]
 * and `<name>/bias` [units]. Throws when the last dimension is not known. TensorFlow: `tf.layers.dense`.
 */
export function dense(inputs: TensorLike, units: number, options: DenseOptions = {}): Tensor {
  const { activation, useBias = true, biasInitializer = zerosInitializer(), trainable = true, name, reuse } = options;
  const [x, depth] = layerInput('dense', inputs);
  checkUnits('dense', units);
  return variableScope(name ?? uniqueScope('dense'), reuse === undefined ? {} : { reuse }, () => {
    const { dtype } = x;
    const kernel = getVariable('kernel', [depth, units], {
      dtype,
      trainable,
      ...(options.kernelInitializer && { initializer: options.kernelInitializer }),
    });
    let y = lastAxisProduct(x, kernel);
    if (useBias) y = y.biasAdd(getVariable('bias', [units], { dtype, trainable, initializer: biasInitializer }));
    return activation ? activation(y) : y;
  });
}
