import {
  type CheckpointEvery,
  type DType,
  type Structure,
  type Tensor,
  type TensorLike,
  dimOf,
  loopOver,
  maximum,
  minimum,
  range,
  reduceMax,
  showSpec,
  transpose,
  variableScope,
} from '@tensorloom/graph';
import { type Cell, flatState, packState } from '../cell.js';
import { type CellInputs, inputTensors } from './cell-inputs.js';
import { checkedLengths, outputWithin, withinLength } from './sequence-length.js';

/** How `dynamicRnn` runs. */
export interface DynamicRnnOptions<S extends Structure = Structure> {
  /** Lengths of the sequences, int32 [batch], from 0 to the number of steps; default: all full. */
  readonly sequenceLength?: TensorLike;
  /** The state before the first step; default: zeros of `dtype`. */
  readonly initialState?: S;
  /** The dtype of the zero state, when no initial state is given. */
  readonly dtype?: DType;
  /** Whether the first axis of inputs and outputs is time; default false: [batch, time, ...]. */
  readonly timeMajor?: boolean;
  /** Accepted for TensorFlow's sake; steps run one after the other. */
  readonly parallelIterations?: number;
  /** What the gradient needs of the steps waits in host memory; default false. */
  readonly swapMemory?: boolean | undefined;
  /** Keep the state for the gradient only every so many steps, and run the steps between again; see `MemoryOptions`. */
  readonly checkpointEvery?: CheckpointEvery | undefined;
  /** Variable scope; default 'rnn'. */
  readonly scope?: string;
}

/**
 * Runs a cell over the steps of `inputs` [batch, time, depth], or [batch, time, ...shape], in a loop: returns the outputs
 * [batch, time, outputSize] and the state after each row's last step. For a cell that takes a structure of inputs they are a structure of such
 * tensors. Batch and time may be unknown, the depth may not. Past a row's length its outputs are zeros
 * and its state stays. The loop runs to the longest length. The cell is called once. Throws when neither `dtype` nor
 * `initialState` is given. TensorFlow: `tf.nn.dynamic_rnn`.
 */
export function dynamicRnn<S extends Structure, I extends Structure = Tensor>(
  cell: Cell<S, I>,
  inputs: CellInputs<I>,
  options: DynamicRnnOptions<S> = {},
): [Tensor, S] {
  const { sequenceLength, timeMajor = false, swapMemory, checkpointEvery, scope = 'rnn' } = options;
  const given = sequencesOf('dynamicRnn', inputs);
  return variableScope(scope, () => {
    const xs = given.tensors.map((x) => (timeMajor ? x : swapped(x)));
    const [steps, batch] = [dimOf(xs[0], 0), dimOf(xs[0], 1)];
    const initial = initialStateOf('dynamicRnn', cell, batch, options);
    const state = flatState(initial);
    const how = { swapMemory, checkpointEvery, name: 'while', names: state.map((_, i) => `state_${i}`) };

    if (sequenceLength === undefined) {
      const { carry, stacked } = loopOver(
        (now, rows) => {
          const [output, next] = cell.call(given.pack(rows), packState(initial, now));
          return { carry: sameState(initial, next), ys: [output] };
        },
        state,
        xs,
        how,
      );
      return [fromSteps(stacked(steps)[0]), packState(initial, carry)];
    }

    const lengths = checkedLengths(sequenceLength, steps, batch, 'dynamicRnn');
    const longest = minimum(steps, maximum(1, reduceMax(lengths)));
    const { carry, stacked } = loopOver(
      (now, rows) => {
        const time = rows[rows.length - 1];
        const [output, next] = cell.call(given.pack(rows.slice(0, -1)), packState(initial, now));
        const kept = sameState(initial, next).map((s, i) => withinLength(time, lengths, s, now[i]));
        return { carry: kept, ys: [outputWithin(time, lengths, output)] };
      },
      state,
      [...xs, range(steps)],
      { ...how, length: longest },
    );
    return [fromSteps(stacked(steps)[0]), packState(initial, carry)];

    function fromSteps(outputs: Tensor): Tensor {
      return timeMajor ? outputs : swapped(outputs);
    }
  });
}

/** [batch, time, ...] as [time, batch, ...], and back. */
const swapped = (x: Tensor): Tensor =>
  transpose(x, [1, 0, ...Array.from({ length: (x.shape?.length ?? 3) - 2 }, (_, i) => i + 2)]);

/** Sequences as tensors, and what makes one step's inputs of their rows. */
function sequencesOf<I extends Structure>(
  fn: string,
  inputs: CellInputs<I>,
): { readonly tensors: readonly Tensor[]; readonly pack: (rows: readonly Tensor[]) => I } {
  const { tensors, pack } = inputTensors(fn, inputs);
  for (const x of tensors) {
    const rank = x.shape?.length;
    if (rank !== undefined && rank >= 3 && x.shape?.[rank - 1] !== null) continue;
    throw new TypeError(
      `${fn}: expected inputs [batch, time, depth] with a known depth, got ${showSpec(x.spec)}. Give the placeholder's rank and last dimension.`,
    );
  }
  return { tensors, pack };
}

/** The state to start from: the one given, or zeros. */
export function initialStateOf<S extends Structure>(
  fn: string,
  cell: Pick<Cell<S>, 'zeroState'>,
  batch: Tensor,
  { initialState, dtype }: { readonly initialState?: S; readonly dtype?: DType },
): S {
  if (initialState !== undefined) return initialState;
  if (dtype === undefined)
    throw new TypeError(
      `${fn}: expected a dtype or an initialState, got neither. Pass { dtype: 'float32' } to start from zeros.`,
    );
  return cell.zeroState(batch, dtype);
}

/** The tensors of a cell's new state, which must have the structure of the old one. */
export function sameState(before: Structure, after: Structure): Tensor[] {
  const [a, b] = [flatState(before), flatState(after)];
  if (a.length !== b.length)
    throw new TypeError(
      `rnn: the cell returned a state of ${b.length} tensors, expected ${a.length} as in the state it was given.`,
    );
  return b;
}
