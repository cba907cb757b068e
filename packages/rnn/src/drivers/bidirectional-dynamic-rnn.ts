import {
  type Structure,
  type Tensor,
  type TensorLike,
  reverse,
  reverseSequence,
  toTensor,
  variableScope,
} from '@tensorloom/graph';
import type { Cell } from '../cell.js';
import { type DynamicRnnOptions, dynamicRnn } from './dynamic-rnn.js';

/** How `bidirectionalDynamicRnn` runs. */
export type BidirectionalDynamicRnnOptions<F extends Structure, B extends Structure> = Omit<
  DynamicRnnOptions<never>,
  'initialState'
> & {
  /** The state of the forward cell before the first step; default: zeros of `dtype`. */
  readonly initialStateFw?: F;
  /** The state of the backward cell before each row's last step; default: zeros of `dtype`. */
  readonly initialStateBw?: B;
};

/**
 * Runs one cell over `inputs` [batch, time, depth] forwards and another backwards, from each row's last step: returns the pair of
 * outputs, [forward, backward], not joined, and the pair of final states. Variables below `bidirectional_rnn/fw` and `.../bw`.
 * Throws as `dynamicRnn`. TensorFlow: `tf.nn.bidirectional_dynamic_rnn`.
 */
export function bidirectionalDynamicRnn<F extends Structure, B extends Structure>(
  cellFw: Cell<F>,
  cellBw: Cell<B>,
  inputs: TensorLike,
  options: BidirectionalDynamicRnnOptions<F, B> = {},
): [outputs: [Tensor, Tensor], states: [F, B]] {
  const { initialStateFw, initialStateBw, scope = 'bidirectional_rnn', ...both } = options;
  const { sequenceLength, timeMajor = false } = both;
  const x = toTensor(inputs, undefined, 'bidirectionalDynamicRnn');
  const [seqAxis, batchAxis] = timeMajor ? [0, 1] : [1, 0];
  const backwards = (t: Tensor): Tensor =>
    sequenceLength === undefined
      ? reverse(t, [seqAxis])
      : reverseSequence(t, toTensor(sequenceLength, 'int32', 'bidirectionalDynamicRnn'), { seqAxis, batchAxis });
  return variableScope(scope, () => {
    const [outputFw, stateFw] = dynamicRnn(cellFw, x, {
      ...both,
      scope: 'fw',
      ...(initialStateFw !== undefined && { initialState: initialStateFw }),
    });
    const [outputBw, stateBw] = dynamicRnn(cellBw, backwards(x), {
      ...both,
      scope: 'bw',
      ...(initialStateBw !== undefined && { initialState: initialStateBw }),
    });
    return [
      [outputFw, backwards(outputBw)],
      [stateFw, stateBw],
    ];
  });
}
