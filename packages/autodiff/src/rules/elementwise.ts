import {
  type Tensor,
  add,
  cast,
  cos,
  cosh,
  div,
  elementwise,
  exp,
  floordiv,
  greater,
  isFloating,
  less,
  lessEqual,
  greaterEqual,
  log,
  mixed,
  mul,
  neg,
  pow,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sinh,
  square,
  sub,
  sumToLike,
  where,
  zerosLike,
} from '@tensorloom/graph';
import { rulesOf } from '../rule.js';

/** Sums gradients of broadcast operands down to the operands' shapes. */
const fit = (operands: readonly Tensor[], ...gradients: readonly Tensor[]): Tensor[] =>
  gradients.map((g, i) => sumToLike(g, operands[i]));

/** Where the mask holds the gradient passes, elsewhere it is zero: unlike a product, this keeps NaN and infinity out. */
const masked = (mask: Tensor, dy: Tensor): Tensor => where(mask, dy, zerosLike(dy));

/** Gradients of the elementwise family. */
export const elementwiseRules = rulesOf(elementwise, {
  add: ({ inputs }, dy) => fit(inputs, dy, dy),
  sub: ({ inputs }, dy) => fit(inputs, dy, neg(dy)),
  mul: ({ inputs }, dy) => fit(inputs, mul(dy, inputs[1]), mul(dy, inputs[0])),
  div: ({ inputs, outputs: [y] }, dy) => fit(inputs, div(dy, inputs[1]), neg(mul(dy, div(y, inputs[1])))),
  // At a tie the first operand takes it all, as in TensorFlow.
  maximum: ({ inputs: [a, b] }, dy) => fit([a, b], masked(greaterEqual(a, b), dy), masked(less(a, b), dy)),
  minimum: ({ inputs: [a, b] }, dy) => fit([a, b], masked(lessEqual(a, b), dy), masked(greater(a, b), dy)),
  floorDiv: null,
  floorMod: ({ inputs: [x, y] }, dy) => fit([x, y], dy, neg(mul(dy, floordiv(x, y)))),
  squaredDifference: ({ inputs: [x, y] }, dy) => {
    const dx = mul(dy, mul(sub(x, y), 2));
    return fit([x, y], dx, neg(dx));
  },
  pow: ({ inputs: [x, p], outputs: [y] }, dy) => {
    const positive = greater(x, 0);
    const logarithm = where(positive, log(where(positive, x, 1)), 0);
    return fit([x, p], mul(dy, mul(p, pow(x, sub(p, 1)))), mul(dy, mul(y, logarithm)));
  },
  neg: (_, dy) => [neg(dy)],
  abs: ({ inputs: [x] }, dy) => [mul(dy, sign(x))],
  // Zeros rather than none, as in TensorFlow.
  sign: ({ inputs: [x] }) => [zerosLike(x)],
  square: ({ inputs: [x] }, dy) => [mul(dy, mul(x, 2))],
  sqrt: ({ outputs: [y] }, dy) => [div(mul(dy, 0.5), y)],
  rsqrt: ({ outputs: [y] }, dy) => [mul(dy, mul(mul(square(y), y), -0.5))],
  reciprocal: ({ outputs: [y] }, dy) => [neg(mul(dy, square(y)))],
  exp: ({ outputs: [y] }, dy) => [mul(dy, y)],
  expm1: ({ outputs: [y] }, dy) => [mul(dy, add(y, 1))],
  log: ({ inputs: [x] }, dy) => [div(dy, x)],
  log1p: ({ inputs: [x] }, dy) => [div(dy, add(x, 1))],
  sin: ({ inputs: [x] }, dy) => [mul(dy, cos(x))],
  cos: ({ inputs: [x] }, dy) => [neg(mul(dy, sin(x)))],
  tan: ({ outputs: [y] }, dy) => [mul(dy, add(square(y), 1))],
  asin: ({ inputs: [x] }, dy) => [mul(dy, rsqrt(sub(1, square(x))))],
  acos: ({ inputs: [x] }, dy) => [neg(mul(dy, rsqrt(sub(1, square(x)))))],
  atan: ({ inputs: [x] }, dy) => [div(dy, add(square(x), 1))],
  sinh: ({ inputs: [x] }, dy) => [mul(dy, cosh(x))],
  cosh: ({ inputs: [x] }, dy) => [mul(dy, sinh(x))],
  erf: ({ inputs: [x] }, dy) => [mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))],
  floor: null,
  ceil: null,
  round: null,
  tanh: ({ outputs: [y] }, dy) => [mul(dy, sub(1, square(y)))],
  sigmoid: ({ outputs: [y] }, dy) => [mul(dy, mul(y, sub(1, y)))],
  relu: ({ outputs: [y] }, dy) => [masked(greater(y, 0), dy)],
  softplus: ({ inputs: [x] }, dy) => [mul(dy, sigmoid(x))],
  isNan: null,
  isInf: null,
  isFinite: null,
  less: null,
  lessEqual: null,
  greater: null,
  greaterEqual: null,
  equal: null,
  notEqual: null,
  logicalAnd: null,
  logicalOr: null,
  logicalXor: null,
  logicalNot: null,
});

/** Gradients of the elementwise ops whose operands differ in dtype. */
export const mixedRules = rulesOf(mixed, {
  select: ({ inputs: [c, x, y] }, dy) => [
    null,
    ...fit([x, y], where(c, dy, zerosLike(dy)), where(c, zerosLike(dy), dy)),
  ],
  cast: ({ inputs: [x] }, dy) => [isFloating(x.dtype) ? cast(dy, x.dtype) : null],
});
