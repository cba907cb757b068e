import {
  type Initializer,
  type Tensor,
  type Variable,
  add,
  clipByValue,
  concat,
  getVariable,
  matmul,
  mul,
  sigmoid,
  split,
  sub,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth, kernelOptions } from '../cell.js';
import { type Norm, type NormOptions, norm } from './layer-norm.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of a `CoupledInputForgetGateLSTMCell`. */
export interface CoupledInputForgetGateLSTMCellOptions extends CellOptions, NormOptions {
  /** Whether the gates see the memory, through weights of its own size; default false. */
  readonly usePeepholes?: boolean;
  /** Of the kernels and the peepholes; default: the variable scope's, else glorot uniform. */
  readonly initializer?: Initializer;
  /** Size of the output, when it is a linear projection of what the cell gives; default: none. */
  readonly numProj?: number;
  /** Keeps the projected output between -projClip and projClip; default: no limit. */
  readonly projClip?: number;
  /** Added to the forget gate; default 1. */
  readonly forgetBias?: number;
  /** Default tanh. */
  readonly activation?: Activation;
  /** Whether sums and memory are normalised, in place of a bias; default false. */
  readonly layerNorm?: boolean;
}

interface Variables {
  readonly kernel: Variable;
  readonly bias: Variable | undefined;
  readonly norms: Readonly<Record<'transform' | 'forget' | 'output' | 'state', Norm>>;
  readonly peepholes: Readonly<Record<'f' | 'o', Variable>> | undefined;
  readonly projection: Variable | undefined;
}

/**
 * The LSTM whose input gate is what the forget gate leaves (Greff et al. 2015): j, f, o = [x, h] W + B, c' = s c + (1 - s) activation(j) with s =
 * sigmoid(f + forgetBias + w_f c), h' = activation(c') sigmoid(o + w_o c') P, its output h'. Variables `W_0` [depth + output, 3 units], `B` [3
 * units], `W_F_diag`, `W_O_diag` [units] and `W_P_0` [units, numProj]; with layer normalisation also `gamma` and `beta` [units] below
 * `transform`, `forget`, `output` and `state`. TensorFlow: `tf.contrib.rnn.CoupledInputForgetGateLSTMCell`.
 */
export class CoupledInputForgetGateLSTMCell extends ScopedCell<LSTMState, Variables> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #options: CoupledInputForgetGateLSTMCellOptions;

  constructor(numUnits: number, options: CoupledInputForgetGateLSTMCellOptions = {}) {
    super('coupled_input_forget_gate_lstm_cell', options);
    checkUnits('CoupledInputForgetGateLSTMCell', numUnits);
    if (options.numProj !== undefined) {
      checkUnits('CoupledInputForgetGateLSTMCell', options.numProj, 'projected outputs');
    }
    this.outputSize = options.numProj ?? numUnits;
    this.stateSize = { c: numUnits, h: this.outputSize };
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { initializer, usePeepholes = false, numProj, layerNorm = false } = this.#options;
    const options = { dtype, ...kernelOptions(initializer) };
    const n = this.stateSize.c;
    const depth = inputDepth('CoupledInputForgetGateLSTMCell', input) + this.outputSize;
    const kernel = getVariable('W_0', [depth, 3 * n], options);
    // TensorFlow makes it even where normalisation leaves it out.
    const bias = getVariable('B', [3 * n], { dtype, initializer: zerosInitializer() });
    const normOf = (scope: string): Norm => (layerNorm ? norm(scope, n, dtype, this.#options) : (x) => x);
    const [transform, forget, output] = ['transform', 'forget', 'output'].map(normOf);
    const peephole = (name: string): Variable => getVariable(name, [n], options);
    const peepholes = usePeepholes ? { f: peephole('W_F_diag'), o: peephole('W_O_diag') } : undefined;
    const norms = { transform, forget, output, state: normOf('state') };
    const projection = numProj === undefined ? undefined : getVariable('W_P_0', [n, numProj], options);
    return { kernel, bias: layerNorm ? undefined : bias, norms, peepholes, projection };
  }

  protected override step(x: Tensor, state: LSTMState, variables: Variables): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('CoupledInputForgetGateLSTMCell', state);
    const { kernel, bias, norms, peepholes, projection } = variables;
    const { activation = tanh, forgetBias = 1, projClip } = this.#options;
    const seeing = (gate: Tensor, w: Variable | undefined, memory: Tensor): Tensor =>
      w === undefined ? gate : add(gate, mul(w, memory));

    const product = matmul(concat([x, h], 1), kernel);
    const [j, f, o] = split(bias === undefined ? product : product.biasAdd(bias), 3, { axis: 1 });
    const forget = sigmoid(seeing(add(norms.forget(f), forgetBias), peepholes?.f, c));
    const memory = norms.state(add(mul(forget, c), mul(sub(1, forget), activation(norms.transform(j)))));
    const full = mul(sigmoid(seeing(norms.output(o), peepholes?.o, memory)), activation(memory));
    const projected = projection === undefined ? full : matmul(full, projection);
    const output =
      projection === undefined || projClip === undefined ? projected : clipByValue(projected, -projClip, projClip);
    return [output, { c: memory, h: output }];
  }
}
