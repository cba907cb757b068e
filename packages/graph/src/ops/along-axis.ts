import { apply, apply1 } from '../context.js';
import { refuse } from '../node.js';
import { type InputSpec, makeOp, tensorInput } from '../op.js';
import { type Dim, compatible, showShape } from '../shape.js';
import { type TensorSpec, showSpec, tensorSpec } from '../spec.js';
import { type Tensor, asTensors } from '../tensor.js';
import { axisOf, rankOf } from './axis.js';
import { type TensorLike, toInts, toTensor } from './convert.js';
import { type Domain, type Named, checkDomain } from './elementwise.js';

/** The axis that an op works along. */
export interface AxisAttrs {
  readonly axis: number;
}

/** How `cumsum` adds up. */
export interface CumsumAttrs extends AxisAttrs {
  /** Leave each element out of its own sum. */
  readonly exclusive: boolean;
  /** From the end. */
  readonly reverse: boolean;
}

function input(op: string, domain: Domain, x: InputSpec): TensorSpec {
  const spec = tensorInput(op, x);
  checkDomain(op, domain, spec);
  return spec;
}

const arg = (name: string) =>
  makeOp<AxisAttrs>({
    name,
    infer([x], { axis }) {
      const { shape } = input(name, 'numeric', x);
      if (shape?.[axis] === 0) {
        throw new RangeError(`${name}: axis ${axis} of ${showShape(shape)} is empty, expected an element to choose.`);
      }
      return [
        tensorSpec(
          'int32',
          shape?.filter((_, i) => i !== axis),
        ),
      ];
    },
    show: ({ axis }) => `${axis}`,
  });

/** The family that works along one axis. */
export const alongAxis = {
  argMax: arg('ArgMax'),
  argMin: arg('ArgMin'),
  cumsum: makeOp<CumsumAttrs>({
    name: 'Cumsum',
    infer: ([x]) => [input('Cumsum', 'numeric', x)],
    show: ({ axis, exclusive, reverse }) => `${axis}${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`,
  }),
  /** (x, k): the k largest of each row, and where they are; larger ones first, of equal ones the earlier. */
  topK: makeOp({
    name: 'TopKV2',
    hostInputs: [1],
    infer([x, count]) {
      const { dtype, shape } = input('TopKV2', 'numeric', x);
      const [k = null] = count.value ?? [];
      const last = shape?.[shape.length - 1] ?? null;
      if (shape?.length === 0) throw new TypeError('TopKV2: expected rows, got a scalar. Put it in a vector.');
      if (k !== null && (k < 0 || (last !== null && k > last))) {
        throw new RangeError(
          `TopKV2: the ${k} largest of rows of ${last ?? 'unknown'} length, expected an integer from 0 to that length. Take fewer.`,
        );
      }
      const dims: readonly Dim[] | undefined = shape && [...shape.slice(0, -1), k];
      return [tensorSpec(dtype, dims), tensorSpec('int32', dims)];
    },
  }),
  /** (x, lengths): the first elements along an axis in reverse order, as many as the length of each batch entry says. */
  reverseSequence: makeOp<{ readonly seqAxis: number; readonly batchAxis: number }>({
    name: 'ReverseSequence',
    infer([x, lengths], { seqAxis, batchAxis }) {
      const spec = tensorInput('ReverseSequence', x);
      const n = tensorInput('ReverseSequence', lengths);
      if (n.dtype !== 'int32' || !compatible(n.shape, [spec.shape?.[batchAxis] ?? null])) {
        throw new TypeError(
          `ReverseSequence: expected int32 lengths, one for each entry of axis ${batchAxis} of ${showSpec(spec)}, got ${showSpec(n)}.`,
        );
      }
      if (seqAxis === batchAxis)
        throw new TypeError(`ReverseSequence: seqAxis and batchAxis are both ${seqAxis}, expected two axes.`);
      return [spec];
    },
    show: ({ seqAxis, batchAxis }) => `${seqAxis} of batch ${batchAxis}`,
  }),
};

type ArgOptions = Named & { axis?: number };
const argFunction =
  (op: typeof alongAxis.argMax) =>
  (x: TensorLike, axis?: number | ArgOptions, options: ArgOptions = {}): Tensor => {
    const { axis: named = 0, name } = typeof axis === 'object' ? axis : options;
    const t = toTensor(x, undefined, op.name);
    return apply1(op, [t], { axis: axisOf(op.name, t, typeof axis === 'number' ? axis : named) }, name);
  };

/** Where along an axis (default 0) the largest element is, int32: the first of equal ones; NaN is the largest. TensorFlow: `tf.argmax`. */
export const argMax = argFunction(alongAxis.argMax);
/** Where along an axis (default 0) the smallest element is, int32: the first of equal ones; NaN is the smallest. TensorFlow: `tf.argmin`. */
export const argMin = argFunction(alongAxis.argMin);

/** Options of `cumsum`. */
export interface CumsumOptions extends Named {
  /** Default 0. */
  readonly axis?: number;
  /** Leave each element out of its own sum. */
  readonly exclusive?: boolean;
  /** Add up from the end. */
  readonly reverse?: boolean;
}

/** Sums of all elements up to each one along an axis (default 0). TensorFlow: `tf.cumsum`. */
export function cumsum(x: TensorLike, axis?: number | CumsumOptions, options: CumsumOptions = {}): Tensor {
  const { axis: named = 0, exclusive = false, reverse = false, name } = typeof axis === 'object' ? axis : options;
  const t = toTensor(x, undefined, 'Cumsum');
  const a = axisOf('Cumsum', t, typeof axis === 'number' ? axis : named);
  return apply1(alongAxis.cumsum, [t], { axis: a, exclusive, reverse }, name);
}

/**
 * The k (default 1) largest elements of each row of the last axis, and where they are (int32): larger ones first, of equal ones the
 * earlier. NaN is the largest. Throws when rows are shorter. TensorFlow: `tf.nn.top_k`, `sorted` or not.
 */
export function topK(x: TensorLike, k: TensorLike = 1, { name }: Named & { sorted?: boolean } = {}): [Tensor, Tensor] {
  const t = toTensor(x, undefined, 'TopKV2');
  const [values, indices] = asTensors(apply(alongAxis.topK, [t, toInts(k, 'TopKV2')], {}, name).outputs);
  return [values, indices];
}

/** Options of `reverseSequence`. */
export interface ReverseSequenceOptions extends Named {
  /** The axis that is reversed. */
  readonly seqAxis: number;
  /** The axis along which lengths vary; default 0. */
  readonly batchAxis?: number;
}

/**
 * Reverses the first `seqLengths[i]` elements along `seqAxis` of each entry i of `batchAxis`; the rest stays. Lengths int32, each at most
 * the length of the axis, else the run fails. TensorFlow: `tf.reverse_sequence`.
 */
export function reverseSequence(
  x: TensorLike,
  seqLengths: TensorLike,
  { seqAxis, batchAxis = 0, name }: ReverseSequenceOptions,
): Tensor {
  const t = toTensor(x, undefined, 'ReverseSequence');
  if (rankOf('ReverseSequence', t) < 2) {
    return refuse('ReverseSequence', `expected two axes or more, got ${showSpec(t.spec)}. Use reverse().`, [t]);
  }
  const attrs = { seqAxis: axisOf('ReverseSequence', t, seqAxis), batchAxis: axisOf('ReverseSequence', t, batchAxis) };
  return apply1(alongAxis.reverseSequence, [t, toInts(seqLengths, 'ReverseSequence')], attrs, name);
}

/** The functions of this file that are methods of tensors. */
export const alongAxisMethods = { argMax, argMin, cumsum, reverseSequence };
