import { cond } from './cond.js';
import { type Tensors, resultOf } from './nested-tensors.js';
import { refuse } from './node.js';
import { type TensorLike, toInts } from './ops/convert.js';
import { greaterEqual, less, logicalAnd } from './ops/elementwise.js';
import { where } from './ops/select.js';
import { nameScope } from './scopes.js';
import { compatible, showShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** How a `switchCase` chooses. */
export interface SwitchOptions {
  /** What gives the result where the index is out of range; default: the last function. */
  readonly default?: () => unknown;
  /** Name scope; default 'switch_case'. */
  readonly name?: string;
}

/**
 * The result of `fns[index]`, for an int32 scalar. All functions are called once, to build the graph, and return the same
 * structure with the same dtypes; only one runs, found by as many comparisons as the logarithm of their number. Throws a
 * `GraphError` when they do not, and without functions. TensorFlow: `tf.switch_case`.
 */
export function switchCase<const S>(
  index: TensorLike,
  fns: readonly (() => S)[],
  { default: otherwise, name = 'switch_case' }: SwitchOptions = {},
): Tensors<S> {
  if (fns.length === 0) return refuse('switchCase', 'expected at least one function, got none.');
  return nameScope(name, () => {
    const i = toInts(index, 'switchCase');
    if (i.dtype !== 'int32' || !compatible(i.shape, [])) {
      refuse('switchCase', `expected the index as an int32 scalar, got ${i.dtype}${showShape(i.shape)}. Use cast().`, [
        i,
      ]);
    }
    const inside = logicalAnd(greaterEqual(i, 0), less(i, fns.length));
    if (otherwise !== undefined) return cond(inside, () => choose(i, fns, 0), otherwise);
    return choose(where(inside, i, fns.length - 1), fns, 0);
  }) as Tensors<S>;
}

/** The result of the function at i, of those that begin at `first`. */
function choose(i: Tensor, fns: readonly (() => unknown)[], first: number): unknown {
  const half = Math.ceil(fns.length / 2);
  const side = (part: readonly (() => unknown)[], from: number) => (): unknown =>
    part.length === 1 ? part[0]() : choose(i, part, from);
  if (fns.length === 1) return resultOf(fns[0], 'switchCase');
  return cond(less(i, first + half), side(fns.slice(0, half), first), side(fns.slice(half), first + half));
}
