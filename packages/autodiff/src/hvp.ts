import { type Tensor, type TensorLike, nameScope, withGraph } from '@tensorloom/graph';
import type { Differentiable } from './gradients.js';
import { type Gradients, directionsOf, sourcesOf } from './sources.js';

/** A Hessian times a direction, without the Hessian: the gradient of the gradient, weighted by the direction. */
export function createHvp(gradients: Gradients) {
  function hvp(y: Tensor, x: Differentiable, v: TensorLike): Tensor | null;
  function hvp(y: Tensor, x: readonly Differentiable[], v: readonly TensorLike[]): (Tensor | null)[];
  function hvp(
    y: Tensor,
    x: Differentiable | readonly Differentiable[],
    v: TensorLike | readonly TensorLike[],
  ): Tensor | null | (Tensor | null)[] {
    const xs = sourcesOf(x);
    const found = withGraph(y.graph, () =>
      nameScope('hvp', () => {
        const along = directionsOf('hvp', xs, Array.isArray(x) ? (v as readonly TensorLike[]) : [v as TensorLike]);
        const live = gradients(y, xs).flatMap((g, i) => (g === null ? [] : [{ g, v: along[i] }]));
        if (live.length === 0) return xs.map(() => null);
        return gradients(
          live.map(({ g }) => g),
          xs,
          { gradYs: live.map((l) => l.v) },
        );
      }),
    );
    return Array.isArray(x) ? found : found[0];
  }
  return hvp;
}
