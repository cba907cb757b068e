import type { TensorLike } from '@tensorloom/graph';
import { countValues } from './histogram-counts.js';
import { type Summary, type SummaryOptions, makeSummary, summarized } from './summary.js';

/**
 * A summary of how the elements of a tensor of any shape are distributed, float32, float64 or int32. A run rejects when one of them is NaN
 * or infinite. TensorFlow: `tf.summary.histogram`.
 */
export function histogram(name: string, values: TensorLike, options: SummaryOptions = {}): Summary {
  const tensor = summarized('histogram', values);
  return makeSummary(name, {
    ...options,
    call: 'histogram',
    graph: tensor.graph,
    tensors: [tensor],
    values: (tag, [{ data }]) => [{ tag, histogram: countValues(data) }],
  });
}
