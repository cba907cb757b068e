import { apply, apply1 } from '../context.js';
import { refuse } from '../node.js';
import { showSpec } from '../spec.js';
import { type Tensor, asTensors } from '../tensor.js';
import { axisOf, newAxisOf } from './axis.js';
import { type TensorLike, constantOf, toTensor, toTensors } from './convert.js';
import type { Named } from './elementwise.js';
import { shape } from './shape.js';

/** The operands of a join, and the one that says most of their rank. */
function operands(op: string, values: readonly TensorLike[]): { ts: readonly Tensor[]; known: Tensor } {
  if (values.length === 0) refuse(op, 'expected at least one tensor, got none. Pass an array of tensors.');
  const ts = toTensors(op, values);
  return { ts, known: ts.find((t) => t.shape !== undefined) ?? ts[0] };
}

/** Tensors joined along an existing axis. TensorFlow: `tf.concat`. */
export function concat(values: readonly TensorLike[], axis: number, { name = 'concat' }: Named = {}): Tensor {
  const { ts, known } = operands('ConcatV2', values);
  const a = axisOf('ConcatV2', known, axis);
  return ts.length === 1 ? ts[0] : apply1(shape.concat, ts, { axis: a }, name);
}

/** Tensors of one shape joined along a new axis. TensorFlow: `tf.stack`. */
export function stack(
  values: readonly TensorLike[],
  { axis = 0, name = 'stack' }: Named & { axis?: number } = {},
): Tensor {
  const { ts, known } = operands('Pack', values);
  return apply1(shape.pack, ts, { axis: newAxisOf('Pack', known, axis) }, name);
}

/** The `num` slices of x along an axis (default: its static length). TensorFlow: `tf.unstack`. */
export function unstack(
  x: TensorLike,
  { num, axis = 0, name = 'unstack' }: Named & { num?: number; axis?: number } = {},
): Tensor[] {
  const t = toTensor(x, undefined, 'Unpack');
  const a = axisOf('Unpack', t, axis);
  const n = num ?? t.shape?.[a] ?? null;
  if (n === null) {
    return refuse('Unpack', `only a run knows the length of axis ${a} of ${showSpec(t.spec)}. Pass { num }.`, [t]);
  }
  return [...asTensors(apply(shape.unpack, [t], { axis: a, num: n }, name).outputs)];
}

/** Pieces of x along an axis: a number of equal ones, or of the given sizes. TensorFlow: `tf.split`. */
export function split(
  x: TensorLike,
  parts: number | readonly number[],
  { axis = 0, name }: Named & { axis?: number } = {},
): Tensor[] {
  const t = toTensor(x, undefined, 'SplitV');
  const a = axisOf('SplitV', t, axis);
  const whole = t.shape?.[a] ?? null;
  const divides = (n: number): boolean => Number.isInteger(n) && n >= 1 && whole !== null && whole % n === 0;
  if (typeof parts === 'number' && !divides(parts)) {
    return refuse(
      'SplitV',
      `axis ${a} of ${showSpec(t.spec)} is not known to divide into ${parts} equal parts. Give the sizes of the parts.`,
      [t],
    );
  }
  const sizes = typeof parts === 'number' ? new Array<number>(parts).fill((whole ?? 0) / parts) : parts;
  return splitBy(t, constantOf('int32', [sizes.length], Int32Array.from(sizes)), sizes.length, a, name);
}

/** Pieces of x whose sizes are an int32 tensor. */
export const splitBy = (x: Tensor, sizes: Tensor, num: number, axis: number, name = 'split'): Tensor[] => [
  ...asTensors(apply(shape.split, [x, sizes], { axis, num }, name).outputs),
];

/** The functions of this file that are methods of tensors. */
export const joinMethods = { unstack, split };
