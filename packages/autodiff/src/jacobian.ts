import {
  type Edge,
  type Graph,
  type Tensor,
  asTensors,
  concat,
  defaultGraph,
  loopOver,
  nameScope,
  neededNodes,
  oneHot,
  range,
  reshape,
  shapeOf,
  size,
  transplant,
  withGraph,
  zerosLike,
} from '@tensorloom/graph';
import { dependents } from './dependents.js';
import type { Differentiable } from './gradients.js';
import { type Gradients, sourcesOf } from './sources.js';

/**
 * The gradient of every element of a tensor, in a loop over the elements. What the gradients read of the way there is outside
 * of the loop, so it is computed once, and the graph does not grow with the size of y.
 */
export function createJacobian(gradients: Gradients) {
  function jacobian(y: Tensor, x: Differentiable): Tensor | null;
  function jacobian(y: Tensor, x: readonly Differentiable[]): (Tensor | null)[];
  function jacobian(y: Tensor, x: Differentiable | readonly Differentiable[]): Tensor | null | (Tensor | null)[] {
    const found = withGraph(y.graph, () => nameScope('jacobian', () => rowsOf(gradients, y, sourcesOf(x))));
    return Array.isArray(x) ? found : found[0];
  }
  return jacobian;
}

function rowsOf(gradients: Gradients, y: Tensor, xs: readonly Differentiable[]): (Tensor | null)[] {
  const graph = defaultGraph();
  // What awaits other nodes cannot be repeated in a loop; the loop awaits them.
  const [weights, found] = graph.withControl(null, () => {
    const w = zerosLike(y);
    return [w, gradients(y, xs, { gradYs: w })];
  });
  const live = found.filter((g) => g !== null);
  if (live.length === 0) return found;
  const n = size(y);
  const { stacked } = loopOver(
    (_, [i]) => {
      const unit = reshape(oneHot(i, n, { dtype: y.dtype }), shapeOf(y));
      return { carry: [], ys: repeated(live, weights, unit, defaultGraph()) };
    },
    [],
    [range(n)],
    { name: 'rows' },
  );
  const rows = stacked(n);
  return found.map((g) => (g === null ? null : reshape(rows[live.indexOf(g)], concat([shapeOf(y), shapeOf(g)], 0))));
}

/** What depends on `weights` again, in the body of a loop, with `unit` in their place; the rest is captured. */
function repeated(found: readonly Tensor[], weights: Tensor, unit: Tensor, body: Graph): readonly Tensor[] {
  const nodes = new Set(dependents(neededNodes(found), [weights]));
  const outside = [...nodes].flatMap((n) => n.inputs).filter((t) => !nodes.has(t.op));
  const bound = new Map<Edge, Edge>(outside.map((t) => [t, t]));
  return asTensors(transplant(found, bound.set(weights, unit), body));
}
