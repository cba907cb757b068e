import {
  type Structure,
  type Tensor,
  type TensorLike,
  concat,
  refuse,
  toTensor,
  variableScope,
} from '@tensorloom/graph';
import { type BidirectionalDynamicRnnOptions, bidirectionalDynamicRnn } from './bidirectional-dynamic-rnn.js';
import type { Cell } from '../cell.js';
import type { CellsOf } from '../cells/multi-rnn-cell.js';
import { type StaticBidirectionalRnnOptions, staticBidirectionalRnn } from './static-bidirectional-rnn.js';

/** The states that layers start from: one for each, in both directions. */
interface InitialStates<F extends readonly Structure[], B extends readonly Structure[]> {
  /** Of the forward cells; default: zeros of `dtype`. */
  readonly initialStatesFw?: F;
  /** Of the backward cells; default: zeros of `dtype`. */
  readonly initialStatesBw?: B;
}

type States = readonly Structure[] | [];
type Single = 'initialStateFw' | 'initialStateBw';

/** How `stackBidirectionalRnn` runs. */
export type StackBidirectionalRnnOptions<F extends States, B extends States> = InitialStates<F, B> &
  Omit<StaticBidirectionalRnnOptions<never, never>, Single>;

/** How `stackBidirectionalDynamicRnn` runs. */
export type StackBidirectionalDynamicRnnOptions<F extends States, B extends States> = InitialStates<F, B> &
  Omit<BidirectionalDynamicRnnOptions<never, never>, Single>;

/**
 * Layers of bidirectional networks: each reads the joined outputs of both directions of the one below. Returns the last layer's
 * joined outputs, one per step, and the final states of all forward and of all backward cells. Variables below
 * `stack_bidirectional_rnn/cell_0/bidirectional_rnn/fw` and so on. TensorFlow: `tf.contrib.rnn.stack_bidirectional_rnn`.
 */
export function stackBidirectionalRnn<F extends States, B extends States>(
  cellsFw: CellsOf<F>,
  cellsBw: CellsOf<B>,
  inputs: readonly TensorLike[],
  {
    initialStatesFw,
    initialStatesBw,
    scope = 'stack_bidirectional_rnn',
    ...rest
  }: StackBidirectionalRnnOptions<F, B> = {},
): [outputs: Tensor[], statesFw: F, statesBw: B] {
  const layers = layersOf('stackBidirectionalRnn', cellsFw, cellsBw, initialStatesFw, initialStatesBw);
  const [statesFw, statesBw]: [Structure[], Structure[]] = [[], []];
  const outputs = variableScope(scope, () =>
    layers.reduce<readonly TensorLike[]>((xs, { fw, bw, initial }, i) => {
      const [ys, stateFw, stateBw] = variableScope(`cell_${i}`, () =>
        staticBidirectionalRnn(fw, bw, xs, { ...rest, ...initial }),
      );
      statesFw.push(stateFw);
      statesBw.push(stateBw);
      return ys;
    }, inputs),
  );
  return [outputs as Tensor[], statesFw as readonly Structure[] as F, statesBw as readonly Structure[] as B];
}

/**
 * `stackBidirectionalRnn` over `inputs` [batch, time, depth], each layer a loop: the joined outputs [batch, time, ...] of the last
 * layer, and the final states. TensorFlow: `tf.contrib.rnn.stack_bidirectional_dynamic_rnn`.
 */
export function stackBidirectionalDynamicRnn<F extends States, B extends States>(
  cellsFw: CellsOf<F>,
  cellsBw: CellsOf<B>,
  inputs: TensorLike,
  {
    initialStatesFw,
    initialStatesBw,
    scope = 'stack_bidirectional_rnn',
    ...rest
  }: StackBidirectionalDynamicRnnOptions<F, B> = {},
): [outputs: Tensor, statesFw: F, statesBw: B] {
  const layers = layersOf('stackBidirectionalDynamicRnn', cellsFw, cellsBw, initialStatesFw, initialStatesBw);
  const [statesFw, statesBw]: [Structure[], Structure[]] = [[], []];
  const outputs = variableScope(scope, () =>
    layers.reduce(
      (x, { fw, bw, initial }, i) => {
        const [ys, states] = variableScope(`cell_${i}`, () =>
          bidirectionalDynamicRnn(fw, bw, x, { ...rest, ...initial }),
        );
        statesFw.push(states[0]);
        statesBw.push(states[1]);
        return concat(ys, -1);
      },
      toTensor(inputs, undefined, 'stackBidirectionalDynamicRnn'),
    ),
  );
  return [outputs, statesFw as readonly Structure[] as F, statesBw as readonly Structure[] as B];
}

interface LayerOf {
  readonly fw: Cell;
  readonly bw: Cell;
  readonly initial: { readonly initialStateFw?: Structure; readonly initialStateBw?: Structure };
}

/** The cells of each layer, with the states they start from. Throws when there is not one of each. */
function layersOf(
  fn: string,
  cellsFw: readonly Cell[],
  cellsBw: readonly Cell[],
  initialFw: readonly Structure[] | undefined,
  initialBw: readonly Structure[] | undefined,
): readonly LayerOf[] {
  if (cellsFw.length === 0 || cellsFw.length !== cellsBw.length) {
    return refuse(
      fn,
      `expected as many forward as backward cells, at least one, got ${cellsFw.length} and ${cellsBw.length}. Pass a pair for each layer.`,
    );
  }
  for (const given of [initialFw, initialBw]) {
    if (given !== undefined && given.length !== cellsFw.length) {
      return refuse(fn, `expected ${cellsFw.length} initial states, one for each layer, got ${given.length}.`);
    }
  }
  return cellsFw.map((fw, i) => ({
    fw,
    bw: cellsBw[i],
    initial: {
      ...(initialFw !== undefined && { initialStateFw: initialFw[i] }),
      ...(initialBw !== undefined && { initialStateBw: initialBw[i] }),
    },
  }));
}
