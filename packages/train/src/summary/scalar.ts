import { type TensorLike, compatible, refuse, showShape } from '@tensorloom/graph';
import { type Summary, type SummaryOptions, makeSummary, summarized } from './summary.js';

/**
 * A summary of one number, a point of a curve in TensorBoard: the value of a float32, float64 or int32 scalar, as float32. Throws a
 * `GraphError` when it has axes. TensorFlow: `tf.summary.scalar`.
 */
export function scalar(name: string, x: TensorLike, options: SummaryOptions = {}): Summary {
  const tensor = summarized('scalar', x);
  if (!compatible(tensor.shape, [])) {
    refuse(
      'summary.scalar',
      `'${tensor.name}' has shape ${showShape(tensor.shape)}, expected a scalar. Reduce it, or use histogram().`,
      [tensor],
    );
  }
  return makeSummary(name, {
    ...options,
    call: 'scalar',
    graph: tensor.graph,
    tensors: [tensor],
    values: (tag, [{ shape, data }]) => {
      if (shape.length > 0) throw new RangeError(`the value has shape ${showShape(shape)}, expected a scalar.`);
      return [{ tag, scalar: data[0] }];
    },
  });
}
