import { type Tensor, type TensorLike, compatible, expandDims, refuse, showSpec, toInts } from '@tensorloom/graph';

/** Symbols of each step as tensors: int32 [batch]. */
export const symbolsOf = (what: string, inputs: readonly TensorLike[]): readonly Tensor[] =>
  inputs.map((input) => {
    const ids = toInts(input, what);
    if (ids.dtype === 'int32' && compatible(ids.shape, [null])) return ids;
    return refuse(what, `expected inputs that are symbols, int32 [batch], got ${showSpec(ids.spec)}.`, [ids]);
  });

/** Symbols as an `EmbeddingWrapper` reads them: int32 [batch, 1]. */
export const symbolColumns = (what: string, inputs: readonly TensorLike[]): readonly Tensor[] =>
  symbolsOf(what, inputs).map((ids) => expandDims(ids, 1));
