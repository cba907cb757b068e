import { type Tensor, nameScope, refuse, showSpec, withGraph } from '@tensorloom/graph';
import type { Differentiable } from './gradients.js';
import type { createJacobian } from './jacobian.js';
import { type Gradients, sourcesOf } from './sources.js';

/** Second derivatives: the Jacobian of the gradient. */
export function createHessian(gradients: Gradients, jacobian: ReturnType<typeof createJacobian>) {
  function hessian(y: Tensor, x: Differentiable): Tensor | null;
  function hessian(y: Tensor, x: readonly Differentiable[]): (Tensor | null)[][];
  function hessian(y: Tensor, x: Differentiable | readonly Differentiable[]): Tensor | null | (Tensor | null)[][] {
    if (y.shape !== undefined && y.shape.length > 0) {
      return refuse(
        'hessian',
        `expected a scalar y, got ${showSpec(y.spec)}. Use reduceSum(), or the jacobian of a gradient.`,
        [y],
      );
    }
    const xs = sourcesOf(x);
    const blocks = withGraph(y.graph, () =>
      nameScope('hessian', () => gradients(y, xs).map((g) => (g === null ? xs.map(() => null) : jacobian(g, xs)))),
    );
    return Array.isArray(x) ? blocks : blocks[0][0];
  }
  return hessian;
}
