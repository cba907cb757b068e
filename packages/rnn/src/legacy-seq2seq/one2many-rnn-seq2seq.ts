import { type Structure, type Tensor, type TensorLike, refuse, reuseVariables, variableScope } from '@tensorloom/graph';
import type { Cell } from '../cell.js';
import { EmbeddingWrapper } from '../wrappers/embedding-wrapper.js';
import { OutputProjectionWrapper } from '../wrappers/output-projection-wrapper.js';
import { staticRnn } from '../drivers/static-rnn.js';
import { embeddingRnnDecoder } from './embedding-rnn-decoder.js';
import type { EmbeddingSeq2SeqOptions } from './embedding-rnn-seq2seq.js';
import { type Decoded, decodeAs } from './feed-previous.js';
import { symbolColumns } from './symbols.js';

/**
 * Reads symbols once and writes several sequences of them, by a decoder for each name: `decoderInputs`, `decoderCells` and
 * `numDecoderSymbols` have the same names, and so have the outputs and states returned. The encoder's cell and the decoders' are different
 * objects. TensorFlow: `tf.contrib.legacy_seq2seq.one2many_rnn_seq2seq`.
 */
export function one2manyRnnSeq2seq<K extends string, S extends Structure>(
  encoderInputs: readonly TensorLike[],
  decoderInputs: Readonly<Record<K, readonly TensorLike[]>>,
  encoderCell: Cell<S>,
  decoderCells: Readonly<Record<K, Cell<S>>>,
  numEncoderSymbols: number,
  numDecoderSymbols: Readonly<Record<K, number>>,
  embeddingSize: number,
  options: Omit<EmbeddingSeq2SeqOptions, 'outputProjection'> = {},
): [outputs: Record<K, Tensor[]>, states: Record<K, S>] {
  const what = 'one2manyRnnSeq2seq';
  const { feedPrevious = false, dtype = 'float32', scope = 'one2many_rnn_seq2seq' } = options;
  const names = Object.keys(decoderInputs) as K[];
  for (const name of names) {
    if (!(name in decoderCells) || !(name in numDecoderSymbols))
      refuse(what, `expected a cell and a number of symbols for the decoder '${name}', got none.`);
  }
  return variableScope(scope, () => {
    const encoder = new EmbeddingWrapper(encoderCell, numEncoderSymbols, embeddingSize);
    const [, state] = staticRnn(encoder, symbolColumns(what, encoderInputs), { dtype });
    const decoded = names.map((name): readonly [K, Decoded<S>] => [
      name,
      variableScope(`one2many_decoder_${name}`, () => {
        const symbols = numDecoderSymbols[name];
        const cell = new OutputProjectionWrapper(decoderCells[name], symbols);
        return decodeAs(what, feedPrevious, (previous, update) => {
          const decode = (): Decoded<S> =>
            embeddingRnnDecoder(decoderInputs[name], state, cell, symbols, embeddingSize, {
              feedPrevious: previous,
              updateEmbeddingForPrevious: update,
            });
          return update || previous ? decode() : reuseVariables(decode);
        });
      }),
    ]);
    return [
      Object.fromEntries(decoded.map(([name, [outputs]]) => [name, outputs])) as Record<K, Tensor[]>,
      Object.fromEntries(decoded.map(([name, [, last]]) => [name, last])) as Record<K, S>,
    ];
  });
}
