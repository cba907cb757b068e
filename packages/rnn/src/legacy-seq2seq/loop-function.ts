import {
  type Tensor,
  type TensorLike,
  type Variable,
  argMax,
  compatible,
  matmul,
  refuse,
  showSpec,
  stopGradient,
  toTensor,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';

/** What a decoder reads at step `i`, given its output of the step before, [batch, ...]. */
export type LoopFunction = (previous: Tensor, i: number) => Tensor;

/** Weights [units, symbols] and biases [symbols] that make logits of outputs. */
export type OutputProjection = readonly [weights: TensorLike, biases: TensorLike];

/** An output projection as tensors. Throws when it is not one for so many symbols. */
export function checkedProjection(
  what: string,
  [weights, biases]: OutputProjection,
  symbols: number,
  units: number | null = null,
): readonly [Tensor, Tensor] {
  const [w, b] = [weights, biases].map((x) => toTensor(x, undefined, what));
  if (compatible(w.shape, [units, symbols]) && compatible(b.shape, [symbols])) return [w, b];
  return refuse(
    what,
    `expected an outputProjection of weights [${units ?? 'units'},${symbols}] and biases [${symbols}], got ${showSpec(w.spec)} and ${showSpec(b.spec)}.`,
    [w, b],
  );
}

/** Reads the embedding of the likeliest symbol; gradients go to the embedding unless `update` is false. */
export const argmaxAndEmbed =
  (embedding: Variable, projection: readonly [Tensor, Tensor] | undefined, update: boolean): LoopFunction =>
  (previous) => {
    const logits = projection === undefined ? previous : matmul(previous, projection[0]).biasAdd(projection[1]);
    const embedded = nn.embeddingLookup(embedding, argMax(logits, 1));
    return update ? embedded : stopGradient(embedded);
  };
