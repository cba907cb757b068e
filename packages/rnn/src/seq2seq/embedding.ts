import type { Tensor, TensorLike, Variable } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';

/** How ids become inputs: a function of ids, or what `nn.embeddingLookup` takes. */
export type Embedding = ((ids: Tensor) => Tensor) | TensorLike | readonly (Tensor | Variable)[];

/** An embedding as a function of ids. */
export const embeddingOf = (embedding: Embedding): ((ids: Tensor) => Tensor) =>
  typeof embedding === 'function' ? embedding : (ids) => nn.embeddingLookup(embedding, ids);
