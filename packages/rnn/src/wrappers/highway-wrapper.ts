import {
  type DType,
  type Tensor,
  type TensorLike,
  add,
  compatible,
  constantInitializer,
  getVariable,
  matmul,
  mul,
  refuse,
  showSpec,
  sigmoid,
  sub,
} from '@tensorloom/graph';
import { type Cell, type CellState, type StateSize, inputDepth } from '../cell.js';
import type { Size } from '../tensor-shape.js';

/** Options of a `HighwayWrapper`. */
export interface HighwayWrapperOptions {
  /** Whether what is not carried is transformed: transform = 1 - carry; default true. */
  readonly coupleCarryTransformGates?: boolean;
  /** Where the carry gate's bias starts, and the negative of where the transform gate's does; default 1. */
  readonly carryBiasInit?: number;
}

/**
 * A cell with a highway around it (Srivastava et al. 2015): input * carry + output * transform, with carry = sigmoid(input W + b) and
 * transform = 1 - carry, or a gate of its own. Variables `carry_w`, `carry_b`, and `transform_w`, `transform_b` where gates are not
 * coupled, in the scope around. Throws when the input has not the output's shape. TensorFlow: `tf.contrib.rnn.HighwayWrapper`.
 */
export class HighwayWrapper<S extends CellState> implements Cell<S> {
  readonly stateSize: StateSize;
  readonly outputSize: Size;
  readonly #cell: Cell<S>;
  readonly #coupled: boolean;
  readonly #bias: number;
  readonly #gates = new Map<string, (input: Tensor) => Tensor>();

  constructor(cell: Cell<S>, { coupleCarryTransformGates = true, carryBiasInit = 1 }: HighwayWrapperOptions = {}) {
    this.#cell = cell;
    this.#coupled = coupleCarryTransformGates;
    this.#bias = carryBiasInit;
    this.stateSize = cell.stateSize;
    this.outputSize = cell.outputSize;
  }

  zeroState(batchSize: TensorLike, dtype: DType): S {
    return this.#cell.zeroState(batchSize, dtype);
  }

  call(input: Tensor, state: S): readonly [Tensor, S] {
    const [output, next] = this.#cell.call(input, state);
    if (!compatible(input.shape, output.shape)) {
      return refuse(
        'HighwayWrapper',
        `expected an input of the output's shape, got ${showSpec(input.spec)} and ${showSpec(output.spec)}. Project the input.`,
        [input, output],
      );
    }
    const carry = this.#gate('carry', this.#bias, input);
    const transform = this.#coupled ? sub(1, carry) : this.#gate('transform', -this.#bias, input);
    return [add(mul(input, carry), mul(output, transform)), next];
  }

  /** A gate, whose variables are made when it is first used. */
  #gate(name: string, bias: number, input: Tensor): Tensor {
    const known = this.#gates.get(name);
    if (known !== undefined) return known(input);
    const { dtype } = input;
    const depth = inputDepth('HighwayWrapper', input);
    const w = getVariable(`${name}_w`, [depth, depth], { dtype });
    const b = getVariable(`${name}_b`, [depth], { dtype, initializer: constantInitializer(bias) });
    const gate = (x: Tensor): Tensor => sigmoid(matmul(x, w).biasAdd(b));
    this.#gates.set(name, gate);
    return gate(input);
  }
}
