import { type Tensors, flatTensors, packTensors, showTensors, unwrapped } from './nested-tensors.js';
import { refuse } from './node.js';
import { beginning } from './accumulator.js';
import { loopOver } from './loop-over.js';

/** How a fold runs. */
export interface FoldOptions<A> {
  /** The accumulator before the first row; default: the first row, and the fold begins with the second. */
  readonly initializer?: A;
  /** Accepted for TensorFlow's sake; rows are folded one after the other. */
  readonly parallelIterations?: number;
  /** Name scope of the loop and of its body; default 'foldl' or 'foldr'. */
  readonly name?: string;
}

type Options = Omit<FoldOptions<unknown>, 'initializer'>;
type Callback = (accumulator: never, row: never) => unknown;

function fold(
  what: 'foldl' | 'foldr',
  fn: Callback,
  elems: unknown,
  { initializer, name = what }: FoldOptions<unknown>,
): unknown {
  const reverse = what === 'foldr';
  const [init, xs] = beginning(what, elems, initializer, reverse);
  const like = initializer ?? elems;
  const { carry } = loopOver(
    (accumulator, rows) => {
      const [a, row]: unknown[] = [packTensors(like, accumulator), packTensors(elems, rows)];
      const next = unwrapped(like, fn(a as never, row as never));
      const [want, got] = [like, next].map(showTensors);
      if (want !== got) {
        refuse(
          what,
          `the function returned ${got}, expected the structure of the accumulator, ${want}. Return a new value for each.`,
          init,
        );
      }
      return { carry: flatTensors(next, what, init), ys: [] };
    },
    init,
    xs,
    { reverse, name },
  );
  return packTensors(like, carry);
}

/**
 * The accumulator after the last row of `elems`: `fn(accumulator, row)` returns the next one, in the same structure. Both may be
 * structures; a number as initializer takes the dtype of elems. Throws a `GraphError` when the accumulator changes shape or dtype,
 * and when there is neither an initializer nor a row. TensorFlow: `tf.foldl`.
 */
export function foldl<const E>(
  fn: (accumulator: Tensors<E>, row: Tensors<E>) => unknown,
  elems: E,
  options?: Options,
): Tensors<E>;
export function foldl<const E, const A>(
  fn: (accumulator: Tensors<A>, row: Tensors<E>) => unknown,
  elems: E,
  options: FoldOptions<A>,
): Tensors<A>;
export function foldl(fn: Callback, elems: unknown, options: FoldOptions<unknown> = {}): unknown {
  return fold('foldl', fn, elems, options);
}

/**
 * The accumulator after the first row of `elems`, taken from the last row to the first; otherwise as `foldl`. TensorFlow:
 * `tf.foldr`.
 */
export function foldr<const E>(
  fn: (accumulator: Tensors<E>, row: Tensors<E>) => unknown,
  elems: E,
  options?: Options,
): Tensors<E>;
export function foldr<const E, const A>(
  fn: (accumulator: Tensors<A>, row: Tensors<E>) => unknown,
  elems: E,
  options: FoldOptions<A>,
): Tensors<A>;
export function foldr(fn: Callback, elems: unknown, options: FoldOptions<unknown> = {}): unknown {
  return fold('foldr', fn, elems, options);
}
