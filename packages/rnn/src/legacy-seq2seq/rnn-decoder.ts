import {
  type Structure,
  type Tensor,
  type TensorLike,
  refuse,
  reuseVariables,
  toTensors,
  variableScope,
} from '@tensorloom/graph';
import type { Cell } from '../cell.js';
import type { Decoded } from './feed-previous.js';
import type { LoopFunction } from './loop-function.js';

/** Options of every decoder. */
export interface RnnDecoderOptions {
  /** Makes each input but the first of the output before, in place of those given; default: those given. */
  readonly loopFunction?: LoopFunction | undefined;
  /** Variable scope; default 'rnn_decoder'. */
  readonly scope?: string;
}

/**
 * Runs a cell over inputs [batch, depth], one for each step, from a state: returns its outputs and its final state. TensorFlow:
 * `tf.contrib.legacy_seq2seq.rnn_decoder`.
 */
export function rnnDecoder<S extends Structure>(
  decoderInputs: readonly TensorLike[],
  initialState: S,
  cell: Cell<S>,
  { loopFunction, scope = 'rnn_decoder' }: RnnDecoderOptions = {},
): Decoded<S> {
  if (decoderInputs.length === 0) refuse('rnnDecoder', 'expected at least one decoder input, got none.');
  return variableScope(scope, () => {
    const inputs = toTensors('rnnDecoder', decoderInputs);
    const outputs: Tensor[] = [];
    let state = initialState;
    for (const [i, given] of inputs.entries()) {
      const input = i === 0 || loopFunction === undefined ? given : loopFunction(outputs[i - 1], i);
      const call = (): readonly [Tensor, S] => cell.call(input, state);
      const [output, next] = i === 0 ? call() : reuseVariables(call);
      outputs.push(output);
      state = next;
    }
    return [outputs, state];
  });
}
