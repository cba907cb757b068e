import { type Op, NoOp, Placeholder, Const, create, random, reduceSum, state } from '@tensorloom/graph';
import { type Rule, rulesOf } from '../rule.js';

/** Gradients of the ops that make tensors. */
export const createRules = rulesOf(create, {
  fill: (_, dy) => [null, reduceSum(dy)],
  range: null,
  oneHot: null,
});

/** Ops whose outputs depend on no other tensor, or are not differentiable: where gradients end. */
export const endRules: readonly (readonly [Op, Rule | null])[] = [
  ...Object.values(random),
  ...Object.values(state),
  Placeholder,
  Const,
  NoOp,
].map((op) => [op as Op, null]);
