import { type ReduceAttrs, reduce, shape as ops } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import { type Plan, floatsOf, moved, plansOf } from '../kernel.js';
import type { Launch } from '../launch.js';

/** How a fold that begins with the first element takes in the next one, `x`, and what it gives in the end. */
interface Fold {
  readonly step: string;
  readonly end?: string;
}

/** NaN wins, as in TensorFlow: once it is the best, no comparison replaces it. */
const folds = {
  sum: { step: 'total += x;' },
  mean: { step: 'total += x;', end: 'total / count' },
  max: { step: 'if (x > total || x !== x) { total = x; }' },
  min: { step: 'if (x < total || x !== x) { total = x; }' },
  prod: { step: 'total *= x;' },
} satisfies Record<string, Fold>;

/**
 * Folds the axes of `x` where `reduced` holds. Each element of the result folds `count` elements that lie `stride` apart; axes
 * that do not lie so are brought to the end first.
 */
function fold({ step, end = 'total' }: Fold, x: HostTensor, reduced: readonly boolean[]): Launch {
  const axes = x.shape
    .map((length, axis) => ({ length, axis, reduced: reduced[axis] }))
    .filter(({ length }) => length !== 1);
  const folded = axes.map((a) => a.reduced);
  const [first, last] = [folded.indexOf(true), folded.lastIndexOf(true)];
  const together = !folded.slice(Math.max(first, 0), last + 1).includes(false);
  const sizeOf = (some: typeof axes): number => some.reduce((n, { length }) => n * length, 1);
  const order = x.shape.map((_, axis) => axis);
  const perm = [...order.filter((axis) => !reduced[axis]), ...order.filter((axis) => reduced[axis])];
  return {
    body: `
      const start = Math.floor(this.thread.x / stride) * stride * count + this.thread.x % stride;
      let total = xs[start];
      for (let k = 1; k < count; k++) {
        const x = xs[start + k * stride];
        ${step}
      }
      return ${end};`,
    arrays: { xs: floatsOf(together ? x : moved(ops.transpose, [x], { perm })) },
    integers: { count: sizeOf(axes.filter((a) => a.reduced)), stride: together ? sizeOf(axes.slice(last + 1)) : 1 },
  };
}

const reduction =
  (how: Fold): Plan<ReduceAttrs> =>
  ([x], _y, { axes }) =>
    fold(
      how,
      x,
      x.shape.map((_, axis) => axes === null || axes.includes(axis)),
    );

/** Plans of the reductions; those of bools stay on the host. */
export const reducePlans = plansOf(reduce, {
  sum: reduction(folds.sum),
  mean: reduction(folds.mean),
  max: reduction(folds.max),
  min: reduction(folds.min),
  prod: reduction(folds.prod),
});

/** Sums what broadcasting would have repeated. */
export const sumToPlan = plansOf(ops, {
  sumTo: ([x], y) =>
    fold(
      folds.sum,
      x,
      x.shape.map((_, axis) => (y[axis - x.shape.length + y.length] ?? 1) === 1),
    ),
});
