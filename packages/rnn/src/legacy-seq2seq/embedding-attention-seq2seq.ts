import { type Structure, type TensorLike, reuseVariables, stack, variableScope } from '@tensorloom/graph';
import { EmbeddingWrapper } from '../wrappers/embedding-wrapper.js';
import { OutputProjectionWrapper } from '../wrappers/output-projection-wrapper.js';
import { staticRnn } from '../drivers/static-rnn.js';
import type { AttentionOptions } from './attention-decoder.js';
import { embeddingAttentionDecoder } from './embedding-attention-decoder.js';
import type { EmbeddingSeq2SeqOptions } from './embedding-rnn-seq2seq.js';
import { type Decoded, decodeAs } from './feed-previous.js';
import { type MakeCell, checkMaker } from './make-cell.js';
import { symbolColumns } from './symbols.js';

/** Options of `embeddingAttentionSeq2seq`. */
export interface EmbeddingAttentionSeq2SeqOptions extends EmbeddingSeq2SeqOptions, AttentionOptions {}

/**
 * As `embeddingRnnSeq2seq`, with a decoder that looks at the encoder's outputs at each step. TensorFlow:
 * `tf.contrib.legacy_seq2seq.embedding_attention_seq2seq`.
 */
export function embeddingAttentionSeq2seq<S extends Structure>(
  encoderInputs: readonly TensorLike[],
  decoderInputs: readonly TensorLike[],
  makeCell: MakeCell<S>,
  numEncoderSymbols: number,
  numDecoderSymbols: number,
  embeddingSize: number,
  options: EmbeddingAttentionSeq2SeqOptions = {},
): Decoded<S> {
  const what = 'embeddingAttentionSeq2seq';
  const { outputProjection, feedPrevious = false, dtype = 'float32', scope, ...attention } = options;
  checkMaker(what, makeCell);
  return variableScope(scope ?? 'embedding_attention_seq2seq', () => {
    const encoder = new EmbeddingWrapper(makeCell(), numEncoderSymbols, embeddingSize);
    const [encoded, state] = staticRnn(encoder, symbolColumns(what, encoderInputs), { dtype });
    const attentionStates = stack(encoded, { axis: 1 });
    const own = makeCell();
    const cell = outputProjection === undefined ? new OutputProjectionWrapper(own, numDecoderSymbols) : own;
    return decodeAs(what, feedPrevious, (previous, update) => {
      const decode = (): Decoded<S> =>
        embeddingAttentionDecoder(decoderInputs, state, attentionStates, cell, numDecoderSymbols, embeddingSize, {
          ...attention,
          outputSize: outputProjection === undefined ? numDecoderSymbols : undefined,
          outputProjection,
          feedPrevious: previous,
          updateEmbeddingForPrevious: update,
        });
      return update || previous ? decode() : reuseVariables(decode);
    });
  });
}
