import {
  type Named,
  type Tensor,
  type TensorLike,
  exp,
  isFloating,
  log,
  nameScope,
  reduceMax,
  reduceSum,
  refuse,
  showSpec,
  stopGradient,
  sub,
  toTensor,
} from '@tensorloom/graph';

/** Options of functions along one axis. */
export interface AxisOptions extends Named {
  /** Axis of the classes; default -1, the last. */
  readonly axis?: number;
}

/** Logits as a tensor. Throws a `GraphError` in the name of `op` when they are integers, or a scalar. */
export function logitsInput(op: string, logits: TensorLike): Tensor {
  const x = toTensor(logits, undefined, op);
  if (isFloating(x.dtype) && x.shape?.length !== 0) return x;
  return refuse(op, `expected floating logits of rank 1 or more, got ${showSpec(x.spec)}. Use cast() or reshape().`, [
    x,
  ]);
}

/** Logits less their largest, so that no exponential overflows; the shift has no gradient because it changes no softmax. */
export const shifted = (logits: Tensor, axis: number): Tensor =>
  sub(logits, stopGradient(reduceMax(logits, axis, { keepdims: true })));

/** exp(x) over its sum along an axis. Floating dtypes, rank 1 or more. TensorFlow: `tf.nn.softmax`. */
export function softmax(logits: TensorLike, { axis = -1, name = 'Softmax' }: AxisOptions = {}): Tensor {
  const x = logitsInput('softmax', logits);
  return nameScope(name, () => {
    const e = exp(shifted(x, axis));
    return e.div(reduceSum(e, axis, { keepdims: true }));
  });
}

/** The logarithm of softmax, without computing a softmax that may underflow. TensorFlow: `tf.nn.log_softmax`. */
export function logSoftmax(logits: TensorLike, { axis = -1, name = 'LogSoftmax' }: AxisOptions = {}): Tensor {
  const x = logitsInput('logSoftmax', logits);
  return nameScope(name, () => {
    const z = shifted(x, axis);
    return sub(z, log(reduceSum(exp(z), axis, { keepdims: true })));
  });
}
