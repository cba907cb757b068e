import { createDifferentiate, createGradients, ruleTable } from './gradients.js';
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
