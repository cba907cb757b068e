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
  toTensor,
  transpose,
  variableScope,
} from '@tensorloom/graph';
import { type Cell, flatState, packState } from './cell.js';
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
 * [batch, time, outputSize] and the state after each row's last step. Batch and time may be unknown, the depth may not. Past a row's length its outputs are zeros
 * and its state stays. The loop runs to the longest length. The cell is called once. Throws when neither `dtype` nor
 * `initialState` is given. TensorFlow: `tf.nn.dynamic_rnn`.
 */
export function dynamicRnn<S extends Structure>(
  cell: Cell<S>,
  inputs: TensorLike,
  options: DynamicRnnOptions<S> = {},
): [Tensor, S] {
  const { sequenceLength, timeMajor = false, swapMemory, checkpointEvery, scope = 'rnn' } = options;
  const given = toTensor(inputs, undefined, 'dynamicRnn');
  const rank = given.shape?.length;
  if (rank === undefined || rank < 3 || given.shape?.[rank - 1] === null) {
    throw new TypeError(
      `dynamicRnn: expected inputs [batch, time, depth] with a known depth, got ${showSpec(given.spec)}. Give the placeholder's rank and last dimension.`,
    );
  }
  return variableScope(scope, () => {
    const swap = [1, 0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2)];
    const x = timeMajor ? given : transpose(given, swap);
    const steps = dimOf(x, 0);
    const batch = dimOf(x, 1);
    const initial = initialStateOf('dynamicRnn', cell, batch, options);
    const state = flatState(initial);
    const how = { swapMemory, checkpointEvery, name: 'while', names: state.map((_, i) => `state_${i}`) };

    if (sequenceLength === undefined) {
      const { carry, stacked } = loopOver(
        (now, [row]) => {
          const [output, next] = cell.call(row, packState(initial, now));
          return { carry: sameState(initial, next), ys: [output] };
        },
        state,
        [x],
        how,
      );
      return [fromSteps(stacked(steps)[0]), packState(initial, carry)];
    }

    const lengths = checkedLengths(sequenceLength, steps, batch, 'dynamicRnn');
    const longest = minimum(steps, maximum(1, reduceMax(lengths)));
    const { carry, stacked } = loopOver(
      (now, [row, time]) => {
        const [output, next] = cell.call(row, packState(initial, now));
        const kept = sameState(initial, next).map((s, i) => withinLength(time, lengths, s, now[i]));
        return { carry: kept, ys: [outputWithin(time, lengths, output)] };
      },
      state,
      [x, range(steps)],
      { ...how, length: longest },
    );
    return [fromSteps(stacked(steps)[0]), packState(initial, carry)];

    function fromSteps(outputs: Tensor): Tensor {
      return timeMajor
        ? outputs
        : transpose(outputs, [1, 0, ...Array.from({ length: (outputs.shape?.length ?? 3) - 2 }, (_, i) => i + 2)]);
    }
  });
}

/** The state to start from: the one given, or zeros. */
export function initialStateOf<S extends Structure>(
  fn: string,
  cell: Cell<S>,
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
