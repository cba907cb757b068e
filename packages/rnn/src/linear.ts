import {
  type DType,
  type Initializer,
  type Tensor,
  type Variable,
  concat,
  getVariable,
  matmul,
  zerosInitializer,
} from '@tensorloom/graph';
import { kernelOptions } from './cell.js';

/** Options of a `linear` layer. */
export interface LinearOptions {
  /** Default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer | undefined;
}

/** A layer on one input or several, which it joins. */
export type Layer = (...inputs: readonly Tensor[]) => Tensor;

/** The layer [x1, x2, ...] K + b for inputs [batch, ...] of `depth` units together, whose variables `kernel` [depth, units] and `bias` are made now. */
export function linear(depth: number, units: number, dtype: DType, { kernelInitializer }: LinearOptions = {}): Layer {
  const kernel: Variable = getVariable('kernel', [depth, units], { dtype, ...kernelOptions(kernelInitializer) });
  const bias: Variable = getVariable('bias', [units], { dtype, initializer: zerosInitializer() });
  return (...xs) => matmul(xs.length === 1 ? xs[0] : concat(xs, 1), kernel).biasAdd(bias);
}
