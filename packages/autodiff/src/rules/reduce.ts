import {
  type ReduceAttrs,
  type Tensor,
  apply1,
  broadcastTo,
  cast,
  div,
  equal,
  mul,
  reduce,
  reduceProd,
  reduceSum,
  shape,
  shapeOf,
  where,
  zerosLike,
} from '@tensorloom/graph';
import { type Application, rulesOf } from '../rule.js';

/** A reduced value or gradient spread back over the axes it was reduced over, ready to broadcast. */
const spread = (r: Tensor, { axes, keepDims }: ReduceAttrs): Tensor =>
  keepDims || axes === null || axes.length === 0 ? r : apply1(shape.expandDims, [r], { axes });

/** The number of elements that each result was reduced from. */
function countOf(x: Tensor, y: Tensor): Tensor {
  const size = (t: Tensor): Tensor => reduceProd(shapeOf(t));
  return div(cast(size(x), x.dtype), cast(size(y), x.dtype));
}

/** The gradient goes to the extreme elements, in equal parts when there are several, as in TensorFlow. */
const extreme = ({ inputs: [x], outputs: [y], attrs }: Application<ReduceAttrs>, dy: Tensor): Tensor[] => {
  const hits = equal(x, spread(y, attrs));
  const share = div(spread(dy, attrs), reduceSum(cast(hits, x.dtype), attrs.axes ?? undefined, { keepdims: true }));
  return [where(hits, broadcastTo(share, shapeOf(x)), zerosLike(x))];
};

/** Gradients of the reductions. */
export const reduceRules = rulesOf(reduce, {
  sum: ({ inputs: [x], attrs }, dy) => [broadcastTo(spread(dy, attrs), shapeOf(x))],
  mean: ({ inputs: [x], outputs: [y], attrs }, dy) => [div(broadcastTo(spread(dy, attrs), shapeOf(x)), countOf(x, y))],
  max: extreme,
  min: extreme,
  // Exact unless an element is 0, where the product of the others is not y / x.
  prod: ({ inputs: [x], outputs: [y], attrs }, dy) => [productOfOthers(x, y, attrs, dy)],
  all: null,
  any: null,
});

/** With one zero among the factors only it has a gradient; with more nobody has. */
function productOfOthers(x: Tensor, y: Tensor, attrs: ReduceAttrs, dy: Tensor): Tensor {
  const axes = attrs.axes ?? undefined;
  const zero = equal(x, zerosLike(x));
  const zeros = reduceSum(cast(zero, x.dtype), axes, { keepdims: true });
  const safe = where(zero, x.add(1), x);
  const others = reduceProd(safe, axes, { keepdims: true });
  const smooth = div(spread(y, attrs), safe);
  const alone = mul(others, cast(equal(zeros, 1), x.dtype));
  return mul(broadcastTo(spread(dy, attrs), shapeOf(x)), where(zero, broadcastTo(alone, shapeOf(x)), smooth));
}
