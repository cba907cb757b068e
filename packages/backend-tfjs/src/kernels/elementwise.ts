import * as tf from '@tensorflow/tfjs-core';
import { elementwise, mixed } from '@tensorloom/graph';
import { isHeld } from '../handles.js';
import { type TensorKernel, tensorKernels } from '../kernel.js';

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

/** Whether the current engine is a GPU, whose logarithm of 0 is finite. */
const onGpu = (): boolean => tf.getBackend() === 'webgl' || tf.getBackend() === 'webgpu';

/** Powers of 0, which a GPU gets wrong, are 0, 1 or infinite. */
function gpuPow(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const z = tf.pow(x, y);
  const ofZero = tf.where(
    tf.greater(y, 0),
    tf.zerosLike(y),
    tf.where(tf.less(y, 0), tf.fill(y.shape, Infinity), tf.onesLike(y)),
  );
  return tf.where(tf.equal(x, 0), tf.add(ofZero, tf.zerosLike(x)), z);
}

/** From -1 downwards there is no logarithm, of which a GPU makes something. */
function gpuLog1p(x: tf.Tensor): tf.Tensor {
  const ends = tf.where(tf.equal(x, -1), tf.fill(x.shape, -Infinity), tf.fill(x.shape, NaN));
  return tf.where(tf.greater(x, -1), tf.log1p(x), ends);
}

/** Where |x| < |y| it is x, or x + y when their signs differ, whatever tfjs makes of numbers that are far apart. */
function floorMod(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const differ = tf.logicalOr(
    tf.logicalAnd(tf.less(x, 0), tf.greater(y, 0)),
    tf.logicalAnd(tf.greater(x, 0), tf.less(y, 0)),
  );
  const near = tf.where(differ, tf.add(x, y), tf.add(x, tf.zerosLike(y)));
  return tf.where(tf.less(tf.abs(x), tf.abs(y)), near, tf.mod(x, y));
}

const table: Record<keyof typeof elementwise, TensorKernel> = {
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary(tf.div),
  maximum: binary((x, y) => withNaN(tf.add(x, tf.zerosLike(y)), withNaN(tf.add(y, tf.zerosLike(x)), tf.maximum(x, y)))),
  minimum: binary((x, y) => withNaN(tf.add(x, tf.zerosLike(y)), withNaN(tf.add(y, tf.zerosLike(x)), tf.minimum(x, y)))),
  floorDiv: binary((x, y) => tf.floor(tf.div(x, y))),
  floorMod: binary(floorMod),
  squaredDifference: binary(tf.squaredDifference),
  pow: binary((x, y) => (onGpu() ? gpuPow(x, y) : tf.pow(x, y))),
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
  log1p: unary((x) => (onGpu() ? gpuLog1p(x) : tf.log1p(x))),
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

/** Kernels of the elementwise family. */
export const elementwiseKernels = tensorKernels(elementwise, table);

/** Kernels of the elementwise ops on operands of several dtypes. */
export const mixedKernels = tensorKernels(mixed, {
  // The condition stays as it is; the wasm engine aborts on other booleans.
  select: ([c, x, y]) =>
    x.dtype === 'bool' ? tf.cast(tf.where(c, tf.cast(x, 'float32'), tf.cast(y, 'float32')), 'bool') : tf.where(c, x, y),
  cast: ([x], { attrs: { to } }) => {
    if (!isHeld(to)) throw new TypeError(`Cast: tfjs holds no ${to}. Use float32.`);
    // Casting to bool, the wasm engine cuts floats first and keeps integers as they are.
    return to === 'bool' && x.dtype !== 'bool'
      ? tf.notEqual(x, tf.scalar(0, x.dtype === 'int32' ? 'int32' : 'float32'))
      : tf.cast(x, to);
  },
});
