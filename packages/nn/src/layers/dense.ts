import {
  type DType,
  type Initializer,
  type Reuse,
  type Tensor,
  type TensorLike,
  type Variable,
  getVariable,
  refuse,
  uniqueScope,
  variableScope,
  zerosInitializer,
} from '@tensorloom/graph';
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

interface DenseVariables {
  readonly depth: number;
  readonly kernel: Variable;
  readonly bias: Variable | null;
}

/**
 * A fully connected layer as an object, which makes its variables where it is first applied and shares them afterwards; where functions
 * take a layer, they take one. See `dense` for what it computes. TensorFlow: `tf.layers.Dense`.
 */
export class Dense {
  /** The last dimension of what comes out. */
  readonly units: number;
  readonly #options: DenseOptions;
  #scope: string | undefined;
  #variables: DenseVariables | undefined;

  constructor(units: number, options: DenseOptions = {}) {
    checkUnits('dense', units);
    this.units = units;
    this.#options = options;
  }

  /** activation(x K + b) along the last axis of x. Throws when that dimension is not known, or another than at first. */
  apply(inputs: TensorLike): Tensor {
    const [x, depth] = layerInput('dense', inputs);
    this.#scope ??= this.#options.name ?? uniqueScope('dense');
    const { reuse, activation } = this.#options;
    return variableScope(this.#scope, reuse === undefined ? {} : { reuse }, () => {
      const { depth: made, kernel, bias } = (this.#variables ??= this.#build(x.dtype, depth));
      if (made !== depth) {
        refuse(
          'dense',
          `this layer's variables were made for inputs of depth ${made}, got ${depth}. Make a layer of its own for each depth.`,
          [x],
        );
      }
      const product = lastAxisProduct(x, kernel);
      const y = bias === null ? product : product.biasAdd(bias);
      return activation ? activation(y) : y;
    });
  }

  #build(dtype: DType, depth: number): DenseVariables {
    const { useBias = true, biasInitializer = zerosInitializer(), trainable = true } = this.#options;
    const { kernelInitializer: initializer } = this.#options;
    return {
      depth,
      kernel: getVariable('kernel', [depth, this.units], { dtype, trainable, ...(initializer && { initializer }) }),
      bias: useBias ? getVariable('bias', [this.units], { dtype, trainable, initializer: biasInitializer }) : null,
    };
  }
}

/**
 * A fully connected layer: activation(x K + b) along the last axis, x of any rank from 2. Variables `<name>/kernel` [in, units]
 * and `<name>/bias` [units]. Throws when the last dimension is not known. TensorFlow: `tf.layers.dense`.
 */
export const dense = (inputs: TensorLike, units: number, options: DenseOptions = {}): Tensor =>
  new Dense(units, options).apply(inputs);
