import {
  type Initializer,
  type Tensor,
  type Variable,
  add,
  clipByValue,
  concat,
  getVariable,
  mul,
  refuse,
  sigmoid,
  split,
  tanh,
  zerosInitializer,
  zerosLike,
} from '@tensorloom/graph';
import { type CellOptions, ScopedCell, checkUnits, inputDepth, kernelOptions } from '../cell.js';
import { frequencyWindows } from './frequency-windows.js';

/** Options of a `TimeFreqLSTMCell`. */
export interface TimeFreqLSTMCellOptions extends CellOptions {
  /** Length of the windows that slide over the frequencies. */
  readonly featureSize: number;
  /** From one window to the next; default 1. */
  readonly frequencySkip?: number;
  /** Depth of the input, which says how many windows fit; default featureSize, one window. */
  readonly inputSize?: number;
  /** Whether the gates see the memory, through weights of its own size; default false. */
  readonly usePeepholes?: boolean;
  /** Keeps memories between -cellClip and cellClip; default: no limit. */
  readonly cellClip?: number;
  /** Of the kernel and the peepholes; default: the variable scope's, else glorot uniform. */
  readonly initializer?: Initializer;
  /** Added to the forget gate; default 1. */
  readonly forgetBias?: number;
}

interface Variables {
  readonly kernel: Variable;
  readonly bias: Variable;
  readonly peepholes: Readonly<Record<'f' | 'i' | 'o', Variable>> | undefined;
}

/**
 * The LSTM over time and frequency (Sainath and Li 2016): one LSTM is at every window of the input [batch, frequencies] and reads, besides
 * the window and its own h before in time, the h of the window below: i, j, f, o = [x_k, h_k, h'_k-1] K + b; c_k' = c_k sigmoid(f +
 * forgetBias) + sigmoid(i) tanh(j), h_k' = sigmoid(o) tanh(c_k'). The output is [h_0', h_1', ...], the state one tensor [c_0, h_0, c_1,
 * h_1, ...]. Variables `W_0` [featureSize + 2 units, 4 units], `B` [4 units], `W_F_diag`, `W_I_diag`, `W_O_diag` [units]. TensorFlow:
 * `tf.contrib.rnn.TimeFreqLSTMCell`, whose sizes are those of one window; here `inputSize` makes them right.
 */
export class TimeFreqLSTMCell extends ScopedCell<Tensor, Variables> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #units: number;
  readonly #options: TimeFreqLSTMCellOptions;

  constructor(numUnits: number, options: TimeFreqLSTMCellOptions) {
    super('time_freq_lstm_cell', options);
    checkUnits('TimeFreqLSTMCell', numUnits);
    checkUnits('TimeFreqLSTMCell', options.featureSize, 'features');
    checkUnits('TimeFreqLSTMCell', options.frequencySkip ?? 1, 'frequencies to skip');
    this.#units = numUnits;
    this.#options = options;
    this.outputSize = numUnits * this.#windowsIn(options.inputSize ?? options.featureSize);
    this.stateSize = 2 * this.outputSize;
  }

  protected override build({ dtype }: Tensor): Variables {
    const { featureSize, initializer, usePeepholes = false } = this.#options;
    const options = { dtype, ...kernelOptions(initializer) };
    const n = this.#units;
    const peephole = (name: string): Variable => getVariable(`W_${name}_diag`, [n], options);
    return {
      // The number is that of the shard: TensorFlow can spread the kernel over several.
      kernel: getVariable('W_0', [featureSize + 2 * n, 4 * n], options),
      bias: getVariable('B', [4 * n], { dtype, initializer: zerosInitializer() }),
      peepholes: usePeepholes ? { f: peephole('F'), i: peephole('I'), o: peephole('O') } : undefined,
    };
  }

  protected override step(x: Tensor, state: Tensor, { kernel, bias, peepholes }: Variables): readonly [Tensor, Tensor] {
    const { featureSize, frequencySkip = 1, forgetBias = 1, cellClip } = this.#options;
    const count = this.#windowsIn(inputDepth('TimeFreqLSTMCell', x));
    if (inputDepth('TimeFreqLSTMCell', state) !== 2 * count * this.#units) {
      return refuse(
        'TimeFreqLSTMCell',
        `expected a state [batch,${2 * count * this.#units}], c and h of ${count} windows, got ${state.toString()}. Give the cell { inputSize }, and start from zeroState().`,
        [x, state],
      );
    }
    const [windows] = frequencyWindows('TimeFreqLSTMCell', x, {
      featureSize,
      frequencySkip,
      numFrequencyBlocks: [count],
    });
    const parts = split(state, 2 * count, { axis: 1 });
    const seeing = (z: Tensor, w: Variable | undefined, c: Tensor): Tensor => (w === undefined ? z : add(z, mul(w, c)));
    const outputs: Tensor[] = [];
    const next: Tensor[] = [];
    let below = zerosLike(parts[0]);
    windows.forEach((window, k) => {
      const [c, h] = parts.slice(2 * k);
      const [i, j, f, o] = split(concat([window, h, below], 1).matmul(kernel).biasAdd(bias), 4, { axis: 1 });
      const forget = sigmoid(seeing(add(f, forgetBias), peepholes?.f, c));
      const full = add(mul(forget, c), mul(sigmoid(seeing(i, peepholes?.i, c)), tanh(j)));
      const memory = cellClip === undefined ? full : clipByValue(full, -cellClip, cellClip);
      below = mul(sigmoid(seeing(o, peepholes?.o, memory)), tanh(memory));
      outputs.push(below);
      next.push(memory, below);
    });
    return [concat(outputs, 1), concat(next, 1)];
  }

  #windowsIn(frequencies: number): number {
    const { featureSize, frequencySkip = 1 } = this.#options;
    if (Number.isInteger(frequencies) && frequencies >= featureSize)
      return Math.floor((frequencies - featureSize) / frequencySkip) + 1;
    return refuse(
      'TimeFreqLSTMCell',
      `expected an input of at least ${featureSize} frequencies, the featureSize, got ${frequencies}.`,
    );
  }
}
