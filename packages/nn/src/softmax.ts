import {
  type TensorLike,
  type Tensor,
  exp,
  log,
  nameScope,
  reduceMax,
  reduceSum,
  stopGradient,
  sub,
  toTensor,
} from '@tensorloom/graph';

export interface AxisOptions {
  /** Axis of the classes; default -1, the last. */
  readonly axis?: number;
  readonly name?: string;
}

/** Logits less their largest, so that no exponential overflows; the shift has no gradient because it changes no softmax. */
export const shifted = (logits: Tensor, axis: number): Tensor =>
  sub(logits, stopGradient(reduceMax(logits, axis, { keepdims: true })));

/** exp(x) over its sum along an axis. TensorFlow: `tf.nn.softmax`. */
export function softmax(logits: TensorLike, { axis = -1, name = 'Softmax' }: AxisOptions = {}): Tensor {
  const x = toTensor(logits, undefined, 'softmax');
  return nameScope(name, () => {
    const e = exp(shifted(x, axis));
    return e.div(reduceSum(e, axis, { keepdims: true }));
  });
}

/** The logarithm of softmax, without computing a softmax that may underflow. TensorFlow: `tf.nn.log_softmax`. */
export function logSoftmax(logits: TensorLike, { axis = -1, name = 'LogSoftmax' }: AxisOptions = {}): Tensor {
  const x = toTensor(logits, undefined, 'logSoftmax');
  return nameScope(name, () => {
    const z = shifted(x, axis);
    return sub(z, log(reduceSum(exp(z), axis, { keepdims: true })));
  });
}
