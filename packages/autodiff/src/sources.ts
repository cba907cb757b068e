import { type Tensor, type TensorLike, Variable, compatible, refuse, showSpec, toTensor } from '@tensorloom/graph';
import type { Differentiable, createGradients } from './gradients.js';

/** `gradients`, by the rules of a table. */
export type Gradients = ReturnType<typeof createGradients>;

/** One x or several, as an array. */
export const sourcesOf = (x: Differentiable | readonly Differentiable[]): readonly Differentiable[] => [x].flat();

/** Directions along which to differentiate, as tensors of the dtypes of `xs`. Throws a `GraphError` where they do not fit them. */
export function directionsOf(
  what: string,
  xs: readonly Differentiable[],
  directions: readonly TensorLike[],
): readonly Tensor[] {
  const at = xs.map((x) => (x instanceof Variable ? x.value() : x));
  if (directions.length !== at.length)
    return refuse(what, `expected ${at.length} directions, one per x, got ${directions.length}.`, at);
  return directions.map((d, i) => {
    const x = at[i];
    const t = toTensor(d, x.dtype, what);
    if (t.dtype === x.dtype && compatible(t.shape, x.shape)) return t;
    return refuse(
      what,
      `direction ${i} is ${showSpec(t.spec)}, expected the dtype and shape of its x, ${showSpec(x.spec)}. Cast or reshape it.`,
      [x, t],
    );
  });
}
