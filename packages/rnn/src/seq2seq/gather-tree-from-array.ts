import {
  type Tensor,
  type TensorLike,
  compatible,
  dimOf,
  nameScope,
  range,
  reduceMax,
  refuse,
  reshape,
  sequenceMask,
  shapeOf,
  showSpec,
  stack,
  tile,
  toInts,
  toTensor,
  transpose,
  where,
} from '@tensorloom/graph';
import { gatherTree } from './gather-tree.js';
import { takeBeams } from './take-beams.js';

/**
 * What beams have left at each step, put in the order of those they came to be: `t` [time, batch, beams, ...] or [time, batch * beams,
 * ...], alignments say; `parentIds` int32 [time, batch, beams], `sequenceLength` int32 [batch, beams]. Past a beam's length things stay
 * where they are. TensorFlow: `gather_tree_from_array`.
 */
export function gatherTreeFromArray(t: TensorLike, parentIds: TensorLike, sequenceLength: TensorLike): Tensor {
  const what = 'gatherTreeFromArray';
  const x = toTensor(t, undefined, what);
  const [parents, lengths] = [parentIds, sequenceLength].map((ids) => toInts(ids, what));
  if (!compatible(parents.shape, [null, null, null]) || !compatible(lengths.shape, [null, null])) {
    refuse(
      what,
      `expected parentIds [time, batch, beams] and sequenceLength [batch, beams], got ${[parents, lengths].map((ids) => showSpec(ids.spec)).join(', ')}.`,
      [parents, lengths],
    );
  }
  return nameScope('gather_tree_from_array', () => {
    const [steps, batch, beams] = [0, 1, 2].map((axis) => dimOf(parents, axis));
    const own = tile(reshape(range(beams), [1, 1, -1]), stack([steps, batch, 1]));
    const within = transpose(sequenceMask(lengths, steps), [2, 0, 1]);
    // No beam writes the end here: what is past a row's longest beam is all that is left out.
    const traced = gatherTree(own, parents, reduceMax(lengths, 1), beams.add(1));
    const from = where(within, traced, own);
    const rows = reshape(x, [steps.mul(batch), beams, -1]);
    return reshape(takeBeams(rows, reshape(from, [-1, beams])), shapeOf(x));
  });
}
