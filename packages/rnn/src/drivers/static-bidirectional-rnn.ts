import {
  type DType,
  type Structure,
  type Tensor,
  type TensorLike,
  concat,
  refuse,
  reverseSequence,
  stack,
  toTensor,
  toTensors,
  unstack,
  variableScope,
} from '@tensorloom/graph';
import type { Cell } from '../cell.js';
import { staticRnn } from './static-rnn.js';

/** How `staticBidirectionalRnn` runs. */
export interface StaticBidirectionalRnnOptions<F extends Structure, B extends Structure> {
  /** The state of the forward cell before the first step; default: zeros of `dtype`. */
  readonly initialStateFw?: F;
  /** The state of the backward cell before each row's last step; default: zeros of `dtype`. */
  readonly initialStateBw?: B;
  /** The dtype of zero states, where no initial state is given. */
  readonly dtype?: DType;
  /** Lengths of the sequences, int32 [batch]; default: all full. */
  readonly sequenceLength?: TensorLike;
  /** Variable scope; default 'bidirectional_rnn'. */
  readonly scope?: string;
}

/**
 * Runs one cell over a list of inputs [batch, depth] forwards and another backwards, from each row's last step: returns, for each step,
 * both outputs joined along their last axis, and the two final states. Variables below `bidirectional_rnn/fw` and `.../bw`.
 * Throws as `staticRnn`. TensorFlow: `tf.nn.static_bidirectional_rnn`.
 */
export function staticBidirectionalRnn<F extends Structure, B extends Structure>(
  cellFw: Cell<F>,
  cellBw: Cell<B>,
  inputs: readonly TensorLike[],
  options: StaticBidirectionalRnnOptions<F, B> = {},
): [outputs: Tensor[], stateFw: F, stateBw: B] {
  const { initialStateFw, initialStateBw, scope = 'bidirectional_rnn', ...both } = options;
  if (inputs.length === 0) {
    return refuse('staticBidirectionalRnn', 'expected at least one input, got none. Pass an array of inputs.');
  }
  const { sequenceLength } = both;
  const backwards = (xs: readonly Tensor[]): Tensor[] => {
    if (sequenceLength === undefined) return [...xs].reverse();
    const lengths = toTensor(sequenceLength, 'int32', 'staticBidirectionalRnn');
    return unstack(reverseSequence(stack(xs), lengths, { seqAxis: 0, batchAxis: 1 }), { num: xs.length });
  };
  return variableScope(scope, () => {
    const xs = toTensors('staticBidirectionalRnn', inputs);
    const [outputsFw, stateFw] = staticRnn(cellFw, xs, {
      ...both,
      scope: 'fw',
      ...(initialStateFw !== undefined && { initialState: initialStateFw }),
    });
    const [reversed, stateBw] = staticRnn(cellBw, backwards(xs), {
      ...both,
      scope: 'bw',
      ...(initialStateBw !== undefined && { initialState: initialStateBw }),
    });
    const outputsBw = backwards(reversed);
    return [outputsFw.map((y, i) => concat([y, outputsBw[i]], -1)), stateFw, stateBw];
  });
}
