import {
  type Tensor,
  type TensorLike,
  add,
  dimOf,
  isKnown,
  matmul,
  nameScope,
  refuse,
  reshape,
  showSpec,
  toTensors,
  unstack,
} from '@tensorloom/graph';
import { spatial } from './spatial.js';
import { type Padding, vector, windowsOf } from './windows.js';

/** Options of convolutions. */
export interface ConvolutionOptions {
  /** Distance of the elements that a filter sees, along each spatial axis; default 1. */
  readonly dilations?: number | readonly number[];
  readonly name?: string;
}

/** TensorFlow's names of the ops, by the number of spatial axes. */
const names = ['conv1d', 'Conv2D', 'Conv3D'];

/** x convolved with filters [...size, channels, outputs]: the sum over positions in the window of what lies there times the filter there. */
function convolution(
  op: string,
  [input, filters]: readonly [TensorLike, TensorLike],
  rank: number,
  strides: number | readonly number[],
  padding: Padding,
  { dilations = 1, name = names[rank - 1] }: ConvolutionOptions,
): Tensor {
  const [x, k] = toTensors(op, [input, filters]);
  const { shape } = k;
  if (!isKnown(shape) || shape.length !== rank + 2)
    return refuse(
      op,
      `expected filters of known shape [...size, channels, outputs] with ${rank + 2} axes, got ${showSpec(k.spec)}.`,
      [k],
    );
  const size = shape.slice(0, rank);
  const [channels, outputs] = shape.slice(rank);
  const given = (x.shape?.length === rank + 2 ? x.shape[rank + 1] : null) ?? channels;
  if (given !== channels)
    return refuse(op, `the filters take ${channels} channels, got ${given} in ${showSpec(x.spec)}. Make them equal.`, [
      x,
      k,
    ]);
  return nameScope(name, () => {
    const options = {
      size,
      strides: spatial(op, 'strides', strides, rank),
      padding,
      dilations: spatial(op, 'dilations', dilations, rank),
    };
    const { counts, elements } = windowsOf(op, x, options);
    const weights = unstack(reshape(k, [elements.length, channels, outputs]));
    const products = elements.map((e, i) => matmul(reshape(e, [-1, channels]), weights[i]));
    return reshape(
      products.reduce((sum, p) => add(sum, p)),
      vector([x.shape?.[0] ?? dimOf(x, 0), ...counts, outputs]),
    );
  });
}

/**
 * The convolution of x [batch, length, channels] with filters [size, channels, outputs]: [batch, new length, outputs]. 'SAME' padding gives
 * ceil(length / stride), 'VALID' whole windows only. TensorFlow: `tf.nn.conv1d`.
 */
export const conv1d = (
  value: TensorLike,
  filters: TensorLike,
  stride: number | readonly number[],
  padding: Padding,
  options: ConvolutionOptions = {},
): Tensor => convolution('conv1d', [value, filters], 1, stride, padding, options);

/**
 * The convolution of x [batch, height, width, channels] with filters [height, width, channels, outputs]. `strides` is a number, one per
 * spatial axis, or one per axis as in TensorFlow. 'SAME' padding gives ceil(length / stride), 'VALID' whole windows only. TensorFlow:
 * `tf.nn.conv2d`.
 */
export const conv2d = (
  input: TensorLike,
  filter: TensorLike,
  strides: number | readonly number[],
  padding: Padding,
  options: ConvolutionOptions = {},
): Tensor => convolution('conv2d', [input, filter], 2, strides, padding, options);

/**
 * The convolution of x [batch, depth, height, width, channels] with filters [depth, height, width, channels, outputs]. `strides` is a
 * number, one per spatial axis, or one per axis as in TensorFlow. 'SAME' padding gives ceil(length / stride), 'VALID' whole windows only.
 * TensorFlow: `tf.nn.conv3d`.
 */
export const conv3d = (
  input: TensorLike,
  filter: TensorLike,
  strides: number | readonly number[],
  padding: Padding,
  options: ConvolutionOptions = {},
): Tensor => convolution('conv3d', [input, filter], 3, strides, padding, options);
