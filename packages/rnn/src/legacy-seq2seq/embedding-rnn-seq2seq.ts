import { type Structure, type TensorLike, reuseVariables, variableScope } from '@tensorloom/graph';
import { EmbeddingWrapper } from '../wrappers/embedding-wrapper.js';
import { OutputProjectionWrapper } from '../wrappers/output-projection-wrapper.js';
import { staticRnn } from '../drivers/static-rnn.js';
import type { Seq2SeqOptions } from './basic-rnn-seq2seq.js';
import { embeddingRnnDecoder } from './embedding-rnn-decoder.js';
import { type Decoded, decodeAs } from './feed-previous.js';
import type { OutputProjection } from './loop-function.js';
import { type MakeCell, checkMaker } from './make-cell.js';
import { symbolColumns } from './symbols.js';

/** Options of functions from symbols to symbols. */
export interface EmbeddingSeq2SeqOptions extends Seq2SeqOptions {
  /** Makes logits of the cell's outputs; default: an `OutputProjectionWrapper` does. */
  readonly outputProjection?: OutputProjection | undefined;
  /** Whether the decoder reads what it wrote before, rather than its inputs: a boolean, or a bool scalar for a run to choose; default false. */
  readonly feedPrevious?: TensorLike;
}

/**
 * Reads symbols by one cell and writes symbols by another of its kind, each with an embedding of its own: inputs are int32 [batch], outputs logits [batch,
 * numDecoderSymbols], or the cell's outputs where an output projection is given. `makeCell` makes a cell, where TensorFlow copies one.
 * TensorFlow: `tf.contrib.legacy_seq2seq.embedding_rnn_seq2seq`.
 */
export function embeddingRnnSeq2seq<S extends Structure>(
  encoderInputs: readonly TensorLike[],
  decoderInputs: readonly TensorLike[],
  makeCell: MakeCell<S>,
  numEncoderSymbols: number,
  numDecoderSymbols: number,
  embeddingSize: number,
  options: EmbeddingSeq2SeqOptions = {},
): Decoded<S> {
  const { outputProjection, feedPrevious = false, dtype = 'float32', scope = 'embedding_rnn_seq2seq' } = options;
  checkMaker('embeddingRnnSeq2seq', makeCell);
  return variableScope(scope, () => {
    const encoder = new EmbeddingWrapper(makeCell(), numEncoderSymbols, embeddingSize);
    const [, state] = staticRnn(encoder, symbolColumns('embeddingRnnSeq2seq', encoderInputs), { dtype });
    const own = makeCell();
    const cell = outputProjection === undefined ? new OutputProjectionWrapper(own, numDecoderSymbols) : own;
    return decodeAs('embeddingRnnSeq2seq', feedPrevious, (previous, update) => {
      const decode = (): Decoded<S> =>
        embeddingRnnDecoder(decoderInputs, state, cell, numDecoderSymbols, embeddingSize, {
          outputProjection,
          feedPrevious: previous,
          updateEmbeddingForPrevious: update,
        });
      return update || previous ? decode() : reuseVariables(decode);
    });
  });
}
