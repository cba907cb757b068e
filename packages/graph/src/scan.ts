import { beginning } from './accumulator.js';
import { loopOver } from './loop-over.js';
import type { MemoryOptions } from './memory.js';
import { type Tensors, flatTensors, packTensors, showTensors, unwrapped } from './nested-tensors.js';
import { refuse } from './node.js';
import { concat } from './ops/join.js';
import { dimOf, expandDims } from './ops/shape.js';

/** How a `scan` runs. */
export interface ScanOptions<A> extends MemoryOptions {
  /** The accumulator before the first row; default: the first row, which is the first result too. */
  readonly initializer?: A;
  /** Run from the last row to the first. */
  readonly reverse?: boolean;
  /** Accepted for TensorFlow's sake; one row is scanned after the other. */
  readonly parallelIterations?: number;
  /** Name scope of the loop and of its body; default 'scan'. */
  readonly name?: string;
}

type Options = Omit<ScanOptions<unknown>, 'initializer'>;

/**
 * The accumulators after each row of `elems`: `fn(accumulator, row)` returns the next one, in the same structure. Both may be
 * structures; each result has the number of rows as its first axis. Throws a `GraphError` when the accumulator changes shape or
 * dtype, and when there is neither an initializer nor a row. TensorFlow: `tf.scan`.
 */
export function scan<const A, const E>(
  fn: (accumulator: Tensors<A>, row: Tensors<E>) => unknown,
  elems: E,
  options: ScanOptions<A> & { readonly initializer: A },
): Tensors<A>;
export function scan<const E>(
  fn: (accumulator: Tensors<E>, row: Tensors<E>) => unknown,
  elems: E,
  options?: Options,
): Tensors<E>;
export function scan(
  fn: (accumulator: never, row: never) => unknown,
  elems: unknown,
  { initializer, reverse = false, name = 'scan', ...memory }: ScanOptions<unknown> = {},
): unknown {
  const [init, xs] = beginning('scan', elems, initializer, reverse);
  const like = initializer ?? elems;
  const { stacked } = loopOver(
    (carry, rows) => {
      const [a, row]: unknown[] = [packTensors(like, carry), packTensors(elems, rows)];
      const next = unwrapped(like, fn(a as never, row as never));
      const [want, got] = [like, next].map(showTensors);
      if (want !== got) {
        refuse(
          'scan',
          `the function returned ${got}, expected the structure of the initializer, ${want}. Return a new value for each.`,
          init,
        );
      }
      const ts = flatTensors(next, 'scan', init);
      return { carry: ts, ys: ts };
    },
    init,
    xs,
    { ...memory, reverse, name, like: init },
  );
  const results = stacked(dimOf(xs[0], 0));
  if (initializer !== undefined) return packTensors(like, results);
  const whole = results.map((rest, i) => {
    const first = expandDims(init[i], 0);
    return concat(reverse ? [rest, first] : [first, rest], 0);
  });
  return packTensors(like, whole);
}
