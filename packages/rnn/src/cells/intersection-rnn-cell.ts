import {
  type Initializer,
  type Tensor,
  add,
  mul,
  refuse,
  relu,
  sigmoid,
  split,
  sub,
  tanh,
  variableScope,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type Layer, linear } from '../linear.js';

/** Options of an `IntersectionRNNCell`. */
export interface IntersectionRNNCellOptions extends CellOptions {
  /** The number of units, for a first layer whose input has another depth: the input is projected to it. Default: it must have that depth. */
  readonly numInProj?: number;
  /** Of the kernels; default: the variable scope's, else glorot uniform. */
  readonly initializer?: Initializer;
  /** Added to the gates; default 1. */
  readonly forgetBias?: number;
  /** Of what goes on in depth; default relu. */
  readonly yActivation?: Activation;
}

interface Layers {
  readonly projection: Layer | undefined;
  readonly gates: Layer;
}

/**
 * The intersection network (Collins, Sohl-Dickstein and Sussillo 2017), for deep stacks, with a gate for time and one for depth: g, h, k, y = [x, s] K +
 * b, s' = sigmoid(g + forgetBias) s + (1 - sigmoid(g + forgetBias)) tanh(h), and the output sigmoid(k + forgetBias) x + (1 - sigmoid(k +
 * forgetBias)) yActivation(y). Variables `in_projection/{kernel, bias}` where the input is projected, `kernel` [2 units, 4 units] and
 * `bias`. Throws when the input has another depth and is not projected. TensorFlow: `tf.contrib.rnn.IntersectionRNNCell`.
 */
export class IntersectionRNNCell extends ScopedCell<Tensor, Layers> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #options: IntersectionRNNCellOptions;

  constructor(numUnits: number, options: IntersectionRNNCellOptions = {}) {
    super('intersection_rnn_cell', options);
    checkUnits('IntersectionRNNCell', numUnits);
    this.stateSize = numUnits;
    this.outputSize = numUnits;
    this.#options = options;
  }

  protected override build(input: Tensor): Layers {
    const { initializer: kernelInitializer, numInProj } = this.#options;
    const n = this.stateSize;
    const depth = inputDepth('IntersectionRNNCell', input);
    if (depth !== n && numInProj !== n) {
      refuse(
        'IntersectionRNNCell',
        `expected an input of depth ${n}, the number of units, got depth ${depth}. Pass { numInProj: ${n} } to project it.`,
        [input],
      );
    }
    const layer = (of: number, units: number): Layer => linear(of, units, input.dtype, { kernelInitializer });
    return {
      projection: depth === n ? undefined : variableScope('in_projection', () => layer(depth, n)),
      gates: layer(2 * n, 4 * n),
    };
  }

  protected override step(input: Tensor, state: Tensor, { projection, gates }: Layers): readonly [Tensor, Tensor] {
    const { forgetBias = 1, yActivation = relu } = this.#options;
    const x = projection === undefined ? input : projection(input);
    const [g, h, k, y] = split(gates(x, state), 4, { axis: 1 });
    const [time, depth] = [g, k].map((gate) => sigmoid(add(gate, forgetBias)));
    const next = add(mul(time, state), mul(sub(1, time), tanh(h)));
    return [add(mul(depth, x), mul(sub(1, depth), yActivation(y))), next];
  }
}
