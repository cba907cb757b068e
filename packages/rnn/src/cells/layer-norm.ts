import {
  type DType,
  type Tensor,
  type Variable,
  constantInitializer,
  getVariable,
  variableScope,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';

/** What `gamma` and `beta` begin with. */
export interface NormOptions {
  /** Default 1. */
  readonly normGain?: number;
  /** Default 0. */
  readonly normShift?: number;
}

/** Layer normalisation of a cell's sums; see `layers.layerNorm`. */
export type Norm = (x: Tensor) => Tensor;

/** What TensorFlow adds to the variance. */
const EPSILON = 1e-12;

/** Normalisation of [batch, units], whose variables `<scope>/gamma` and `<scope>/beta` [units] are made now. */
export function norm(scope: string, units: number, dtype: DType, { normGain = 1, normShift = 0 }: NormOptions): Norm {
  const variable = (name: string, value: number): Variable =>
    getVariable(name, [units], { dtype, initializer: constantInitializer(value) });
  const [gamma, beta] = variableScope(scope, () => [variable('gamma', normGain), variable('beta', normShift)]);
  return (x) => {
    const [mean, variance] = nn.moments(x, [1], { keepDims: true });
    return nn.batchNormalization(x, mean, variance, beta, gamma, EPSILON);
  };
}
