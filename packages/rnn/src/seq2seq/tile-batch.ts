import {
  type Structure,
  type Tensor,
  concat,
  expandDims,
  flatten,
  isTensor,
  isTensorArray,
  packLike,
  refuse,
  reshape,
  shapeOf,
  showSpec,
  tile,
} from '@tensorloom/graph';

/**
 * Each row of tensors [batch, ...] `multiplier` times in a row: [batch * multiplier, ...], as a `BeamSearchDecoder` wants the encoder's
 * outputs, lengths and states. `t` is a tensor or a structure of them. TensorFlow: `tf.contrib.seq2seq.tile_batch`.
 */
export function tileBatch<S extends Structure>(t: S, multiplier: number): S {
  if (!Number.isInteger(multiplier) || multiplier < 1)
    refuse('tileBatch', `expected a positive number of copies, got ${multiplier}.`);
  const leaves = flatten(
    t,
    (x): x is Tensor => {
      if (isTensorArray(x)) refuse('tileBatch', 'expected tensors, got a TensorArray. Tile what it is made of.');
      return isTensor(x);
    },
    'tileBatch',
  );
  return packLike(
    t,
    leaves.map((leaf) => tiled(leaf, multiplier)),
    isTensor,
  ) as S;
}

function tiled(x: Tensor, multiplier: number): Tensor {
  const rank = x.shape?.length ?? 0;
  if (rank === 0) {
    return refuse('tileBatch', `expected tensors [batch, ...] of known rank, got ${showSpec(x.spec)}. Reshape it.`, [
      x,
    ]);
  }
  const copies = tile(expandDims(x, 1), [1, multiplier, ...Array.from({ length: rank - 1 }, () => 1)]);
  const rest = x.shape?.slice(1) ?? [];
  if (rest.every((n) => n !== null)) return reshape(copies, [-1, ...rest]);
  return reshape(copies, concat([[-1], shapeOf(x).slice([1], [rank - 1])], 0));
}
