import { type Structure, type TensorLike, getVariable, variableScope } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { type Cell, flatState } from '../cell.js';
import type { Decoded } from './feed-previous.js';
import { type OutputProjection, argmaxAndEmbed, checkedProjection } from './loop-function.js';
import { rnnDecoder } from './rnn-decoder.js';
import { symbolsOf } from './symbols.js';

/** Options of decoders that read symbols. */
export interface EmbeddingDecoderOptions {
  /** Makes logits of outputs, where the cell does not; its weights are [units, numSymbols]. */
  readonly outputProjection?: OutputProjection | undefined;
  /** Read the likeliest symbol of the output before, and of the inputs only the first; default false. */
  readonly feedPrevious?: boolean;
  /** Whether gradients go to the embedding of what was written before; default true. */
  readonly updateEmbeddingForPrevious?: boolean;
  /** Variable scope; default: the decoder's own. */
  readonly scope?: string;
}

/**
 * As `rnnDecoder`, with inputs that are symbols, int32 [batch], of which it looks up embeddings: variable `embedding` [numSymbols,
 * embeddingSize]. TensorFlow: `tf.contrib.legacy_seq2seq.embedding_rnn_decoder`.
 */
export function embeddingRnnDecoder<S extends Structure>(
  decoderInputs: readonly TensorLike[],
  initialState: S,
  cell: Cell<S>,
  numSymbols: number,
  embeddingSize: number,
  options: EmbeddingDecoderOptions = {},
): Decoded<S> {
  const { outputProjection, feedPrevious = false, updateEmbeddingForPrevious = true } = options;
  return variableScope(options.scope ?? 'embedding_rnn_decoder', () => {
    const projection = outputProjection && checkedProjection('embeddingRnnDecoder', outputProjection, numSymbols);
    const [{ dtype }] = flatState(initialState);
    const embedding = getVariable('embedding', [numSymbols, embeddingSize], { dtype });
    return rnnDecoder(
      symbolsOf('embeddingRnnDecoder', decoderInputs).map((ids) => nn.embeddingLookup(embedding, ids)),
      initialState,
      cell,
      { loopFunction: feedPrevious ? argmaxAndEmbed(embedding, projection, updateEmbeddingForPrevious) : undefined },
    );
  });
}
