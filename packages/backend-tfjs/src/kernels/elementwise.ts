import * as tf from '@tensorflow/tfjs-core';
import { type Op, elementwise, mixed } from '@tensorloom/graph';
import { isHeld } from '../handles.js';
import { type TensorKernel, onHost, tensorKernels } from '../kernel.js';

const unary =
  (f: (x: tf.Tensor) => tf.Tensor): TensorKernel =>
  ([x]) =>
    f(x);
const binary =
  (f: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor): TensorKernel =>
  ([x, y]) =>
    f(x, y);

/** NaN wins, on every engine. */
const withNaN = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => (x.dtype === 'float32' ? tf.where(tf.isNaN(x), x, y) : y);

const table: Record<keyof typeof elementwise, TensorKernel> = {
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary(tf.div),
  maximum: binary((x, y) => withNaN(tf.add(x, tf.zerosLike(y)), withNaN(tf.add(y, tf.zerosLike(x)), tf.maximum(x, y)))),
  minimum: binary((x, y) => withNaN(tf.add(x, tf.zerosLike(y)), withNaN(tf.add(y, tf.zerosLike(x)), tf.minimum(x, y)))),
  floorDiv: onHost(elementwise.floorDiv),
  floorMod: onHost(elementwise.floorMod),
  squaredDifference: binary(tf.squaredDifference),
  pow: binary(tf.pow),
  neg: unary(tf.neg),
  abs: unary(tf.abs),
  // Not tf.sign: on the wasm engine a subnormal has none.
  sign: unary((x) => withNaN(x, tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32')))),
  square: unary(tf.square),
  sqrt: unary(tf.sqrt),
  rsqrt: unary(tf.rsqrt),
  reciprocal: unary(tf.reciprocal),
  exp: unary(tf.exp),
  expm1: unary(tf.expm1),
  log: unary(tf.log),
  log1p: unary(tf.log1p),
  sin: unary(tf.sin),
  cos: unary(tf.cos),
  tan: unary(tf.tan),
  asin: unary(tf.asin),
  acos: unary(tf.acos),
  atan: unary(tf.atan),
  sinh: unary(tf.sinh),
  cosh: unary(tf.cosh),
  tanh: unary(tf.tanh),
  erf: unary(tf.erf),
  floor: unary(tf.floor),
  ceil: unary(tf.ceil),
  round: unary(tf.round),
  sigmoid: unary(tf.sigmoid),
  relu: unary((x) => withNaN(x, tf.relu(x))),
  softplus: unary(tf.softplus),
  isNan: unary(tf.isNaN),
  isInf: unary(tf.isInf),
  isFinite: unary(tf.isFinite),
  less: binary(tf.less),
  lessEqual: binary(tf.lessEqual),
  greater: binary(tf.greater),
  greaterEqual: binary(tf.greaterEqual),
  equal: binary(tf.equal),
  notEqual: binary(tf.notEqual),
  logicalAnd: binary(tf.logicalAnd),
  logicalOr: binary(tf.logicalOr),
  logicalXor: binary(tf.logicalXor),
  logicalNot: unary(tf.logicalNot),
};

/** Kernels of the elementwise family. Integers are computed on the host: engines go through floats, which are not exact. */
export const elementwiseKernels = tensorKernels(elementwise, table).map(([op, kernel]): [Op, TensorKernel] => [
  op,
  (xs, call) => (xs[0].dtype === 'int32' ? onHost(op) : kernel)(xs, call),
]);

/** Kernels of the elementwise ops on operands of several dtypes. */
export const mixedKernels = tensorKernels(mixed, {
  // The wasm engine aborts on booleans.
  select: ([c, x, y], call) => (x.dtype === 'bool' ? onHost(mixed.select as Op)([c, x, y], call) : tf.where(c, x, y)),
  cast: ([x], { attrs: { to } }) => {
    if (!isHeld(to)) throw new TypeError(`Cast: tfjs holds no ${to}. Use float32.`);
    // Casting to bool, the wasm engine cuts floats first and keeps integers as they are.
    return to === 'bool' && x.dtype !== 'bool'
      ? tf.notEqual(x, tf.scalar(0, x.dtype === 'int32' ? 'int32' : 'float32'))
      : tf.cast(x, to);
  },
});
