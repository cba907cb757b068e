import { createDifferentiate, createGradients, ruleTable } from './gradients.js';
import { createHessian } from './hessian.js';
import { createHvp } from './hvp.js';
import { createJacobian } from './jacobian.js';
import { createJvp } from './jvp.js';
import { alongAxisRules } from './rules/along-axis.js';
import { checkRules } from './rules/check.js';
import { controlRules } from './rules/control.js';
import { createRules, endRules } from './rules/create.js';
import { elementwiseRules, mixedRules } from './rules/elementwise.js';
import { indexingRules } from './rules/gather.js';
import { listRules } from './rules/list.js';
import { matrixRules } from './rules/matmul.js';
import { reduceRules } from './rules/reduce.js';
import { shapeRules } from './rules/shape.js';
import { stridedRules } from './rules/strided-slice.js';

/** The gradient rules of every op. */
export const rules = /* @__PURE__ */ ruleTable(
  elementwiseRules,
  mixedRules,
  shapeRules,
  stridedRules,
  reduceRules,
  matrixRules,
  createRules,
  indexingRules,
  alongAxisRules,
  endRules,
  checkRules,
  listRules,
  controlRules,
);

/**
 * Adds to the graph the gradients of the sum of `ys` (weighted by `gradYs`) with respect to each of `xs`; returns one per x, `null`
 * where none flows. The gradients are tensors like any other: fetch them, differentiate them again, through loops too. Throws a
 * `GraphError` when an op on the way has no rule. TensorFlow: `tf.gradients`.
 */
export const gradients = /* @__PURE__ */ createGradients(/* @__PURE__ */ createDifferentiate(rules));

/**
 * The derivatives of every element of y by every element of x, of shape `y.shape + x.shape`; `null` where x does not influence y. For
 * an array of xs, an array. Rows are computed in a loop, so shapes need not be known. Throws a `GraphError` when an op on the
 * way has no rule. TensorFlow: `GradientTape.jacobian`.
 */
export const jacobian = /* @__PURE__ */ createJacobian(gradients);

/**
 * The second derivatives of the scalar y by x, of shape `x.shape + x.shape`; `null` where no gradient flows, as from what is linear
 * in x. For an array of xs, all blocks: `[i][j]` is that by `xs[i]` and `xs[j]`; the diagonal is what TensorFlow's `tf.hessians`
 * returns. Throws a `GraphError` when y is no scalar.
 */
export const hessian = /* @__PURE__ */ createHessian(gradients, jacobian);

/**
 * The Hessian of the sum of y times v, of the shape of x, at the cost of a few gradients; `null` where no gradient flows, as from what
 * is linear in x. For arrays of xs and vs, an array. Throws a `GraphError` when v has not the dtype and shape of x. Pearlmutter 1994.
 */
export const hvp = /* @__PURE__ */ createHvp(gradients);

/**
 * The derivatives of ys when the xs move along `dxs`: the Jacobian times dx, of the shape of each y; one per y, `null` where no x
 * influences it. Found by differentiating gradients, so it works for whatever they do. Throws a `GraphError` when a dx has not
 * the dtype and shape of its x. JAX: `jax.jvp`.
 */
export const jvp = /* @__PURE__ */ createJvp(gradients);

export { type ForeignGradient, defineGradient } from './foreign.js';
export {
  type Differentiable,
  type GradientsOptions,
  type RuleTable,
  createDifferentiate,
  createGradients,
  ruleTable,
} from './gradients.js';
export {
  type Application,
  type Differentiate,
  type Rule,
  type Rules,
  type TensorRule,
  onTensors,
  rulesOf,
} from './rule.js';
