import { type Tensor, concat, dimOf, expandDims, gather, mul, range, reshape, shapeOf } from '@tensorloom/graph';

/** Of each row of x [batch, n, ...] the parts at `ids` [batch, m]: [batch, m, ...]. */
export function takeBeams(x: Tensor, ids: Tensor): Tensor {
  const rank = x.shape?.length ?? 2;
  const rest = x.shape?.slice(2) ?? [];
  const [batch, n] = [dimOf(x, 0), dimOf(x, 1)];
  const rows = expandDims(mul(range(batch), n), 1).add(ids);
  if (rest.every((d) => d !== null)) {
    const taken = gather(reshape(x, [-1, ...rest]), reshape(rows, [-1]));
    return reshape(taken, [batch, dimOf(ids, 1), ...rest]);
  }
  const dims = shapeOf(x).slice([2], [rank - 2]);
  const taken = gather(reshape(x, concat([[-1], dims], 0)), reshape(rows, [-1]));
  return reshape(taken, concat([shapeOf(ids), dims], 0));
}
