import {
  type Named,
  type Tensor,
  type TensorLike,
  Variable,
  add,
  dimOf,
  equal,
  expandDims,
  floordiv,
  gather,
  greaterEqual,
  less,
  logicalAnd,
  maximum,
  mod,
  mul,
  nameScope,
  reduceSum,
  refuse,
  rsqrt,
  showSpec,
  square,
  sub,
  toInts,
  toTensor,
  where,
  zerosLike,
  isTensor,
} from '@tensorloom/graph';

/** Options of `embeddingLookup`. */
export interface EmbeddingLookupOptions extends Named {
  /** Rows longer than this (the root of the sum of their squares) are scaled down to it; default: none are. */
  readonly maxNorm?: number | null;
  /**
   * How rows are dealt to several shards: 'mod' (the default) gives row i to shard i % n, 'div' gives each shard the rows after
   * those of the shard before.
   */
  readonly partitionStrategy?: 'mod' | 'div';
}

/** Which ids are a shard's, and the rows there that they name; ids that are not get row 0. */
interface Share {
  readonly mine: Tensor;
  readonly row: Tensor;
}
type Deal = (ids: Tensor, shards: readonly Tensor[]) => readonly Share[];

const inTurn: Deal = (ids, shards) => {
  const [shard, row] = [mod(ids, shards.length), floordiv(ids, shards.length)];
  return shards.map((_, i) => ({ mine: equal(shard, i), row }));
};

/** The first and the last shard also take ids that are too small or too large, which fail there. */
const inBlocks: Deal = (ids, shards) => {
  let begin: Tensor = toInts(0, 'embeddingLookup');
  return shards.map((shard, i) => {
    const end = add(begin, dimOf(shard, 0));
    const [after, before] = [greaterEqual(ids, begin), less(ids, end)];
    const row = sub(ids, begin);
    begin = end;
    return { mine: i === 0 ? before : i === shards.length - 1 ? after : logicalAnd(after, before), row };
  });
};

const isShards = (params: TensorLike | readonly (Tensor | Variable)[]): params is readonly (Tensor | Variable)[] =>
  Array.isArray(params) && params.every((p) => isTensor(p) || p instanceof Variable);

/**
 * The rows of `params` [rows, ...] at `ids` (int32, any shape): ids + [...]. `params` may be a list of tensors or variables that
 * hold the rows between them, of one shape but for the number of rows. An id out of range fails the run. TensorFlow: `tf.nn.embedding_lookup`.
 */
export function embeddingLookup(
  params: TensorLike | readonly (Tensor | Variable)[],
  ids: TensorLike,
  { maxNorm = null, partitionStrategy = 'mod', name = 'embedding_lookup' }: EmbeddingLookupOptions = {},
): Tensor {
  const op = 'embeddingLookup';
  const shards = (isShards(params) ? params : [params]).map((p) => toTensor(p, undefined, op));
  const at = toInts(ids, op);
  if (shards.length === 0) return refuse(op, 'expected a tensor of rows, or several, got none.');
  if (at.dtype !== 'int32') return refuse(op, `expected int32 ids, got ${showSpec(at.spec)}. Use cast().`, [at]);
  if (maxNorm !== null && !(maxNorm > 0)) return refuse(op, `expected a maxNorm above 0, got ${maxNorm}.`, shards);
  return nameScope(name, () => {
    const rows = shards.length === 1 ? gather(shards[0], at) : fromShards(shards, at, partitionStrategy);
    return maxNorm === null ? rows : clipped(rows, at, maxNorm);
  });
}

function fromShards(shards: readonly Tensor[], ids: Tensor, strategy: 'mod' | 'div'): Tensor {
  const shares = (strategy === 'mod' ? inTurn : inBlocks)(ids, shards);
  const found = shares.map(({ mine, row }, i) => gather(shards[i], where(mine, row, zerosLike(row))));
  return found.reduce((rows, more, i) => where(likeRows(shares[i].mine, more), more, rows));
}

/** `mine` with an axis of length 1 for each axis of a row. */
function likeRows(mine: Tensor, rows: Tensor): Tensor {
  let mask = mine;
  for (const _ of rowAxes(mine, rows)) mask = expandDims(mask, -1);
  return mask;
}

/** The axes of looked up rows that are not those of the ids. */
function rowAxes(ids: Tensor, rows: Tensor): readonly number[] {
  const [from, to] = [ids.shape?.length, rows.shape?.length];
  if (from === undefined || to === undefined) {
    return refuse('embeddingLookup', 'expected params and ids of known rank. Reshape them first.', [rows, ids]);
  }
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Rows scaled by min(1, maxNorm / norm); the quotient is squared, so that rows of zeros keep a gradient. */
function clipped(rows: Tensor, ids: Tensor, maxNorm: number): Tensor {
  const squares = reduceSum(square(rows), rowAxes(ids, rows), { keepdims: true });
  return mul(rows, rsqrt(maximum(mul(squares, 1 / maxNorm ** 2), 1)));
}
