import { type Tensor, type TensorLike, argMax, dimOf, equal, fill } from '@tensorloom/graph';
import { type Embedding, embeddingOf } from './embedding.js';
import type { Helper, NextInputs } from './helper.js';
import { checkedEnd, checkedStart } from './tokens.js';

/**
 * Reads the embedding of the id written last, the likeliest; the first step reads that of `startTokens`, int32 [batch]. A row is
 * finished when `endToken` is written. TensorFlow: `tf.contrib.seq2seq.GreedyEmbeddingHelper`.
 */
export class GreedyEmbeddingHelper implements Helper<unknown> {
  readonly batchSize: Tensor;
  readonly sampleIdsDtype = 'int32';
  readonly #embed: (ids: Tensor) => Tensor;
  readonly #start: Tensor;
  readonly #end: Tensor;

  constructor(embedding: Embedding, startTokens: TensorLike, endToken: TensorLike) {
    this.#embed = embeddingOf(embedding);
    this.#start = checkedStart('GreedyEmbeddingHelper', startTokens);
    this.#end = checkedEnd('GreedyEmbeddingHelper', endToken);
    this.batchSize = dimOf(this.#start, 0);
  }

  initialize(): readonly [Tensor, Tensor] {
    return [fill([this.batchSize], false), this.#embed(this.#start)];
  }

  sample(_time: Tensor, outputs: Tensor): Tensor {
    return argMax(outputs, -1);
  }

  nextInputs<S>(_time: Tensor, _outputs: Tensor, state: S, sampleIds: Tensor): NextInputs<S> {
    return [equal(sampleIds, this.#end), this.#embed(sampleIds), state];
  }
}
