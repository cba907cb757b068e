import { type Tensor, type TensorLike, div, multinomial, reshape } from '@tensorloom/graph';
import type { Embedding } from './embedding.js';
import { GreedyEmbeddingHelper } from './greedy-embedding-helper.js';

/** Options of `SampleEmbeddingHelper`. */
export interface SampleEmbeddingHelperOptions {
  /** What the outputs are divided by before ids are drawn: below 1 the likely become likelier; default 1. */
  readonly softmaxTemperature?: TensorLike;
  readonly seed?: number;
}

/**
 * As `GreedyEmbeddingHelper`, with ids drawn from the softmax of the outputs. TensorFlow: `tf.contrib.seq2seq.SampleEmbeddingHelper`.
 */
export class SampleEmbeddingHelper extends GreedyEmbeddingHelper {
  readonly #options: SampleEmbeddingHelperOptions;

  constructor(
    embedding: Embedding,
    startTokens: TensorLike,
    endToken: TensorLike,
    options: SampleEmbeddingHelperOptions = {},
  ) {
    super(embedding, startTokens, endToken);
    this.#options = options;
  }

  override sample(_time: Tensor, outputs: Tensor): Tensor {
    const { softmaxTemperature, seed } = this.#options;
    const logits = softmaxTemperature === undefined ? outputs : div(outputs, softmaxTemperature);
    return reshape(multinomial(logits, 1, seed === undefined ? {} : { seed }), [-1]);
  }
}
