import {
  type Named,
  type Tensor,
  type TensorLike,
  argMax,
  dimOf,
  nameScope,
  oneHot,
  toTensor,
} from '@tensorloom/graph';

/**
 * 1 where the largest logit of each row of the last axis is, the first of equal ones, and 0 elsewhere; of the dtype of the logits. It has
 * no gradient. TensorFlow: `tf.contrib.seq2seq.hardmax`.
 */
export function hardmax(logits: TensorLike, { name = 'Hardmax' }: Named = {}): Tensor {
  return nameScope(name, () => {
    const x = toTensor(logits, undefined, 'hardmax');
    return oneHot(argMax(x, -1), dimOf(x, -1), { dtype: x.dtype });
  });
}
