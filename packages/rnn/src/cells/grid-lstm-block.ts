import {
  type DType,
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
  sub,
  tanh,
  zerosInitializer,
  zerosLike,
} from '@tensorloom/graph';
import { kernelOptions } from '../cell.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** What there is of something along both directions of a grid. */
type Directions<T> = Readonly<Record<'frequency' | 'time', T>>;

const forBoth = <T>(f: (direction: keyof Directions<T>) => T): Directions<T> => ({
  frequency: f('frequency'),
  time: f('time'),
});

/** How the LSTMs of a grid work. */
export interface GridLSTMOptions {
  /** Whether the gates see the memories of both directions, through weights of their size; default false. */
  readonly usePeepholes?: boolean;
  /** Whether both directions have the same weights; default false. */
  readonly shareTimeFrequencyWeights?: boolean;
  /** Keeps memories between -cellClip and cellClip; default: no limit. */
  readonly cellClip?: number;
  /** Of the kernels and the peepholes; default: the variable scope's, else glorot uniform. */
  readonly initializer?: Initializer;
  /** Added to the forget gates; default 1. */
  readonly forgetBias?: number;
  /** Whether a forget gate is 1 - the input gate; default false. */
  readonly coupleInputForgetGates?: boolean;
}

/** Weights of an LSTM along one direction. Its gates see both memories, where there are peepholes. */
interface Layer {
  readonly kernel: Variable;
  readonly bias: Variable;
  readonly peepholes: Readonly<Partial<Record<'F' | 'I' | 'O', Directions<Variable>>>>;
}

/** Weights of the two LSTMs of a block of windows. */
export type GridLSTMBlock = Directions<Layer>;

/** What the windows of each block remember: `state[block][window]`. */
export type GridLSTMState = readonly (readonly LSTMState[])[];

/** Makes the weights of a block, named as TensorFlow names them. */
export function gridLSTMBlock(
  block: number,
  { units, featureSize, dtype }: { readonly units: number; readonly featureSize: number; readonly dtype: DType },
  options: GridLSTMOptions,
): GridLSTMBlock {
  const { usePeepholes = false, shareTimeFrequencyWeights = false, coupleInputForgetGates = false } = options;
  const made = { dtype, ...kernelOptions(options.initializer) };
  const columns = (coupleInputForgetGates ? 3 : 4) * units;
  const linear = (letter: 'f' | 't'): Pick<Layer, 'kernel' | 'bias'> => ({
    // The last number is that of the shard: TensorFlow can spread a kernel over several.
    kernel: getVariable(`W_${letter}_${block}_0`, [featureSize + 2 * units, columns], made),
    bias: getVariable(`B_${letter}_${block}`, [columns], { dtype, initializer: zerosInitializer() }),
  });
  const peepholes = (of: 'freq' | 'time'): Layer['peepholes'] => {
    const peephole = (gate: string): Directions<Variable> => ({
      frequency: getVariable(`W_${gate}_diag_${of}f_${block}`, [units], made),
      time: getVariable(`W_${gate}_diag_${of}t_${block}`, [units], made),
    });
    if (!usePeepholes) return {};
    return { ...(!coupleInputForgetGates && { F: peephole('F') }), I: peephole('I'), O: peephole('O') };
  };
  // All kernels come before all peepholes, as in TensorFlow.
  const frequency = linear('f');
  const time = shareTimeFrequencyWeights ? frequency : linear('t');
  const ofFrequency = { ...frequency, peepholes: peepholes('freq') };
  return {
    frequency: ofFrequency,
    time: shareTimeFrequencyWeights ? ofFrequency : { ...time, peepholes: peepholes('time') },
  };
}

/** z + w_f c_f + w_t c_t, where there are peepholes. */
const seeing = (z: Tensor, w: Directions<Variable> | undefined, c: Directions<Tensor>): Tensor =>
  w === undefined ? z : add(z, add(mul(w.frequency, c.frequency), mul(w.time, c.time)));

/**
 * The two LSTMs at a window x, between the states before it in time and below it in frequency. Along each direction d:
 * i, j, f, o = [x, h_time, h_frequency] K_d + b_d; c_d' = c_d sigmoid(f + forgetBias) + sigmoid(i) tanh(j); h_d' = sigmoid(o) tanh(c_d').
 */
function gridStep(
  x: Tensor,
  state: Directions<LSTMState>,
  layers: GridLSTMBlock,
  { forgetBias = 1, cellClip, coupleInputForgetGates = false }: GridLSTMOptions,
): Directions<LSTMState> {
  const before = forBoth((d) => state[d].c);
  const read = concat([x, state.time.h, state.frequency.h], 1);
  const steps = forBoth((d) => {
    const { kernel, bias, peepholes } = layers[d];
    const parts = split(read.matmul(kernel).biasAdd(bias), coupleInputForgetGates ? 3 : 4, { axis: 1 });
    const [i, j] = parts;
    const input = sigmoid(seeing(i, peepholes.I, before));
    const forget = coupleInputForgetGates
      ? sub(1, input)
      : sigmoid(seeing(add(parts[2], forgetBias), peepholes.F, before));
    const memory = add(mul(forget, before[d]), mul(input, tanh(j)));
    return {
      memory: cellClip === undefined ? memory : clipByValue(memory, -cellClip, cellClip),
      output: parts[parts.length - 1],
    };
  });
  const after = forBoth((d) => steps[d].memory);
  return forBoth((d) => ({
    c: after[d],
    h: mul(sigmoid(seeing(steps[d].output, layers[d].peepholes.O, after)), tanh(after[d])),
  }));
}

/**
 * Goes up the frequencies of each block once, from zeros: returns, for every window, the outputs along time and along frequency, and the
 * states along time.
 */
export function gridPass(
  cell: string,
  windows: readonly (readonly Tensor[])[],
  states: Readonly<Partial<Record<number, readonly LSTMState[]>>> | undefined,
  blocks: readonly GridLSTMBlock[],
  options: GridLSTMOptions,
): readonly [Tensor[], GridLSTMState] {
  const outputs: Tensor[] = [];
  const next = windows.map((block, b) => {
    const given = states?.[b] ?? [];
    if (given.length !== block.length) {
      return refuse(
        cell,
        `expected a state [block][window] of { c, h } with ${block.length} windows in block ${b}, got ${given.length}. Start from zeroState().`,
      );
    }
    let below: LSTMState | undefined;
    return block.map((x, k) => {
      const time = partsOf(cell, given[k]);
      const frequency = below ?? { c: zerosLike(time.c), h: zerosLike(time.h) };
      const after = gridStep(x, { time, frequency }, blocks[b], options);
      outputs.push(after.time.h, after.frequency.h);
      below = after.frequency;
      return after.time;
    });
  });
  return [outputs, next];
}
