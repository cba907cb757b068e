import { elementwise } from '@tensorloom/graph';
import {
  type Expression,
  type ScalarFunction,
  abs,
  add,
  and,
  ceil,
  constant,
  div,
  equal,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  max,
  min,
  mul,
  nearest,
  neg,
  not,
  notEqual,
  or,
  perElement,
  pmax,
  select,
  sqrt,
  sub,
  xor,
} from './expression.js';
import * as float32 from './float32.js';

type Definition = (...xs: Expression[]) => Expression;

/** What an op means for numbers. */
interface Meaning {
  readonly scalar: ScalarFunction;
}

const byMeaning = ({ scalar }: Meaning, ...xs: readonly Expression[]): Expression => perElement(scalar, ...xs);

/** Vector code for float32; for float64, where accuracy is all that matters, the op's scalar meaning element by element. */
const transcendental =
  (fast: (x: Expression) => Expression, op: Meaning): Definition =>
  (x) =>
    x.dtype === 'float32' ? fast(x) : byMeaning(op, x);

const zero = (x: Expression): Expression => constant(x.dtype, 0);
const one = (x: Expression): Expression => constant(x.dtype, 1);

/** What each elementwise op computes, as an expression of its operands, which have one dtype that the op accepts. */
export const definitions: Readonly<Record<keyof typeof elementwise, Definition>> = {
  add,
  sub,
  mul,
  div,
  maximum: max,
  minimum: min,
  // Of float32, a quotient is rounded before it is cut: exact only in double precision.
  floorDiv: (x, y) => byMeaning(elementwise.floorDiv, x, y),
  floorMod: (x, y) => byMeaning(elementwise.floorMod, x, y),
  squaredDifference: (x, y) => {
    const difference = sub(x, y);
    return mul(difference, difference);
  },
  // Powers lose digits in float32: exp(y log x) multiplies the error of the logarithm by y.
  pow: (x, y) => byMeaning(elementwise.pow, x, y),
  neg,
  abs,
  sign: (x) => select(greater(x, zero(x)), one(x), select(less(x, zero(x)), constant(x.dtype, -1), x)),
  square: (x) => mul(x, x),
  sqrt,
  rsqrt: (x) => div(one(x), sqrt(x)),
  reciprocal: (x) => div(one(x), x),
  exp: transcendental(float32.exp, elementwise.exp),
  expm1: transcendental(float32.expm1, elementwise.expm1),
  log: transcendental(float32.log, elementwise.log),
  log1p: transcendental(float32.log1p, elementwise.log1p),
  sin: transcendental(float32.sin, elementwise.sin),
  cos: transcendental(float32.cos, elementwise.cos),
  tan: (x) => byMeaning(elementwise.tan, x),
  asin: (x) => byMeaning(elementwise.asin, x),
  acos: (x) => byMeaning(elementwise.acos, x),
  atan: (x) => byMeaning(elementwise.atan, x),
  sinh: (x) => byMeaning(elementwise.sinh, x),
  cosh: (x) => byMeaning(elementwise.cosh, x),
  erf: (x) => byMeaning(elementwise.erf, x),
  floor,
  ceil,
  round: (x) => (x.dtype === 'int32' ? x : nearest(x)),
  tanh: transcendental(float32.tanh, elementwise.tanh),
  sigmoid: transcendental(float32.sigmoid, elementwise.sigmoid),
  relu: (x) => (x.dtype === 'int32' ? max(x, zero(x)) : pmax(x, zero(x))),
  softplus: transcendental(float32.softplus, elementwise.softplus),
  isNan: (x) => notEqual(x, x),
  isInf: (x) => equal(abs(x), constant(x.dtype, Infinity)),
  isFinite: (x) => less(abs(x), constant(x.dtype, Infinity)),
  less,
  lessEqual,
  greater,
  greaterEqual,
  equal: (x, y) => (x.dtype === 'bool' ? not(xor(x, y)) : equal(x, y)),
  notEqual: (x, y) => (x.dtype === 'bool' ? xor(x, y) : notEqual(x, y)),
  logicalAnd: and,
  logicalOr: or,
  logicalXor: xor,
  logicalNot: not,
};
