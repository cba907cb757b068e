import {
  type Tensor,
  type TensorLike,
  type Variable,
  add,
  concat,
  getVariable,
  matmul,
  mul,
  sigmoid,
  split,
  tanh,
} from '@tensorloom/graph';
import { type Activation, nn } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type Norm, type NormOptions, norm } from './layer-norm.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of a `LayerNormBasicLSTMCell`. */
export interface LayerNormBasicLSTMCellOptions extends CellOptions, NormOptions {
  /** Added to the forget gate; default 1. */
  readonly forgetBias?: number;
  /** Default tanh. */
  readonly activation?: Activation;
  /** Whether sums and memory are normalised; default true. Without it there is a bias, which begins as the kernel does. */
  readonly layerNorm?: boolean;
  /** The part of what is written to the memory that is kept, a number or a scalar; default 1. */
  readonly dropoutKeepProb?: TensorLike;
  /** Op seed of the dropout. */
  readonly dropoutProbSeed?: number;
}

interface Variables {
  readonly kernel: Variable;
  readonly bias: Variable | undefined;
  readonly norms: Readonly<Record<'input' | 'transform' | 'forget' | 'output' | 'state', Norm>>;
}

/**
 * The LSTM with layer normalisation (Ba, Kiros and Hinton 2016) and recurrent dropout (Semeniuta, Severyn and Barth 2016): i, j, f, o = [x, h] K,
 * c' = norm(c sigmoid(norm(f) + forgetBias) + sigmoid(norm(i)) dropout(activation(norm(j)))), h' = activation(c') sigmoid(norm(o)), its output
 * h'. Variables `kernel` [depth + units, 4 units] and `gamma` and `beta` [units] below `input`, `transform`, `forget`, `output` and `state`;
 * without normalisation `bias`. TensorFlow: `tf.contrib.rnn.LayerNormBasicLSTMCell`.
 */
export class LayerNormBasicLSTMCell extends ScopedCell<LSTMState, Variables> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #options: LayerNormBasicLSTMCellOptions;

  constructor(numUnits: number, options: LayerNormBasicLSTMCellOptions = {}) {
    super('layer_norm_basic_lstm_cell', options);
    checkUnits('LayerNormBasicLSTMCell', numUnits);
    this.stateSize = { c: numUnits, h: numUnits };
    this.outputSize = numUnits;
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { layerNorm = true } = this.#options;
    const n = this.outputSize;
    const kernel = getVariable('kernel', [inputDepth('LayerNormBasicLSTMCell', input) + n, 4 * n], { dtype });
    const normOf = (scope: string): Norm => (layerNorm ? norm(scope, n, dtype, this.#options) : (x) => x);
    return {
      kernel,
      bias: layerNorm ? undefined : getVariable('bias', [4 * n], { dtype }),
      norms: {
        input: normOf('input'),
        transform: normOf('transform'),
        forget: normOf('forget'),
        output: normOf('output'),
        state: normOf('state'),
      },
    };
  }

  protected override step(x: Tensor, state: LSTMState, variables: Variables): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('LayerNormBasicLSTMCell', state);
    const { kernel, bias, norms } = variables;
    const { forgetBias = 1, activation = tanh, dropoutKeepProb: keepProb = 1, dropoutProbSeed: seed } = this.#options;
    const product = matmul(concat([x, h], 1), kernel);
    const [i, j, f, o] = split(bias === undefined ? product : product.biasAdd(bias), 4, { axis: 1 });
    const written = nn.dropout(activation(norms.transform(j)), { keepProb, ...(seed !== undefined && { seed }) });
    const kept = mul(c, sigmoid(add(norms.forget(f), forgetBias)));
    const memory = norms.state(add(kept, mul(sigmoid(norms.input(i)), written)));
    const output = mul(activation(memory), sigmoid(norms.output(o)));
    return [output, { c: memory, h: output }];
  }
}
