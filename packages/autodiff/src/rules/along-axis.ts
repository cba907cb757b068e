import {
  type Edge,
  type Op,
  alongAxis,
  asTensors,
  add,
  cumsum,
  dimOf,
  concat,
  mul,
  range,
  reduceProd,
  slice,
  reshape,
  reverseSequence,
  shapeOf,
  size,
  unsortedSegmentSum,
} from '@tensorloom/graph';
import { type Rule, rulesOf } from '../rule.js';

const { topK, ...single } = alongAxis;

/** Each gradient goes back to where its value was found. */
const topKRule: Rule = ({ inputs, outputs }, [dy]): (Edge | null)[] => {
  if (dy === null) return [null, null];
  const [[x], [dValues], [, indices]] = [inputs, [dy], outputs].map(asTensors);
  const last = (x.shape?.length ?? 1) - 1;
  const rows = slice(shapeOf(x), [0], [last]);
  const starts = mul(range(reduceProd(rows)), dimOf(x, last));
  const positions = add(indices, reshape(starts, concat([rows, [1]], 0)));
  return [reshape(unsortedSegmentSum(reshape(dValues, [-1]), reshape(positions, [-1]), size(x)), shapeOf(x)), null];
};

/** Gradients of the ops that work along one axis. */
export const alongAxisRules: readonly (readonly [Op, Rule | null])[] = [
  [topK, topKRule],
  ...rulesOf(single, {
    argMax: null,
    argMin: null,
    cumsum: ({ attrs }, dy) => [cumsum(dy, { ...attrs, reverse: !attrs.reverse })],
    reverseSequence: ({ inputs: [, lengths], attrs }, dy) => [reverseSequence(dy, lengths, attrs), null],
  }),
];
