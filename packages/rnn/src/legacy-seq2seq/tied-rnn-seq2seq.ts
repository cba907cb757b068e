import { type Structure, type TensorLike, reuseVariables } from '@tensorloom/graph';
import type { Cell } from '../cell.js';
import { staticRnn } from '../drivers/static-rnn.js';
import type { Seq2SeqOptions } from './basic-rnn-seq2seq.js';
import type { Decoded } from './feed-previous.js';
import type { LoopFunction } from './loop-function.js';
import { rnnDecoder } from './rnn-decoder.js';

/** Options of `tiedRnnSeq2seq`. */
export interface TiedRnnSeq2SeqOptions extends Seq2SeqOptions {
  /** Makes each of the decoder's inputs but the first of the output before. */
  readonly loopFunction?: LoopFunction | undefined;
}

/**
 * Reads the encoder's inputs and decodes by one cell, with one set of variables; inputs are [batch, depth]. TensorFlow:
 * `tf.contrib.legacy_seq2seq.tied_rnn_seq2seq`.
 */
export function tiedRnnSeq2seq<S extends Structure>(
  encoderInputs: readonly TensorLike[],
  decoderInputs: readonly TensorLike[],
  cell: Cell<S>,
  { loopFunction, dtype = 'float32', scope = 'tied_rnn_seq2seq' }: TiedRnnSeq2SeqOptions = {},
): Decoded<S> {
  const [, state] = staticRnn(cell, encoderInputs, { dtype, scope });
  return reuseVariables(() => rnnDecoder(decoderInputs, state, cell, { loopFunction, scope }));
}
