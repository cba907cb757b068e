import {
  type Tensor,
  type TensorLike,
  cast,
  compatible,
  cumsum,
  dimOf,
  equal,
  expandDims,
  greater,
  less,
  loopOver,
  minimum,
  nameScope,
  range,
  refuse,
  showSpec,
  stack,
  tile,
  toInts,
  where,
} from '@tensorloom/graph';
import { checkedEnd } from './tokens.js';
import { takeBeams } from './take-beams.js';

/**
 * The ids that each beam has written in the end, traced back from beam to parent beam: `stepIds` and `parentIds` are what was written at each
 * step and by which beam of the step before, int32 [time, batch, beams]. Past a row's longest beam (`maxSequenceLengths`, int32
 * [batch]), and past a beam's first `endToken`, there is `endToken`. TensorFlow: `tf.contrib.seq2seq.gather_tree`.
 */
export function gatherTree(
  stepIds: TensorLike,
  parentIds: TensorLike,
  maxSequenceLengths: TensorLike,
  endToken: TensorLike,
): Tensor {
  const what = 'gatherTree';
  const [ids, parents, lengths] = [stepIds, parentIds, maxSequenceLengths].map((x) => toInts(x, what));
  const end = checkedEnd(what, endToken);
  if (
    !compatible(ids.shape, [null, null, null]) ||
    !compatible(parents.shape, ids.shape) ||
    !compatible(lengths.shape, [ids.shape?.[1] ?? null])
  ) {
    refuse(
      what,
      `expected stepIds and parentIds [time, batch, beams] and maxSequenceLengths [batch], got ${[ids, parents, lengths].map((t) => showSpec(t.spec)).join(', ')}.`,
      [ids, parents, lengths],
    );
  }
  return nameScope('gather_tree', () => {
    const [steps, batch, beams] = [0, 1, 2].map((axis) => dimOf(ids, axis));
    const own = tile(expandDims(range(beams), 0), stack([batch, 1]));
    const last = minimum(lengths, steps);
    const { stacked } = loopOver(
      ([at], [id, parent, time]) => {
        const within = expandDims(less(time, last), 1);
        return {
          carry: [where(within, takeBeams(parent, at), own)],
          ys: [where(within, takeBeams(id, at), end)],
        };
      },
      [own],
      [ids, parents, range(steps)],
      { reverse: true, name: 'beams' },
    );
    const [traced] = stacked(steps);
    const ended = greater(cumsum(cast(equal(traced, end), 'int32'), 0, { exclusive: true }), 0);
    return where(ended, end, traced);
  });
}
