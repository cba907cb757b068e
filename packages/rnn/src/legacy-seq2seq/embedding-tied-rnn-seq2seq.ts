import {
  type Structure,
  type Tensor,
  type TensorLike,
  getVariable,
  reuseVariables,
  variableScope,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import type { Cell } from '../cell.js';
import { OutputProjectionWrapper } from '../wrappers/output-projection-wrapper.js';
import type { EmbeddingSeq2SeqOptions } from './embedding-rnn-seq2seq.js';
import { type Decoded, decodeAs } from './feed-previous.js';
import { argmaxAndEmbed, checkedProjection } from './loop-function.js';
import { symbolsOf } from './symbols.js';
import { tiedRnnSeq2seq } from './tied-rnn-seq2seq.js';

/** Options of `embeddingTiedRnnSeq2seq`. */
export interface EmbeddingTiedSeq2SeqOptions extends EmbeddingSeq2SeqOptions {
  /** How many symbols the decoder writes; default: `numSymbols`. */
  readonly numDecoderSymbols?: number;
}

/**
 * Reads symbols and writes symbols of one kind, by one cell and one embedding: inputs are int32 [batch], outputs logits [batch, numSymbols], or the
 * cell's outputs where an output projection is given. TensorFlow: `tf.contrib.legacy_seq2seq.embedding_tied_rnn_seq2seq`.
 */
export function embeddingTiedRnnSeq2seq<S extends Structure>(
  encoderInputs: readonly TensorLike[],
  decoderInputs: readonly TensorLike[],
  cell: Cell<S>,
  numSymbols: number,
  embeddingSize: number,
  options: EmbeddingTiedSeq2SeqOptions = {},
): Decoded<S> {
  const what = 'embeddingTiedRnnSeq2seq';
  const { outputProjection, feedPrevious = false, dtype = 'float32', numDecoderSymbols = numSymbols } = options;
  return variableScope(options.scope ?? 'embedding_tied_rnn_seq2seq', () => {
    const projection = outputProjection && checkedProjection(what, outputProjection, numDecoderSymbols);
    const embedding = getVariable('embedding', [numSymbols, embeddingSize], { dtype });
    const embed = (inputs: readonly TensorLike[]): readonly Tensor[] =>
      symbolsOf(what, inputs).map((ids) => nn.embeddingLookup(embedding, ids));
    const [encoded, decoded] = [encoderInputs, decoderInputs].map(embed);
    const projected = projection === undefined ? new OutputProjectionWrapper(cell, numDecoderSymbols) : cell;
    return decodeAs(what, feedPrevious, (previous, update) => {
      const decode = (): Decoded<S> =>
        tiedRnnSeq2seq(encoded, decoded, projected, {
          loopFunction: previous ? argmaxAndEmbed(embedding, projection, update) : undefined,
          dtype,
        });
      return update || previous ? decode() : reuseVariables(decode);
    });
  });
}
