import { type Tensor, type TensorLike, compatible, refuse, showSpec, toInts } from '@tensorloom/graph';

/** The id that each row starts with: int32 [batch]. */
export function checkedStart(what: string, startTokens: TensorLike): Tensor {
  const start = toInts(startTokens, what);
  if (start.dtype === 'int32' && compatible(start.shape, [null])) return start;
  return refuse(what, `expected startTokens to be int32 [batch], got ${showSpec(start.spec)}. Give each row an id.`, [
    start,
  ]);
}

/** The id that ends a row: an int32 scalar. */
export function checkedEnd(what: string, endToken: TensorLike): Tensor {
  const end = toInts(endToken, what);
  if (end.dtype === 'int32' && compatible(end.shape, [])) return end;
  return refuse(what, `expected endToken to be an int32 scalar, got ${showSpec(end.spec)}. Give one id for all rows.`, [
    end,
  ]);
}
