import { type Op, type ReduceAttrs, reduce, shape as ops, sizeOf } from '@tensorloom/graph';
import type { Launch } from '../launch.js';
import { type Plan, type Rule, rulesOf } from '../kernel.js';
import { type View, access, rowMajor } from '../view.js';

/** How a fold that begins with the first element takes in the next one, `x`, and what it gives in the end. */
interface Fold {
  readonly step: string;
  readonly end?: string;
}

const best = (comparison: '<' | '>'): Fold => ({
  step: `if (x < 0 || x >= 0) { if (x ${comparison} total) { total = x; } } else { total = x; }`,
});

/** NaN wins, as in TensorFlow: once it is the best, no comparison replaces it. Bools are 0 and 1. */
const folds = {
  sum: { step: 'total = total + x;' },
  mean: { step: 'total = total + x;', end: 'total / count' },
  max: best('>'),
  min: best('<'),
  prod: { step: 'total = total * x;' },
  all: best('<'),
  any: best('>'),
} satisfies Record<string, Fold>;

/** The axes of `x` where `reduced` holds, or all others, as a view of their own. */
function axesOf(
  x: readonly number[],
  reduced: readonly boolean[],
  which: boolean,
): { readonly shape: readonly number[]; readonly view: View } {
  const strides = rowMajor(x);
  const axes = x.flatMap((length, i) => (reduced[i] === which ? [{ length, stride: strides[i] }] : []));
  return { shape: axes.map((a) => a.length), view: { offset: 0, strides: axes.map((a) => a.stride) } };
}

/** Folds the axes of `x0` where `reduced` holds. */
function fold({ step, end = 'total' }: Fold, x: readonly number[], reduced: readonly boolean[]): Launch {
  const [kept, folded] = [axesOf(x, reduced, false), axesOf(x, reduced, true)];
  const outer = access(kept.shape, [kept.view]);
  const inner = access(folded.shape, [folded.view], { index: 'k', prefix: 'r' });
  return {
    body: `
      ${outer.body}
      const start = ${outer.at[0]};
      let total = x0[start];
      for (let k = 1; k < count; k++) {
        ${inner.body}
        const x = x0[start + ${inner.at[0]}];
        ${step}
      }
      return ${end};`,
    arrays: { x0: 0 },
    integers: { count: sizeOf(folded.shape), ...outer.integers, ...inner.integers },
  };
}

const reduction = (how: Fold): Rule<ReduceAttrs> => ({
  plan: ([x], _, { axes }) => [
    fold(
      how,
      x.shape,
      x.shape.map((__, axis) => axes === null || axes.includes(axis)),
    ),
  ],
});

/** Sums what broadcasting would have repeated. */
const sumTo: Plan = ([x], [{ shape: y }]) => [
  fold(
    folds.sum,
    x.shape,
    x.shape.map((_, axis) => (y[axis - x.shape.length + y.length] ?? 1) === 1),
  ),
];

/** Rules of the reductions. */
export const reduceRules: readonly [Op, Rule][] = [
  ...rulesOf(reduce, {
    sum: reduction(folds.sum),
    mean: reduction(folds.mean),
    max: reduction(folds.max),
    min: reduction(folds.min),
    prod: reduction(folds.prod),
    all: reduction(folds.all),
    any: reduction(folds.any),
  }),
  ...rulesOf(ops, { sumTo: { plan: sumTo } }),
];
