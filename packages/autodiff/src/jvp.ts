import { type Tensor, type TensorLike, nameScope, withGraph, zerosLike } from '@tensorloom/graph';
import type { Differentiable } from './gradients.js';
import { type Gradients, directionsOf, sourcesOf } from './sources.js';

/**
 * Derivatives along a direction from gradients alone: the gradients of the ys are linear in their weights, and the gradient of that
 * linear map is its transpose. What the weights are does not matter: a run reads their shape at most.
 */
export function createJvp(gradients: Gradients) {
  return (
    ys: Tensor | readonly Tensor[],
    xs: Differentiable | readonly Differentiable[],
    dxs: TensorLike | readonly TensorLike[],
  ): (Tensor | null)[] => {
    const to = sourcesOf(xs);
    const from = [ys].flat();
    const [{ graph }] = from;
    return withGraph(graph, () =>
      nameScope('jvp', () => {
        const along = directionsOf('jvp', to, Array.isArray(xs) ? (dxs as readonly TensorLike[]) : [dxs as TensorLike]);
        const weights = from.map((y) => zerosLike(y));
        const found = gradients(from, to, { gradYs: weights });
        const live = found.flatMap((g, i) => (g === null ? [] : [{ g, dx: along[i] }]));
        if (live.length === 0) return from.map(() => null);
        return gradients(
          live.map(({ g }) => g),
          weights,
          { gradYs: live.map(({ dx }) => dx) },
        );
      }),
    );
  };
}
