import {
  type CustomGradientAttrs,
  type Edge,
  type Op,
  control,
  defaultGraph,
  listZerosLike,
  transplant,
  zerosLike,
} from '@tensorloom/graph';
import type { Rule } from '../rule.js';
import { condRule } from './cond.js';
import { loopRule } from './loop.js';

const customGradientRule: Rule = ({ inputs, outputs, attrs }, dys) => {
  const { ys, xs, backward } = attrs as CustomGradientAttrs;
  const bound = new Map<Edge, Edge>();
  backward.params.forEach((p, i) => {
    const y = outputs[i];
    bound.set(p, i < ys ? (dys[i] ?? (y.kind === 'list' ? listZerosLike(y) : zerosLike(y))) : inputs[xs + i]);
  });
  const dxs = transplant(backward.outputs, bound, defaultGraph());
  return inputs.map((_, i) => (i >= ys && i < ys + xs ? dxs[i - ys] : null));
};

const rules: { readonly [K in keyof typeof control]: Rule | null } = {
  identity: (_, dys) => dys,
  assumeShape: (_, dys) => dys,
  placeholderWithDefault: (_, dys) => dys,
  loop: loopRule,
  cond: condRule,
  stopGradient: null,
  customGradient: customGradientRule,
};

/** Gradients of control flow. */
export const controlRules: readonly (readonly [Op, Rule | null])[] = Object.entries(rules).map(([key, rule]) => [
  control[key as keyof typeof control] as Op,
  rule,
]);
