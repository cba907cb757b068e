import { apply1 } from '../context.js';
import { type DType, isFloating } from '../dtype.js';
import { type InputSpec, type KnownValue, type NoAttrs, type Op, makeOp, tensorInput } from '../op.js';
import { erf as errorFunction } from '../erf.js';
import { type Shape, broadcastShapes, showShape } from '../shape.js';
import { type TensorSpec, showSpec, tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toTensor, toTensors } from './convert.js';

/** An op on one element at a time; operands broadcast. `scalar` is its meaning, in double precision: true is 1, false 0. */
export interface ElementwiseOp extends Op<NoAttrs> {
  readonly scalar: (...xs: number[]) => number;
}

/** Operand dtypes an op takes. */
export type Domain = 'float' | 'numeric' | 'bool' | 'any';
const allows: Record<Domain, (d: DType) => boolean> = {
  float: isFloating,
  numeric: (d) => d !== 'bool',
  bool: (d) => d === 'bool',
  any: () => true,
};

/** Throws `TypeError` when an operand of `op` is not of its domain. */
export function checkDomain(op: string, domain: Domain, operand: TensorSpec): void {
  if (!allows[domain](operand.dtype)) {
    throw new TypeError(`${op}: expected ${domain} operands, got ${showSpec(operand)}. Use cast().`);
  }
}

/** Broadcast inference for operands of one dtype; `out` is the result's dtype when it differs. */
function broadcasting(name: string, domain: Domain, out?: DType) {
  return (inputs: readonly InputSpec[]) => {
    const specs = inputs.map((i) => tensorInput(name, i));
    const [{ dtype }] = specs;
    for (const s of specs) {
      checkDomain(name, domain, s);
      if (s.dtype !== dtype) {
        throw new TypeError(
          `${name}: operands differ in dtype: ${specs.map((t) => t.dtype).join(' and ')}. Use cast() on one of them.`,
        );
      }
    }
    const shape = specs
      .map((s) => s.shape)
      .reduce<Shape | null>((a, b) => (a === null ? null : broadcastShapes(a, b)), []);
    if (shape === null) throw clash(name, specs);
    return [tensorSpec(out ?? dtype, shape)];
  };
}

const clash = (name: string, specs: readonly TensorSpec[]): TypeError =>
  new TypeError(
    `${name}: shapes ${specs.map((s) => showShape(s.shape)).join(' and ')} do not broadcast. From the last axis backwards, lengths must be equal or 1.`,
  );

/** Folds small integer arithmetic, so that shapes computed from static shapes stay static. */
function folding(scalar: (...xs: number[]) => number) {
  return (inputs: readonly InputSpec[]): KnownValue | undefined => {
    const values = inputs.map((i) => i.value);
    if (inputs.some(({ spec }) => spec.kind === 'list' || isFloating(spec.dtype))) return undefined;
    const n = Math.max(...values.map((v) => v?.length ?? 0));
    if (!values.every((v): v is KnownValue => v !== undefined && (v.length === n || v.length === 1))) return undefined;
    if (!inputs.every(({ spec }) => spec.kind === 'tensor' && (spec.shape?.length ?? 2) <= 1)) return undefined;
    return Array.from({ length: n }, (_, i) => {
      const xs = values.map((v) => v[v.length === 1 ? 0 : i]);
      const y = xs.every((x) => x !== null) ? scalar(...xs) : null;
      return Number.isSafeInteger(y) ? y : null;
    });
  };
}

function elementwiseOp(name: string, domain: Domain, scalar: (...xs: number[]) => number, out?: DType): ElementwiseOp {
  return { ...makeOp<NoAttrs>({ name, infer: broadcasting(name, domain, out), fold: folding(scalar) }), scalar };
}

const compare = (name: string, scalar: (x: number, y: number) => boolean, domain: Domain = 'numeric'): ElementwiseOp =>
  elementwiseOp(name, domain, (x, y) => (scalar(x, y) ? 1 : 0), 'bool');

const logical = (name: string, scalar: (x: boolean, y: boolean) => boolean): ElementwiseOp =>
  elementwiseOp(name, 'bool', (x, y) => (scalar(x !== 0, y !== 0) ? 1 : 0));

/** NaN wins, as in TensorFlow. */
const max = (x: number, y: number): number => (x > y || Number.isNaN(x) ? x : y);
const min = (x: number, y: number): number => (x < y || Number.isNaN(x) ? x : y);

/** C's rules where JavaScript's differ: 1 to any power is 1, -1 to an infinite one too. */
const power = (x: number, y: number): number => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y);

/** To the nearest integer, halves to the even one. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : floor + 1;
}

const softplusOf = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** The elementwise family. */
export const elementwise = {
  add: elementwiseOp('Add', 'numeric', (x, y) => x + y),
  sub: elementwiseOp('Sub', 'numeric', (x, y) => x - y),
  mul: elementwiseOp('Mul', 'numeric', (x, y) => x * y),
  div: elementwiseOp('RealDiv', 'float', (x, y) => x / y),
  maximum: elementwiseOp('Maximum', 'numeric', max),
  minimum: elementwiseOp('Minimum', 'numeric', min),
  /** Towards minus infinity; by 0, an int32 throws when it runs. */
  floorDiv: elementwiseOp('FloorDiv', 'numeric', (x, y) => Math.floor(x / y)),
  /** What floorDiv leaves; it has the sign of y. */
  floorMod: elementwiseOp('FloorMod', 'numeric', (x, y) => {
    const rest = x % y;
    return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
  }),
  squaredDifference: elementwiseOp('SquaredDifference', 'numeric', (x, y) => (x - y) * (x - y)),
  pow: elementwiseOp('Pow', 'numeric', power),
  neg: elementwiseOp('Neg', 'numeric', (x) => -x),
  abs: elementwiseOp('Abs', 'numeric', Math.abs),
  sign: elementwiseOp('Sign', 'numeric', Math.sign),
  square: elementwiseOp('Square', 'numeric', (x) => x * x),
  sqrt: elementwiseOp('Sqrt', 'float', Math.sqrt),
  rsqrt: elementwiseOp('Rsqrt', 'float', (x) => 1 / Math.sqrt(x)),
  reciprocal: elementwiseOp('Reciprocal', 'float', (x) => 1 / x),
  exp: elementwiseOp('Exp', 'float', Math.exp),
  expm1: elementwiseOp('Expm1', 'float', Math.expm1),
  log: elementwiseOp('Log', 'float', Math.log),
  log1p: elementwiseOp('Log1p', 'float', Math.log1p),
  sin: elementwiseOp('Sin', 'float', Math.sin),
  cos: elementwiseOp('Cos', 'float', Math.cos),
  tan: elementwiseOp('Tan', 'float', Math.tan),
  asin: elementwiseOp('Asin', 'float', Math.asin),
  acos: elementwiseOp('Acos', 'float', Math.acos),
  atan: elementwiseOp('Atan', 'float', Math.atan),
  sinh: elementwiseOp('Sinh', 'float', Math.sinh),
  cosh: elementwiseOp('Cosh', 'float', Math.cosh),
  tanh: elementwiseOp('Tanh', 'float', Math.tanh),
  erf: elementwiseOp('Erf', 'float', errorFunction),
  floor: elementwiseOp('Floor', 'float', Math.floor),
  ceil: elementwiseOp('Ceil', 'float', Math.ceil),
  round: elementwiseOp('Round', 'numeric', roundHalfToEven),
  sigmoid: elementwiseOp('Sigmoid', 'float', (x) => 1 / (1 + Math.exp(-x))),
  relu: elementwiseOp('Relu', 'numeric', (x) => (x > 0 || Number.isNaN(x) ? x : 0)),
  softplus: elementwiseOp('Softplus', 'float', softplusOf),
  isNan: elementwiseOp('IsNan', 'float', (x) => (Number.isNaN(x) ? 1 : 0), 'bool'),
  isInf: elementwiseOp('IsInf', 'float', (x) => (Math.abs(x) === Infinity ? 1 : 0), 'bool'),
  isFinite: elementwiseOp('IsFinite', 'float', (x) => (Number.isFinite(x) ? 1 : 0), 'bool'),
  less: compare('Less', (x, y) => x < y),
  lessEqual: compare('LessEqual', (x, y) => x <= y),
  greater: compare('Greater', (x, y) => x > y),
  greaterEqual: compare('GreaterEqual', (x, y) => x >= y),
  equal: compare('Equal', (x, y) => x === y, 'any'),
  notEqual: compare('NotEqual', (x, y) => x !== y, 'any'),
  logicalAnd: logical('LogicalAnd', (x, y) => x && y),
  logicalOr: logical('LogicalOr', (x, y) => x || y),
  logicalXor: logical('LogicalXor', (x, y) => x !== y),
  logicalNot: elementwiseOp('LogicalNot', 'bool', (x) => (x !== 0 ? 0 : 1)),
};

/** The elementwise ops whose operands are not of one dtype. */
export const mixed = {
  /** (condition, x, y): x where the condition holds, else y; all three broadcast. */
  select: makeOp<NoAttrs>({
    name: 'Select',
    infer(inputs) {
      const [c, x, y] = inputs.map((i) => tensorInput('Select', i));
      if (c.dtype !== 'bool')
        throw new TypeError(`Select: expected a bool condition, got ${showSpec(c)}. Compare first.`);
      const [{ shape }] = broadcasting('Select', 'any')(inputs.slice(1));
      const all = broadcastShapes(c.shape, shape);
      if (all === null) throw clash('Select', [c, x, y]);
      return [tensorSpec(x.dtype, all)];
    },
  }),
  cast: makeOp<{ readonly to: DType }>({
    name: 'Cast',
    infer: ([x], { to }) => [tensorSpec(to, tensorInput('Cast', x).shape)],
    fold: ([{ value }], { to }) => (to === 'int32' ? value?.map((v) => (v === null ? null : v | 0)) : undefined),
    show: ({ to }) => to,
  }),
};

/** Options that every op takes. */
export interface Named {
  /** Name of the node, made unique; default: the op's. */
  readonly name?: string;
}

const unary =
  (op: ElementwiseOp) =>
  (x: TensorLike, { name }: Named = {}): Tensor =>
    apply1(op, [toTensor(x, undefined, op.name)], {}, name);

const binary =
  (op: ElementwiseOp) =>
  (x: TensorLike, y: TensorLike, { name }: Named = {}): Tensor =>
    apply1(op, toTensors(op.name, [x, y]), {}, name);

/** x + y, broadcasting. Numeric dtypes. TensorFlow: `tf.add`. */
export const add = binary(elementwise.add);
/** x - y, broadcasting. Numeric dtypes. TensorFlow: `tf.subtract`. */
export const sub = binary(elementwise.sub);
/** x * y, element by element, broadcasting. Numeric dtypes. TensorFlow: `tf.multiply`. */
export const mul = binary(elementwise.mul);
/** x / y, broadcasting; of int32, rounded towards minus infinity. TensorFlow: `tf.div`. */
export function div(x: TensorLike, y: TensorLike, { name }: Named = {}): Tensor {
  const operands = toTensors('RealDiv', [x, y]);
  return apply1(operands[0].dtype === 'int32' ? elementwise.floorDiv : elementwise.div, operands, {}, name);
}
/** x / y rounded towards minus infinity, broadcasting. An int32 divided by 0 fails the run. TensorFlow: `tf.floordiv`. */
export const floordiv = binary(elementwise.floorDiv);
/** x - floordiv(x, y) y, broadcasting: it has the sign of y. An int32 divided by 0 fails the run. TensorFlow: `tf.floormod`. */
export const mod = binary(elementwise.floorMod);
/** (x - y)^2, broadcasting. TensorFlow: `tf.squared_difference`. */
export const squaredDifference = binary(elementwise.squaredDifference);
/** The larger of x and y, broadcasting; NaN if either is. TensorFlow: `tf.maximum`. */
export const maximum = binary(elementwise.maximum);
/** The smaller of x and y, broadcasting; NaN if either is. TensorFlow: `tf.minimum`. */
export const minimum = binary(elementwise.minimum);
/** x to the power y, broadcasting. An int32 to a negative power fails the run. TensorFlow: `tf.pow`. */
export const pow = binary(elementwise.pow);
/** -x. TensorFlow: `tf.negative`. */
export const neg = unary(elementwise.neg);
/** Absolute value. TensorFlow: `tf.abs`. */
export const abs = unary(elementwise.abs);
/** -1, 0 or 1; NaN for NaN. TensorFlow: `tf.sign`. */
export const sign = unary(elementwise.sign);
/** x * x. TensorFlow: `tf.square`. */
export const square = unary(elementwise.square);
/** Square root; NaN below 0. TensorFlow: `tf.sqrt`. */
export const sqrt = unary(elementwise.sqrt);
/** 1 / sqrt(x). TensorFlow: `tf.rsqrt`. */
export const rsqrt = unary(elementwise.rsqrt);
/** 1 / x. Floating dtypes. TensorFlow: `tf.reciprocal`. */
export const reciprocal = unary(elementwise.reciprocal);
/** e to the power x. TensorFlow: `tf.exp`. */
export const exp = unary(elementwise.exp);
/** e to the power x, less 1, exact near 0. TensorFlow: `tf.expm1`. */
export const expm1 = unary(elementwise.expm1);
/** Natural logarithm; -Infinity at 0, NaN below. TensorFlow: `tf.log`. */
export const log = unary(elementwise.log);
/** Natural logarithm of 1 + x, exact near 0; NaN below -1. TensorFlow: `tf.log1p`. */
export const log1p = unary(elementwise.log1p);
/** Sine of x radians. TensorFlow: `tf.sin`. */
export const sin = unary(elementwise.sin);
/** Cosine of x radians. TensorFlow: `tf.cos`. */
export const cos = unary(elementwise.cos);
/** Tangent of x radians. TensorFlow: `tf.tan`. */
export const tan = unary(elementwise.tan);
/** Angle in [-pi/2, pi/2] of sine x; NaN outside [-1, 1]. TensorFlow: `tf.asin`. */
export const asin = unary(elementwise.asin);
/** Angle in [0, pi] of cosine x; NaN outside [-1, 1]. TensorFlow: `tf.acos`. */
export const acos = unary(elementwise.acos);
/** Angle in (-pi/2, pi/2) of tangent x. TensorFlow: `tf.atan`. */
export const atan = unary(elementwise.atan);
/** Hyperbolic sine. TensorFlow: `tf.sinh`. */
export const sinh = unary(elementwise.sinh);
/** Hyperbolic cosine. TensorFlow: `tf.cosh`. */
export const cosh = unary(elementwise.cosh);
/** Hyperbolic tangent. TensorFlow: `tf.tanh`. */
export const tanh = unary(elementwise.tanh);
/** The error function. TensorFlow: `tf.erf`. */
export const erf = unary(elementwise.erf);
/** The largest integer up to x. Floating dtypes. TensorFlow: `tf.floor`. */
export const floor = unary(elementwise.floor);
/** The least integer from x. Floating dtypes. TensorFlow: `tf.ceil`. */
export const ceil = unary(elementwise.ceil);
/** The nearest integer, of a half the even one; int32 stays as it is. TensorFlow: `tf.round`. */
export const round = unary(elementwise.round);
/** 1 / (1 + e^-x). TensorFlow: `tf.sigmoid`. */
export const sigmoid = unary(elementwise.sigmoid);
/** max(x, 0). TensorFlow: `tf.nn.relu`. */
export const relu = unary(elementwise.relu);
/** log(1 + e^x), without overflow. TensorFlow: `tf.nn.softplus`. */
export const softplus = unary(elementwise.softplus);
/** Whether x is NaN; bool. TensorFlow: `tf.is_nan`. */
export const isNan = unary(elementwise.isNan);
/** Whether x is infinite; bool. TensorFlow: `tf.is_inf`. */
export const isInf = unary(elementwise.isInf);
/** Whether x is neither infinite nor NaN; bool. TensorFlow: `tf.is_finite`. */
export const isFinite = unary(elementwise.isFinite);
/** x < y, broadcasting; bool. TensorFlow: `tf.less`. */
export const less = binary(elementwise.less);
/** x <= y, broadcasting; bool. TensorFlow: `tf.less_equal`. */
export const lessEqual = binary(elementwise.lessEqual);
/** x > y, broadcasting; bool. TensorFlow: `tf.greater`. */
export const greater = binary(elementwise.greater);
/** x >= y, broadcasting; bool. TensorFlow: `tf.greater_equal`. */
export const greaterEqual = binary(elementwise.greaterEqual);
/** x == y, broadcasting; bool. TensorFlow: `tf.equal`. */
export const equal = binary(elementwise.equal);
/** x != y, broadcasting; bool. TensorFlow: `tf.not_equal`. */
export const notEqual = binary(elementwise.notEqual);
/** x and y, broadcasting; bool. TensorFlow: `tf.logical_and`. */
export const logicalAnd = binary(elementwise.logicalAnd);
/** x or y, broadcasting; bool. TensorFlow: `tf.logical_or`. */
export const logicalOr = binary(elementwise.logicalOr);
/** Exactly one of x and y, broadcasting; bool. TensorFlow: `tf.logical_xor`. */
export const logicalXor = binary(elementwise.logicalXor);
/** not x; bool. TensorFlow: `tf.logical_not`. */
export const logicalNot = unary(elementwise.logicalNot);

/** Converts to another dtype; floats are cut towards zero, numbers are true unless 0. TensorFlow: `tf.cast`. */
export function cast(x: TensorLike, dtype: DType, { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Cast');
  return t.dtype === dtype ? t : apply1(mixed.cast, [t], { to: dtype }, name);
}

/** The functions of this file that are methods of tensors. */
export const elementwiseMethods = {
  add,
  sub,
  mul,
  div,
  floordiv,
  mod,
  squaredDifference,
  maximum,
  minimum,
  pow,
  neg,
  abs,
  sign,
  square,
  sqrt,
  rsqrt,
  reciprocal,
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  erf,
  floor,
  ceil,
  round,
  sigmoid,
  relu,
  softplus,
  isNan,
  isInf,
  isFinite,
  less,
  lessEqual,
  greater,
  greaterEqual,
  equal,
  notEqual,
  logicalAnd,
  logicalOr,
  logicalXor,
  logicalNot,
  cast,
};
