import { type Structure, type TensorLike, getVariable, variableScope } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { type Cell, flatState } from '../cell.js';
import { type AttentionOptions, attentionDecoder } from './attention-decoder.js';
import type { EmbeddingDecoderOptions } from './embedding-rnn-decoder.js';
import type { Decoded } from './feed-previous.js';
import { argmaxAndEmbed, checkedProjection } from './loop-function.js';
import { symbolsOf } from './symbols.js';

/** Options of `embeddingAttentionDecoder`. */
export interface EmbeddingAttentionDecoderOptions extends EmbeddingDecoderOptions, AttentionOptions {
  /** Units of the outputs; default: the cell's. */
  readonly outputSize?: number | undefined;
}

/**
 * As `attentionDecoder`, with inputs that are symbols, int32 [batch], of which it looks up embeddings: variable `embedding` [numSymbols,
 * embeddingSize]. TensorFlow: `tf.contrib.legacy_seq2seq.embedding_attention_decoder`.
 */
export function embeddingAttentionDecoder<S extends Structure>(
  decoderInputs: readonly TensorLike[],
  initialState: S,
  attentionStates: TensorLike,
  cell: Cell<S>,
  numSymbols: number,
  embeddingSize: number,
  options: EmbeddingAttentionDecoderOptions = {},
): Decoded<S> {
  const what = 'embeddingAttentionDecoder';
  const { outputProjection, feedPrevious = false, updateEmbeddingForPrevious = true, scope, ...attention } = options;
  return variableScope(scope ?? 'embedding_attention_decoder', () => {
    const { outputSize = cell.outputSize } = options;
    const units = typeof outputSize === 'number' ? outputSize : null;
    const projection = outputProjection && checkedProjection(what, outputProjection, numSymbols, units);
    const [{ dtype }] = flatState(initialState);
    const embedding = getVariable('embedding', [numSymbols, embeddingSize], { dtype });
    return attentionDecoder(
      symbolsOf(what, decoderInputs).map((ids) => nn.embeddingLookup(embedding, ids)),
      initialState,
      attentionStates,
      cell,
      {
        ...attention,
        loopFunction: feedPrevious ? argmaxAndEmbed(embedding, projection, updateEmbeddingForPrevious) : undefined,
      },
    );
  });
}
