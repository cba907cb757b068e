import { type DType, type Structure, type TensorLike, variableScope } from '@tensorloom/graph';
import { staticRnn } from '../drivers/static-rnn.js';
import type { Decoded } from './feed-previous.js';
import { type MakeCell, checkMaker } from './make-cell.js';
import { rnnDecoder } from './rnn-decoder.js';

/** Options of functions that encode and decode. */
export interface Seq2SeqOptions {
  /** Of the encoder's first state; default float32. */
  readonly dtype?: DType;
  /** Variable scope; default: the function's own name, as TensorFlow spells it. */
  readonly scope?: string;
}

/**
 * Reads the encoder's inputs by one cell, and runs another of its kind from the state it ends in over the decoder's inputs, each [batch, depth].
 * `makeCell` makes a cell, where TensorFlow copies one. TensorFlow: `tf.contrib.legacy_seq2seq.basic_rnn_seq2seq`.
 */
export function basicRnnSeq2seq<S extends Structure>(
  encoderInputs: readonly TensorLike[],
  decoderInputs: readonly TensorLike[],
  makeCell: MakeCell<S>,
  { dtype = 'float32', scope = 'basic_rnn_seq2seq' }: Seq2SeqOptions = {},
): Decoded<S> {
  checkMaker('basicRnnSeq2seq', makeCell);
  return variableScope(scope, () => {
    const [, state] = staticRnn(makeCell(), encoderInputs, { dtype });
    return rnnDecoder(decoderInputs, state, makeCell());
  });
}
