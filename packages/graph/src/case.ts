import { cond } from './cond.js';
import { controlDependencies, nameScope } from './scopes.js';
import { type Tensors, resultOf } from './nested-tensors.js';
import { refuse } from './node.js';
import { assert } from './ops/check.js';
import { type TensorLike, toTensor } from './ops/convert.js';
import { stack } from './ops/join.js';
import { reduceAny, reduceSum } from './ops/reduce.js';
import { cast, lessEqual } from './ops/elementwise.js';

/** How a `caseOf` chooses. */
export interface CaseOptions {
  /** What gives the result where no predicate holds; default: running fails. */
  readonly default?: () => unknown;
  /** Whether running fails where more than one predicate holds; default false. */
  readonly exclusive?: boolean;
  /** Name scope; default 'case'. */
  readonly name?: string;
}

/**
 * The result of the first function whose predicate, a bool scalar, holds. All functions are called once, to build the graph, and
 * return the same structure with the same dtypes; only one runs. Throws a `GraphError` when they do not, and without pairs.
 * TensorFlow: `tf.case`.
 */
export function caseOf<const S>(
  pairs: readonly (readonly [TensorLike, () => S])[],
  { default: otherwise, exclusive = false, name = 'case' }: CaseOptions = {},
): Tensors<S> {
  if (pairs.length === 0) return refuse('caseOf', 'expected at least one pair of predicate and function, got none.');
  return nameScope(name, () => {
    const preds = pairs.map(([pred]) => toTensor(pred, undefined, 'caseOf'));
    const odd = preds.find((p) => p.dtype !== 'bool' || (p.shape !== undefined && p.shape.length > 0));
    if (odd !== undefined) {
      refuse('caseOf', 'expected bool scalars as predicates. Compare, and reduce with reduceAll() or reduceAny().', [
        odd,
      ]);
    }
    const last = pairs.length - 1;
    const chain = (k: number): unknown => {
      const [, fn] = pairs[k];
      if (k < last) return cond(preds[k], fn, () => chain(k + 1));
      if (otherwise !== undefined) return cond(preds[k], fn, otherwise);
      // The check below has failed before this could stand in for a default.
      return resultOf(fn, 'caseOf');
    };
    const checks = [
      ...(otherwise === undefined
        ? [assert(reduceAny(stack(preds)), 'caseOf: no predicate holds. Give a default.', preds)]
        : []),
      ...(exclusive
        ? [
            assert(
              lessEqual(reduceSum(cast(stack(preds), 'int32')), 1),
              'caseOf: more than one predicate holds, expected one at most. Leave out exclusive to take the first.',
              preds,
            ),
          ]
        : []),
    ];
    return controlDependencies(checks, () => chain(0)) as Tensors<S>;
  });
}
