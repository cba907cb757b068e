import {
  type Expression,
  abs,
  add,
  and,
  bits,
  cast,
  constant,
  div,
  equal,
  greater,
  less,
  mul,
  multiplyAdd,
  nearest,
  neg,
  or,
  patch,
  pmax,
  pmin,
  select,
  shiftLeft,
  shiftRight,
  sub,
  xor,
} from './expression.js';

/**
 * Transcendental functions of float32 as vector code. The polynomials and the rational function are minimax fits of relative
 * error made for this file; the bounds named here, over all float32 arguments, are tested.
 */

const float = (value: number): Expression => constant('float32', value);
const int = (value: number): Expression => constant('int32', value);

/** The value at `x` of the polynomial with these coefficients, that of the highest power first. */
const polynomial = (x: Expression, [first, ...rest]: readonly number[]): Expression =>
  rest.reduce((p, c) => multiplyAdd(p, x, float(c)), float(first));

/** Within [low, high]; NaN stays NaN, because the first operand wins. */
const clamp = (x: Expression, low: number, high: number): Expression => pmin(pmax(x, float(low)), float(high));

/** ln 2 as a part of 9 bits, whose products with exponents are exact, and the rest. */
const LN2_HIGH = 355 / 512;
const LN2_LOW = -2.12194440055e-4;

/** tanh x as x P(x^2) / Q(x^2), of degrees 9 and 8; beyond 9.01 it rounds to 1. Relative error below 4e-7, and never above 1 in size. */
export function tanh(x: Expression): Expression {
  const t = clamp(x, -9.01, 9.01);
  const square = mul(t, t);
  const p = polynomial(square, [1.33367545e-8, 2.05962051e-5, 3.49480688e-3, 1.33803681e-1, 1]);
  const q = polynomial(square, [7.76924423e-7, 3.28435639e-4, 2.58740109e-2, 4.67136835e-1, 1]);
  // The quotient may round to just above 1, which would make 1 - tanh^2 negative.
  return clamp(div(mul(t, p), q), -1, 1);
}

/**
 * e^x as 2^n e^r with |r| <= ln 2 / 2. Relative error below 1e-7 where the result is normal; it underflows gradually and
 * overflows to Infinity, by scaling in two steps.
 */
export function exp(x: Expression): Expression {
  const t = clamp(x, -104, 89);
  const n = nearest(mul(t, float(Math.LOG2E)));
  const r = multiplyAdd(n, float(-LN2_LOW), multiplyAdd(n, float(-LN2_HIGH), t));
  const p = polynomial(r, [1.38145399877e-3, 8.36874511635e-3, 4.16683907874e-2, 1.6666520399e-1, 4.99999934321e-1]);
  const power = add(multiplyAdd(p, mul(r, r), r), float(1));
  const exponent = cast(n, 'int32');
  const half = shiftRight(exponent, 1);
  return mul(mul(power, powerOfTwo(half)), powerOfTwo(sub(exponent, half)));
}

const powerOfTwo = (n: Expression): Expression => bits('float32', shiftLeft(add(n, int(127)), 23));

/** 1 / (1 + e^-x). Relative error below 2e-7 where the result is normal. */
export const sigmoid = (x: Expression): Expression => div(float(1), add(float(1), exp(neg(x))));

/**
 * ln x as e ln 2 + ln(1 + f) with sqrt(1/2) <= 1 + f < sqrt 2; ln(1 + f) from the series of 2 artanh(f / (2 + f)).
 * Relative error below 1e-7.
 */
export function log(x: Expression): Expression {
  const tiny = less(x, float(2 ** -126));
  const scaled = bits('int32', select(tiny, mul(x, float(2 ** 23)), x));
  const exponent = shiftRight(sub(scaled, int(0x3f3504f3)), 23);
  const f = sub(bits('float32', sub(scaled, shiftLeft(exponent, 23))), float(1));
  const s = div(f, add(f, float(2)));
  const z = mul(s, s);
  const series = mul(z, polynomial(z, [2 / 9, 2 / 7, 2 / 5, 2 / 3]));
  const e = cast(add(exponent, select(tiny, int(-23), int(0))), 'float32');
  // f - s (f - series) is 2s + s series with the largest part, f, exact.
  const fraction = sub(f, mul(s, sub(f, series)));
  const finite = multiplyAdd(e, float(LN2_HIGH), multiplyAdd(e, float(LN2_LOW), fraction));
  const positive = greater(x, float(0));
  const other = select(equal(x, float(0)), float(-Infinity), select(positive, x, float(NaN)));
  return select(and(positive, less(x, float(Infinity))), finite, other);
}

/** ln(1 + x), exact near 0: the rounding error of 1 + x is undone by the quotient (Kahan). Relative error below 2e-7. */
export function log1p(x: Expression): Expression {
  const u = add(x, float(1));
  const y = mul(log(u), div(x, sub(u, float(1))));
  return select(equal(u, float(1)), x, select(equal(u, float(Infinity)), u, y));
}

/** e^x - 1, exact near 0, by the same device as log1p. Relative error below 2e-7. */
export function expm1(x: Expression): Expression {
  const u = exp(x);
  const less1 = sub(u, float(1));
  const y = mul(less1, div(x, log(u)));
  const isPlain = or(equal(u, float(Infinity)), less(x, float(-17)));
  return select(equal(u, float(1)), x, select(isPlain, less1, y));
}

/** ln(1 + e^x). Relative error below 2e-7 where the result is normal. */
export const softplus = (x: Expression): Expression => add(pmax(x, float(0)), log1p(exp(neg(abs(x)))));

/** Beyond this, the reduction by multiples of pi/2 loses digits. */
const LARGE = 8192;

/** x as q pi/2 + r: sin and cos of |r| <= pi/4, and the quadrant q. pi/2 is split so that q times its first parts is exact. */
function reduceAngle(x: Expression): { sine: Expression; cosine: Expression; quadrant: Expression } {
  const q = nearest(mul(x, float(2 / Math.PI)));
  const high = multiplyAdd(q, float(-1.5703125), x);
  const r = multiplyAdd(q, float(-7.54978995489e-8), multiplyAdd(q, float(-4.837512969970703e-4), high));
  const z = mul(r, r);
  const s = polynomial(z, [-1.95146319388e-4, 8.33215605417e-3, -1.66666545366e-1]);
  const c = polynomial(z, [2.44324129755e-5, -1.38873098665e-3, 4.16666455545e-2]);
  return {
    sine: multiplyAdd(mul(s, z), r, r),
    cosine: add(multiplyAdd(z, float(-0.5), mul(c, mul(z, z))), float(1)),
    quadrant: cast(q, 'int32'),
  };
}

const byQuadrant = (quadrant: Expression, even: Expression, odd: Expression): Expression => {
  const isOdd = equal(and(quadrant, int(1)), int(1));
  const sign = shiftLeft(and(quadrant, int(2)), 30);
  return xor(select(isOdd, odd, even), bits('float32', sign));
};

/** sin x. Absolute error below 1e-7; calls `Math.sin` for |x| above 8192. */
export function sin(x: Expression): Expression {
  const { sine, cosine, quadrant } = reduceAngle(x);
  return patch(greater(abs(x), float(LARGE)), byQuadrant(quadrant, sine, cosine), Math.sin, x);
}

/** cos x. Absolute error below 1e-7; calls `Math.cos` for |x| above 8192. */
export function cos(x: Expression): Expression {
  const { sine, cosine, quadrant } = reduceAngle(x);
  return patch(greater(abs(x), float(LARGE)), byQuadrant(add(quadrant, int(1)), sine, cosine), Math.cos, x);
}
