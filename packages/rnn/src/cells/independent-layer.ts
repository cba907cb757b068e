import {
  type DType,
  type Initializer,
  type Tensor,
  type Variable,
  add,
  getVariable,
  mul,
  randomUniformInitializer,
  tile,
  zerosInitializer,
} from '@tensorloom/graph';
import { kernelOptions } from '../cell.js';

/** Weights of gates whose units see the whole input, but of the state themselves alone. */
export interface IndependentLayer {
  /** Of the input: [depth, gates * units]. */
  readonly w: Variable;
  /** Of the state: [1, gates * units], a factor for each unit and gate. */
  readonly u: Variable;
  readonly bias: Variable;
}

/** How an `IndependentLayer` is made. */
export interface IndependentLayerOptions {
  /** Names of the weights in the variable scope, in that order. */
  readonly names: readonly [w: string, u: string, bias: string];
  readonly depth: number;
  /** Gates times units. */
  readonly columns: number;
  readonly dtype: DType;
  readonly kernelInitializer?: Initializer | undefined;
  /** Default zeros. */
  readonly biasInitializer?: Initializer | undefined;
}

/** Makes the weights. Those of the state begin between -1 and 1, whatever the variable scope says, as in TensorFlow. */
export function independentLayer(options: IndependentLayerOptions): IndependentLayer {
  const { names, depth, columns, dtype, kernelInitializer, biasInitializer = zerosInitializer() } = options;
  const [w, u, bias] = names;
  return {
    w: getVariable(w, [depth, columns], { dtype, ...kernelOptions(kernelInitializer) }),
    u: getVariable(u, [1, columns], { dtype, initializer: randomUniformInitializer({ minval: -1, maxval: 1 }) }),
    bias: getVariable(bias, [columns], { dtype, initializer: biasInitializer }),
  };
}

/** x W + u h + b, with h [batch, units] repeated for each of the gates. */
export const independentLinear = (x: Tensor, h: Tensor, { w, u, bias }: IndependentLayer, gates = 1): Tensor =>
  add(x.matmul(w), mul(gates === 1 ? h : tile(h, [1, gates]), u)).biasAdd(bias);
