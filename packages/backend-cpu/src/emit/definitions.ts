import { elementwise } from '@tensorloom/graph';
import {
  type Expression,
  type ScalarFunction,
  abs,
  add,
  and,
  constant,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  max,
  min,
  mul,
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
  // Powers lose digits in float32: exp(y log x) multiplies the error of the logarithm by y.
  pow: (x, y) => byMeaning(elementwise.pow, x, y),
  neg,
  abs,
  sign: (x) => select(greater(x, zero(x)), one(x), select(less(x, zero(x)), constant(x.dtype, -1), x)),
  square: (x) => mul(x, x),
  sqrt,
  rsqrt: (x) => div(one(x), sqrt(x)),
  exp: transcendental(float32.exp, elementwise.exp),
  log: transcendental(float32.log, elementwise.log),
  sin: transcendental(float32.sin, elementwise.sin),
  cos: transcendental(float32.cos, elementwise.cos),
  tanh: transcendental(float32.tanh, elementwise.tanh),
  sigmoid: transcendental(float32.sigmoid, elementwise.sigmoid),
  relu: (x) => (x.dtype === 'int32' ? max(x, zero(x)) : pmax(x, zero(x))),
  isFinite: (x) => less(abs(x), constant(x.dtype, Infinity)),
  less,
  lessEqual,
  greater,
  greaterEqual,
  equal: (x, y) => (x.dtype === 'bool' ? not(xor(x, y)) : equal(x, y)),
  notEqual: (x, y) => (x.dtype === 'bool' ? xor(x, y) : notEqual(x, y)),
  logicalAnd: and,
  logicalOr: or,
  logicalNot: not,
};
