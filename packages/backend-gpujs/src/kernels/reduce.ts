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

/** Some axes of an array as a view of their own. */
interface Axes {
  readonly shape: readonly number[];
  readonly view: View;
}

/** The axes of `x` that are reduced, or those that are kept. */
function axesOf(x: readonly number[], reduced: readonly boolean[], areReduced: boolean): Axes {
  const strides = rowMajor(x);
  const axes = x.flatMap((length, i) => (reduced[i] === areReduced ? [{ length, stride: strides[i] }] : []));
  return { shape: axes.map((a) => a.length), view: { offset: 0, strides: axes.map((a) => a.stride) } };
}

/** A fold of so many elements is one of folds: about as many at a time as there are of them then. */
const MANY = 256;

/** Folds the axes of `x0` where `reduced` holds, in parts where they are long: those are computed side by side, and round less. */
function fold({ step, end = 'total' }: Fold, x: readonly number[], reduced: readonly boolean[]): Launch {
  const [kept, folded] = [axesOf(x, reduced, false), axesOf(x, reduced, true)];
  const count = sizeOf(folded.shape);
  const parts = count < MANY ? 1 : Math.ceil(Math.sqrt(count));
  const first = partsOf(step, kept, folded, parts);
  if (parts === 1) return { ...first, body: `${first.body} return ${end};` };
  return {
    body: `
      let total = partial[this.thread.x * parts];
      for (let k = 1; k < parts; k++) {
        const x = partial[this.thread.x * parts + k];
        ${step}
      }
      return ${end};`,
    arrays: {
      partial: { launch: { ...first, body: `${first.body} return total;` }, length: parts * sizeOf(kept.shape) },
    },
    integers: { parts, ...(end.includes('count') && { count }) },
  };
}

/** Folds every `parts`-th element into the `total` of a part, of which each element of the result has that many. */
function partsOf(step: string, kept: Axes, folded: Axes, parts: number): Launch {
  const outer = access(kept.shape, [kept.view], { index: 'element' });
  const inner = access(folded.shape, [folded.view], { index: 'k', prefix: 'r' });
  return {
    body: `
      const element = quotient(this.thread.x, parts);
      const part = this.thread.x - element * parts;
      const rounds = quotient(count - part + parts - 1, parts);
      ${outer.body}
      const start = ${outer.at[0]};
      let total = 0;
      for (let round = 0; round < rounds; round++) {
        const k = part + round * parts;
        ${inner.body}
        const x = x0[start + ${inner.at[0]}];
        if (round === 0) { total = x; } else { ${step} }
      }`,
    arrays: { x0: 0 },
    integers: { count: sizeOf(folded.shape), parts, ...outer.integers, ...inner.integers },
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
